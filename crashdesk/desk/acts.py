"""What every action of the keymap does when no pane takes it for itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from crashdesk.config.actions import WRITES, Action
from crashdesk.config.key_names import show_key
from crashdesk.config.keymap import Keymap
from crashdesk.desk.desk_screen import DeskScreen
from crashdesk.desk.layout import PANES, READER_WIDTH
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.session.desklink import DeskLink
from crashdesk.session.views import DeskView, Mode

if TYPE_CHECKING:
    from crashdesk.desk.app import CrashDesk

OWNERS = {
    "sort": "tickers",
    "sort_reverse": "tickers",
    "filter": "tickers",
    "group_previous": "tickers",
    "group_next": "tickers",
    "columns": "tickers",
    "symbol_remove": "tickers",
    "weights": "sectors",
    "minimum_size": "liquidations",
    "feed_side": "liquidations",
    "feed_coin": "liquidations",
    "feed_venue": "liquidations",
    "feed_tabs": "liquidations",
    "feed_window": "liquidations",
    "timeframe_next": "chart",
    "timeframe_previous": "chart",
    "chart_kind": "chart",
    "chart_log": "chart",
    "chart_averages": "chart",
    "chart_volume": "chart",
    "chart_second": "chart",
    "chart_zoom_in": "chart",
    "chart_zoom_out": "chart",
    "chart_profile": "chart",
    "level_edit": "levels",
    "level_delete": "levels",
    "undo": "levels",
    "redo": "levels",
}
"""The pane that an action belongs to when the focused one has no use for it."""
WANTS_KEYS = frozenset({"sort", "columns"})
"""Those after which the pane waits for keys: it gets the focus."""


def replay_acts(link: DeskLink) -> Mapping[str, Callable[[], None]]:
    """The keys of a replay."""
    return {
        "pause": link.toggle_play,
        "step_back": lambda: link.step_frames(-1),
        "step_on": lambda: link.step_frames(1),
        "minute_back": lambda: link.move(-MINUTE_MS),
        "minute_on": lambda: link.move(MINUTE_MS),
        "hour_back": lambda: link.move(-HOUR_MS),
        "hour_on": lambda: link.move(HOUR_MS),
        "event_previous": lambda: link.step_event(-1),
        "event_next": lambda: link.step_event(1),
        "bookmark_previous": lambda: _step_bookmark(link, -1),
        "bookmark_next": lambda: _step_bookmark(link, 1),
        "slower": lambda: link.change_speed(-1),
        "faster": lambda: link.change_speed(1),
    }


def _step_bookmark(link: DeskLink, direction: int) -> None:
    from crashdesk.session.stops import Stop, StopKind

    link.step_event(direction, Stop(StopKind.BOOKMARK))


class Acts:
    """Runs actions: the pane in front first, then the pane that owns the action, then the desk.

    Those that write are none where there is a `refuse`, which says so.
    """

    def __init__(
        self, app: CrashDesk, screen: DeskScreen, link: DeskLink, refuse: Callable[[], None] | None = None
    ) -> None:
        self._refuse = refuse
        self._app = app
        self._screen = screen
        self._link = link
        self._replay = {
            **replay_acts(link),
            "part_back": lambda: app.wishes.part(-1),
            "part_on": lambda: app.wishes.part(1),
            "loop": app.wishes.loop,
        }
        self._desk: dict[str, Callable[[], object]] = {
            "focus_next": lambda: screen.focus_by(1),
            "focus_previous": lambda: screen.focus_by(-1),
            "zoom": screen.toggle_zoom,
            "layout_next": app.furnisher.go_on,
            "level_place": lambda: self._begin(screen.chart.modes.place, "no price yet to place a level by"),
            "level_trend": lambda: self._begin(screen.chart.modes.trend, "no candles yet to draw a trend line on"),
            "crosshair": lambda: self._begin(screen.chart.modes.cross, "no candles yet to read values off"),
            "note": app.wishes.note,
            "bookmark": app.wishes.bookmark,
            "crosshair_note": self._note_there,
            "live_edge": self._edge,
            "palette": app.open_command_line,
            "themes": lambda: app.open_command_line("theme "),
            "symbol_add": lambda: app.open_command_line("ADD "),
            "brief": app.pages.write_brief,
            "stress": self._stress,
            "picture": app.pages.take_picture,
            "help": self._help,
            "place_help": self._help,
            "crosshair_help": self._help,
            "quit": self._quit,
            "interrupt": app.interrupt,
            "suspend": self._suspend,
        }
        self._desk |= {f"focus_{name}": partial(screen.focus_pane, name) for name in PANES}

    def perform(self, action_id: str, view: DeskView | None) -> bool:
        """Do what the action says; False when it means nothing now."""
        if self._refuse is not None and action_id in WRITES:
            self._refuse()
            return True
        screen = self._screen
        if screen.reader is not None and action_id in {"clear", "help", "quit", "brief"}:
            return screen.close_reader()
        if screen.front.pane_key(action_id):
            return True
        if screen.reader is not None and action_id not in {"interrupt", "suspend", "picture"}:
            return False
        owner = OWNERS.get(action_id)
        if owner is not None and screen.arrangement.focus != owner:
            if action_id in WANTS_KEYS:
                screen.focus_pane(owner)
            return screen.panes[owner].pane_key(action_id)
        if action_id in self._replay:
            return self._in_replay(action_id, view)
        act = self._desk.get(action_id)
        if act is None:
            return False
        act()
        return True

    def _in_replay(self, action_id: str, view: DeskView | None) -> bool:
        if view is None:
            return False
        if view.transport.mode is Mode.LIVE:
            self._app.say("this is live; pausing and stepping work in a replay")
            return True
        if action_id == "pause" and view.transport.ended:
            self.tell_end()
            return True
        self._replay[action_id]()
        return True

    def _suspend(self) -> None:
        self._screen.wipe()
        self._app.action_suspend_process()

    def tell_end(self) -> None:
        """Nothing comes any more: what to do then."""
        back, minute, line = (self._key(name) for name in ("event_previous", "minute_back", "palette"))
        self._app.say(f"the end of the recording: {back} or {minute} go back, {line}go 0% starts over")

    def _key(self, action_id: str) -> str:
        """The first key of an action as the user has it."""
        keys = next((action.keys for action in self._app.keymap.actions if action.id == action_id), ())
        return show_key(keys[0]) if keys else action_id.replace("_", " ")

    def _edge(self) -> None:
        self._link.to_end()

    def _begin(self, begin: Callable[[], bool], why_not: str) -> None:
        """A mode of the chart."""
        if begin():
            self._screen.focus_pane("chart")
        else:
            self._app.warn(why_not)

    def _note_there(self) -> None:
        """A note at the candle under the crosshair."""
        at_ms = self._screen.chart.modes.time_ms
        if at_ms is not None:
            self._app.wishes.note(at_ms)

    def _help(self) -> None:
        from crashdesk.desk.help import HelpFor, help_for, help_page  # only when it is wanted: not with the desk

        screen, keymap = self._screen, self._app.keymap
        mode, focus = screen.chart.mode, screen.arrangement.focus
        if mode is not None:
            own = tuple(action for action in keymap.actions if action.mode is screen.chart.key_mode)
            about = HelpFor(mode.name, mode.words, mode=True, own=own)
        else:
            owned = (action_id for action_id, pane in OWNERS.items() if pane == focus)
            about = help_for(keymap, focus, screen.panes[focus].name_shown, owned)
        width = max(20, min(self._app.size.width, READER_WIDTH) - 4)
        about, keymap = about._replace(own=self._there(about.own)), Keymap(self._there(keymap.actions))
        screen.read(f"Help, {about.words}", partial(help_page, keymap, about, width))

    def _there(self, actions: tuple[Action, ...]) -> tuple[Action, ...]:
        """Those of the actions that this desk does not refuse."""
        return actions if self._refuse is None else tuple(action for action in actions if action.id not in WRITES)

    def _stress(self) -> None:
        from crashdesk.desk.stress_page import open_stress  # only when it is wanted: it loads what calculates

        open_stress(self._app, self._link)

    def _quit(self) -> None:
        self._app.exit()
