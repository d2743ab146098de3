"""The desk: puts the parts together and carries messages between them."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.app import App
from textual.notifications import Notify
from textual.screen import Screen

from crashdesk.config.actions import KeyMode
from crashdesk.config.alert_settings import level_alerts
from crashdesk.config.keymap import Keymap
from crashdesk.config.settings import DeskSettings
from crashdesk.config.theme import Theme
from crashdesk.desk import messages
from crashdesk.desk.acts import Acts
from crashdesk.desk.chart.messages import ChartModeChanged, ChooseSecond, ChooseTimeframe
from crashdesk.desk.desk_screen import DeskScreen
from crashdesk.desk.dresser import Dresser
from crashdesk.desk.errands import Errands
from crashdesk.desk.furnisher import Furnisher
from crashdesk.desk.glyphs import to_ascii
from crashdesk.desk.herald import Herald
from crashdesk.desk.later import load_later
from crashdesk.desk.levels.book import LevelBook, LevelKeeper
from crashdesk.desk.pages import Pages
from crashdesk.desk.ports import DeskPorts
from crashdesk.desk.ports import DeskStart as DeskStart
from crashdesk.desk.toasts import TOASTS, outdated
from crashdesk.desk.typist import Typist
from crashdesk.desk.wardrobe import Wardrobe
from crashdesk.desk.welcome import Welcome
from crashdesk.desk.wishes import Wishes
from crashdesk.model.level import Level
from crashdesk.model.level_edits import LevelEdit
from crashdesk.model.ports import Clock
from crashdesk.model.recorder import RecorderState
from crashdesk.model.text import clean
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.desklink import DeskLink
from crashdesk.session.views import DeskView, Mode

CHART_MODES = {KeyMode.PLACE, KeyMode.CROSSHAIR}
TWICE_MS = 2_000
"""Two Ctrl+C within this time quit."""


class CrashDesk(App[None], inherit_bindings=False):
    """Composition and routing only: the panes draw, the link folds, the ports keep."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "crashdesk"
    BINDINGS: ClassVar = []
    CSS = TOASTS

    def __init__(
        self,
        link: DeskLink,
        ports: DeskPorts,
        *,
        settings: DeskSettings,
        themes: Mapping[str, Theme],
        keymap: Keymap,
        clock: Clock,
        start: DeskStart | None = None,
    ) -> None:
        # with NO_COLOR Textual turns colours into greys, unless they are the terminal's own: those it leaves out
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.keymap = keymap
        self.view: DeskView | None = None
        self._link, self._settings, self._clock = link, settings, clock
        self._start = start or DeskStart()
        self._wardrobe = Wardrobe(themes, self._start.theme, settings, colour=not self.no_color)
        self._interrupted_ms = -TWICE_MS
        self._keys = {(mode, key): act.id for mode in KeyMode for act in keymap.in_mode(mode) for key in act.keys}
        self._shown = ports.shown
        self._is_shown = False
        self._errands = Errands(self, link, ports)
        self.dresser = Dresser(self, self._wardrobe, self._errands.theme_chosen)
        self.furnisher = Furnisher(self, self._start.layouts, self._start.layout, self._errands.layout_chosen)
        self.keeper = LevelKeeper(
            LevelBook(self._start.levels), self._errands.level_changed, clock.now_ms, refuse=self._errands.refuse
        )
        self.desk = DeskScreen(
            self._wardrobe.look(),
            keymap,
            self.keeper,
            self._errands.notes,
            replay=self._start.replay,
            layout=self.furnisher.used,
            alert_names=level_alerts(self._start.alerts),
            tickers=self._start.tickers,
        )
        self.herald = Herald(self, clock, self._start.alerts, ports.alerts)
        self.wishes = Wishes(self, link, self._errands, Timeframe(settings.timeframe), ports)
        self.pages = Pages(self, self._errands, clock)
        self._acts = Acts(self, self.desk, link, self._errands.refuse)
        self._welcome = Welcome(self, self._errands, link)
        self._typist = Typist(self.desk, lambda: self.wishes.command_line(self._wardrobe), self.warn)
        self.desk.set_class(settings.ascii, "plain")
        if ports.read_only:
            self.desk.only_show()

    def get_default_screen(self) -> Screen[None]:
        """The one screen."""
        return self.desk

    def on_load(self) -> None:
        """Folding begins while the screen is being put together."""
        self._link.start(self.publish)
        self._link.set_levels(self._start.levels)

    def on_mount(self) -> None:
        """Ages go on between the pictures."""
        self.dresser.begin()
        for text in self._start.said:
            self.warn(text)
        for number in (signal.SIGTERM, signal.SIGHUP):
            # ended from outside, the terminal is still given back as it was
            asyncio.get_running_loop().add_signal_handler(number, self.exit)
        self.set_interval(1.0, self._tick)
        if self.view is None:
            self.call_after_refresh(self._first_shown)

    async def on_unmount(self) -> None:
        """What was begun is finished; the folding thread ends with the desk."""
        await self._errands.flush()
        self._link.stop()

    def publish(self, view: DeskView) -> None:
        """Show a picture. From any thread."""
        self.post_message(messages.ViewArrived(view))

    def set_worker_line(self, state: RecorderState) -> None:
        """What the status line says of the worker. From any thread."""
        self.post_message(messages.WorkerLine(state._replace(words=clean(state.words, 120))))

    def say(self, text: str) -> None:
        """A toast; its text is never markup."""
        self.notify(self._plain("\n".join(clean(line) for line in text.split("\n"))), markup=False)

    def warn(self, text: str) -> None:
        """A toast about something that went wrong."""
        self.notify(self._plain(clean(text)), severity="warning", markup=False)

    def on_notify(self, event: Notify) -> None:
        """A toast comes: those that it takes the place of go."""
        for gone in outdated(tuple(self._notifications), event.notification, self.size.height):
            self._unnotify(gone, refresh=False)

    def _plain(self, text: str) -> str:
        """As this desk writes it: in plain characters where it has those alone."""
        return to_ascii(text) if self._settings.ascii else text

    def perform(self, action_id: str) -> None:
        """Run an action of the keymap by its id."""
        self._acts.perform(action_id, self.view)

    def route(self, event: events.Key) -> None:
        """A key: to what is being typed, to the pane that waits for one, or to its action; none while the desk ends."""
        if not self.desk.is_attached or self._welcome.takes(event.key):
            return
        desk, mode = self.desk, self.desk.mode
        action_id = self._keys.get((mode, event.key))
        if mode is KeyMode.INPUT and self._typist.key(event, action_id):
            return
        if mode in CHART_MODES and action_id is not None and desk.chart.mode_key(action_id, event.character):
            return
        if mode is KeyMode.NORMAL and desk.front.raw_key(event):
            return
        if action_id is not None:
            self.perform(action_id)

    def open_command_line(self, text: str = "") -> None:
        """The line at the bottom, with `text` typed, and the list of what it may mean."""
        worn, used = self._wardrobe.worn.id, self.furnisher.used.id

        def left() -> None:
            self.dresser.use(worn)
            self.furnisher.use(used)

        self._typist.open_commands(self.view, left=left, text=text)

    def interrupt(self) -> None:
        """Ctrl+C: twice quits."""
        now_ms = self._clock.now_ms()
        if now_ms - self._interrupted_ms <= TWICE_MS:
            self.exit()
        else:
            self._interrupted_ms = now_ms
            self.say("press Ctrl+C again to quit")

    def take_levels(self, levels: tuple[Level, ...], kept: tuple[LevelEdit, ...]) -> None:
        """The trader's levels as they are kept, this desk's `kept` edits among them; shown when they are others."""
        if self.keeper.settle(levels, kept):
            self._link.set_levels(self.keeper.book.levels)

    def take_themes(self, themes: Mapping[str, Theme]) -> None:
        """The themes as they are in their files now."""
        self.dresser.take(themes)

    @property
    def unsaved(self) -> str:
        """Why levels could not be saved, empty when all are."""
        return self._errands.unsaved

    def on_open_page(self, message: messages.OpenPage) -> None:
        """A pane wants something read."""
        self.pages.open(message.title, message.text)

    def on_view_arrived(self, message: messages.ViewArrived) -> None:
        """A new picture."""
        before, self.view = self.view, message.view
        if before is None and message.view.transport.mode is Mode.LIVE:
            self.desk.tick(self._clock.now_ms())  # a kept picture is as old as it is from its first moment on
        self.desk.show(message.view)
        if before is not None:
            self.wishes.moved(before, message.view)
            if before.transport.playing and message.view.transport.ended:
                self._acts.tell_end()
        else:
            self.call_after_refresh(self._first_shown)

    def _first_shown(self) -> None:
        """Something is on the screen: what may wait begins, once."""
        if not self._is_shown:
            self._is_shown = True
            self._link.painted()
            self._errands.look_at_own()
            self._welcome.begin()
            self.run_worker(load_later(), group="later")
            if self._shown is not None:
                self._shown()

    def on_worker_line(self, message: messages.WorkerLine) -> None:
        """News of the worker."""
        self.desk.status.worker(message.state)

    def on_choose_symbol(self, message: messages.ChooseSymbol) -> None:
        """Another symbol for chart and levels."""
        self.wishes.symbol(message.symbol)

    def on_choose_timeframe(self, message: ChooseTimeframe) -> None:
        """Another timeframe for the chart."""
        self.wishes.timeframe(message.symbol, message.timeframe)

    def on_choose_second(self, message: ChooseSecond) -> None:
        """Another second chart, or none."""
        self.wishes.second(message.second)

    def on_tell(self, message: messages.Tell) -> None:
        """A pane wants to see something else: other weights, another filter or window."""
        message.ask(self._link)

    def on_seek_to(self, message: messages.SeekTo) -> None:
        """Another time; only a replay has one."""
        if self.view is not None and self.view.transport.mode is Mode.REPLAY:
            self._link.seek(message.at_ms)

    def on_chart_mode_changed(self, _message: ChartModeChanged) -> None:
        """Other hints."""
        self.desk.hints()

    def on_ask_line(self, message: messages.AskLine) -> None:
        """A pane wants a line."""
        self.desk.ask(message)

    def on_ask_command(self, message: messages.AskCommand) -> None:
        """A pane wants a command to be finished or confirmed."""
        self.open_command_line(message.text)

    def on_remember(self, message: messages.Remember) -> None:
        """A pane has something for the next time."""
        self._errands.remember(message.name, message.value)

    def on_say(self, message: messages.Say) -> None:
        """A pane has something to tell."""
        (self.warn if message.severity == "warning" else self.say)(message.text)

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text goes into what is being typed."""
        self._typist.paste(event.text)

    def _tick(self) -> None:
        self._errands.look_at_levels()
        self._errands.look_at_own()
        self._errands.look_at_themes()
        self.wishes.candles(self._start.alerts)
        if self.view is None or self.view.transport.mode is Mode.LIVE:
            self.desk.tick(self._clock.now_ms())
