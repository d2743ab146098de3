"""Realised liquidations of one coin by price, kept like the window that it hangs on."""

from __future__ import annotations

from math import exp

from crashdesk.model.columns import PROFILE_BIN, LiqKey
from crashdesk.session.liquidations.cells import FIRST_KEY, KeyTable
from crashdesk.session.liquidations.span import Part
from crashdesk.session.views import ProfileBin


def coin_of(key: LiqKey) -> str:
    """The base currency of a key's symbol."""
    return key[1].partition("/")[0]


class Profile:
    """Long and short by bin of the price."""

    def __init__(self, table: KeyTable, coin: str) -> None:
        self.coin = coin
        self._table = table
        self._wanted = [False] * FIRST_KEY
        self._bins: dict[int, list[int]] = {}

    def add(self, part: Part, sign: int) -> None:
        """Count rows (1) or take them away (-1)."""
        wanted = self._cells()
        cells, places, money = part.bins(wanted)
        if len(wanted) < len(self._table):
            wanted = self._cells()  # the rows named keys that nobody knew
        for cell, place, usd in zip(cells, places, money, strict=True):
            if wanted[cell]:
                entry = self._bins.setdefault(place, [0, 0])
                entry[self._table.short[cell]] += sign * usd
                if not any(entry):
                    del self._bins[place]

    def _cells(self) -> list[bool]:
        known = len(self._wanted)
        self._wanted += [coin_of(key) == self.coin for key in self._table.names()[known - FIRST_KEY :]]
        return self._wanted

    def view(self) -> tuple[ProfileBin, ...]:
        """The bins, lowest price first."""
        return tuple(
            ProfileBin(exp(place * PROFILE_BIN), exp((place + 1) * PROFILE_BIN), long, short)
            for place, (long, short) in sorted(self._bins.items())
        )
