"""Pane 4: the chart of the desk's symbol, and placing levels on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.strip import Strip

from crashdesk.desk.chart.cascades import candles_of
from crashdesk.desk.chart.controls import Extent, changed_options
from crashdesk.desk.chart.facts import fact_groups, fact_strip, fitting_groups, title_groups
from crashdesk.desk.chart.messages import ChooseTimeframe, PlacingChanged
from crashdesk.desk.chart.options import ChartOptions
from crashdesk.desk.chart.place_mode import PlaceMode
from crashdesk.desk.chart.profile import ProfileColumn
from crashdesk.desk.chart.styles import chart_styles, is_mono
from crashdesk.desk.chart.window import candle_places
from crashdesk.desk.glyphs import ASCII
from crashdesk.desk.levels.book import LevelKeeper
from crashdesk.desk.levels.place import Placing, label_line, read_label
from crashdesk.desk.line import Line, Piece
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.look import Look
from crashdesk.desk.messages import AskLine, Say
from crashdesk.model.text import clean
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.views import ChartView, DeskView, LevelRow, Mode

if TYPE_CHECKING:
    from crashdesk.desk.chart.render import ChartRenderer

TIMEFRAMES = (Timeframe.M5, Timeframe.M15, Timeframe.H1, Timeframe.H4, Timeframe.D1, Timeframe.W1)
FACT_ROWS_FROM = 8
"""A lower chart has no row of exact values."""

LABEL_LIMIT = 40
_TURNS = {"timeframe_next": 1, "timeframe_previous": -1}


class ChartPane(LinePane):
    """Candles or a line with averages and levels; `keeper` gets the levels that are placed."""

    number = 4
    name_shown = "Chart"

    def __init__(self, look: Look, keeper: LevelKeeper) -> None:
        super().__init__(look, id="chart")
        self.options = ChartOptions()
        self._renderer: ChartRenderer | None = None
        self.placing = PlaceMode(self._ask_label)
        self._keeper = keeper
        self._view: ChartView | None = None
        self._levels: tuple[LevelRow, ...] = ()
        self._cascades: tuple[int, ...] = ()
        self._profile = ProfileColumn()
        self._now_ms, self._replay = 0, False
        self._facts: list[list[Piece]] = []
        self._dress(look)

    @property
    def renderer(self) -> ChartRenderer:
        """What draws; loaded with the first chart, which may come behind the desk's first picture."""
        if self._renderer is None:
            from crashdesk.desk.chart.render import ChartRenderer

            self._renderer = ChartRenderer()
        return self._renderer

    @property
    def is_placing(self) -> bool:
        """Whether keys belong to the place mode."""
        return self.placing.line is not None

    def show(self, view: DeskView) -> None:
        """Take candles and levels; the values row also knows the time."""
        chart, levels = view.chart, view.ladder.rows
        old, self._now_ms, self._replay = self._view, view.now_ms, view.transport.mode is Mode.REPLAY
        facts = fact_groups(chart, view.now_ms, self.look)
        profile = self._profile.take(view.profile)
        before, self._cascades = self._cascades, candles_of(view.cascades, chart)
        same = levels is self._levels and facts == self._facts and self._cascades == before
        if old is chart and same and not profile:
            return
        if old is not None and (old.symbol, old.timeframe) != (chart.symbol, chart.timeframe):
            self.options = self.options._replace(pan=0)
            if old.symbol != chart.symbol and self.is_placing:
                self.place_key("place_cancel")
        self._view, self._levels, self._facts = chart, levels, facts
        self.redraw()

    def restyle(self, look: Look) -> None:
        """Other colours and glyphs."""
        self._dress(look)
        if self._view is not None:
            self._facts = fact_groups(self._view, self._now_ms, look)
        super().restyle(look)

    def pane_key(self, action_id: str) -> bool:
        """Timeframe, kind, scale, averages, zoom and pan."""
        if self._view is None:
            return False
        if action_id in _TURNS:
            self._turn(_TURNS[action_id])
            return True
        changed = changed_options(self.options, action_id, self._extent())
        if changed is None:
            return False
        self.options = changed
        if action_id == "chart_profile" and changed.profile and (why := self._profile.why_not(self.body_size[0])):
            self.post_message(Say(why))
        self.redraw()
        return True

    def place_key(self, action_id: str, character: str | None = None) -> bool:
        """An action of the place mode; `character` is what was typed, for `place_type`."""
        view = self._view
        if view is None or not self.placing.act(action_id, character, self.renderer.plot, view.sma200_daily):
            return False
        if not self.is_placing:
            self.post_message(PlacingChanged(active=False))
        self.redraw()
        return True

    def begin_place(self, price: float | None = None, level_id: str | None = None) -> bool:
        """Place a level from `price` (the last one when None), or move the level of that id; False without a price."""
        view = self._view
        editing = self._keeper.book.get(level_id) if level_id is not None else None
        start = price if price is not None else view.last if view is not None else None
        if view is None or start is None or (level_id is not None and editing is None):
            return False
        self.placing.begin(view.symbol, view.price_decimals, start, editing)
        self.post_message(PlacingChanged(active=True))
        self.redraw()
        return True

    def click_cell(self, x: int, y: int, *, double: bool) -> None:
        """A click on the price axis or a double click in the plot begins a level; while placing it moves the line."""
        plot = self.renderer.plot
        row = y - self._fact_rows(self.body_size[1])
        x -= self._beside(self.body_size[0])
        if plot is None or not 0 <= row < plot.scale.rows:
            return
        price = plot.scale.price(row + 0.5)
        if not self.is_placing and not ((x < plot.left or double) and self.begin_place(price)):
            return
        if self.placing.line is not None:
            self.placing.line = self.placing.line._replace(base=price, typed="").nudged(plot.scale, 0)
            self.redraw()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel zooms out."""
        event.stop()
        self.pane_key("chart_zoom_out")

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel zooms in."""
        event.stop()
        self.pane_key("chart_zoom_in")

    def caption(self) -> Sequence[Piece]:
        """Symbol, venue, timeframe, the average and whether it is breached."""
        if self._view is None:
            return ()
        muted = self.look.palette.muted
        room = self.size.width - len(self.name_shown) - 11
        pieces = fitting_groups(title_groups(self._view, self.look), (f" {self.look.glyphs.between} ", muted), room)
        return [*pieces, (" ", muted)]

    def note(self) -> Sequence[Piece]:
        """What is unusual about the picture."""
        plot, palette = self.renderer.plot, self.look.palette
        if self.is_placing:
            return ((" placing a level ", palette.accent),)
        words = ["log"] if plot is not None and plot.scale.log else []
        if plot is not None and plot.bars.merged > 1:
            words.append(f"{plot.bars.merged} candles a column")
        if self.options.pan:
            words.append(f"{self.options.pan} candles back")
        return ((f" {', '.join(words)} ", palette.muted),) if words else ()

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """The row of exact values and the chart."""
        view = self._view
        if view is None:
            return [_words("waiting for the first candles", width, self.look)]
        from crashdesk.desk.chart.request import ChartRequest

        top = self._fact_rows(height)
        facts = [fact_strip(self._facts, width, self.look)] if top else []
        mark = self.placing.mark(view.last, self.look.glyphs)
        beside = self._beside(width)
        request = ChartRequest(view, self._levels, width - beside, height - top, self.options, mark, self._cascades)
        try:
            chart = self.renderer.render(request, self._styles)
        except (ImportError, OSError) as error:
            return [
                *facts,
                _words(
                    f"the chart needs plotext, which does not load here: {clean(str(error), 120)}", width, self.look
                ),
            ]
        plot = self.renderer.plot
        if chart and plot is not None:
            return [*facts, *(self._profile.beside(chart, plot.scale, self.look) if beside else chart)]
        return [*facts, _words(_why_empty(view, replay=self._replay), width, self.look)]

    def _dress(self, look: Look) -> None:
        self._styles = chart_styles(look.palette)
        self.options = self.options._replace(ascii=look.glyphs is ASCII, mono=is_mono(look.palette), zone=look.zone)

    def _beside(self, width: int) -> int:
        return self._profile.width(width, wanted=self.options.profile)

    def _fact_rows(self, height: int) -> int:
        return 1 if height >= FACT_ROWS_FROM else 0

    def _extent(self) -> Extent:
        plot = self.renderer.plot
        available = candle_places(self._view) if self._view is not None else 0
        if plot is None:
            return Extent(max(1, self.body_size[0]), 1, available)
        return Extent(plot.columns, plot.bars.shown, available)

    def _turn(self, step: int) -> None:
        if self._view is None:
            return
        now = self._view.timeframe
        place = TIMEFRAMES.index(now) if now in TIMEFRAMES else 0
        self.post_message(ChooseTimeframe(self._view.symbol, TIMEFRAMES[(place + step) % len(TIMEFRAMES)]))

    def _ask_label(self, line: Placing) -> None:
        """The line is set: ask for its label, then keep it."""

        def keep(text: str) -> None:
            kind, label = read_label(clean(text, LABEL_LIMIT))
            self._keeper.put(line.level(self._keeper.new_id(), kind, label, self._now_ms))

        self.post_message(
            AskLine("label (may begin with support, resistance, target, stop)", keep, text=label_line(line.editing))
        )


def _why_empty(view: ChartView, *, replay: bool) -> str:
    if not view.open_ms:
        return f"no {view.timeframe} candles of {view.symbol} {'in this recording' if replay else 'yet'}"
    return "no room for a chart"


def _words(words: str, width: int, look: Look) -> Strip:
    line = Line(width)
    line.left(f" {words}", width, look.palette.muted, look.glyphs.ellipsis)
    return line.strip(look.palette.blank)
