"""Funding and open interest by coin."""

from __future__ import annotations

from crashdesk.model.records import PerpStats
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.model.words import coin_of

FORGOTTEN_MS = 30 * MINUTE_MS
"""A figure older than this is unknown: its feed is dead."""
NEVER_MS = 1 << 62


class PerpBook:
    """The newest funding rate and open interest of every perpetual, each with its own time."""

    def __init__(self) -> None:
        self._funding: dict[tuple[str, str], tuple[int, float]] = {}
        self._interest: dict[tuple[str, str], tuple[int, float]] = {}
        self._of_coin: dict[str, dict[tuple[str, str], None]] = {}
        self._revisions: dict[str, int] = {}

    def fold(self, record: PerpStats) -> None:
        """Fold a record: what it does not say keeps its earlier value."""
        key, coin = (record.venue, record.symbol), coin_of(record.symbol)
        self._revisions[coin] = self._revisions.get(coin, 0) + 1
        if key not in self._funding and key not in self._interest:
            self._of_coin.setdefault(coin, {})[key] = None
        if record.funding_rate is not None:
            self._funding[key] = (record.ts_ms, record.funding_rate)
        if record.open_interest_usd is not None:
            self._interest[key] = (record.ts_ms, record.open_interest_usd)

    def of(self, coin: str, venue: str, order: tuple[str, ...], now_ms: int) -> PerpStats | None:
        """The figures of a coin's perpetual: of the price venue if it has one, else by the order of preference."""
        known = self._of_coin.get(coin, ())
        found = [key for key in known if self._newest(key) >= now_ms - FORGOTTEN_MS]
        if not found:
            return None
        rank = {name: i for i, name in enumerate(order)}
        key = min(found, key=lambda k: (k[0] != venue, rank.get(k[0], len(rank)), *k))
        funding, interest = (_fresh(book.get(key), now_ms) for book in (self._funding, self._interest))
        return PerpStats(*key, self._newest(key), funding, interest)

    def revision(self, coin: str) -> int:
        """Grows with every record of a coin's perpetuals."""
        return self._revisions.get(coin, 0)

    def known_until_ms(self, coin: str, now_ms: int) -> int:
        """The first moment after `now_ms` at which a figure of a coin is too old, if nothing comes before."""
        books = (self._funding, self._interest)
        known = (book[key][0] for key in self._of_coin.get(coin, ()) for book in books if key in book)
        return min((ts + FORGOTTEN_MS + 1 for ts in known if ts >= now_ms - FORGOTTEN_MS), default=NEVER_MS)

    def interest(self, key: tuple[str, str], now_ms: int) -> float | None:
        """The open interest of a perpetual in USD; None when it is unknown or too old."""
        return _fresh(self._interest.get(key), now_ms)

    def _newest(self, key: tuple[str, str]) -> int:
        return max((book[key][0] for book in (self._funding, self._interest) if key in book), default=0)


def _fresh(figure: tuple[int, float] | None, now_ms: int) -> float | None:
    return figure[1] if figure is not None and figure[0] >= now_ms - FORGOTTEN_MS else None
