"""The bars of closed chunks in columns, one place for each instrument: put so once for all seeks.

What is asked of all instruments at once, the lowest of a day or the closes of 48 half hours, is then found column by
column and not instrument by instrument.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Mapping
from math import inf, isnan, nan
from typing import Generic, NamedTuple, TypeVar

from crashdesk.model.columns import BarSummary, Chunk, HourBars, InstrumentKey

_MOST_KEPT = 320
"""Chunks; a checkpoint lists those of 25 hours."""
_HOURS_KEPT = 300
_MINUTES_KEPT = 96
V = TypeVar("V")
Bars = Mapping[InstrumentKey, BarSummary]


class Columns(NamedTuple):
    """High, low and close by slot: -inf, inf and NaN where an instrument was not seen."""

    high: array[float]
    low: array[float]
    close: array[float]


class _Kept(Generic[V]):
    """What was made of the last bars; they are told by their identity, and held for it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[int, tuple[object, V]] = OrderedDict()

    def of(self, bars: object, make: Callable[[], V]) -> V:
        known = self._known.get(id(bars))
        if known is not None:
            self._known.move_to_end(id(bars))
            return known[1]
        made = make()
        self._known[id(bars)] = bars, made
        if len(self._known) > self._most:
            self._known.popitem(last=False)
        return made


class KnownBars:
    """`slots` numbers the instruments in the order in which they were first seen."""

    def __init__(self) -> None:
        self.slots: dict[InstrumentKey, int] = {}
        self._columns: _Kept[Columns] = _Kept(_MOST_KEPT)
        self._hours: _Kept[dict[int, Columns]] = _Kept(_HOURS_KEPT)
        self._minutes: _Kept[dict[int, array[float]]] = _Kept(_MINUTES_KEPT)

    def slot(self, key: InstrumentKey) -> int:
        """The place of an instrument, which gets one if it has none."""
        return self.slots.setdefault(key, len(self.slots))

    def columns(self, bars: Bars) -> Columns:
        """The bars of a closed chunk; the columns may be shorter than there are slots."""
        return self._columns.of(bars, lambda: self._columns_of(bars))

    def _columns_of(self, bars: Bars) -> Columns:
        slots = [self.slot(key) for key in bars]
        high, low, close = (array("d", [nothing]) * len(self.slots) for nothing in (-inf, inf, nan))
        for slot, bar in zip(slots, bars.values(), strict=True):
            high[slot], low[slot], close[slot] = bar
        return Columns(high, low, close)

    def of_hour(self, bars: HourBars, chunk: int) -> Columns:
        """The bars of a chunk (0 to 11) of an hour."""
        made = self._hours.of(bars.close, lambda: dict[int, Columns]())
        known = made.get(chunk)
        if known is None:
            known = made[chunk] = self._of_hour(bars, chunk)
        return known

    def _of_hour(self, bars: HourBars, chunk: int) -> Columns:
        for key in bars.slots:
            self.slot(key)
        width = len(bars.slots)
        places = [bars.slots.get(key, width) for key in self.slots]
        high, low, close = (column[chunk * width : (chunk + 1) * width] for column in bars[1:])
        if 0.0 in close:
            seen = [bool(price) for price in close]
            high, low, close = _but(high, seen, -inf), _but(low, seen, inf), _but(close, seen, nan)
        return Columns(_laid(high, places, -inf), _laid(low, places, inf), _laid(close, places, nan))

    def minutes(self, chunk: Chunk) -> dict[int, array[float]]:
        """The closes of each minute of a closed chunk by slot, NaN where there is none."""
        return self._minutes.of(chunk.bars, lambda: self._minutes_of(chunk))

    def _minutes_of(self, chunk: Chunk) -> dict[int, array[float]]:
        found: dict[int, array[float]] = {}
        for key, bars in chunk.load_bars().items():
            slot = self.slot(key)
            for bar in bars:
                row = found.setdefault(bar.minute, array("d"))
                if slot >= len(row):
                    row.extend([nan] * (len(self.slots) - len(row)))
                if isnan(row[slot]):
                    row[slot] = bar.close
        return found


def _but(column: array[float], seen: list[bool], nothing: float) -> array[float]:
    return array("d", [value if there else nothing for value, there in zip(column, seen, strict=True)])


def _laid(column: array[float], places: list[int], nothing: float) -> array[float]:
    """The values at these places; `nothing` at the place behind the last."""
    column.append(nothing)
    return array("d", map(column.__getitem__, places))
