"""The figures of a ticker beyond the usual, calculated for the columns that are shown and no others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING

from crashdesk.model.columns import InstrumentKey
from crashdesk.model.records import MarketKind
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.model.words import coin_of
from crashdesk.session.silence import is_silent
from crashdesk.session.spreads import SpreadBook, Spreads
from crashdesk.session.ticker_views import NO_MORE, TickerMore
from crashdesk.session.tickers import FORGOTTEN_MS
from crashdesk.session.views import TickerRow

if TYPE_CHECKING:
    from crashdesk.session.state import MarketState

FIVE_MS, FOUR_HOURS_MS, WEEK_MS = 5 * MINUTE_MS, 4 * HOUR_MS, 7 * DAY_MS
_SLACK_MS = 5 * MINUTE_MS
_BEHIND = (Timeframe.M5, Timeframe.H1, Timeframe.D1)
Stamp = tuple[int, ...]
Maker = Callable[["MoreBook", TickerRow, TickerMore], TickerMore]
"""Adds the figure of one column to what is there of a row."""


class MoreBook:
    """Puts `more` to rows. A row that did not change stays the very same object. One book for one state."""

    def __init__(self, state: MarketState) -> None:
        self.state = state
        self._bases: dict[tuple[InstrumentKey, int], tuple[Stamp, float | None]] = {}
        self._spreads = SpreadBook()
        self._rows: dict[str, tuple[TickerRow, TickerRow]] = {}
        self._of_spread: dict[str, tuple[TickerRow, tuple[float, int] | None, float, TickerRow]] = {}
        self._plain: tuple[tuple[TickerRow, ...], Spreads, float, tuple[TickerRow, ...]] | None = None
        self._liquidated: tuple[int, Mapping[str, int]] = (-1, {})

    def rows(
        self, rows: tuple[TickerRow, ...], columns: Collection[str], dislocation_pct: float
    ) -> tuple[TickerRow, ...]:
        """The rows with what `columns` show; the spread between venues is always among it, since a row warns of it.

        `dislocation_pct` is the spread from which it does, in percent (0: never).
        """
        spreads = self._spreads.of(self.state)
        known = self._plain
        makers = [make for name, make in _MAKERS.items() if name in columns]
        if not makers and known and known[0] is rows and known[1] is spreads and known[2] == dislocation_pct:
            return known[3]
        if makers:
            return tuple([self._row(row, self._more(row, makers, spreads, dislocation_pct)) for row in rows])
        made = tuple([self._spread_row(row, spreads, dislocation_pct) for row in rows])
        self._plain = (rows, spreads, dislocation_pct, made)
        return made

    def _spread_row(self, row: TickerRow, spreads: Spreads, dislocation_pct: float) -> TickerRow:
        """A row with its spread alone."""
        spread, known = spreads.get(row.symbol), self._of_spread.get(row.symbol)
        if known is None or known[0] is not row or known[1] != spread or known[2] != dislocation_pct:
            made = self._row(row, self._more(row, (), spreads, dislocation_pct))
            known = self._of_spread[row.symbol] = (row, spread, dislocation_pct, made)
        return known[3]

    def _row(self, row: TickerRow, more: TickerMore) -> TickerRow:
        if more == NO_MORE:
            return row
        known = self._rows.get(row.symbol)
        if known is not None and known[0] is row and known[1].more == more:
            return known[1]
        made = row._replace(more=more)
        self._rows[row.symbol] = (row, made)
        return made

    def _more(self, row: TickerRow, makers: Sequence[Maker], spreads: Spreads, dislocation_pct: float) -> TickerMore:
        spread, venues = spreads.get(row.symbol, (None, 0))
        dislocated = spread is not None and 0 < dislocation_pct <= spread and not row.stale
        more = NO_MORE if spread is None else TickerMore(spread_pct=spread, venues=venues, dislocated=dislocated)
        for make in makers:
            more = make(self, row, more)
        return more

    def change(self, row: TickerRow, back_ms: int) -> float | None:
        """Change of the last price in percent since `back_ms` ago; None where that price is not known."""
        base = self._base((row.venue, row.symbol), back_ms)
        return (row.last / base - 1.0) * 100.0 if base else None

    def _base(self, key: InstrumentKey, back_ms: int) -> float | None:
        """The price so long before the present minute; it only changes with the minute and with the candles."""
        minute = self.state.now_ms // MINUTE_MS
        behind = (self.state.candles.get(*key, timeframe) for timeframe in _BEHIND)
        stamp = (minute, *(series.revision if series is not None else 0 for series in behind))
        known = self._bases.get((key, back_ms))
        if known is None or known[0] != stamp:
            known = (stamp, price_before(self.state, key, minute * MINUTE_MS - back_ms, back_ms))
            self._bases[key, back_ms] = known
        return known[1]

    def liquidated(self, coin: str) -> int | None:
        """Micro-dollars of a coin in the last hour; None before any liquidation came."""
        book = self.state.liquidations
        if not book.folded:
            return None
        generation = book.generation
        if self._liquidated[0] != generation:
            sums: dict[str, int] = {}
            for key, (usd, _) in book.sums(0).items():
                sums[coin_of(key[1])] = sums.get(coin_of(key[1]), 0) + usd
            self._liquidated = (generation, sums)
        return self._liquidated[1].get(coin, 0)


def price_before(state: MarketState, key: InstrumentKey, at_ms: int, back_ms: int) -> float | None:
    """The price at `at_ms`, as for 1h and 24h; five minutes ago it may be no older than five minutes more.

    A week ago the close of the day that ended last before then stands in where nothing finer reaches back so far.
    """
    found = state.past.price_at(key, at_ms, _SLACK_MS if back_ms == FIVE_MS else None)
    if found is not None or back_ms != WEEK_MS:
        return found
    series = state.candles.get(*key, Timeframe.D1)
    at = series.closed_before(at_ms, DAY_MS) if series is not None else None
    if series is None or at is None or series.open_ms[at] + DAY_MS <= at_ms - DAY_MS - _SLACK_MS:
        return None
    return series.close[at]


def is_fresh(state: MarketState, key: InstrumentKey) -> bool:
    """Whether an instrument was quoted, and its venue is not silent: what is stale tells nothing of another price."""
    known = state.quotes.get(key)
    if known is None or state.now_ms - known[0] > FORGOTTEN_MS:
        return False
    return not is_silent(state, key[0])


def nearest_level(state: MarketState, row: TickerRow) -> float | None:
    """The level that is the fewest percent from the last price: the trader's own, a published one, or SMA200.

    Levels that only candles show are left out: they are looked for where a symbol is looked at.
    """
    prices = [level.price for level in state.published.values() if level.symbol == row.symbol]
    prices += [level.price_at(state.now_ms) for level in state.own_levels if level.symbol == row.symbol]
    if row.sma200 is not None:
        prices.append(row.sma200)
    return min((price for price in prices if not isnan(price)), key=lambda p: (abs(p - row.last), p), default=None)


def basis(state: MarketState, row: TickerRow) -> float | None:
    """Perpetual / spot - 1 in percent: that of the same pair at the row's venue, else at the first that has one.

    None for a row that is a perpetual itself, and where either price is stale.
    """
    instrument = state.instruments.get((row.venue, row.symbol))
    if ":" in row.symbol or row.stale or (instrument is not None and instrument.kind is not MarketKind.SPOT):
        return None
    perpetual = f"{row.symbol}:{row.symbol.partition('/')[2]}"
    for venue in dict.fromkeys((row.venue, *state.venue_order())):
        if is_fresh(state, (venue, perpetual)):
            return (state.quotes[venue, perpetual][1].last / row.last - 1.0) * 100.0
    return None


def interest_change(state: MarketState, row: TickerRow, back_ms: int) -> float | None:
    """By how many percent the open interest of the row's perpetual, in USD, changed since `back_ms` ago.

    Against that of the very same perpetual, as the checkpoint before then has it (they are 5 minutes apart at most).
    """
    perp = state.perps.of(row.base, row.venue, state.venue_order(), state.now_ms)
    if perp is None or perp.open_interest_usd is None:
        return None
    before = state.past_perps.interest((perp.venue, perp.symbol), state.now_ms, back_ms)
    return (perp.open_interest_usd / before - 1.0) * 100.0 if before else None


def _with_level(book: MoreBook, row: TickerRow, more: TickerMore) -> TickerMore:
    level = nearest_level(book.state, row)
    return more._replace(level=level, level_pct=None if level is None else (level / row.last - 1.0) * 100.0)


_MAKERS: Mapping[str, Maker] = {
    "5m": lambda book, row, more: more._replace(change_5m_pct=book.change(row, FIVE_MS)),
    "4h": lambda book, row, more: more._replace(change_4h_pct=book.change(row, FOUR_HOURS_MS)),
    "7d": lambda book, row, more: more._replace(change_7d_pct=book.change(row, WEEK_MS)),
    "next_level": _with_level,
    "basis": lambda book, row, more: more._replace(basis_pct=basis(book.state, row)),
    "liquidated_1h": lambda book, row, more: more._replace(liquidated_1h=book.liquidated(row.base)),
    "oi_1h": lambda book, row, more: more._replace(interest_1h_pct=interest_change(book.state, row, HOUR_MS)),
    "oi_24h": lambda book, row, more: more._replace(interest_24h_pct=interest_change(book.state, row, DAY_MS)),
}
MORE_COLUMNS = tuple(_MAKERS)
"""The columns for which more is calculated than the spread between venues."""
