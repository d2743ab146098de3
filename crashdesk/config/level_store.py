"""One desk's side of levels.toml: edits that are saved, now or as soon as it goes, and what others change in it."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from crashdesk.config.settings import Problem
from crashdesk.config.told import told
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.level import Level
from crashdesk.model.level_edits import LevelEdit, LevelLedger, Put, applied

_Stamp = tuple[int, int, int]
"""Modification time in ns, size, inode: what tells that a file is not the one that was read."""


class LevelNews(NamedTuple):
    """What a desk is to show: all levels, those that could not be saved yet too, and what is wrong or mended.

    Each of `warnings` and `said` is told once. `unsaved` says why edits wait; it is empty when none do.
    """

    levels: tuple[Level, ...]
    warnings: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    unsaved: str = ""


class LevelStore:
    """Keeps the levels of one desk. Its calls may wait for a disk or a lock: one thread at a time, not the desk's.

    Edits that can't be saved are kept and tried again: when the file was mended, or at the next look.
    """

    def __init__(self, path: Path, now_ms: Callable[[], int]) -> None:
        self._path = path
        self._now_ms = now_ms
        self._ledger = LevelLedger()
        self._problems: tuple[Problem, ...] = ()
        self._stamp: _Stamp | None = None
        self._pending: list[LevelEdit] = []
        self._unsaved = ""

    def load(self) -> tuple[tuple[Level, ...], tuple[Problem, ...]]:
        """What the file holds, and what is wrong in it (which is not told again)."""
        self._read(_stamp(self._path))
        return self._ledger.levels, self._problems

    def save(self, edits: Iterable[LevelEdit]) -> LevelNews:
        """Put the edits, and those that wait, into the file. An edit that no file could hold is refused for good."""
        from crashdesk.config.levels_file import level_problem

        refused = []
        for edit in edits:
            problem = level_problem(edit.level, self._path) if isinstance(edit, Put) else None
            if problem is None:
                self._pending.append(edit)
            else:
                refused.append(f"the level was not saved: {problem}")
        return self._saved(tuple(refused))

    def look(self) -> LevelNews | None:
        """What became of the file since the last look; None when nothing did, and no edits wait that could be saved."""
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return self._saved(()) if self._pending and not self._problems else None
        before = self._problems
        self._read(stamp)
        warnings = told(problem for problem in self._problems if problem not in before)
        if self._pending and not self._problems:
            return self._saved(warnings)
        mended = (f"{self._path.name}: mended",) if before and not self._problems else ()
        return self._news(warnings, mended)

    def _saved(self, warnings: tuple[str, ...]) -> LevelNews:
        """Save what waits."""
        if not self._pending:
            return self._news(warnings, ())
        from crashdesk.config.levels_file import edit_levels

        waited = self._unsaved
        try:
            self._ledger = edit_levels(self._path, self._pending, self._now_ms())
        except CrashdeskError as error:
            self._unsaved = str(error)
            if waited != self._unsaved:
                warnings = (*warnings, f"levels are kept in memory: {error}")
            return self._news(warnings, ())
        self._pending.clear()
        self._unsaved = ""
        return self._news(warnings, ("levels saved",) if waited else ())

    def _news(self, warnings: tuple[str, ...], said: tuple[str, ...]) -> LevelNews:
        levels = applied(self._ledger, self._pending, self._now_ms()).levels
        return LevelNews(levels, warnings, said, self._unsaved)

    def _read(self, stamp: _Stamp | None) -> None:
        """Read the file; what is written after `stamp` was taken is found at the next look.

        Of a file that can't be read as a whole (a slip in an editor) the levels stay that were there before.
        """
        self._stamp = stamp
        if stamp is None and _is_missing(self._path):
            self._ledger, self._problems = LevelLedger(), ()
            return
        from crashdesk.config.levels_file import load_ledger

        ledger, self._problems = load_ledger(self._path)
        if all(problem.key for problem in self._problems):
            self._ledger = ledger


def _is_missing(path: Path) -> bool:
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
