"""What the desk is given from outside: where the user's own things go, how a brief is made, how a worker is asked."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from crashdesk.config.alert_settings import AlertSettings
from crashdesk.config.layouts import PRESETS, PaneLayout
from crashdesk.desk.tickers.start import TickerStart
from crashdesk.model.control import Command
from crashdesk.model.level import Level
from crashdesk.model.level_edits import LevelEdit
from crashdesk.model.marks import Note
from crashdesk.model.series import DailySeries

if TYPE_CHECKING:
    from crashdesk.config.level_store import LevelNews
    from crashdesk.config.theme_shelf import ThemeNews
    from crashdesk.desk.tickers.markets import Listed
    from crashdesk.session.state import MarketState


class BriefDocument(NamedTuple):
    """A written brief in its formats, of the state at `as_of_ms` (UTC ms). `page` makes that of HTML, on any thread."""

    text: str
    markdown: str
    json: str
    as_of_ms: int
    page: Callable[[], str]


class OwnFiles(NamedTuple):
    """What the trader's notes and series files hold that they did not at the last look; None where nothing changed.

    `said` are the mistakes in those that changed, a sentence each.
    """

    notes: tuple[Note, ...] | None = None
    series: tuple[DailySeries, ...] | None = None
    said: tuple[str, ...] = ()


class ThemePorts(NamedTuple):
    """The themes of the desk. Both run on another thread, one at a time.

    `look` gives what changed in their files since the last time, None when nothing did. `choose` keeps the theme that
    was chosen for the next time; it gives a sentence when the settings name another one, empty when not. `check` is the
    command that names every mistake in the files.
    """

    look: Callable[[], "ThemeNews | None"]
    choose: Callable[[str], str]
    check: str


class FirstStart(NamedTuple):
    """Whether no desk has told of its keys yet, and what remembers that one did. Both run on another thread."""

    is_first: Callable[[], bool]
    remember: Callable[[], None]


class AlertPorts(NamedTuple):
    """How alerts leave the desk: what the terminal is sent for one (empty: nothing), and its command's start.

    `run` gets the rule, when (UTC ms), and the sentence; it returns at once.
    """

    notification: Callable[[AlertSettings, str], str]
    run: Callable[[AlertSettings, int, str], None]


class DeskPorts(NamedTuple):
    """Callbacks. Those that write raise OSError or CrashdeskError when they can't; the desk says so and stays up.

    `save_levels` keeps edits in memory when it can't, and gives what is to be shown; `look_at_levels` gives the same
    when others changed them, None when not. Both run on another thread, one at a time.

    `make_brief` runs on the folding thread, `save_brief` and `save_picture` (SVG text, UTC ms) on another one and give
    the file written (a brief: None where it is only shown). `send_command` and `alerts` are None in a replay.
    """

    save_levels: Callable[[tuple[LevelEdit, ...]], "LevelNews"]
    look_at_levels: Callable[[], "LevelNews | None"]
    look_at_own: Callable[[], OwnFiles]
    add_note: Callable[[Note], None]
    remove_note: Callable[[str], None]
    make_brief: Callable[["MarketState"], BriefDocument]
    save_brief: Callable[[BriefDocument], Path | None]
    save_picture: Callable[[str, int], Path]
    send_command: Callable[[Command], None] | None = None
    shown: Callable[[], None] | None = None
    """Called once, on the desk's thread, when the first screen is drawn: what may wait begins then."""
    alerts: AlertPorts | None = None
    themes: ThemePorts | None = None
    first: FirstStart | None = None
    remember: Callable[[str, str], str] | None = None
    """Keeps a choice of the tickers by its name, as `ThemePorts.choose` does that of a theme."""
    markets: Callable[[], "Listed"] | None = None
    """What the venues list; runs on another thread."""
    keep_layout: Callable[[str], str] | None = None
    """Keeps the layout that was chosen for the next time; a sentence when the settings name another one, else empty.
    Runs on another thread.
    """
    read_only: bool = False
    """What would be kept, or asked of the recorder, is refused."""


class DeskStart(NamedTuple):
    """What a desk opens with: the trader's own things, and whether a replay is shown (its scrubber has a place).

    `said` are sentences that are shown at once, such as what is wrong in the user's files. `alerts` are the rules.
    `theme` and `layout` are the ids of those to begin with, empty for the default; `layouts` are all of them.
    """

    levels: tuple[Level, ...] = ()
    replay: bool = False
    said: tuple[str, ...] = ()
    alerts: tuple[AlertSettings, ...] = ()
    theme: str = ""
    tickers: TickerStart = TickerStart()
    layouts: Mapping[str, PaneLayout] = MappingProxyType(PRESETS)
    layout: str = ""
