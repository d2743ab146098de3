"""Puts a desk together: the thread that folds, the screen, the files and, live, the recorder."""

import gc
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from crashdesk.cli.context import Context
from crashdesk.cli.desk_files import DeskFiles
from crashdesk.cli.desk_given import desk_given
from crashdesk.cli.desk_layouts import layout_keeper, layout_of
from crashdesk.cli.desk_themes import theme_of, theme_ports
from crashdesk.cli.desk_tickers import ticker_start
from crashdesk.cli.messages import cannot_send, make_messenger
from crashdesk.cli.read_only import looking
from crashdesk.config.alert_settings import AlertSettings
from crashdesk.config.level_store import LevelStore
from crashdesk.desk.app import CrashDesk
from crashdesk.desk.messages import Say
from crashdesk.desk.ports import AlertPorts, DeskPorts, DeskStart, FirstStart, ThemePorts
from crashdesk.model.control import Command
from crashdesk.model.errors import CrashdeskError, RecordingError
from crashdesk.model.ports import LevelFinder, Source
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.conductor import Conductor
from crashdesk.session.focus import Focus, Opening
from crashdesk.session.picture_file import PictureFile
from crashdesk.session.views import WeightMode

if TYPE_CHECKING:
    from crashdesk.outside.messenger import Messenger
    from crashdesk.outside.notify import AlertCall
    from crashdesk.session.alerts import Raised

_LAST_ALERTS_S = 2.0
"""How long a desk that is left waits for its last alerts to be sent."""
FIRST_SWITCH_S, USUAL_SWITCH_S = 0.0005, 0.005
"""How long a thread may keep another waiting, until the first picture is there and then (Python's own). Textual writes
pictures on a thread, which the next one being drawn would hold up.
"""


class DeskPlan(NamedTuple):
    """What a desk is about: a recording, opened by `open_source` (None: not there yet), at a time (None: live).

    `finder` finds its key levels; without one a short-lived child does. What is chosen with keys is kept for the next
    desk if it `remembers`, as all do but those that are only pictures and have no terminal. With `welcome` it tells of
    its keys on the very first start.
    """

    path: Path
    open_source: Callable[[], Source | None]
    at_ms: int | None
    speed: float = 1.0
    end_ms: int | None = None
    keep_picture: bool = False
    welcome: FirstStart | None = None
    send_command: Callable[[Command], None] | None = None
    shown: Callable[[], None] | None = None
    finder: LevelFinder | None = None
    remembers: bool = True


class _ToDesk:
    """What other threads have to tell a desk, from when it is there on."""

    def __init__(self) -> None:
        self.app: CrashDesk | None = None
        self.failures: list[str] = []

    def failed(self, reason: str) -> None:
        """The recording cannot be read: the desk ends."""
        self.failures.append(reason)
        if self.app is not None:
            self.app.call_from_thread(self.app.exit)

    def raised(self, alert: "Raised") -> None:
        """An alert went off."""
        if self.app is not None:
            self.app.herald.announce(alert)

    def warn(self, text: str) -> None:
        """Something beside the desk went wrong."""
        if self.app is not None:
            self.app.post_message(Say(text, severity="warning"))


class BuiltDesk(NamedTuple):
    """The app, ready to run, and the list into which the reason goes when its recording cannot be read.

    `last_alerts` sends those that wait when it is left, for so many seconds, and tells what could not be sent.
    """

    app: CrashDesk
    failures: list[str]
    last_alerts: Callable[[float], Sequence[str]] = lambda _: ()


def build_desk(context: Context, plan: DeskPlan) -> BuiltDesk:
    """All parts of a desk, put together."""
    given, desk, live = desk_given(context, terminal=plan.remembers), _ToDesk(), plan.at_ms is None
    rules, tickers = context.settings.alerts, ticker_start(context, given.baskets)
    polls = tuple((venue.name, round(venue.poll_seconds * 1000)) for venue in context.settings.venues)
    focus = _focus(context, tickers.columns)
    opening = Opening(focus, plan.at_ms, plan.speed, plan.end_ms, polls if live else (), rules)
    conductor = Conductor(
        plan.open_source,
        given.baskets,
        opening,
        desk.failed,
        _pictures(context, plan, opening),
        raised=desk.raised,
        finder=_finder(context, plan, desk.warn),
    )
    messenger = make_messenger(context, desk.warn) if live else None
    ports = _ports(plan, DeskFiles(context, plan.path), given.store, theme_ports(context, given.shelf))._replace(
        alerts=_alert_ports(context, desk.warn, messenger) if live else None,
        keep_layout=layout_keeper(context) if plan.remembers else None,
    )
    said = (*given.said, *map(str, cannot_send(context) if live else ()))
    start = DeskStart(given.levels, not live, said, rules, theme_of(context), tickers=tickers)
    app = desk.app = CrashDesk(
        conductor,
        looking(ports) if context.read_only else ports,
        settings=given.settings,
        themes=given.themes,
        keymap=given.keymap,
        clock=context.clock,
        start=start._replace(layouts=given.layouts, layout=layout_of(context)),
    )
    return BuiltDesk(app, desk.failures, messenger.close) if messenger is not None else BuiltDesk(app, desk.failures)


