"""Levels on the chart: a dotted line behind the candles and a label at its end."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.desk.chart.layout import label_choices
from crashdesk.desk.chart.request import ChartRequest, Plot
from crashdesk.desk.chart.styles import LEVEL_PARTS
from crashdesk.desk.levels.words import is_mine
from crashdesk.model.level import LevelKind
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.views import LevelRow


def draw_levels(plot: Plot, request: ChartRequest) -> None:
    """All levels inside the scale. On one row the trader's own come first; the others join its label or are counted."""
    by_row: dict[int, list[LevelRow]] = {}
    for level in request.levels:
        if level.price > 0 and plot.scale.holds(level.price):
            by_row.setdefault(plot.scale.row(level.price), []).append(level)
    for row, levels in by_row.items():
        levels.sort(key=lambda level: (not is_mine(level), level.kind is LevelKind.AVERAGE))
        _line(plot, row, levels[0], request)
        if plot.gutter:
            _labels(plot, row, levels, request.view.price_decimals)


def _line(plot: Plot, row: int, level: LevelRow, request: ChartRequest) -> None:
    """Dots over the blank cells of the row. On a daily chart the average has its own curve and needs no line."""
    if level.kind is LevelKind.AVERAGE and request.view.timeframe is Timeframe.D1 and request.options.averages:
        return
    plain = request.options.ascii
    dot = ("-" if plain else "╌") if is_mine(level) else ("." if plain else "┈")
    part = LEVEL_PARTS[level.kind]
    for column in range(plot.left, plot.left + plot.columns):
        if plot.grid.is_blank(column, row) and (not plain or (column - plot.left) % 2 == 0):
            plot.grid.put(column, row, dot, part)


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
        plot.grid.write(column, row, text, LEVEL_PARTS[level.kind])
        column, room = column + len(text) + 1, room - len(text) - 1
    if left_out and room >= 2:
        plot.grid.write(column, row, f"+{left_out}", LEVEL_PARTS[levels[-1].kind])
