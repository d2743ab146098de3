"""Realised liquidations of one coin by price, kept like the window that it hangs on."""

from __future__ import annotations

from collections.abc import Callable
from math import exp

from crashdesk.model.columns import PROFILE_BIN, LiquidationDetails
from crashdesk.model.words import coin_of
from crashdesk.session.liquidation_views import ProfileBin
from crashdesk.session.liquidations.cells import FIRST_KEY, KeyTable
from crashdesk.session.liquidations.part import Part
from crashdesk.session.liquidations.span import Span

_MOST_KEPT = 4_096
CoinBins = dict[int, list[int]]
"""Bin of the price to [long, short] in micro-dollars."""


class KnownBins:
    """What of a coin lies in spans that are closed: it never changes, so it is found out once for all seeks."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, int], CoinBins] = {}

    def of(self, coin: str, span: Span, find: Callable[[], CoinBins]) -> CoinBins:
        """The bins of a coin in all rows of a span, by `find` when they are not known."""
        if not span.closed:
            return find()
        key = (coin, span.number, span.count)
        known = self._known.get(key)
        if known is None:
            known = find()
            if span.damaged:
                return known
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[key] = known
        return known


class Profile:
    """Long and short by bin of the price."""

    def __init__(self, table: KeyTable, coin: str, known: KnownBins) -> None:
        self.coin = coin
        self._table = table
        self._known = known
        self._wanted = [False] * FIRST_KEY
        self._bins: CoinBins = {}
        self._made: dict[int, ProfileBin] = {}

    def add(self, part: Part, sign: int) -> None:
        """Count rows (1) or take them away (-1)."""
        found = (
            self._find(part) if part.at is not None else self._known.of(self.coin, part.span, lambda: self._find(part))
        )
        for place, (long, short) in found.items():
            entry = self._bins.setdefault(place, [0, 0])
            entry[0] += sign * long
            entry[1] += sign * short
            self._made.pop(place, None)
            if not any(entry):
                del self._bins[place]

    def _find(self, part: Part) -> CoinBins:
        details = part.span.details() if part.at is None else None
        return self._in_details(details) if details is not None else self._in_rows(part)

    def _in_details(self, details: LiquidationDetails) -> CoinBins:
        found: CoinBins = {}
        for key in details.profile:
            if coin_of(key[1]) == self.coin:
                for place, (long, short, _) in details.profile[key].items():
                    entry = found.setdefault(place, [0, 0])
                    entry[0] += long
                    entry[1] += short
        return found

    def _in_rows(self, part: Part) -> CoinBins:
        wanted = self._cells()
        cells, places, money = part.bins(wanted)
        if len(wanted) < len(self._table):
            wanted = self._cells()  # the rows named keys that nobody knew
        short = self._table.short
        found: CoinBins = {}
        for cell, place, usd in zip(cells, places, money, strict=True):
            if wanted[cell]:
                found.setdefault(place, [0, 0])[short[cell]] += usd
        return found

    def _cells(self) -> list[bool]:
        known = len(self._wanted)
        self._wanted += [coin_of(key[1]) == self.coin for key in self._table.names()[known - FIRST_KEY :]]
        return self._wanted

    def view(self) -> tuple[ProfileBin, ...]:
        """The bins, lowest price first."""
        for place in self._bins.keys() - self._made.keys():
            self._made[place] = ProfileBin(exp(place * PROFILE_BIN), exp((place + 1) * PROFILE_BIN), *self._bins[place])
        return tuple([self._made[place] for place in sorted(self._bins)])
