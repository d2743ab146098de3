"""Draws a chart once per change and keeps it; marks that move are laid over the rows they touch."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Sequence
from datetime import UTC

from textual.strip import Strip

from crashdesk.desk.chart.axis import time_ticks
from crashdesk.desk.chart.candles import draw_candles
from crashdesk.desk.chart.cascades import draw_cascades
from crashdesk.desk.chart.cells import CellGrid, Part, Row, StyleMap, strip_of
from crashdesk.desk.chart.engine import FrameSpec, Series, draw_frame
from crashdesk.desk.chart.layout import Layout, lay_out, place_reach, series_of
from crashdesk.desk.chart.levels import draw_levels
from crashdesk.desk.chart.request import ChartRequest, PlaceMark, Plot
from crashdesk.desk.prices import compact_price
from crashdesk.model.timeframe import DAY_MS

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
        """Whether the moving marks fall into the scale of the kept plot."""
        if self.plot is None:
            return True
        if self.plot.widened and request.place is None:
            return False
        bottom, top = self.plot.reach
        prices = [request.place.price] if request.place and bottom <= request.place.price <= top else []
        if request.view.last is not None and math.isfinite(request.view.last) and request.options.pan == 0:
            prices.append(request.view.last)
        return all(self.plot.scale.holds(price) for price in prices)


def _key(request: ChartRequest) -> tuple[object, ...]:
    """What the still part of the chart depends on, the candles left out (they are compared by identity)."""
    view = request.view
    still = tuple((row.price, row.kind, row.label, row.state, row.id) for row in request.levels)
    of_view = (view.symbol, view.venue, view.timeframe, view.revision, view.price_decimals)
    return *of_view, request.width, request.height, request.options, request.cascades, still


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
    plot = Plot(grid, scale, bars, left, layout.columns, layout.gutter, reach, widened)
    if options.candles:
        draw_candles(grid, bars, scale, left, ascii=options.ascii, mono=options.mono)
    draw_levels(plot, request)
    draw_cascades(plot, request)
    if not options.ascii:
        _draw_grid(plot, [int(tick.at) for tick in layout.ticks])
    return plot


def _frame_spec(layout: Layout, request: ChartRequest) -> FrameSpec:
    options, bars = request.options, layout.bars
    columns = [bars.column(index) for index in range(len(bars))]
    zone = UTC if request.view.timeframe.ms >= DAY_MS else options.zone
    parts = [*options.averages] if options.candles else [*options.averages, Part.LINE]
    series = [line for part in parts for line in _series(layout, columns, part)]
    return FrameSpec(
        columns=layout.columns,
        rows=layout.scale.rows,
        label_width=layout.label_width,
        price_ticks=layout.ticks,
        time_ticks=time_ticks(bars.open_ms, columns, layout.columns, zone),
        series=series,
        ascii=options.ascii,
    )


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


def moving_marks(plot: Plot, request: ChartRequest) -> list[tuple[int, Row]]:
    """The rows of the last price and of the level being placed, finished. The place line wins a shared row."""
    marks: dict[int, Row] = {}
    view, options = request.view, request.options
    if view.last is not None and math.isfinite(view.last) and options.pan == 0 and plot.scale.holds(view.last):
        text = compact_price(view.last, view.price_decimals)
        row = plot.scale.row(view.last)
        marks[row] = _mark(plot, row, ("<" if options.ascii else "◀") + text, Part.LAST)
    if request.place is not None:
        row, cells = _place_mark(plot, request.place, plain=options.ascii)
        marks[row] = cells
    return list(marks.items())


def _place_mark(plot: Plot, place: PlaceMark, *, plain: bool) -> tuple[int, Row]:
    """The row of the line being placed; outside of the scale only its words, at the edge that is nearer."""
    row = min(max(plot.scale.row(place.price), 0), plot.scale.rows - 1)
    cells = _mark(plot, row, place.text, Part.PLACE_LABEL)
    if plot.scale.holds(place.price):
        for column in range(plot.left, plot.left + plot.columns):
            if cells[1][column] not in (Part.UP, Part.DOWN):
                cells[0][column] = "-" if plain else "━"
                cells[1][column] = Part.PLACE
    return row, cells


def _mark(plot: Plot, row: int, text: str, part: Part) -> Row:
    """A copy of a row with a label in the gutter, or over the price axis when there is no gutter.

    Words of a level's label that stood there move behind the mark, as far as they fit whole.
    """
    chars, parts = plot.grid.copy_row(row)
    if not plot.gutter:
        price = text.strip("<◀▶> ").split(" ")[0]
        if len(price) < plot.left:
            chars[: plot.left - 1] = price.rjust(plot.left - 1)
            parts[: plot.left - 1] = [part] * (plot.left - 1)
        return chars, parts
    start = plot.left + plot.columns
    end = start + plot.gutter
    words = [(text, part)] if len(text) <= plot.gutter else [(text.split(" ")[0], part)]
    words += _words("".join(chars[start:end]), parts[start:end])
    chars[start:] = [" "] * plot.gutter
    parts[start:] = [Part.BLANK] * plot.gutter
    at = start
    for word, its_part in words:
        if at + len(word) > end:
            break
        chars[at : at + len(word)] = word
        parts[at : at + len(word)] = [its_part] * len(word)
        at += len(word) + 1
    return chars, parts


def _words(text: str, parts: Sequence[Part]) -> list[tuple[str, Part]]:
    return [(match.group(), parts[match.start()]) for match in re.finditer(r"\S+", text)]