def _finder(context: Context, plan: DeskPlan, warn: Callable[[str], None]) -> Callable[[], LevelFinder]:
    @cache
    def finder() -> LevelFinder:
        from crashdesk.outside.level_finder import ChildLevelFinder

        return plan.finder or ChildLevelFinder(context.paths.found_levels_file, warn)

    return finder


def _focus(context: Context, columns: tuple[str, ...]) -> Focus:
    desk, tickers = context.settings.desk, context.settings.tickers
    focus = Focus(desk.symbol, Timeframe(desk.timeframe), WeightMode(desk.weights))
    return focus._replace(columns=columns, dislocation_pct=tickers.dislocation_pct)


def _pictures(context: Context, plan: DeskPlan, opening: Opening) -> PictureFile | None:
    """Where the picture of this view of this recording is kept; only of those that are opened again and again."""
    if not plan.keep_picture or context.read_only:
        return None
    looked_at = opening.focus._replace(columns=())
    about = f"{context.paths.config_file}|{plan.path}|{opening.at_ms}|{'|'.join(map(str, looked_at))}"
    return PictureFile(context.paths.cache_dir / "pictures" / f"{crc32(about.encode()):08x}.json", plan.path)


def _alert_ports(context: Context, warn: Callable[[str], None], messenger: "Messenger | None") -> AlertPorts:
    """The ways out for alerts; `warn` gets what goes wrong with a command, from another thread."""

    def notice(rule: AlertSettings, text: str) -> str:
        from crashdesk.outside.notify import notification

        return notification(rule.notify, "crashdesk", text, context.environment)

    @cache
    def ways() -> "tuple[Callable[[AlertCall], None], ...]":
        from crashdesk.outside.notify import CommandRunner

        return (CommandRunner(context.environment, warn).run, *((messenger.send,) if messenger is not None else ()))

    def run(rule: AlertSettings, ts_ms: int, text: str) -> None:
        from crashdesk.outside.notify import AlertCall

        for way in ways():
            way(AlertCall(rule, ts_ms, text))

    return AlertPorts(notice, run)


def _ports(plan: DeskPlan, files: DeskFiles, store: LevelStore, themes: ThemePorts) -> DeskPorts:
    def shown() -> None:
        # collecting garbage while modules load costs a tenth of the start; what is loaded by now stays anyway
        gc.freeze()
        gc.enable()
        sys.setswitchinterval(USUAL_SWITCH_S)
        if plan.shown is not None:
            plan.shown()

    return DeskPorts(
        save_levels=store.save,
        look_at_levels=store.look,
        look_at_own=files.look_at_own,
        add_note=files.add_note,
        remove_note=files.remove_note,
        make_brief=files.make_brief,
        save_brief=files.save_brief,
        save_picture=files.save_picture,
        send_command=plan.send_command,
        shown=shown,
        themes=themes,
        first=plan.welcome,
        remember=files.remember if plan.remembers else None,
        markets=files.markets if plan.send_command is not None else None,
    )


def run_desk(desk: BuiltDesk, say: Callable[[str], None]) -> int:
    """Show the desk until it is left; `say` is told which alerts could not be sent any more.

    Raises RecordingError when its recording could not be read, CrashdeskError when levels could never be saved.
    """
    app = desk.app
    sys.setswitchinterval(FIRST_SWITCH_S)
    try:
        app.run()
    finally:
        for sentence in desk.last_alerts(_LAST_ALERTS_S):
            say(sentence)
    if desk.failures:
        raise RecordingError(desk.failures[0])
    if app.unsaved:
        raise CrashdeskError(f"changes of your levels are lost: {app.unsaved}")
    return app.return_code or 0
