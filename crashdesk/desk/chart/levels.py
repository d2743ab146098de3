"""Levels on the chart: a dotted line behind the candles and a label at its end."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from crashdesk.desk.chart.cells import Part
from crashdesk.desk.chart.layout import label_choices, series_of
from crashdesk.desk.chart.request import ChartRequest, Plot
from crashdesk.desk.chart.styles import LEVEL_PARTS
from crashdesk.desk.chart.trends import edge_price, trend_cells
from crashdesk.desk.levels.words import is_mine
from crashdesk.model.level import LevelKind
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.level_views import LevelRow

FOUND = "found"
"""The source of a level that candles show."""
FOUND_EVERY = 3
"""Its line has a dot in each so many columns: weaker than one's own."""


CURVE = "curve"
"""The source of what only names an average's curve at its end."""
_CURVES = {"SMA200": Part.SMA200, "SMA50": Part.SMA50, "EMA200": Part.EMA200}


def level_part(level: LevelRow) -> Part:
    """How a level looks: by its kind, a found one quieter."""
    if level.source == CURVE:
        return _CURVES[level.label.partition(" ")[0]]
    return Part.FOUND if level.source == FOUND and level.kind is not LevelKind.AVERAGE else LEVEL_PARTS[level.kind]


def draw_levels(plot: Plot, request: ChartRequest) -> None:
    """All levels inside the scale, and the ends of the averages.

    On one row the trader's own come first; the others join its label or are counted.
    """
    by_row: dict[int, list[LevelRow]] = {}
    for level in (*request.levels, *_averages(plot, request)):
        price = level.price if level.trend is None else edge_price(plot, level.trend)
        if price > 0 and plot.scale.holds(price):
            by_row.setdefault(plot.scale.row(price), []).append(level)
        if level.trend is not None:
            _sloped(plot, level, plain=request.options.ascii)
    for row, levels in by_row.items():
        levels.sort(key=lambda level: (not is_mine(level), level.source == FOUND, level.kind is LevelKind.AVERAGE))
        _line(plot, row, levels[0], request)
        if plot.gutter:
            _labels(plot, row, levels, request.view.price_decimals)


def _averages(plot: Plot, request: ChartRequest) -> list[LevelRow]:
    """A name at the end of each average's curve; a daily chart has the SMA200 among its levels."""
    view, daily = request.view, request.view.timeframe is Timeframe.D1
    named = {row.label for row in request.levels if row.kind is LevelKind.AVERAGE} if daily else set()
    rows = []
    for name, part in _CURVES.items():
        value = next((v for v in reversed([*series_of(plot.bars, part)]) if isfinite(v)), None)
        if part in request.options.averages and name not in named and value is not None:
            label = name if daily else f"{name} {view.timeframe}"
            rows.append(LevelRow(None, view.symbol, value, LevelKind.AVERAGE, label, CURVE, None, None, None, None))
    return rows


def _sloped(plot: Plot, level: LevelRow, *, plain: bool) -> None:
    """A trend line on the blank cells that it crosses."""
    if level.trend is not None:
        for x, y, char in trend_cells(plot, level.trend, ascii=plain):
            if plot.grid.is_blank(x, y):
                plot.grid.put(x, y, char, LEVEL_PARTS[level.kind])


def _line(plot: Plot, row: int, level: LevelRow, request: ChartRequest) -> None:
    """Dots over the blank cells of the row, fewer for a found level.

    On a daily chart the average has its own curve and needs no line, nor does a trend line.
    """
    if level.trend is not None or level.source == CURVE:
        return
    if level.kind is LevelKind.AVERAGE and request.view.timeframe is Timeframe.D1 and request.options.averages:
        return
    plain, found = request.options.ascii, level.source == FOUND
    dot = ("-" if plain else "╌") if is_mine(level) else ("." if plain else "┈")
    every = FOUND_EVERY if found else 2 if plain else 1
    for column in range(plot.left, plot.left + plot.columns, every):
        if plot.grid.is_blank(column, row):
            plot.grid.put(column, row, dot, level_part(level))


def _labels(plot: Plot, row: int, levels: Sequence[LevelRow], decimals: int) -> None:
    """As many whole labels as fit into the gutter, one behind the other; the rest as a count."""
    column, room = plot.left + plot.columns + 1, plot.gutter - 1
    left_out = 0
    for place, level in enumerate(levels):
        rest = 3 if len(levels) - place > 1 else 0
        text = next((choice for choice in label_choices(level, decimals) if len(choice) <= room - rest), None)
        if text is None:
            left_out += 1
            continue
        plot.grid.write(column, row, text, level_part(level))
        column, room = column + len(text) + 1, room - len(text) - 1
    if left_out and room >= 2:
        plot.grid.write(column, row, f"+{left_out}", level_part(levels[-1]))
