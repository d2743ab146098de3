"""Which candles a chart shows: the last ones that fit, zoomed, panned, several in one column when asked for more."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crashdesk.session.views import ChartView

ZOOMS = (10, 15, 20, 30, 45, 60, 90, 120, 180, 250, 365, 500, 730, 1000, 1500)
"""Numbers of candles that zooming goes through."""

MAX_SLOT = 11
"""Columns that a candle takes at most."""


@dataclass(frozen=True, slots=True)
class Bars:
    """What is drawn, one bar to a slot of `slot` columns, oldest first, at even steps of time.

    Bar i covers `step_ms` from `origin_ms` + i * `step_ms` on: `merged` candles of the timeframe (1 unless more were
    asked for than there are columns). A bar without a candle is a hole: its prices are NaN, so the axis never lies.
    `shown` and `available` count the places of candles, holes included, `missing` the holes shown. `open_ms` are the
    times (UTC ms) from which candles are in the bars. Averages are aligned with the bars, NaN where there is none.
    `unfinished` tells that the last bar holds the candle that still runs.
    """

    open_ms: array[int]
    open: array[float]
    high: array[float]
    low: array[float]
    close: array[float]
    volume: array[float]
    sma200: array[float]
    sma50: array[float]
    ema200: array[float]
    slot: int
    merged: int
    origin_ms: int
    step_ms: int
    end_ms: int
    shown: int
    available: int
    missing: int
    unfinished: bool

    def __len__(self) -> int:
        return len(self.open_ms)

    def column(self, index: int) -> int:
        """The middle column of a bar."""
        return index * self.slot + (self.slot - 1) // 2


def candle_places(view: ChartView) -> int:
    """Candles of a view from its first to its last one, the missing ones counted too."""
    return (view.open_ms[-1] - view.open_ms[0]) // view.timeframe.ms + 1 if view.open_ms else 0


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
    length, available = view.timeframe.ms, candle_places(view)
    shown = fitting(columns, zoom, available)
    first_ms = view.open_ms[0] if available else 0
    end_ms = first_ms + (available - min(max(pan, 0), last_pan(columns, zoom, available))) * length
    merged = max(1, math.ceil(shown / max(columns, 1)))
    step, shift = length * merged, first_ms % length
    begin_ms = end_ms - shown * length
    # borders lie at fixed times, so that a new candle never moves old bars
    origin = (begin_ms - shift) // step * step + shift
    origin += max(0, math.ceil((end_ms - origin) / step) - columns) * step
    begin_ms = max(begin_ms, origin)
    opened = [max(at, begin_ms) for at in range(origin, end_ms, step)]
    places = [bisect_left(view.open_ms, at) for at in (*opened, end_ms)]
    spans = list(pairwise(places))
    return Bars(
        open_ms=array("q", opened),
        open=array("d", (view.open[a] if a < b else math.nan for a, b in spans)),
        high=array("d", (_extreme(view.high, a, b, -math.inf, max) for a, b in spans)),
        low=array("d", (_extreme(view.low, a, b, math.inf, min) for a, b in spans)),
        close=array("d", (view.close[b - 1] if a < b else math.nan for a, b in spans)),
        volume=array("d", (math.fsum(filter(math.isfinite, view.volume[a:b])) for a, b in spans)),
        sma200=_newest(view.sma200, spans),
        sma50=_newest(view.sma50, spans),
        ema200=_newest(view.ema200, spans),
        slot=max(1, min(columns // max(len(opened), 1), MAX_SLOT)),
        merged=merged,
        origin_ms=origin,
        step_ms=step,
        end_ms=end_ms,
        shown=(end_ms - begin_ms) // length,
        available=available,
        missing=max(0, (end_ms - begin_ms) // length - (places[-1] - places[0])),
        unfinished=view.open_last and bool(spans) and places[-1] == len(view.open_ms) and spans[-1][0] < places[-1],
    )


def _newest(values: array[float], spans: Sequence[tuple[int, int]]) -> array[float]:
    """An average at the end of each bar: its last known value in it, NaN when there is none."""
    return array("d", (next((v for v in reversed(values[a:b]) if math.isfinite(v)), math.nan) for a, b in spans))


def _extreme(values: array[float], start: int, end: int, least: float, pick: Callable[[float, float], float]) -> float:
    """The highest or lowest of the finite values; NaN when there is none."""
    if end - start == 1:
        return values[start]
    found = least
    for value in values[start:end]:
        if math.isfinite(value):
            found = pick(found, value)
    return found if math.isfinite(found) else math.nan
