"""The bars of closed chunks in columns, one place for each instrument: put so once for all seeks.

What is asked of all instruments at once, the lowest of a day or the closes of 48 half hours, is then found column by
column and not instrument by instrument.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable
from math import inf, isnan, nan
from typing import Generic, NamedTuple, TypeVar

from crashdesk.model.columns import CHUNK_MS, BarSummary, Chunk, HourBars, InstrumentKey
from crashdesk.model.timeframe import HOUR_MS

_MOST_KEPT = 320
"""Chunks; a checkpoint lists those of 25 hours."""
_HOURS_KEPT = 27
_CHUNKS_AN_HOUR = HOUR_MS // CHUNK_MS
_MINUTES_KEPT = 96
V = TypeVar("V")
Bars = dict[InstrumentKey, BarSummary]


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
        self._hours: _Kept[list[Columns]] = _Kept(_HOURS_KEPT)
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

    def hour(self, bars: HourBars) -> list[Columns]:
        """The bars of the chunks of an hour."""
        return self._hours.of(bars.close, lambda: self._hour_of(bars))

    def _hour_of(self, bars: HourBars) -> list[Columns]:
        slots = [self.slot(key) for key in sorted(bars.slots, key=bars.slots.__getitem__)]
        width = len(slots)
        made = []
        for start in range(0, _CHUNKS_AN_HOUR * width, width) if width else [0] * _CHUNKS_AN_HOUR:
            column = Columns(*(array("d", [nothing]) * len(self.slots) for nothing in (-inf, inf, nan)))
            for slot, at in zip(slots, range(start, start + width), strict=True):
                if bars.close[at]:
                    column.high[slot], column.low[slot], column.close[slot] = (
                        bars.high[at],
                        bars.low[at],
                        bars.close[at],
                    )
            made.append(column)
        return made

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
