"""The largest liquidation of a span of time."""

from typing import NamedTuple

from crashdesk.model.kinds import Side


class LargestLiquidation(NamedTuple):
    """The largest liquidation of a span: most USD, then earliest `ts_ms`, then venue, symbol, side by name."""

    venue: str
    symbol: str
    side: Side
    price: float
    usd_micro: int
    ts_ms: int

    @property
    def rank(self) -> tuple[int, int, str, str, str]:
        """Sorts the largest first."""
        return -self.usd_micro, self.ts_ms, self.venue, self.symbol, self.side.value
