"""Which venue speaks for a symbol, and the rows of all symbols in their order."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from crashdesk.model.columns import InstrumentKey
from crashdesk.model.timeframe import DAY_MS
from crashdesk.model.words import coin_of
from crashdesk.session.tickers import Market, is_perpetual
from crashdesk.session.views import TickerRow

if TYPE_CHECKING:
    from crashdesk.session.state import MarketState


def price_key(state: MarketState, symbol: str) -> InstrumentKey | None:
    """The instrument that speaks for a symbol: at its price venue; None when it was not quoted in the last 24 h."""
    chosen = state.sources.get(symbol)
    if chosen is not None and _is_recent(state, (chosen, symbol)):
        return chosen, symbol
    venues = [key[0] for key in state.quotes if key[1] == symbol and _is_recent(state, key)]
    return (_price_venue(state, symbol, venues), symbol) if venues else None


def rows(state: MarketState) -> tuple[TickerRow, ...]:
    """One row a symbol at its price venue, if it was quoted in the last 24 h.

    A perpetual only where its coin has no spot row in the same currency.

    Order: the coins of the baskets by their caps, the largest first, then the others by name; the symbols of one
    coin by the preference of their venues, so that a coin's first row is the one that speaks for it.
    """
    venues: dict[str, dict[str, None]] = {}
    for (venue, symbol), (recv_ms, _) in state.quotes.items():
        if state.now_ms - recv_ms <= DAY_MS:
            venues.setdefault(symbol, {})[venue] = None
    keys = [(_price_venue(state, symbol, found), symbol) for symbol, found in venues.items()]
    spot = {key[1] for key in keys if not is_perpetual(state.instruments.get(key))}
    shown = [k for k in keys if k[1] in spot or k[1].partition(":")[0] not in spot]
    made = [row(state, key) for key in shown]
    caps = {c: w or 0.0 for b in state.baskets.sectors for c, w in zip(b.members, b.caps, strict=True)}
    order = state.venue_order()
    rank = {venue: i for i, venue in enumerate(order)}
    return tuple(sorted(made, key=lambda r: (-caps.get(r.base, -1.0), r.base, rank.get(r.venue, len(order)), r.symbol)))


def row(state: MarketState, key: InstrumentKey) -> TickerRow:
    """The row of an instrument that was quoted."""
    recv_ms, quote = state.quotes[key]
    instrument = state.instruments.get(key)
    base = instrument.base if instrument else coin_of(quote.symbol)
    perp = state.perps.of(base, quote.venue, state.venue_order(), state.now_ms)
    stale_ms = state.stale_ms(quote.venue)
    market = Market(instrument, quote, recv_ms, state.venue_recv_ms[quote.venue], stale_ms, perp)
    return state.tickers_book.row(market, state.now_ms)


def _is_recent(state: MarketState, key: InstrumentKey) -> bool:
    known = state.quotes.get(key)
    return known is not None and state.now_ms - known[0] <= DAY_MS


def _price_venue(state: MarketState, symbol: str, venues: Collection[str]) -> str:
    chosen = state.sources.get(symbol)
    if chosen is not None and chosen in venues:
        return chosen
    ranked = [venue for venue in state.venue_order() if venue in venues]
    return ranked[0] if ranked else min(venues)
