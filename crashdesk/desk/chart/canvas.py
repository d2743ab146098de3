"""One chart of the pane: what it shows, and how it is drawn into its part of the pane's body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip

from crashdesk.desk.chart.cascades import candles_of
from crashdesk.desk.chart.cross_facts import cross_groups
from crashdesk.desk.chart.facts import FACT_GAP, fact_groups, fact_strip, fitting_count, title_groups
from crashdesk.desk.chart.notes import candles_of_notes
from crashdesk.desk.chart.options import ChartOptions
from crashdesk.desk.chart.profile import ProfileColumn
from crashdesk.desk.chart.styles import chart_styles
from crashdesk.desk.empty import NO_CANDLES_YET, KeyOf, no_candles, said
from crashdesk.desk.line import Piece
from crashdesk.desk.look import Look
from crashdesk.model.text import clean
from crashdesk.session.level_views import LevelRow
from crashdesk.session.views import ChartView, DeskView

if TYPE_CHECKING:
    from crashdesk.desk.chart.render import ChartRenderer
    from crashdesk.desk.chart.request import Marks, Plot

FACT_ROWS_FROM = 8
"""A lower chart has no row of exact values."""


class ChartCanvas:
    """Keeps what a chart needs and draws it; `headed` gives it a head of its own instead of the pane's frame.

    `key` tells how the key of an action is shown.
    """

    def __init__(self, look: Look, key: KeyOf, *, headed: bool = False) -> None:
        self.view: ChartView | None = None
        self.levels: tuple[LevelRow, ...] = ()
        self.profile = ProfileColumn()
        self.size = (0, 0)
        self._headed, self._key = headed, key
        self._renderer: ChartRenderer | None = None
        self._marked: tuple[object, ...] = ()
        self._cascades: tuple[int, ...] = ()
        self._notes: tuple[int, ...] = ()
        self._now_ms, self._nothing = 0, "no room for a chart"
        self._facts: list[list[Piece]] = []
        self.dress(look)

    @property
    def renderer(self) -> ChartRenderer:
        """What draws; loaded with the first chart, which may come behind the desk's first picture."""
        if self._renderer is None:
            from crashdesk.desk.chart.render import ChartRenderer

            self._renderer = ChartRenderer()
        return self._renderer

    @property
    def plot(self) -> Plot | None:
        """What was drawn last."""
        return self._renderer.plot if self._renderer is not None else None

    def take(self, chart: ChartView | None, levels: tuple[LevelRow, ...], desk: DeskView) -> bool:
        """The newest picture; whether this chart looks otherwise now."""
        before = (self.view, self.levels, self._facts, self._cascades, self._notes, self._nothing)
        self._now_ms, self.view, self.levels = desk.now_ms, chart, levels
        is_empty = chart is not None and not chart.open_ms
        self._nothing = no_candles(chart, desk, self._key) if chart and is_empty else "no room for a chart"
        self._facts = self._words()
        self._mark(desk)
        profile = not self._headed and self.profile.take(desk.profile)
        now = (self._facts, self._cascades, self._notes, self._nothing)
        return profile or before[0] is not chart or before[1] is not levels or before[2:] != now

    def dress(self, look: Look) -> None:
        """Other colours and glyphs."""
        self.look = look
        self._styles = chart_styles(look.palette)
        self._facts = self._words()

    def draw(self, width: int, height: int, options: ChartOptions, marks: Marks | None = None) -> list[Strip]:
        """At most `height` strips of `width` cells: the row of exact values and the chart."""
        self.size = (width, height)
        view = self.view
        if view is None:
            return said(NO_CANDLES_YET, width, height, self.look)
        from crashdesk.desk.chart.request import ChartRequest

        top, beside = self.rows_above(height), self.columns_before(width, options)
        room = (width - beside, height - top)
        request = ChartRequest(view, self.levels, *room, options, cascades=self._cascades, notes=self._notes)
        if marks is not None:
            request = request._replace(place=marks.place, cross=marks.cross, trend=marks.trend)
        try:
            chart = self.renderer.render(request, self._styles)
        except (ImportError, OSError) as error:
            trouble = f"the chart needs plotext, which does not load here: {clean(str(error), 120)}"
            return [*self._head(width, top, marks), *said(trouble, width, room[1], self.look)]
        plot, head = self.plot, self._head(width, top, marks)
        if chart and plot is not None:
            return [*head, *(self.profile.beside(chart, plot.scale, self.look) if beside else chart)]
        return [*head, *said(self._nothing, width, room[1], self.look)]

    def cell(self, x: int, y: int, options: ChartOptions) -> tuple[int, int]:
        """(column, row) in the plot's picture of a cell of this canvas."""
        return x - self.columns_before(self.size[0], options), y - self.rows_above(self.size[1])

    def columns_before(self, width: int, options: ChartOptions) -> int:
        """Cells at the left that the profile takes."""
        return 0 if self._headed else self.profile.width(width, wanted=options.profile)

    def rows_above(self, height: int) -> int:
        """Rows above the chart."""
        return (1 if self._headed and height > 3 else 0) + (1 if height >= FACT_ROWS_FROM else 0)

    def _head(self, width: int, rows: int, marks: Marks | None) -> list[Strip]:
        """Its own title where there is none in the frame, and the exact values: the crosshair's while there is one."""
        view = self.view
        if view is None or rows < 1:
            return []
        titles = [fact_strip(title_groups(view, self.look), width, self.look)] if self._headed else []
        groups = self._spot_words(marks) or self._facts
        return [*titles, fact_strip(groups, width, self.look)][:rows]

    def spot_rest(self, marks: Marks) -> list[list[Piece]]:
        """What is told of the point that keys move and found no room in the row of exact values."""
        width, height = self.size
        groups = self._spot_words(marks)
        return groups[fitting_count(groups, FACT_GAP, width - 1) if self.rows_above(height) else 0 :]

    def _spot_words(self, marks: Marks | None) -> list[list[Piece]]:
        spot = marks.spot if marks is not None else None
        if spot is None or self.view is None or self.plot is None:
            return []
        return cross_groups(self.view, self.levels, self.plot, spot, self.look)

    def _mark(self, desk: DeskView) -> None:
        """The candles that hold a cascade or a note, looked for again when one of them or a candle is new."""
        view = self.view
        stamp = (desk.cascades, desk.timeline, view.close if view is not None else None)
        if len(self._marked) == len(stamp) and all(a is b for a, b in zip(stamp, self._marked, strict=True)):
            return
        self._marked = stamp
        self._cascades = candles_of(desk.cascades, view) if view is not None else ()
        self._notes = candles_of_notes(desk.timeline, view) if view is not None else ()

    def _words(self) -> list[list[Piece]]:
        return fact_groups(self.view, self._now_ms, self.look) if self.view is not None else []
