"""What liquidations are summed by: numbered cells, so that sums are lists and not dictionaries of keys.

The first cells are the size buckets, two each (long, short; the orders of both are counted in the first of the two);
behind them each key (venue, symbol, side) has one, in the order in which the keys were first seen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from crashdesk.model.columns import SIZE_STEPS_USD, LiqKey, LiquidationSummary, SideSums
from crashdesk.model.money import MICRO
from crashdesk.model.records import Side

SIZE_STEPS = tuple(step * MICRO for step in SIZE_STEPS_USD)
"""Micro-dollars at which the next size bucket begins."""
SIZES = len(SIZE_STEPS_USD) + 1
FIRST_KEY = 2 * SIZES
"""The cell of the first key."""


class CellSums(NamedTuple):
    """Cells with their micro-dollars and orders, of equal length."""

    cells: Sequence[int]
    usd: Sequence[int]
    orders: Sequence[int]


class _Numbers(dict[LiqKey, int]):
    """Key to cell; a new key gets the next one."""

    def __missing__(self, key: LiqKey) -> int:
        cell = self[key] = FIRST_KEY + len(self)
        return cell


class KeyTable:
    """The cells of all keys seen so far. `short` is 1 for each cell of shorts, else 0."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._names: list[LiqKey] = []
        self.short = [0] * FIRST_KEY

    def __len__(self) -> int:
        """How many cells there are."""
        return FIRST_KEY + len(self._numbers)

    def cells(self, keys: Iterable[LiqKey]) -> list[int]:
        """The cell of each key."""
        found = list(map(self._numbers.__getitem__, keys))
        if len(self._names) < len(self._numbers):
            fresh = list(self._numbers)[len(self._names) :]
            self._names += fresh
            self.short += [int(key[2] is Side.SHORT) for key in fresh]
        return found

    def name(self, cell: int) -> LiqKey:
        """Venue, symbol and side of a cell."""
        return self._names[cell - FIRST_KEY]

    def names(self) -> Sequence[LiqKey]:
        """All keys, in the order of their cells."""
        return self._names

    def sums(self, cells: Sequence[int], usd: Sequence[int]) -> CellSums:
        """The sums of rows, given by the cell of their key and their micro-dollars."""
        short = self.short
        orders: dict[int, int] = Counter(cells)
        money = dict.fromkeys(orders, 0)
        for cell, one in zip(cells, usd, strict=True):
            money[cell] += one
        sides = [0, 0]
        for cell, whole in money.items():
            sides[short[cell]] += whole
        buckets: dict[int, int] = {}
        small = len(usd)
        # most rows are small: only the others are looked at one by one
        for cell, one in [(cell, one) for cell, one in zip(cells, usd, strict=True) if one >= SIZE_STEPS[0]]:
            first, side = 2 * bisect_right(SIZE_STEPS, one), short[cell]
            buckets[first] = buckets.get(first, 0)
            buckets[first + side] = buckets.get(first + side, 0) + one
            orders[first] = orders.get(first, 0) + 1
            sides[side] -= one
            small -= 1
        if small:
            orders[0] = small
            buckets[0], buckets[1] = sides
        money |= buckets
        return CellSums(tuple(money), tuple(money.values()), tuple([orders.get(cell, 0) for cell in money]))

    def sums_of(self, summary: LiquidationSummary, sizes: Sequence[SideSums]) -> CellSums:
        """The sums of a chunk; `sizes` are those of its buckets."""
        cells = self.cells(summary.sums)
        usd = [one for one, _ in summary.sums.values()]
        orders = [many for _, many in summary.sums.values()]
        for n, (long, short, many) in enumerate(sizes):
            if many:
                cells += [2 * n, 2 * n + 1]
                usd += [long, short]
                orders += [many, 0]
        return CellSums(tuple(cells), tuple(usd), tuple(orders))


def size_part(sums: CellSums) -> CellSums:
    """Only the cells of the size buckets."""
    kept = [place for place, cell in enumerate(sums.cells) if cell < FIRST_KEY]
    return CellSums(*(tuple(column[place] for place in kept) for column in sums))
