"""Pane 4: the chart of the desk's symbol, and placing levels on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.strip import Strip

from crashdesk.desk.chart.controls import changed_options
from crashdesk.desk.chart.facts import fitting_groups, title_groups
from crashdesk.desk.chart.messages import ChooseSecond, ChooseTimeframe, PlacingChanged
from crashdesk.desk.chart.options import ChartOptions
from crashdesk.desk.chart.pair import BELOW_FROM, BESIDE_FROM, TIMEFRAMES, ChartPair, extent_of, next_second, shares
from crashdesk.desk.chart.place_mode import PlaceMode
from crashdesk.desk.chart.styles import is_mono
from crashdesk.desk.glyphs import ASCII
from crashdesk.desk.levels.book import LevelKeeper
from crashdesk.desk.levels.place import Placing, label_line, read_label
from crashdesk.desk.line import Piece
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.look import Look
from crashdesk.desk.messages import AskLine, Say
from crashdesk.model.text import clean
from crashdesk.session.views import ChartView, DeskView

if TYPE_CHECKING:
    from crashdesk.desk.chart.render import ChartRenderer
    from crashdesk.desk.chart.request import Marks

LABEL_LIMIT = 40
_TURNS = {"timeframe_next": 1, "timeframe_previous": -1}


class ChartPane(LinePane):
    """Candles or a line with averages and levels; `keeper` gets the levels that are placed."""

    number = 4
    name_shown = "Chart"

    def __init__(self, look: Look, keeper: LevelKeeper) -> None:
        super().__init__(look, id="chart")
        self.options = ChartOptions()
        self.charts = ChartPair(look)
        self.placing = PlaceMode(self._ask_label)
        self._keeper = keeper
        self._now_ms = 0
        self._dress(look)

    @property
    def renderer(self) -> ChartRenderer:
        """What draws the first chart."""
        return self.charts.first.renderer

    @property
    def _view(self) -> ChartView | None:
        return self.charts.first.view

    @property
    def is_placing(self) -> bool:
        """Whether keys belong to the place mode."""
        return self.placing.line is not None

    def show(self, view: DeskView) -> None:
        """Take candles and levels; the values row also knows the time."""
        chart, old, self._now_ms = view.chart, self._view, view.now_ms
        if not self.charts.take(view):
            return
        if old is not None and (old.symbol, old.timeframe) != (chart.symbol, chart.timeframe):
            self.options = self.options._replace(pan=0)
            if old.symbol != chart.symbol and self.is_placing:
                self.place_key("place_cancel")
        self.redraw()

    def restyle(self, look: Look) -> None:
        """Other colours and glyphs."""
        self._dress(look)
        super().restyle(look)

    def pane_key(self, action_id: str) -> bool:
        """Timeframe, kind, scale, averages, zoom and pan."""
        if self._view is None:
            return False
        if action_id in _TURNS:
            self._turn(_TURNS[action_id])
            return True
        if action_id == "chart_second":
            self._turn_second()
            return True
        changed = changed_options(self.options, action_id, extent_of(self.charts.first))
        if changed is None:
            return False
        self.options = changed
        if (
            action_id == "chart_profile"
            and changed.profile
            and (why := self.charts.first.profile.why_not(self.body_size[0]))
        ):
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
        cell = self.charts.cell(x, y, self.options)
        if cell is None:
            return
        x, row = cell
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
        self._wheel(event, -1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel zooms in."""
        self._wheel(event, 1)

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
        if plot is not None and plot.bars.missing:
            words.append(f"{plot.bars.missing} candles missing")
        if self.options.pan:
            words.append(f"{self.options.pan} candles back")
        return ((f" {', '.join(words)} ", palette.muted),) if words else ()

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """The chart, and a second one beside or below it."""
        return self.charts.draw(width, height, self.options, self.marks())

    def marks(self) -> Marks:
        """What keys move over the chart."""
        from crashdesk.desk.chart.request import Marks

        last = self._view.last if self._view is not None else None
        return Marks(place=self.placing.mark(last, self.look.glyphs))

    def _dress(self, look: Look) -> None:
        self.charts.dress(look)
        self.options = self.options._replace(ascii=look.glyphs is ASCII, mono=is_mono(look.palette), zone=look.zone)

    def _wheel(self, event: events.MouseEvent, step: int) -> None:
        """Zoom at the pointer; with Shift or Ctrl pan."""
        event.stop()
        pan = event.shift or event.ctrl
        self.options = self.charts.wheel(event.x - 1, event.y - 1, step, self.options, pan=pan)
        self.redraw()

    def _turn(self, step: int) -> None:
        if self._view is None:
            return
        now = self._view.timeframe
        place = TIMEFRAMES.index(now) if now in TIMEFRAMES else 0
        self.post_message(ChooseTimeframe(self._view.symbol, TIMEFRAMES[(place + step) % len(TIMEFRAMES)]))

    def _turn_second(self) -> None:
        """The next second chart; say so when there is no room for it."""
        view, other = self._view, self.charts.second.view
        if view is None:
            return
        first = (view.symbol, view.timeframe)
        wanted = next_second(first, (other.symbol, other.timeframe) if other is not None else None)
        self.post_message(ChooseSecond(wanted))
        if wanted is not None and shares(*self.body_size) is None:
            self.post_message(Say(f"a second chart needs {BESIDE_FROM} columns or {BELOW_FROM} rows: z zooms the pane"))

    def _ask_label(self, line: Placing) -> None:
        """The line is set: ask for its label, then keep it."""

        def keep(text: str) -> None:
            kind, label = read_label(clean(text, LABEL_LIMIT))
            self._keeper.put(line.level(self._keeper.new_id(), kind, label, self._now_ms))

        self.post_message(
            AskLine("label (may begin with support, resistance, target, stop)", keep, text=label_line(line.editing))
        )
