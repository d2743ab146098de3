"""The volume of each bar, in a strip under the prices."""

from __future__ import annotations

from crashdesk.desk.chart.candles import body_reach
from crashdesk.desk.chart.cells import Part
from crashdesk.desk.chart.request import ChartRequest, Plot
from crashdesk.desk.chart.window import Bars

VOLUME_FROM = 16
"""Rows of a plot from which there is room for its volume."""
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_HALVES = " .::|||||"
"""The same in plain characters: as much as can be told apart."""


def volume_rows(rows: int, bars: Bars, *, wanted: bool) -> int:
    """Rows of a plot of `rows` that its volume takes; 0 when it is unknown, not wanted or there is no room."""
    return max(2, rows // 7) if wanted and rows >= VOLUME_FROM and any(volume > 0 for volume in bars.volume) else 0


def why_no_volume(plot: Plot) -> str:
    """Why there is no volume under a plot, wanted or not; empty when there can be one."""
    if not any(volume > 0 for volume in plot.bars.volume):
        return "the volume of these candles is not known"
    lacking = VOLUME_FROM - plot.rows
    return f"the volume needs {lacking} more row{'s' if lacking > 1 else ''}: z zooms the chart" if lacking > 0 else ""


def draw_volume(plot: Plot, request: ChartRequest) -> None:
    """A column of eighths for each bar, the tallest one as high as the strip; how much that is stands at the axis."""
    bars, height, plain = plot.bars, plot.volume_rows, request.options.ascii
    most = max(bars.volume, default=0.0)
    if not height or most <= 0:
        return
    bottom = plot.rows - 1
    glyphs = _HALVES if plain else _EIGHTHS
    reach = body_reach(bars.slot)
    for index, volume in enumerate(bars.volume):
        part = Part.VOLUME_UP if bars.close[index] >= bars.open[index] else Part.VOLUME_DOWN
        left = max(1, round(volume / most * height * 8)) if volume > 0 else 0
        middle = plot.left + bars.column(index)
        for row in range(bottom, bottom - -(-left // 8), -1):
            char = glyphs[min(8, left - (bottom - row) * 8)]
            for x in range(middle - reach, middle + reach + 1):
                plot.grid.put(x, row, char, part)
    label, name = amount_short(most), "vol"
    for row, words in ((bottom - height + 1, label), (bottom, name)):
        if len(words) < plot.left:
            plot.grid.write(plot.left - 1 - len(words), row, words, Part.TICK)


def amount_short(amount: float) -> str:
    """At most five cells: `31.2k`, `1.42M`, `812`."""
    for unit, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if amount >= unit * 0.9995:
            value = amount / unit
            return f"{value:.{2 if value < 9.995 else 1 if value < 99.95 else 0}f}{letter}"
    return f"{amount:.3g}" if amount >= 0.001 else "0"
