"""A desk's surroundings without a recording: a link that remembers what it was asked, ports that write to memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from crashdesk.config.keymap import Keymap, build_keymap
from crashdesk.config.layouts import PRESETS, PaneLayout
from crashdesk.config.level_store import LevelNews
from crashdesk.config.settings import DeskSettings
from crashdesk.config.theme import Theme
from crashdesk.config.themes import load_themes
from crashdesk.desk.app import CrashDesk
from crashdesk.desk.ports import BriefDocument, DeskPorts, DeskStart, FirstStart, OwnFiles, ThemePorts
from crashdesk.desk.tickers.start import TickerStart
from crashdesk.model.control import Command
from crashdesk.model.level import Level
from crashdesk.model.level_edits import LevelEdit, LevelLedger, applied
from crashdesk.model.records import Note
from crashdesk.model.series import DailySeries
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.liquidation_views import FeedFilter
from crashdesk.session.stops import Stop
from crashdesk.session.views import DeskView, Mode, WeightMode
from tests.conftest import FixedClock
from tests.desk.sample_market import NOW_MS
from tests.desk.sample_views import desk_view

T = TypeVar("T")


class FakeLink:
    """Publishes one picture at the start; every call is kept in `calls` as (name, argument).

    `answer` is that to any question; without one the question itself is asked, of no state.
    """

    def __init__(self, view: DeskView | None = None) -> None:
        self.view = view
        self.calls: list[tuple[str, Any]] = []
        self.answer: Any = None
        self.publish: Callable[[DeskView], None] = lambda _view: None

    def start(self, publish: Callable[[DeskView], None]) -> None:
        self.publish = publish
        if self.view is not None:
            publish(self.view)

    def painted(self) -> None:
        self.calls.append(("painted", None))

    def stop(self) -> None:
        self.calls.append(("stop", None))

    def select_symbol(self, symbol: str) -> None:
        self.calls.append(("select_symbol", symbol))

    def select_timeframe(self, timeframe: Timeframe) -> None:
        self.calls.append(("select_timeframe", timeframe))

    def select_weights(self, mode: WeightMode) -> None:
        self.calls.append(("select_weights", mode))

    def select_feed(self, feed: FeedFilter) -> None:
        self.calls.append(("select_feed", feed))

    def select_window(self, name: str) -> None:
        self.calls.append(("select_window", name))

    def set_free_window(self, width_ms: int | None) -> None:
        self.calls.append(("set_free_window", width_ms))

    def select_second(self, second: tuple[str, Timeframe] | None) -> None:
        self.calls.append(("select_second", second))

    def select_columns(self, columns: tuple[str, ...]) -> None:
        self.calls.append(("select_columns", columns))

    def set_levels(self, levels: tuple[Level, ...]) -> None:
        self.calls.append(("set_levels", levels))

    def set_notes(self, notes: tuple[Note, ...]) -> None:
        self.calls.append(("set_notes", notes))

    def set_series(self, series: tuple[DailySeries, ...]) -> None:
        self.calls.append(("set_series", series))

    def toggle_play(self) -> None:
        self.calls.append(("toggle_play", None))

    def change_speed(self, steps: int) -> None:
        self.calls.append(("change_speed", steps))

    def set_speed(self, speed: float) -> None:
        self.calls.append(("set_speed", speed))

    def seek(self, at_ms: int) -> None:
        self.calls.append(("seek", at_ms))

    def move(self, delta_ms: int) -> None:
        self.calls.append(("move", delta_ms))

    def step_frames(self, count: int) -> None:
        self.calls.append(("step_frames", count))

    def step_event(self, direction: int, stop: Stop | None = None) -> None:
        self.calls.append(("step_event", direction if stop is None else (direction, stop)))

    def toggle_loop(self) -> None:
        self.calls.append(("toggle_loop", None))

    def set_skip(self, skip_ms: int | None) -> None:
        self.calls.append(("set_skip", skip_ms))

    def to_end(self) -> None:
        self.calls.append(("to_end", None))

    def ask(self, question: Callable[[Any], T]) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(self.answer or question(None))
        except Exception as error:  # noqa: BLE001 - as an executor does
            future.set_exception(error)
        return future


class Memory:
    """What the ports were given."""

    def __init__(self) -> None:
        self.levels: tuple[Level, ...] = ()
        self.notes: tuple[Note, ...] = ()
        self.own = OwnFiles()
        self.briefs: list[BriefDocument] = []
        self.pictures: list[str] = []
        self.commands: list[Command] = []

    def ports(self, *, live: bool = False) -> DeskPorts:
        return DeskPorts(
            save_levels=self._keep,
            look_at_levels=lambda: None,
            look_at_own=self._own,
            add_note=self._add_note,
            remove_note=self._remove_note,
            make_brief=lambda _state: BriefDocument(
                "MARKET\nBTC 106,200 [not markup]\n" + "x " * 90, "# md", "{}", NOW_MS, lambda: "<p>"
            ),
            save_brief=self._brief,
            save_picture=self._picture,
            send_command=self.commands.append if live else None,
        )

    def _keep(self, edits: tuple[LevelEdit, ...]) -> LevelNews:
        self.levels = applied(LevelLedger(self.levels), edits, 0).levels
        return LevelNews(self.levels)

    def _own(self) -> OwnFiles:
        own, self.own = self.own, OwnFiles()
        return own

    def _add_note(self, note: Note) -> None:
        self._remove_note(note.id)
        self.notes = (*self.notes, note)

    def _remove_note(self, note_id: str) -> None:
        self.notes = tuple(note for note in self.notes if note.id != note_id)

    def _brief(self, document: BriefDocument) -> Path:
        self.briefs.append(document)
        return Path("briefs/brief.md")

    def _picture(self, svg: str, _as_of_ms: int) -> Path:
        self.pictures.append(svg)
        return Path("pictures/desk.svg")


def themes() -> Mapping[str, Theme]:
    return load_themes(None)[0]


def make_desk(
    view: DeskView | None = None,
    *,
    link: FakeLink | None = None,
    memory: Memory | None = None,
    settings: DeskSettings | None = None,
    mode: Mode = Mode.REPLAY,
    empty: bool = False,
    stock: Mapping[str, Theme] | None = None,
    theme: str = "",
    theme_ports: ThemePorts | None = None,
    tickers: TickerStart | None = None,
    remember: Callable[[str, str], str] | None = None,
    keymap: Keymap | None = None,
    first: FirstStart | None = None,
    layouts: Mapping[str, PaneLayout] = PRESETS,
    layout: str = "",
    keep_layout: Callable[[str], str] | None = None,
) -> CrashDesk:
    """A desk on the sample picture (or nothing at all when `empty`)."""
    shown = None if empty else view or desk_view(mode=mode)
    live = mode is Mode.LIVE
    return CrashDesk(
        link or FakeLink(shown),
        (memory or Memory())
        .ports(live=live)
        ._replace(remember=remember, themes=theme_ports, first=first, keep_layout=keep_layout),
        settings=settings or DeskSettings(),
        themes=stock or themes(),
        keymap=keymap or build_keymap(())[0],
        clock=FixedClock(NOW_MS),
        start=DeskStart(tickers=tickers or TickerStart(), replay=not live, theme=theme, layouts=layouts, layout=layout),
    )
