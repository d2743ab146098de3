"""Which candles a chart shows: the last ones that fit, zoomed, panned, several in one column when asked for more."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass

from crashdesk.session.views import ChartView

ZOOMS = (10, 15, 20, 30, 45, 60, 90, 120, 180, 250, 365, 500, 730, 1000, 1500)
"""Numbers of candles that zooming goes through."""

MAX_SLOT = 11
"""Columns that a candle takes at most."""


@dataclass(frozen=True, slots=True)
class Bars:
    """What is drawn, one bar to a slot of `slot` columns, oldest first.

    `merged` candles of the timeframe are in each bar (1 unless more were asked for than there are columns); `shown` and
    `available` count candles of the timeframe, `first` is the index of the first shown in the view. Averages are
    aligned with the bars, NaN where there is none.
    """

    open_ms: array[int]
    open: array[float]
    high: array[float]
    low: array[float]
    close: array[float]
    sma200: array[float]
    sma50: array[float]
    ema200: array[float]
    slot: int
    merged: int
    first: int
    shown: int
    available: int

    def __len__(self) -> int:
        return len(self.open_ms)

    def column(self, index: int) -> int:
        """The middle column of a bar."""
        return index * self.slot + (self.slot - 1) // 2


def fitting(columns: int, zoom: int | None, available: int) -> int:
    """How many candles a chart of `columns` shows: one to each column, or `zoom` of them and what fills the width."""
    wanted = columns if zoom is None else zoom
    if 0 < wanted < columns:
        wanted = columns // (columns // wanted)
    return max(0, min(available, wanted))


def zoomed(columns: int, zoom: int | None, available: int, step: int) -> int | None:
    """The next zoom: +1 shows fewer candles, -1 more. None stands for one to each column."""
    now = fitting(columns, zoom, available)
    if step > 0:
        return next((count for count in reversed(ZOOMS) if fitting(columns, count, available) < now), zoom)
    return next((count for count in ZOOMS if fitting(columns, count, available) > now), zoom)


def last_pan(columns: int, zoom: int | None, available: int) -> int:
    """The largest pan (candles hidden at the right) that still fills the chart."""
    return max(0, available - fitting(columns, zoom, available))


def bars_of(view: ChartView, columns: int, zoom: int | None, pan: int) -> Bars:
    """The bars of a view for a chart of `columns`, `pan` candles back from the newest."""
    available = len(view.open_ms)
    shown = fitting(columns, zoom, available)
    end = available - min(max(pan, 0), last_pan(columns, zoom, available))
    first = end - shown
    merged = max(1, math.ceil(shown / max(columns, 1)))
    groups = _groups(view, first, end, merged)
    if len(groups) > columns:
        groups = groups[-columns:]
    start = groups[0][0] if groups else first
    slot = max(1, min(columns // max(len(groups), 1), MAX_SLOT))
    ends = [last - 1 for _, last in groups]
    return Bars(
        open_ms=array("q", (view.open_ms[a] for a, _ in groups)),
        open=array("d", (view.open[a] for a, _ in groups)),
        high=array("d", (_extreme(view.high, a, b, math.inf) for a, b in groups)),
        low=array("d", (_extreme(view.low, a, b, -math.inf) for a, b in groups)),
        close=array("d", (view.close[i] for i in ends)),
        sma200=array("d", (view.sma200[i] for i in ends)),
        sma50=array("d", (view.sma50[i] for i in ends)),
        ema200=array("d", (view.ema200[i] for i in ends)),
        slot=slot,
        merged=merged,
        first=start,
        shown=end - start,
        available=available,
    )


def _groups(view: ChartView, first: int, end: int, merged: int) -> list[tuple[int, int]]:
    """Index ranges that share a bar. Borders lie at fixed times, so that a new candle never moves old bars."""
    if merged == 1:
        return [(i, i + 1) for i in range(first, end)]
    span = view.timeframe.ms * merged
    groups: list[tuple[int, int]] = []
    start = first
    for i in range(first + 1, end + 1):
        if i == end or view.open_ms[i] // span != view.open_ms[start] // span:
            groups.append((start, i))
            start = i
    return groups


def _extreme(values: array[float], start: int, end: int, side: float) -> float:
    """The highest (`side` +inf) or lowest of the finite values; NaN when there is none."""
    finite = [v for v in values[start:end] if math.isfinite(v)]
    if not finite:
        return math.nan
    return max(finite) if side > 0 else min(finite)
