"""The bars of a roll-up as its frame holds them: most seeks read only what was liquidated."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence

from crashdesk.model.columns import BarSummary, InstrumentKey


class PackedBars(Mapping[InstrumentKey, BarSummary]):
    """High, low and last by instrument; single bars are made when the first one is asked for."""

    __slots__ = ("_columns", "_ids", "_known", "_names")

    def __init__(
        self, names: Sequence[InstrumentKey], ids: array[int], high: array[float], low: array[float], last: array[float]
    ) -> None:
        """Raises ValueError when the columns don't fit one another or an instrument is there twice, IndexError when
        `names` has no such instrument.
        """
        if {len(high), len(low), len(last), len(set(ids))} != {len(ids)}:
            raise ValueError("bars that do not fit their instruments")
        if ids and max(ids) >= len(names):
            raise IndexError("a bar of an unknown instrument")
        self._names, self._ids, self._columns = names, ids, (high, low, last)
        self._known: dict[InstrumentKey, BarSummary] | None = None

    def _bars(self) -> dict[InstrumentKey, BarSummary]:
        if self._known is None:
            self._known = dict(
                zip(map(self._names.__getitem__, self._ids), map(BarSummary, *self._columns), strict=True)
            )
        return self._known

    def __getitem__(self, key: InstrumentKey) -> BarSummary:
        return self._bars()[key]

    def __iter__(self) -> Iterator[InstrumentKey]:
        return iter(self._bars())

    def __len__(self) -> int:
        return len(self._ids)
