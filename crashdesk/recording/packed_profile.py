"""The profile of a roll-up as its frame holds it: a desk asks for one coin of hundreds."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

from crashdesk.model.columns import InstrumentKey, SideSums


class PackedProfile(Mapping[InstrumentKey, Mapping[int, SideSums]]):
    """Bins by instrument, made anew each time that they are asked for."""

    __slots__ = ("_parts", "_places", "_sums")

    def __init__(
        self, keys: Sequence[InstrumentKey], counts: Sequence[int], places: array[int], *sums: array[int]
    ) -> None:
        """`counts` says how many bins each instrument has; `places` are these bins, `sums` the columns beside them."""
        self._parts = dict(zip(keys, pairwise(accumulate(counts, initial=0)), strict=True))
        self._places = places
        self._sums = sums

    def __getitem__(self, key: InstrumentKey) -> Mapping[int, SideSums]:
        first, end = self._parts[key]
        long, short, orders = (column[first:end] for column in self._sums)
        return dict(zip(self._places[first:end], zip(long, short, orders, strict=True), strict=True))

    def __iter__(self) -> Iterator[InstrumentKey]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)
