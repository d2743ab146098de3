"""Puts a desk together: the thread that folds, the screen, the files and, live, the recorder."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from crashdesk.cli.context import Context
from crashdesk.cli.desk_files import DeskFiles
from crashdesk.config.baskets import load_baskets
from crashdesk.config.keymap import build_keymap
from crashdesk.config.levels_file import load_levels
from crashdesk.config.settings import Problem
from crashdesk.config.themes import desk_themes
from crashdesk.desk.app import CrashDesk
from crashdesk.desk.ports import DeskPorts, DeskStart
from crashdesk.model.basket import Baskets
from crashdesk.model.control import Command
from crashdesk.model.errors import RecordingError
from crashdesk.model.ports import Source
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.conductor import Conductor
from crashdesk.session.focus import Focus, Opening
from crashdesk.session.picture_file import PictureFile
from crashdesk.session.views import WeightMode


class DeskPlan(NamedTuple):
    """What a desk is about: a recording, opened by `open_source` (None: not there yet), at a time (None: live)."""

    path: Path
    open_source: Callable[[], Source | None]
    at_ms: int | None
    speed: float = 1.0
    end_ms: int | None = None
    keep_picture: bool = False
    send_command: Callable[[Command], None] | None = None
    shown: Callable[[], None] | None = None


def build_desk(context: Context, plan: DeskPlan) -> tuple[CrashDesk, list[str]]:
    """The app, ready to run, and the list into which the reason goes when its recording cannot be read."""
    themes, theme_problems = desk_themes(context.paths.themes_dir)
    keymap, key_problems = build_keymap(context.settings.keys, context.paths.config_file)
    levels, level_problems = load_levels(context.paths.levels_file)
    baskets, basket_problems = _baskets(context)
    problems = (*context.problems, *theme_problems, *key_problems, *level_problems, *basket_problems)
    failures: list[str] = []
    app: CrashDesk | None = None

    def failed(reason: str) -> None:
        failures.append(reason)
        if app is not None:
            app.call_from_thread(app.exit)

    polls = tuple((venue.name, round(venue.poll_seconds * 1000)) for venue in context.settings.venues)
    opening = Opening(_focus(context), plan.at_ms, plan.speed, plan.end_ms, polls if plan.at_ms is None else ())
    conductor = Conductor(plan.open_source, baskets, opening, failed, _pictures(context, plan, opening))
    app = CrashDesk(
        conductor,
        _ports(plan, DeskFiles(context, plan.path, levels)),
        settings=context.settings.desk,
        themes=themes,
        keymap=keymap,
        clock=context.clock,
        start=DeskStart(levels, replay=plan.at_ms is not None, said=tuple(dict.fromkeys(map(str, problems)))),
    )
    return app, failures


def _baskets(context: Context) -> tuple[Callable[[], Baskets], tuple[Problem, ...]]:
    """The sector baskets: the built-in ones are read when they are needed, the trader's own at once."""
    own = context.settings.baskets_file
    if own is None:
        return lambda: load_baskets(None)[0], ()
    baskets, problems = load_baskets(own)
    return lambda: baskets, problems


def _focus(context: Context) -> Focus:
    desk = context.settings.desk
    return Focus(desk.symbol, Timeframe(desk.timeframe), WeightMode(desk.weights))


def _pictures(context: Context, plan: DeskPlan, opening: Opening) -> PictureFile | None:
    """Where the picture of this view of this recording is kept; only of those that are opened again and again."""
    if not plan.keep_picture:
        return None
    about = f"{plan.path}|{opening.at_ms}|{'|'.join(map(str, opening.focus))}"
    return PictureFile(context.paths.cache_dir / "pictures" / f"{crc32(about.encode()):08x}.json")


def _ports(plan: DeskPlan, files: DeskFiles) -> DeskPorts:
    def shown() -> None:
        # collecting garbage while modules load costs a tenth of the start; what is loaded by now stays anyway
        gc.freeze()
        gc.enable()
        if plan.shown is not None:
            plan.shown()

    return DeskPorts(
        save_levels=files.save_levels,
        load_notes=files.load_notes,
        add_note=files.add_note,
        make_brief=files.make_brief,
        save_brief=files.save_brief,
        save_picture=files.save_picture,
        send_command=plan.send_command,
        shown=shown,
    )


def run_desk(app: CrashDesk, failures: list[str]) -> int:
    """Show the desk until it is left. Raises RecordingError when its recording could not be read."""
    app.run()
    if failures:
        raise RecordingError(failures[0])
    return app.return_code or 0
