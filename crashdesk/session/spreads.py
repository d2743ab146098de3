"""How far the prices of one symbol are apart from venue to venue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crashdesk.session.silence import silent_venues
from crashdesk.session.tickers import FORGOTTEN_MS

if TYPE_CHECKING:
    from crashdesk.session.state import MarketState

Spreads = dict[str, tuple[float, int]]
"""Symbol to (max - min) / median of its last prices in percent, and over how many venues: two at least."""


class SpreadBook:
    """The spreads of one state; the very same object while no price came and none became too old."""

    def __init__(self) -> None:
        self._stamp: tuple[int, frozenset[str]] | None = None
        self._until_ms = 0
        self._spreads: Spreads = {}

    def of(self, state: MarketState) -> Spreads:
        """The spreads over venues that are not silent.

        Only the same symbol counts: a coin in dollars and in another currency, or its perpetual, are no two prices of
        one thing.
        """
        now_ms = state.now_ms
        silent = silent_venues(state)
        stamp = (state.moved, silent)
        if stamp != self._stamp or now_ms >= self._until_ms:
            lasts, self._until_ms = _lasts(state, silent)
            self._stamp = stamp
            self._spreads = {symbol: _spread(sorted(prices)) for symbol, prices in lasts.items() if len(prices) > 1}
        return self._spreads


def venue_spreads(state: MarketState) -> Spreads:
    """The same of a state that is looked at once."""
    return SpreadBook().of(state)


def _lasts(state: MarketState, silent: frozenset[str]) -> tuple[dict[str, list[float]], int]:
    """The last prices of each symbol, and when the first of them is too old."""
    lasts: dict[str, list[float]] = {}
    first_ms, oldest_ms = state.now_ms - FORGOTTEN_MS, state.now_ms
    if len(state.venue_recv_ms) - len(silent) > 1:
        for (venue, symbol), (recv_ms, quote) in state.quotes.items():
            if recv_ms >= first_ms and venue not in silent and (last := quote.last) > 0:
                lasts.setdefault(symbol, []).append(last)
                if recv_ms < oldest_ms:
                    oldest_ms = recv_ms
    return lasts, oldest_ms + FORGOTTEN_MS + 1


def _spread(prices: list[float]) -> tuple[float, int]:
    """Of sorted prices; `statistics.median` would load more than the rest of this does."""
    count = len(prices)
    median = (prices[(count - 1) // 2] + prices[count // 2]) / 2
    return (prices[-1] - prices[0]) / median * 100.0, count
