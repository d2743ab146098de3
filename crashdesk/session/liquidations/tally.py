"""Running sums by cell."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import compress

from crashdesk.session.liquidations.cells import FIRST_KEY, SIZE_STEPS, KeyTable
from crashdesk.session.liquidations.part import Part


class Tally:
    """Micro-dollars and orders of everything added, by cell; they only grow."""

    def __init__(self, table: KeyTable) -> None:
        self._table = table
        self.usd: list[int] = []
        self.orders: list[int] = []
        self._whole: tuple[int, int, int] | None = None
        self.fit()

    def fit(self) -> None:
        """Have a place for every cell of the table."""
        more = len(self._table) - len(self.usd)
        if more:
            self.usd += [0] * more
            self.orders += [0] * more

    def add(self, part: Part) -> None:
        """Add rows; all rows of a span by its sums."""
        self._whole = None
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
        short, least = self._table.short, SIZE_STEPS[0]
        many[0] += len(at)
        for cell, usd in zip(_picked(rows.cell, at), _picked(rows.usd, at), strict=True):
            money[cell] += usd
            many[cell] += 1
            side = short[cell]
            money[side] += usd
            if usd >= least:
                # few are: they are taken out of the smallest bucket again
                size = 2 * bisect_right(SIZE_STEPS, usd)
                money[side] -= usd
                money[size + side] += usd
                many[0] -= 1
                many[size] += 1

    def whole(self) -> tuple[int, int, int]:
        """Micro-dollars, those of shorts among them, and orders of all keys."""
        if self._whole is None:
            money = self.usd[FIRST_KEY:]
            short = sum(compress(money, self._table.short[FIRST_KEY:]))
            self._whole = sum(money), short, sum(self.orders[FIRST_KEY:])
        return self._whole

    def copy(self) -> Tally:
        """The same sums, which go on by themselves."""
        other = Tally(self._table)
        other.usd[: len(self.usd)] = self.usd
        other.orders[: len(self.orders)] = self.orders
        return other


def _picked(column: array[int], at: Sequence[int]) -> Sequence[int]:
    return column[at.start : at.stop] if isinstance(at, range) else [column[place] for place in at]
