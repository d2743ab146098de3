"""Puts a desk together: state, thread, screen, files and, live, the recorder."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from crashdesk.cli.brief_maker import brief_of, written
from crashdesk.cli.context import Context
from crashdesk.cli.recordings import baskets_of
from crashdesk.config.atomic import write_atomic
from crashdesk.config.keymap import build_keymap
from crashdesk.config.levels_file import load_levels, save_levels
from crashdesk.config.notes_file import load_notes, save_notes
from crashdesk.config.paths import ensure_dir
from crashdesk.config.settings import Problem
from crashdesk.config.themes import load_themes
from crashdesk.desk.app import CrashDesk
from crashdesk.desk.ports import BriefDocument, DeskPorts, DeskStart
from crashdesk.model.control import Command
from crashdesk.model.errors import RecordingError
from crashdesk.model.level import Level
from crashdesk.model.ports import Source
from crashdesk.model.records import Note
from crashdesk.model.timeframe import Timeframe
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.conductor import Conductor, Opening
from crashdesk.session.picture import Focus
from crashdesk.session.state import MarketState
from crashdesk.session.views import WeightMode


class DeskPlan(NamedTuple):
    """What a desk is about: a recording, opened by `open_source` (None: not there yet), at a time (None: live)."""

    path: Path
    open_source: Callable[[], Source | None]
    at_ms: int | None
    speed: float = 1.0
    end_ms: int | None = None
    send_command: Callable[[Command], None] | None = None
    shown: Callable[[], None] | None = None


def focus_of(context: Context) -> Focus:
    """What the settings say to look at first."""
    desk = context.settings.desk
    return Focus(desk.symbol, Timeframe(desk.timeframe), WeightMode(desk.weights))


def build_desk(context: Context, plan: DeskPlan) -> tuple[CrashDesk, list[str]]:
    """The app, ready to run, and the list into which the reason goes when its recording cannot be read."""
    themes, theme_problems = load_themes(context.paths.themes_dir)
    keymap, key_problems = build_keymap(context.settings.keys, context.paths.config_file)
    levels, level_problems = load_levels(context.paths.levels_file)
    notes, note_problems = _notes(context, plan.path)
    problems: list[Problem] = [*context.problems, *theme_problems, *key_problems, *level_problems, *note_problems]
    failures: list[str] = []
    app: CrashDesk | None = None

    def failed(reason: str) -> None:
        failures.append(reason)
        if app is not None:
            app.call_from_thread(app.exit)

    opening = Opening(focus_of(context), plan.at_ms, plan.speed, plan.end_ms)
    conductor = Conductor(plan.open_source, baskets_of(context), opening, failed)
    app = CrashDesk(
        conductor,
        _ports(context, plan),
        settings=context.settings.desk,
        themes=themes,
        keymap=keymap,
        clock=context.clock,
        start=DeskStart(levels, notes, replay=plan.at_ms is not None, said=tuple(map(str, dict.fromkeys(problems)))),
    )
    return app, failures


def recording_id(path: Path) -> str | None:
    """The id of a recording, None when it cannot be read (yet)."""
    try:
        reader = RecordingReader.open(path)
    except RecordingError:
        return None
    try:
        return reader.session.recording_id
    finally:
        reader.close()


def _notes(context: Context, path: Path) -> tuple[tuple[Note, ...], tuple[Problem, ...]]:
    known = recording_id(path)
    return load_notes(context.paths.notes_file, known) if known is not None else ((), ())


def _ports(context: Context, plan: DeskPlan) -> DeskPorts:
    paths, settings = context.paths, context.settings

    def keep_notes(notes: tuple[Note, ...]) -> None:
        known = recording_id(plan.path)
        if known is None:
            raise RecordingError(f"{plan.path} cannot be read yet: the note is kept until the desk closes")
        ensure_dir(paths.data_dir)
        save_notes(paths.notes_file, known, notes)

    def keep_levels(levels: tuple[Level, ...]) -> None:
        ensure_dir(paths.data_dir)
        save_levels(paths.levels_file, levels)

    def make(state: MarketState) -> BriefDocument:
        brief = brief_of(state, settings)
        text, markdown, json = (written(brief, settings, form) for form in ("text", "md", "json"))
        return BriefDocument(text, markdown, json, brief.as_of_ms)

    return DeskPorts(
        save_levels=keep_levels,
        save_notes=keep_notes,
        make_brief=make,
        save_brief=partial(_save_brief, paths.briefs_dir),
        save_picture=partial(_save_picture, paths.data_dir / "pictures"),
        send_command=plan.send_command,
        shown=plan.shown,
    )


def _save_brief(folder: Path, brief: BriefDocument) -> Path:
    """Three files side by side; the Markdown's path is given back."""
    ensure_dir(folder)
    stem = folder / f"brief-{brief.as_of_ms}"
    write_atomic(stem.with_suffix(".json"), brief.json)
    write_atomic(stem.with_suffix(".txt"), brief.text)
    write_atomic(stem.with_suffix(".md"), brief.markdown)
    return stem.with_suffix(".md")


def _save_picture(folder: Path, svg: str, at_ms: int) -> Path:
    ensure_dir(folder)
    path = folder / f"desk-{at_ms}.svg"
    write_atomic(path, svg)
    return path


def run_desk(app: CrashDesk, failures: list[str]) -> int:
    """Show the desk until it is left. Raises RecordingError when its recording could not be read."""
    app.run()
    if failures:
        raise RecordingError(failures[0])
    return app.return_code or 0


def is_terminal(context: Context) -> bool:
    """Whether a desk can be shown."""
    return context.stdout.isatty() and context.stdin.isatty() and sys.__stderr__ is not None
