"""plotext draws the frame of a chart: axes, tick labels, the price line and the averages.

plotext is imported by the first chart, not with the desk: it takes a tenth of a second. Coordinates are ours (columns
from the left, rows from the top edge), so that everything else can be drawn over its result cell by cell.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

from crashdesk.desk.chart.ansi import read_colours
from crashdesk.desk.chart.axis import Tick
from crashdesk.desk.chart.cells import CellGrid, Part

AXIS_ROWS = 2
"""Rows under the plot: the axis and its labels."""

_TO_ASCII = str.maketrans("│─┤├┼┬┴└┘┌┐╵╷╴╶", "|-+++++++++|'--")

_PLAIN = {Part.SMA200: "=", Part.SMA50: "~", Part.EMA200: "+"}
"""What lines other than the price's are drawn with in ASCII: they are told apart without colour."""


class Series(NamedTuple):
    """A line through points: columns and rows from the upper left corner of the plot."""

    xs: list[float]
    ys: list[float]
    part: Part


class FrameSpec(NamedTuple):
    """A chart of `columns` x `rows` plot cells. `label_width` is what the price labels take at the left."""

    columns: int
    rows: int
    label_width: int
    price_ticks: Sequence[Tick]
    time_ticks: Sequence[Tick]
    series: Sequence[Series]
    ascii: bool = False

    @property
    def left(self) -> int:
        """The first column of the plot."""
        return self.label_width + 1


def preload() -> None:
    """Import plotext (in a thread, say), so that the first chart needn't."""
    import_module("plotext")


def draw_frame(spec: FrameSpec) -> CellGrid:
    """The frame as cells, `left + columns` wide and `rows + AXIS_ROWS` high.

    Raises ImportError or OSError when plotext can't be loaded here.
    """
    plotext: Any = import_module("plotext")
    width, height = spec.left + spec.columns, spec.rows + AXIS_ROWS
    terminal = type(plotext.terminal)()
    terminal.limit(width=False, height=False)
    figure = type(plotext.figure)(terminal)
    figure.plot_size(width, height)
    figure.canvas("default")
    figure.axes(active=False, axis="x", side="upper")
    figure.axes(active=False, axis="y", side="right")
    figure.axes(active=True, pixel=plotext.pixel(foreground=int(Part.AXIS)), axis="x", side="lower")
    figure.axes(active=True, pixel=plotext.pixel(foreground=int(Part.AXIS)), axis="y", side="left")
    _rule(plotext, figure, spec)
    for series in spec.series:
        drawn = _PLAIN.get(series.part, "*") if spec.ascii else "braille"
        marker = plotext.marker(drawn, pixel=plotext.pixel(foreground=int(series.part)))
        ys = [spec.rows - y for y in series.ys]
        figure.draw(figure.signal(series.xs, ys, marker=marker).lines(active=True))
    grid = CellGrid(width, height)
    read_colours(figure.build().string(), grid)
    if spec.ascii:
        grid.chars = [[char.translate(_TO_ASCII) for char in row] for row in grid.chars]
    return grid


def _rule(plotext: Any, figure: Any, spec: FrameSpec) -> None:
    """Limits and ticks of both axes. The label width is held by padding, so the plot starts where we expect it."""
    pixel = plotext.pixel(foreground=int(Part.TICK))
    across = figure.ruler("x", "lower")
    across.alignment("edge")
    across.lim(0, spec.columns)
    across.pixel(pixel)
    across.ticks([tick.at + 0.5 for tick in spec.time_ticks], [tick.label for tick in spec.time_ticks])
    down = figure.ruler("y", "left")
    down.alignment("edge")
    down.lim(0, spec.rows)
    down.pixel(pixel)
    labels = [tick.label.rjust(spec.label_width) for tick in spec.price_ticks]
    down.ticks([spec.rows - tick.at for tick in spec.price_ticks], labels)
