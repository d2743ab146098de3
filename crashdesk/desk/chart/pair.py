"""Two charts in one pane: beside each other where it is wide, below each other where it is high."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from crashdesk.desk.chart.canvas import ChartCanvas
from crashdesk.desk.chart.controls import Extent, changed_options, panned, wheel_zoom
from crashdesk.desk.chart.options import ChartOptions
from crashdesk.desk.chart.styles import is_mono
from crashdesk.desk.chart.window import candle_places
from crashdesk.desk.empty import KeyOf
from crashdesk.desk.glyphs import ASCII
from crashdesk.desk.look import Look
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.views import DeskView

if TYPE_CHECKING:
    from crashdesk.desk.chart.request import Marks

BESIDE_FROM = 100
BELOW_FROM = 22
TIMEFRAMES = (Timeframe.M5, Timeframe.M15, Timeframe.H1, Timeframe.H4, Timeframe.D1, Timeframe.W1)
"""What the timeframe keys go through."""

Second = tuple[str, Timeframe]
"""Symbol and timeframe of the second chart."""


class ChartPair:
    """The first chart of the pane and the second one, when there is one; `options` are those of the first."""

    def __init__(self, look: Look, key: KeyOf) -> None:
        self.first, self.second = ChartCanvas(look, key), ChartCanvas(look, key, headed=True)
        self.options = ChartOptions()
        self._zoom: int | None = None
        self._pan = 0
        self._parts: tuple[Region, Region] | None = None
        self._suit(look)

    def dress(self, look: Look) -> None:
        """Other colours and glyphs."""
        self.first.dress(look)
        self.second.dress(look)
        self._suit(look)

    def change(self, action_id: str) -> bool:
        """Kind, scale, averages, zoom or pan of the first chart; False when the action is none of these."""
        changed = changed_options(self.options, action_id, extent_of(self.first))
        self.options = changed or self.options
        return changed is not None

    def pan_by(self, candles: int) -> None:
        """Show so many candles further back in the first chart (on when negative)."""
        self.options = panned(self.options, candles, extent_of(self.first))

    def take(self, view: DeskView) -> bool:
        """The newest picture; whether one of the charts looks otherwise now."""
        old, other, levels = self.second.view, view.second, view.ladder.rows
        twin = other is not None and other.symbol == view.chart.symbol
        changed = self.first.take(view.chart, levels, view)
        changed = self.second.take(other, levels if twin else (), view) or changed
        if other is None or old is None or (old.symbol, old.timeframe) != (other.symbol, other.timeframe):
            self._zoom, self._pan = None, 0
        return changed

    def draw(self, width: int, height: int, marks: Marks) -> list[Strip]:
        """The pane's body: one chart, or both."""
        at = self._parts = shares(width, height) if self.second.view is not None else None
        if at is None:
            return self.first.draw(width, height, self.options, marks)
        first = self.first.draw(at[0].width, at[0].height, self.options, marks)
        second = self.second.draw(at[1].width, at[1].height, self._second_options())
        return joined(first, second, at, self.first.look)

    def cell(self, x: int, y: int) -> tuple[int, int] | None:
        """(column, row) in the first chart's picture of a cell of the body; None on the second chart."""
        if self._parts is not None and not self._parts[0].contains(x, y):
            return None
        return self.first.cell(x, y, self.options)

    def wheel(self, x: int, y: int, step: int, *, pan: bool) -> None:
        """Zoom (in: +1, out: -1) the chart under the pointer around it, or pan it."""
        other = self._parts is not None and self._parts[1].contains(x, y)
        canvas, now = (self.second, self._second_options()) if other else (self.first, self.options)
        if canvas.plot is None:
            return
        if pan:
            changed = changed_options(now, "move_left" if step > 0 else "move_right", extent_of(canvas)) or now
        else:
            start = self._parts[1].x if other and self._parts is not None else 0
            column = canvas.cell(x - start, y, now)[0]
            share = (column - canvas.plot.left) / canvas.plot.columns
            changed = wheel_zoom(now, step, extent_of(canvas), share)
        if other:
            self._zoom, self._pan = changed.zoom, changed.pan
        else:
            self.options = changed

    def _suit(self, look: Look) -> None:
        self.options = self.options._replace(ascii=look.glyphs is ASCII, mono=is_mono(look.palette), zone=look.zone)

    def _second_options(self) -> ChartOptions:
        """The second chart is drawn as the first one, with a zoom of its own."""
        return self.options._replace(zoom=self._zoom, pan=self._pan, profile=False)


def extent_of(canvas: ChartCanvas) -> Extent:
    """What zooming and panning a chart go by."""
    plot, available = canvas.plot, candle_places(canvas.view) if canvas.view is not None else 0
    if plot is None:
        return Extent(max(1, canvas.size[0]), 1, available)
    return Extent(plot.columns, plot.bars.shown, available)


def shares(width: int, height: int) -> tuple[Region, Region] | None:
    """The parts of a body for the first and the second chart; None when there is room for one only."""
    if width >= BESIDE_FROM:
        left = width // 2
        return Region(0, 0, left, height), Region(left + 1, 0, width - left - 1, height)
    if height >= BELOW_FROM:
        upper = height - height // 2
        return Region(0, 0, width, upper), Region(0, upper, width, height - upper)
    return None


def joined(first: Sequence[Strip], second: Sequence[Strip], at: tuple[Region, Region], look: Look) -> list[Strip]:
    """Both charts' strips as those of the whole body."""
    one, other = _filled(first, at[0], look), _filled(second, at[1], look)
    if at[1].y:
        return [*one, *other]
    edge = Segment(look.glyphs.down, look.palette.border)
    width = at[1].right
    return [Strip([*a, edge, *b], width) for a, b in zip(one, other, strict=True)]


def _filled(strips: Sequence[Strip], region: Region, look: Look) -> list[Strip]:
    blank = Strip.blank(region.width, look.palette.blank)
    return [*strips[: region.height], *[blank] * (region.height - len(strips))]


def next_second(first: Second, second: Second | None) -> Second | None:
    """What the key makes of the second chart: none, the same symbol in the next timeframe, and on until all were."""
    symbol, shown = first
    now = second[1] if second is not None else shown
    place = TIMEFRAMES.index(now) if now in TIMEFRAMES else 0
    following = TIMEFRAMES[(place + 1) % len(TIMEFRAMES)]
    return None if following is shown and second is not None else (second[0] if second else symbol, following)
