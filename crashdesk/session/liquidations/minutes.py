"""Liquidated in each minute of the rows' own time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crashdesk.model.columns import SideSums
from crashdesk.model.timeframe import MINUTE_MS

_SHOWN = 24 * 60
_KEPT = 25 * 60


class Minutes:
    """Long, short and orders by minute."""

    def __init__(self) -> None:
        self._sums: dict[int, list[int]] = {}
        self._last = -1
        self._series: dict[int, tuple[int, int, int]] = {}
        self._touched: set[int] = set()
        """Those of the series that are no longer as it says."""

    def load(self, minutes: Mapping[int, SideSums]) -> None:
        """Add the minutes of a chunk."""
        self._last = -1
        for minute, sums in minutes.items():
            entry = self._sums.setdefault(minute, [0, 0, 0])
            for n, one in enumerate(sums):
                entry[n] += one

    def add(self, ts: Sequence[int], short: Sequence[int], cells: Sequence[int], usd: Sequence[int]) -> None:
        """Add rows: their own times, the cells of their keys, micro-dollars; `short` is 1 at the cells of shorts."""
        known, shown, touched = self._sums, self._series, self._touched
        for at_ms, cell, one in zip(ts, cells, usd, strict=True):
            minute = at_ms // MINUTE_MS
            entry = known.get(minute)
            if entry is None:
                entry = known[minute] = [0, 0, 0]
                self._last = -1
            if minute in shown:
                touched.add(minute)
            entry[short[cell]] += one
            entry[2] += 1

    def forget(self, now_ms: int) -> None:
        """Let go of what no series reaches any more."""
        oldest = now_ms // MINUTE_MS - _KEPT
        for minute in [m for m in self._sums if m < oldest]:
            del self._sums[minute]

    def series(self, now_ms: int) -> tuple[tuple[int, int, int], ...]:
        """(minute, long, short in micro-dollars) of the last 24 h, oldest first."""
        last = now_ms // MINUTE_MS
        if last != self._last:
            shown = [(m, sums[0], sums[1]) for m, sums in sorted(self._sums.items()) if last - _SHOWN < m <= last]
            self._last, self._series = last, {one[0]: one for one in shown}
        else:
            for minute in self._touched & self._series.keys():
                long, short, _ = self._sums[minute]
                self._series[minute] = minute, long, short
        self._touched.clear()
        return tuple(self._series.values())
