"""The sums of a window by venue and by coin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import compress
from operator import ne

from crashdesk.model.columns import LiqKey
from crashdesk.model.words import coin_of
from crashdesk.session.liquidation_views import NamedTotals, Totals
from crashdesk.session.liquidations.cells import FIRST_KEY, KeyTable


class _Names:
    """Running sums by one part of the key."""

    def __init__(self, name_of: Callable[[LiqKey], str]) -> None:
        self._name_of = name_of
        self._of_cell: list[str] = []
        self._sums: dict[str, list[int]] = {}
        self._made: dict[str, NamedTotals] = {}

    def learn(self, keys: Sequence[LiqKey]) -> None:
        """Keys of further cells."""
        self._of_cell += map(self._name_of, keys)

    def add(self, cell: int, short: int, usd: int, orders: int) -> None:
        """Add to a cell; the sums go up or down."""
        name = self._of_cell[cell - FIRST_KEY]
        entry = self._sums.setdefault(name, [0, 0, 0])
        entry[short] += usd
        entry[2] += orders
        self._made.pop(name, None)

    def totals(self) -> tuple[NamedTotals, ...]:
        """Those with any order, the largest first."""
        for name in self._sums.keys() - self._made.keys():
            long, short, orders = self._sums[name]
            if orders:
                self._made[name] = NamedTotals(name, Totals(long + short, long, short, orders))
            else:
                del self._sums[name]
        return tuple(sorted(self._made.values(), key=lambda one: (-one.totals.total, one.name)))


class Groups:
    """Only the difference to the cells that were given before is added: whichever window they are of, it is exact."""

    def __init__(self, table: KeyTable) -> None:
        self._table = table
        self._usd: list[int] = [0] * FIRST_KEY
        self._orders: list[int] = [0] * FIRST_KEY
        self._venues = _Names(lambda key: key[0])
        self._coins = _Names(lambda key: coin_of(key[1]))

    def of(self, usd: list[int], orders: list[int]) -> tuple[tuple[NamedTotals, ...], tuple[NamedTotals, ...]]:
        """By venue and by coin; `usd` (micro-dollars) and `orders` are those of all cells of the table."""
        known = len(self._usd)
        fresh = self._table.names()[known - FIRST_KEY : len(usd) - FIRST_KEY]
        for names in (self._venues, self._coins):
            names.learn(fresh)
        self._usd += [0] * len(fresh)
        self._orders += [0] * len(fresh)
        cells, short = range(len(usd)), self._table.short
        differ = {*compress(cells, map(ne, usd, self._usd)), *compress(cells, map(ne, orders, self._orders))}
        for cell in differ:
            if cell >= FIRST_KEY:
                money, many = usd[cell] - self._usd[cell], orders[cell] - self._orders[cell]
                self._venues.add(cell, short[cell], money, many)
                self._coins.add(cell, short[cell], money, many)
        self._usd, self._orders = usd, orders
        return self._venues.totals(), self._coins.totals()
