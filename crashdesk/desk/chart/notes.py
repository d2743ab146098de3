"""Notes of the timeline, marked on the time axis under their candles."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from crashdesk.desk.chart.cells import Part
from crashdesk.desk.chart.places import bar_of
from crashdesk.desk.chart.request import ChartRequest, Plot
from crashdesk.model.records import EventKind
from crashdesk.session.views import ChartView, TimelineItem

_EVENTS = frozenset(kind.value for kind in EventKind)


def candles_of_notes(items: Iterable[TimelineItem], view: ChartView) -> tuple[int, ...]:
    """The opening times (UTC ms) of the candles in which a note is pinned, oldest first; events are no notes."""
    opened, found = view.open_ms, set()
    for item in items:
        index = bisect_right(opened, item.ts_ms) - 1
        if item.kind not in _EVENTS and index >= 0 and item.ts_ms < opened[index] + view.timeframe.ms:
            found.add(opened[index])
    return tuple(sorted(found))


def draw_notes(plot: Plot, request: ChartRequest) -> None:
    """A mark on the axis under each bar that holds such a candle."""
    for at in request.notes:
        index = bar_of(plot, at)
        if index is not None:
            column = plot.left + plot.bars.column(index)
            plot.grid.put(column, plot.rows, "n" if request.options.ascii else "✎", Part.NOTE)
