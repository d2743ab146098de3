"""Which venue speaks for a symbol, and the rows of all symbols in their order."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from crashdesk.model.columns import InstrumentKey
from crashdesk.model.records import PerpStats
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS
from crashdesk.model.words import coin_of
from crashdesk.session.silence import silent_venues
from crashdesk.session.tickers import FORGOTTEN_MS, Market, is_perpetual
from crashdesk.session.views import TickerRow

if TYPE_CHECKING:
    from crashdesk.session.state import MarketState


class _Listed(NamedTuple):
    """The instruments that have a row, with their coins, in the order of the rows.

    It holds while nothing else is `listed`, before `until_ms`: then one may not have been quoted for a day.
    """

    listed: int
    until_ms: int
    keys: tuple[tuple[InstrumentKey, str], ...]


class _Perp(NamedTuple):
    """The figures of the perpetual of a row, as of a revision of its coin's; they hold before `until_ms`."""

    revision: int
    until_ms: int
    stats: PerpStats | None


class _Made(NamedTuple):
    """A row and what it was made of: the newest quote (by identity), the revision of the candles, the perpetual.

    It holds within the minute, before `until_ms`, and while its venue is as silent as it was.
    """

    quote: object
    candles: int
    perp: _Perp
    until_ms: int
    row: TickerRow


class PriceRows:
    """The rows of one state; made again are those that something changed for."""

    def __init__(self) -> None:
        self._listed: _Listed | None = None
        self._made: dict[InstrumentKey, _Made] = {}
        self._common: object = None
        self._moved = -1
        self._until_ms = 0
        self._rows: tuple[TickerRow, ...] = ()

    def of(self, state: MarketState) -> tuple[TickerRow, ...]:
        """One row a symbol at its price venue, if it was quoted in the last 24 h.

        A perpetual only where its coin has no spot row in the same currency.

        Order: the coins of the baskets by their caps, the largest first, then the others by name; the symbols of one
        coin by the preference of their venues, so that a coin's first row is the one that speaks for it.
        """
        now_ms = state.now_ms
        listed = self._listed
        if listed is None or listed.listed != state.listed or now_ms >= listed.until_ms:
            listed = self._listed = _list(state)
        common = (listed, now_ms // MINUTE_MS, silent_venues(state))
        if common != self._common:
            self._common, self._moved = common, -1
            self._made.clear()
        if self._moved != state.moved or now_ms >= self._until_ms:
            self._moved = state.moved
            self._make(state, listed)
        return self._rows

    def _make(self, state: MarketState, listed: _Listed) -> None:
        now_ms, known, quotes = state.now_ms, self._made, state.quotes
        candles, perps = state.candles.revision, state.perps.revision
        rows = []
        until_ms = listed.until_ms
        for key, base in listed.keys:
            one = known.get(key)
            quote, revision, perp = quotes[key], candles(key), one.perp if one is not None else None
            if perp is None or perp.revision != perps(base) or now_ms >= perp.until_ms:
                perp = _perp(state, key, base)
            if (
                one is None
                or one.quote is not quote
                or one.candles != revision
                or one.perp is not perp
                or now_ms >= one.until_ms
            ):
                forgotten_ms = quote[0] + FORGOTTEN_MS + 1
                ends_ms = min(perp.until_ms, forgotten_ms) if forgotten_ms > now_ms else perp.until_ms
                one = known[key] = _Made(quote, revision, perp, ends_ms, _row(state, key, perp.stats))
            rows.append(one.row)
            until_ms = min(until_ms, one.until_ms)
        self._until_ms = until_ms
        if len(rows) != len(self._rows) or any(new is not old for new, old in zip(rows, self._rows, strict=True)):
            self._rows = tuple(rows)


def _list(state: MarketState) -> _Listed:
    venues: dict[str, dict[str, None]] = {}
    oldest_ms = state.now_ms
    for (venue, symbol), (recv_ms, _) in state.quotes.items():
        if state.now_ms - recv_ms <= DAY_MS:
            venues.setdefault(symbol, {})[venue] = None
            oldest_ms = min(oldest_ms, recv_ms)
    keys = [(_price_venue(state, symbol, found), symbol) for symbol, found in venues.items()]
    spot = {key[1] for key in keys if not is_perpetual(state.instruments.get(key))}
    shown = [(k, _base(state, k)) for k in keys if k[1] in spot or k[1].partition(":")[0] not in spot]
    caps = {c: w or 0.0 for b in state.baskets.sectors for c, w in zip(b.members, b.caps, strict=True)}
    order = state.venue_order()
    rank = {venue: i for i, venue in enumerate(order)}
    shown.sort(key=lambda k: (-caps.get(k[1], -1.0), k[1], rank.get(k[0][0], len(order)), k[0][1]))
    return _Listed(state.listed, oldest_ms + DAY_MS + 1, tuple(shown))


def price_key(state: MarketState, symbol: str) -> InstrumentKey | None:
    """The instrument that speaks for a symbol: at its price venue; None when it was not quoted in the last 24 h."""
    chosen = state.sources.get(symbol)
    if chosen is not None and _is_recent(state, (chosen, symbol)):
        return chosen, symbol
    venues = [key[0] for key in state.quotes if key[1] == symbol and _is_recent(state, key)]
    return (_price_venue(state, symbol, venues), symbol) if venues else None


def row(state: MarketState, key: InstrumentKey) -> TickerRow:
    """The row of an instrument that was quoted."""
    return _row(state, key, state.perps.of(_base(state, key), key[0], state.venue_order(), state.now_ms))


def _perp(state: MarketState, key: InstrumentKey, base: str) -> _Perp:
    perps, now_ms = state.perps, state.now_ms
    stats = perps.of(base, key[0], state.venue_order(), now_ms)
    return _Perp(perps.revision(base), perps.known_until_ms(base, now_ms), stats)


def _row(state: MarketState, key: InstrumentKey, perp: PerpStats | None) -> TickerRow:
    recv_ms, quote = state.quotes[key]
    stale_ms = state.stale_ms(quote.venue)
    market = Market(state.instruments.get(key), quote, recv_ms, state.venue_recv_ms[quote.venue], stale_ms, perp)
    return state.tickers_book.row(market, state.now_ms)


def _base(state: MarketState, key: InstrumentKey) -> str:
    instrument = state.instruments.get(key)
    return instrument.base if instrument else coin_of(key[1])


def _is_recent(state: MarketState, key: InstrumentKey) -> bool:
    known = state.quotes.get(key)
    return known is not None and state.now_ms - known[0] <= DAY_MS


def _price_venue(state: MarketState, symbol: str, venues: Collection[str]) -> str:
    chosen = state.sources.get(symbol)
    if chosen is not None and chosen in venues:
        return chosen
    ranked = [venue for venue in state.venue_order() if venue in venues]
    return ranked[0] if ranked else min(venues)
