"""Funding and open interest by coin."""

from __future__ import annotations

from crashdesk.model.records import PerpStats


class PerpBook:
    """The newest figures of every perpetual; a later record keeps what it does not know."""

    def __init__(self) -> None:
        self._stats: dict[tuple[str, str], PerpStats] = {}

    def fold(self, record: PerpStats) -> None:
        """Fold a record: unknown fields keep their earlier value."""
        key = (record.venue, record.symbol)
        old = self._stats.get(key)
        if old is not None:
            funding = record.funding_rate if record.funding_rate is not None else old.funding_rate
            interest = record.open_interest_usd if record.open_interest_usd is not None else old.open_interest_usd
            record = PerpStats(record.venue, record.symbol, record.ts_ms, funding, interest)
        self._stats[key] = record

    def of(self, coin: str, venue: str, order: tuple[str, ...]) -> PerpStats | None:
        """The figures of a coin's perpetual: of the price venue if it has one, else by the order of preference."""
        found = [s for (_, symbol), s in self._stats.items() if symbol.partition("/")[0] == coin]
        if not found:
            return None
        rank = {name: i for i, name in enumerate(order)}
        return min(found, key=lambda s: (s.venue != venue, rank.get(s.venue, len(rank)), s.venue, s.symbol))
