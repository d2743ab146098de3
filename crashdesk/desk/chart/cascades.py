"""Small marks at the candles in which a cascade ran."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from crashdesk.desk.chart.cells import Part
from crashdesk.desk.chart.request import ChartRequest, Plot
from crashdesk.model.records import Event
from crashdesk.session.views import ChartView


def candles_of(cascades: Iterable[Event], view: ChartView) -> tuple[int, ...]:
    """The opening times (UTC ms) of the candles in which one of `cascades` ran, oldest first."""
    opened, length = view.open_ms, view.timeframe.ms
    found = set()
    for event in cascades:
        first = max(0, bisect_right(opened, event.start_ms) - 1)
        for index in range(first, bisect_right(opened, event.end_ms)):
            if opened[index] + length > event.start_ms:
                found.add(opened[index])
    return tuple(sorted(found))


def draw_cascades(plot: Plot, request: ChartRequest) -> None:
    """A mark under each bar that holds such a candle, else above it, else on the bottom row."""
    bars, scale = plot.bars, plot.scale
    shown = {bisect_right(bars.open_ms, at) - 1 for at in request.cascades if bars.open_ms[0] <= at < bars.end_ms}
    for index in shown:
        rows = scale.row(bars.low[index]) + 1, scale.row(bars.high[index]) - 1
        row = next((row for row in rows if 0 <= row < scale.rows), scale.rows - 1)
        plot.grid.put(plot.left + bars.column(index), row, "!" if request.options.ascii else "↯", Part.CASCADE)
