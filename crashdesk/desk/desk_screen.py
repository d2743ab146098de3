"""The one screen: its parts, where they stand, who has the focus, what is open over them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.geometry import NULL_SPACING, Offset, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.screen import Screen

from crashdesk.config.actions import WRITES, KeyMode
from crashdesk.config.keymap import Keymap
from crashdesk.config.layouts import DESK, PaneLayout, panes_of
from crashdesk.desk.bottom import BottomBar
from crashdesk.desk.chart.pane import ChartPane
from crashdesk.desk.chart.ports import ChartPorts
from crashdesk.desk.layout import HIGH, PANES, Arrangement, plan
from crashdesk.desk.levels.book import LevelKeeper
from crashdesk.desk.levels.pane import LevelsPane
from crashdesk.desk.line_pane import KeyTaker, LinePane, LineWidget
from crashdesk.desk.liquidations.pane import LiquidationsPane
from crashdesk.desk.look import Look
from crashdesk.desk.messages import AskLine
from crashdesk.desk.mini import MiniBar
from crashdesk.desk.scrubber import Scrubber
from crashdesk.desk.sectors.pane import SectorsPane
from crashdesk.desk.status import StatusBar
from crashdesk.desk.tickers.pane import TickersPane
from crashdesk.desk.tickers.start import TickerStart
from crashdesk.desk.timeline.notes import NoteKeeper
from crashdesk.desk.timeline.pane import TimelinePane
from crashdesk.desk.toasts import LOW
from crashdesk.desk.welcome import CARD, card_region
from crashdesk.session.views import DeskView, Mode

if TYPE_CHECKING:
    from textual.widget import Widget

    from crashdesk.desk.reader import PageMaker, Reader
    from crashdesk.desk.suggestions import Choice, Suggestions

CHART_AFTER_S = 0.03
"""The chart loads plotext: the first picture is on the terminal before that."""
OVERLAYS = ("suggestions", "reader", CARD)


def _first(layout: PaneLayout) -> str:
    """The pane that a layout is for: it has the focus at first, and a small terminal for itself."""
    return panes_of(layout.root)[0]


class DeskLayout(Layout):
    """Places the parts as `layout.plan` says; a part without a place is told so and does no work."""

    name = "desk"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """One placement for each part that is shown."""
        screen = parent.screen
        want = screen.arrangement if isinstance(screen, DeskScreen) else Arrangement()
        parts = plan(size.width, size.height, want)
        placements = []
        for child in children:
            region = card_region(*size) if child.id == CARD else parts.get(child.id or "")
            if isinstance(child, LineWidget):
                child.reveal(shown=region is not None)
            if region is not None and region.width and region.height:
                order = 1 if child.id in OVERLAYS else 0
                placements.append(WidgetPlacement(region, Offset(), NULL_SPACING, child, order))
        return placements


class DeskScreen(Screen[None], inherit_bindings=False):
    """Holds the parts and hands pictures on to them."""

    AUTO_FOCUS = None
    VERTICAL_BREAKPOINTS = [(0, LOW), (HIGH, "high")]  # noqa: RUF012 - a class variable of Screen already

    def __init__(
        self,
        look: Look,
        keymap: Keymap,
        keeper: LevelKeeper,
        notes: NoteKeeper,
        *,
        replay: bool,
        layout: PaneLayout = DESK,
        alert_names: tuple[str, ...] = (),
        tickers: TickerStart | None = None,
    ) -> None:
        super().__init__()
        self.look = look
        self.arrangement = Arrangement(_first(layout), scrubber=replay, layout=layout)
        self.status = StatusBar(look)
        self.tickers = TickersPane(look, tickers)
        self.liquidations = LiquidationsPane(look)
        self.levels = LevelsPane(look, keeper, self.edit_level)
        self.chart = ChartPane(look, keeper, ChartPorts(self.ask, self.levels.choose, alert_names))
        self.panes: dict[str, LinePane] = {
            "tickers": self.tickers,
            "sectors": SectorsPane(look),
            "liquidations": self.liquidations,
            "chart": self.chart,
            "levels": self.levels,
            "timeline": TimelinePane(look, notes),
        }
        for pane in self.panes.values():
            pane.keymap = keymap
        self.mini = MiniBar(look)
        self.scrubber = Scrubber(look)
        self.bottom = BottomBar(look, keymap)
        self.suggestions: Suggestions | None = None
        self.reader: Reader | None = None
        self._view: DeskView | None = None
        self._chart_late = True
        self._desk_layout = DeskLayout()

    def only_show(self) -> None:
        """It is read-only: it says so, and offers no key that keeps something."""
        self.status.read_only = True
        self.bottom.leave_out(WRITES)

    def compose(self) -> ComposeResult:
        """The parts that are always there."""
        yield self.status
        yield from self.panes.values()
        yield self.mini
        yield self.scrubber
        yield self.bottom

    def on_key(self, event: events.Key) -> None:
        """A key that no pane has heard, because none has the focus: the desk takes it all the same."""
        if isinstance(self.app, KeyTaker):
            event.stop()
            self.app.call_later(self.app.route, event)

    def on_mount(self) -> None:
        """The first pane has the focus."""
        self.focus_pane(self.arrangement.focus)
        self.app.app_resume_signal.subscribe(self, lambda _app: self.repaint())

    def on_unmount(self) -> None:
        """The desk ends."""
        self.wipe()

    def wipe(self) -> None:
        """Leave nothing behind in GNU screen, which has no second screen to come back from unless it is told to."""
        driver = self.app._driver  # as the app's own bell does
        if "STY" in os.environ and driver is not None:
            driver.write("\x1b[m\x1b[2J\x1b[H")

    @property
    def layout(self) -> Layout:
        """Places the parts."""
        return self._desk_layout

    @property
    def mode(self) -> KeyMode:
        """Whom the keys belong to."""
        if self.bottom.prompt is not None:
            return KeyMode.INPUT
        return KeyMode.NORMAL if self.reader is not None else self.chart.key_mode

    @property
    def front(self) -> LinePane:
        """The pane that keys go to: what is open over the desk, else the focused one."""
        return self.reader or self.panes[self.arrangement.focus]

    def show(self, view: DeskView) -> None:
        """Hand a picture on. The first chart waits until everything else has been painted."""
        self._view = view
        replay = view.transport.mode is Mode.REPLAY
        if replay != self.arrangement.scrubber:
            self._rearrange(self.arrangement._replace(scrubber=replay))
        self.status.show(view)
        for pane in self.panes.values():
            if pane is not self.chart:
                pane.show(view)
        self.mini.show(view)
        if replay:
            self.scrubber.show(view)
        if self._chart_late:
            self.set_timer(CHART_AFTER_S, self._first_chart)
        else:
            self.chart.show(view)

    def tick(self, now_ms: int) -> None:
        """A second of the desk's clock."""
        self.status.tick(now_ms)
        for pane in self.panes.values():
            pane.tick(now_ms)

    def restyle(self, look: Look) -> None:
        """Other colours, everywhere."""
        self.look = look
        for part in self.children:
            if isinstance(part, LineWidget):
                part.restyle(look)

    def repaint(self) -> None:
        """Everything again on a terminal that may show something else now."""
        for part in self.children:
            if isinstance(part, LineWidget):
                part.repaint()
        self._clear_arrangement_cache()
        self.refresh(repaint=True, layout=True)

    def focus_pane(self, name: str) -> None:
        """Give a pane the focus (and, on a small terminal, the room)."""
        self._rearrange(self.arrangement._replace(focus=name))
        self.panes[name].focus(scroll_visible=False)

    def focus_by(self, step: int) -> None:
        """The next or previous pane."""
        self.focus_pane(PANES[(PANES.index(self.arrangement.focus) + step) % len(PANES)])

    def edit_level(self, level_id: str) -> None:
        """Move one of the trader's own levels on the chart."""
        if self.chart.modes.edit(level_id):
            self.focus_pane("chart")

    def furnish(self, layout: PaneLayout) -> None:
        """Arrange the panes in a layout; the focus goes to its first pane if that, or all of it, would not be seen."""
        focus, first = self.arrangement.focus, _first(layout)
        self._rearrange(self.arrangement._replace(layout=layout, zoomed=False))
        if focus not in panes_of(layout.root) or first not in plan(*self.size, self.arrangement):
            self.focus_pane(first)

    def toggle_zoom(self) -> None:
        """The focused pane alone, and back."""
        self._rearrange(self.arrangement._replace(zoomed=not self.arrangement.zoomed))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click gave a pane the focus."""
        name = event.widget.id or ""
        if name in self.panes and name != self.arrangement.focus:
            self._rearrange(self.arrangement._replace(focus=name))

    def ask(self, asked: AskLine | None) -> None:
        """Type a line at the bottom; None ends it."""
        from crashdesk.desk.prompt import Prompt

        self.bottom.ask(None if asked is None else Prompt(asked))
        if asked is None:
            self.offer(())

    def offer(self, choices: Sequence[Choice]) -> None:
        """The list over the bottom line; empty closes it."""
        if choices and self.suggestions is None:
            from crashdesk.desk.suggestions import Suggestions

            self.suggestions = Suggestions(self.look)
            self.mount(self.suggestions)
        if self.suggestions is not None:
            self.suggestions.offer(choices)
            self._rearrange(self.arrangement._replace(suggestions=self.suggestions.rows))

    def read(self, title: str, make: PageMaker) -> None:
        """Open a page over the desk, but not while it ends."""
        from crashdesk.desk.reader import Reader

        if not self.is_attached:
            return
        self.close_reader()
        self.reader = Reader(self.look, title, make)
        self.mount(self.reader)
        self._rearrange(self.arrangement._replace(reader=True))
        self.reader.focus(scroll_visible=False)

    def close_reader(self) -> bool:
        """Close the page; False when none is open."""
        if self.reader is None:
            return False
        self.reader.remove()
        self.reader = None
        self._rearrange(self.arrangement._replace(reader=False))
        self.panes[self.arrangement.focus].focus(scroll_visible=False)
        return True

    def hints(self) -> None:
        """The bottom line follows focus and mode."""
        mode = self.chart.mode
        name = "reader" if self.reader else mode.name if mode is not None else self.arrangement.focus
        self.bottom.show_for(name, replay=self.arrangement.scrubber)

    def _rearrange(self, arrangement: Arrangement) -> None:
        if arrangement != self.arrangement:
            self.arrangement = arrangement
            self._clear_arrangement_cache()
            self.refresh(layout=True)
        self.hints()

    def _first_chart(self) -> None:
        late, self._chart_late = self._chart_late, False
        if late and self._view is not None:
            self.chart.show(self._view)
