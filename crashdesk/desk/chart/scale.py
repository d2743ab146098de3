"""Prices to rows and back, linear or logarithmic."""

import math
from typing import NamedTuple


class PriceScale(NamedTuple):
    """Prices from `low` (lower edge of the lowest row) to `high` (upper edge of row 0) over `rows` rows."""

    low: float
    high: float
    rows: int
    log: bool = False

    def depth(self, price: float) -> float:
        """Rows from the upper edge down to `price`: 0 at `high`, `rows` at `low`, outside of that beyond."""
        if self.log:
            top, bottom, at = math.log(self.high), math.log(self.low), math.log(max(price, 5e-324))
        else:
            top, bottom, at = self.high, self.low, price
        return (top - at) / (top - bottom) * self.rows

    def row(self, price: float) -> int:
        """The row whose span holds `price`; below 0 or from `rows` on when it lies outside."""
        return math.floor(self.depth(price))

    def holds(self, price: float) -> bool:
        """Whether `price` falls on one of the rows."""
        return 0 <= self.row(price) < self.rows

    def price(self, depth: float) -> float:
        """The price `depth` rows under the upper edge."""
        share = depth / self.rows
        if self.log:
            top, bottom = math.log(self.high), math.log(self.low)
            return math.exp(top + (bottom - top) * share)
        return self.high + (self.low - self.high) * share

    def step(self, price: float) -> float:
        """How much price one row is worth at `price` (more at the top of a logarithmic scale)."""
        depth = self.depth(price)
        return self.price(depth - 0.5) - self.price(depth + 0.5)


def scale_over(low: float, high: float, rows: int, *, log: bool) -> PriceScale:
    """A scale that shows `low` to `high` with half a row of air on both sides; a flat price gets 1 % around it.

    Falls back to linear when a price is not positive.
    """
    log = log and low > 0
    if not high > low or math.isclose(low, high, rel_tol=1e-9):
        air = abs(high) * 0.01 or 1.0
        low, high = low - air, high + air
    inner = max(rows - 1, 1)
    if log:
        air = (high / low) ** (0.5 / inner)
        return PriceScale(low / air, high * air, rows, log=True)
    air = (high - low) * 0.5 / inner
    return PriceScale(low - air, high + air, rows)
