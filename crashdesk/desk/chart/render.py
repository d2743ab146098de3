"""Draws a chart once per change and keeps it; marks that move are laid over the rows they touch."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from datetime import UTC

from textual.strip import Strip

from crashdesk.desk.chart.axis import time_ticks
from crashdesk.desk.chart.candles import draw_candles
from crashdesk.desk.chart.cascades import draw_cascades
from crashdesk.desk.chart.cells import CellGrid, Part, StyleMap, strip_of
from crashdesk.desk.chart.engine import FrameSpec, Series, draw_frame
from crashdesk.desk.chart.layout import Layout, axis_mark, label_choices, lay_out, place_reach, series_of, with_last
from crashdesk.desk.chart.levels import draw_levels
from crashdesk.desk.chart.marks import moving_marks
from crashdesk.desk.chart.notes import draw_notes
from crashdesk.desk.chart.request import ChartRequest, Plot
from crashdesk.desk.chart.volume import draw_volume
from crashdesk.model.timeframe import DAY_MS
from crashdesk.session.level_views import LevelRow

GRID_EVERY = 4


class ChartRenderer:
    """Keeps the last plot and its strips. `draws` counts how often the whole plot was drawn."""

    def __init__(self) -> None:
        self.plot: Plot | None = None
        self.draws = 0
        self._key: tuple[object, ...] | None = None
        self._candles: array[float] | None = None
        self._styles: StyleMap | None = None
        self._strips: list[Strip] = []

    def render(self, request: ChartRequest, styles: StyleMap) -> list[Strip]:
        """`height` strips of `width` cells; an empty list when there is nothing to draw or no room.

        Raises ImportError or OSError when plotext can't be loaded here.
        """
        key = _key(request)
        same = key == self._key and request.view.close is self._candles
        if not same or not self._holds(request):
            self.plot = draw_plot(request)
            self._key, self._candles, self._styles = key, request.view.close, None
            self.draws += 1
        if self.plot is None:
            return []
        if self._styles is not styles:
            grid = self.plot.grid
            self._strips = [strip_of((grid.chars[y], grid.parts[y]), styles) for y in range(grid.height)]
            self._styles = styles
        strips = self._strips.copy()
        for row, cells in moving_marks(self.plot, request):
            strips[row] = strip_of(cells, styles)
        return strips

    def _holds(self, request: ChartRequest) -> bool:
        """Whether the kept plot is the one that would be drawn for where the moving marks are now."""
        plot, place = self.plot, request.place
        if plot is None:
            return True
        if (plot.widened and place is None) or with_last(plot.candles, request) != plot.with_last:
            return False
        return place is None or not plot.reach[0] <= place.price <= plot.reach[1] or plot.scale.holds(place.price)


def _key(request: ChartRequest) -> tuple[object, ...]:
    """What the still part of the chart depends on, the candles left out (they are compared by identity)."""
    view = request.view
    still = tuple(_level_key(row, view.price_decimals) for row in request.levels)
    of_view = (view.symbol, view.venue, view.timeframe, view.revision, view.price_decimals)
    of_last = (view.last is None, axis_mark(request))
    return *of_view, *of_last, request.width, request.height, request.options, request.cascades, request.notes, still


def _level_key(row: LevelRow, decimals: int) -> tuple[object, ...]:
    """What is drawn of a level. A trend line's price moves on with the clock: it counts as far as it can be read."""
    price = label_choices(row, decimals)[-1] if row.trend is not None else row.price
    return price, row.kind, row.label, row.state, row.id, row.source, row.trend


def draw_plot(request: ChartRequest) -> Plot | None:
    """The whole chart but for the marks that move; None when there is nothing to draw or no room."""
    layout = lay_out(request)
    if layout is None:
        return None
    options, bars, scale = request.options, layout.bars, layout.scale
    left = layout.label_width + 1
    frame = draw_frame(_frame_spec(layout, request))
    grid = CellGrid(request.width, request.height)
    for y in range(frame.height):
        grid.chars[y][: frame.width] = frame.chars[y]
        grid.parts[y][: frame.width] = frame.parts[y]
    widened = request.place is not None and not layout.natural[0] <= request.place.price <= layout.natural[1]
    reach = place_reach(layout.natural)
    spans = (layout.candles, with_last(layout.candles, request))
    plot = Plot(grid, scale, bars, left, layout.columns, layout.gutter, reach, widened, *spans, layout.volume_rows)
    if options.candles:
        draw_candles(grid, bars, scale, left, ascii=options.ascii, mono=options.mono)
    draw_levels(plot, request)
    draw_cascades(plot, request)
    draw_notes(plot, request)
    draw_volume(plot, request)
    if not options.ascii:
        _draw_grid(plot, [int(tick.at) for tick in layout.ticks])
    return plot


def _frame_spec(layout: Layout, request: ChartRequest) -> FrameSpec:
    options, bars = request.options, layout.bars
    columns = [bars.column(index) for index in range(len(bars))]
    zone = UTC if request.view.timeframe.ms >= DAY_MS else options.zone
    series = [line for part in options.averages for line in _series(layout, columns, part)]
    if not options.candles:
        series += _price_line(layout, columns)
    return FrameSpec(
        columns=layout.columns,
        rows=layout.scale.rows + layout.volume_rows,
        label_width=layout.label_width,
        price_ticks=layout.ticks,
        time_ticks=time_ticks(bars.open_ms, columns, layout.columns, zone),
        series=series,
        ascii=options.ascii,
    )


def _price_line(layout: Layout, columns: Sequence[int]) -> list[Series]:
    """The closes; the way to the candle that still runs is a part of its own."""
    lines = _series(layout, columns, Part.LINE)
    if not (layout.bars.unfinished and lines and len(lines[-1].xs) > 1):
        return lines
    *whole, last = lines
    closed = Series(last.xs[:-1], last.ys[:-1], Part.LINE)
    return [*whole, Series(last.xs[-2:], last.ys[-2:], Part.OPEN_LINE), closed]


def _series(layout: Layout, columns: Sequence[int], part: Part) -> list[Series]:
    """A line in runs of points that lie inside the plot: gaps stay gaps."""
    runs: list[Series] = []
    xs: list[float] = []
    ys: list[float] = []
    for column, value in zip(columns, series_of(layout.bars, part), strict=True):
        depth = layout.scale.depth(value) if math.isfinite(value) else math.nan
        if 0 <= depth <= layout.scale.rows:
            xs.append(column + 0.5)
            ys.append(depth)
        elif xs:
            runs.append(Series(xs, ys, part))
            xs, ys = [], []
    if xs:
        runs.append(Series(xs, ys, part))
    return runs


def _draw_grid(plot: Plot, rows: Sequence[int]) -> None:
    """Faint dots along the labelled prices."""
    for row in rows:
        for column in range(plot.left + GRID_EVERY - 1, plot.left + plot.columns, GRID_EVERY):
            if plot.grid.is_blank(column, row):
                plot.grid.put(column, row, "·", Part.GRID)
