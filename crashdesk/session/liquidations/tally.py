"""Running sums by cell."""

from __future__ import annotations

from bisect import bisect_right

from crashdesk.session.liquidations.cells import SIZE_STEPS, KeyTable
from crashdesk.session.liquidations.span import Part


class Tally:
    """Micro-dollars and orders of everything added, by cell; they only grow."""

    def __init__(self, table: KeyTable) -> None:
        self._table = table
        self.usd: list[int] = []
        self.orders: list[int] = []
        self.fit()

    def fit(self) -> None:
        """Have a place for every cell of the table."""
        more = len(self._table) - len(self.usd)
        if more:
            self.usd += [0] * more
            self.orders += [0] * more

    def add(self, part: Part) -> None:
        """Add rows; all rows of a span by its sums."""
        at = part.at
        if at is None:
            sums = part.span.sums()
            self.fit()
            money, many = self.usd, self.orders
            for cell, usd, orders in zip(*sums, strict=True):
                money[cell] += usd
                many[cell] += orders
            return
        rows = part.span.rows()
        self.fit()
        money, many = self.usd, self.orders
        column, own, short = rows.usd, rows.cell, self._table.short
        least = SIZE_STEPS[0]
        for place in at:
            cell, usd = own[place], column[place]
            money[cell] += usd
            many[cell] += 1
            size = 2 * bisect_right(SIZE_STEPS, usd) if usd >= least else 0
            money[size + short[cell]] += usd
            many[size] += 1

    def copy(self) -> Tally:
        """The same sums, which go on by themselves."""
        other = Tally(self._table)
        other.usd[: len(self.usd)] = self.usd
        other.orders[: len(self.orders)] = self.orders
        return other
