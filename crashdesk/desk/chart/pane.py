"""Pane 4: the chart of the desk's symbol, and placing levels on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.strip import Strip

from crashdesk.config.actions import KeyMode
from crashdesk.desk.chart.facts import fitting_groups, title_groups
from crashdesk.desk.chart.messages import ChartModeChanged, ChooseSecond, ChooseTimeframe
from crashdesk.desk.chart.ports import ChartPorts
from crashdesk.desk.empty import NO_CANDLES_YET, said
from crashdesk.desk.levels.book import LevelKeeper
from crashdesk.desk.line import Piece
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.look import Look
from crashdesk.desk.messages import Say
from crashdesk.session.views import ChartView, DeskView

if TYPE_CHECKING:
    from crashdesk.desk.chart.cross_mode import CrossMode
    from crashdesk.desk.chart.modes import ChartModes
    from crashdesk.desk.chart.mouse import ChartMouse
    from crashdesk.desk.chart.options import ChartOptions
    from crashdesk.desk.chart.pair import ChartPair
    from crashdesk.desk.chart.place_mode import PlaceMode
    from crashdesk.desk.chart.request import Marks
    from crashdesk.desk.chart.sight import Sight
    from crashdesk.desk.chart.trend_mode import TrendMode

_TURNS = {"timeframe_next": 1, "timeframe_previous": -1}


class ChartPane(LinePane):
    """Candles or a line with averages and levels; `keeper` gets the levels that are placed."""

    number = 4
    name_shown = "Chart"

    def __init__(self, look: Look, keeper: LevelKeeper, ports: ChartPorts) -> None:
        super().__init__(look, id="chart")
        self.ask, self.level_kept, self.alert_names = ports.ask, ports.level_kept, ports.alert_names
        self.now_ms = 0
        self._keeper = keeper
        self._modes: ChartModes | None = None
        self._mouse: ChartMouse | None = None
        self._charts: ChartPair | None = None

    @property
    def charts(self) -> ChartPair:
        """What is drawn; loaded with the first chart, which may come behind the desk's first picture."""
        if self._charts is None:
            from crashdesk.desk.chart.pair import ChartPair

            self._charts = ChartPair(self.look, self.key)
        return self._charts

    @property
    def options(self) -> ChartOptions:
        """How the trader wants the first chart."""
        return self.charts.options

    @options.setter
    def options(self, options: ChartOptions) -> None:
        self.charts.options = options

    @property
    def _view(self) -> ChartView | None:
        return self._charts.first.view if self._charts is not None else None

    @property
    def modes(self) -> ChartModes:
        """Placing, trend lines, crosshair; loaded when it is first wanted."""
        if self._modes is None:
            from crashdesk.desk.chart.modes import ChartModes

            self._modes = ChartModes(self, self._keeper)
        return self._modes

    @property
    def mouse(self) -> ChartMouse:
        """What clicks and drags do."""
        if self._mouse is None:
            from crashdesk.desk.chart.mouse import ChartMouse

            self._mouse = ChartMouse(self.modes)
        return self._mouse

    @property
    def mode(self) -> PlaceMode | TrendMode | CrossMode | None:
        """What has the keys besides the panes."""
        return self._modes.now if self._modes is not None else None

    @property
    def key_mode(self) -> KeyMode:
        """Whom the chart's keys belong to."""
        return self._modes.key_mode if self._modes is not None else KeyMode.NORMAL

    @property
    def sight(self) -> Sight | None:
        """The first chart as it is shown, for the modes."""
        from crashdesk.desk.chart.sight import Sight

        first = self.charts.first
        return Sight(first.view, first.plot, first.levels) if first.view is not None else None

    def pan_by(self, candles: int) -> None:
        """Show so many candles further back (on when negative)."""
        self.charts.pan_by(candles)

    def tell(self, text: str) -> None:
        """Say why something is not done."""
        self.post_message(Say(text, severity="warning"))

    def mode_changed(self) -> None:
        """Other hints."""
        self.post_message(ChartModeChanged())
        self.redraw()

    def show(self, view: DeskView) -> None:
        """Take candles and levels; the values row also knows the time."""
        chart, old, self.now_ms = view.chart, self._view, view.now_ms
        if not self.charts.take(view):
            return
        if old is not None and (old.symbol, old.timeframe) != (chart.symbol, chart.timeframe):
            self.options = self.options._replace(pan=0)
            if old.symbol != chart.symbol and self.mode is not None:
                self.modes.leave()
        self.redraw()

    def restyle(self, look: Look) -> None:
        """Other colours and glyphs."""
        if self._charts is not None:
            self._charts.dress(look)
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
        if action_id == "chart_volume" and (why := self._why_no_volume()):
            self.post_message(Say(why))
            return True
        if not self.charts.change(action_id):
            return False
        if (
            action_id == "chart_profile"
            and self.options.profile
            and (why := self.charts.first.profile.why_not(self.body_size[0]))
        ):
            self.post_message(Say(why))
        self.redraw()
        return True

    def mode_key(self, action_id: str, character: str | None = None) -> bool:
        """An action of the chart's mode; `character` is what was typed. False when it means nothing there."""
        if not self.modes.key(action_id, character):
            return False
        self.redraw()
        return True

    def click_cell(self, x: int, y: int, *, double: bool) -> None:
        """See `ChartMouse`."""
        sight, at = self.sight, self.charts.cell(x, y)
        if sight is not None and at is not None:
            self.mouse.click(sight, *at, double=double)
            self.redraw()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """An own level's line is taken hold of."""
        sight, at = self.sight, self.charts.cell(event.x - 1, event.y - 1)
        if sight is not None and at is not None:
            self.mouse.down(sight, *at)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The line that is held goes along."""
        sight, at = self.sight, self.charts.cell(event.x - 1, event.y - 1) if event.button else None
        if sight is not None and at is not None and self.mouse.move(sight, at[1]):
            self.capture_mouse()
            self.redraw()

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        """The line is let go."""
        self.release_mouse()
        if self._mouse is not None:
            self._mouse.up()
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
        if self.mode is not None:
            room -= len(self.mode.words) + 4
        pieces = fitting_groups(title_groups(self._view, self.look), (f" {self.look.glyphs.between} ", muted), room)
        return [*pieces, (" ", muted)]

    def note(self) -> Sequence[Piece]:
        """What is unusual about the picture."""
        palette = self.look.palette
        if self.mode is not None:
            return ((f" {self.mode.words} ", palette.accent),)
        if self._charts is None:
            return ()
        plot = self._charts.first.plot
        words = ["log"] if plot is not None and plot.scale.log else []
        if plot is not None and plot.bars.merged > 1:
            words.append(f"{plot.bars.merged} candles a column")
        if plot is not None and plot.bars.missing:
            words.append(f"{plot.bars.missing} candles missing")
        if self.options.pan:
            words.append(f"{self.options.pan} candles back")
        return ((f" {', '.join(words)} ", palette.muted),) if words else ()

    def foot(self) -> Sequence[Piece]:
        """What the row of exact values has no room for: how far it is from the crosshair to the next levels."""
        if self.mode is None:
            return ()
        rest = self.charts.first.spot_rest(self.marks())
        muted = self.look.palette.muted
        pieces = fitting_groups(rest, ("  ", muted), self.size.width - 6)
        return [(" ", muted), *pieces, (" ", muted)] if pieces else ()

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """The chart, and a second one beside or below it."""
        if self._charts is None:
            return said(NO_CANDLES_YET, width, height, self.look)
        return self._charts.draw(width, height, self.marks())

    def marks(self) -> Marks:
        """What keys move over the chart."""
        from crashdesk.desk.chart.request import Marks

        last = self._view.last if self._view is not None else None
        return self._modes.marks(last, self.look.glyphs) if self._modes is not None else Marks()

    def _wheel(self, event: events.MouseEvent, step: int) -> None:
        """Zoom at the pointer; with Shift or Ctrl pan."""
        event.stop()
        pan = event.shift or event.ctrl
        self.charts.wheel(event.x - 1, event.y - 1, step, pan=pan)
        self.redraw()

    def _turn(self, step: int) -> None:
        from crashdesk.desk.chart.pair import TIMEFRAMES

        if self._view is None:
            return
        now = self._view.timeframe
        place = TIMEFRAMES.index(now) if now in TIMEFRAMES else 0
        self.post_message(ChooseTimeframe(self._view.symbol, TIMEFRAMES[(place + step) % len(TIMEFRAMES)]))

    def _why_no_volume(self) -> str:
        from crashdesk.desk.chart.volume import why_no_volume

        plot = self.charts.first.plot
        return why_no_volume(plot) if plot is not None else ""

    def _turn_second(self) -> None:
        """The next second chart; say so when there is no room for it."""
        from crashdesk.desk.chart.pair import BELOW_FROM, BESIDE_FROM, next_second, shares

        view, other = self._view, self.charts.second.view
        if view is None:
            return
        first = (view.symbol, view.timeframe)
        wanted = next_second(first, (other.symbol, other.timeframe) if other is not None else None)
        self.post_message(ChooseSecond(wanted))
        if wanted is not None and shares(*self.body_size) is None:
            self.post_message(Say(f"a second chart needs {BESIDE_FROM} columns or {BELOW_FROM} rows: z zooms the pane"))
