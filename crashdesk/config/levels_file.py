"""The trader's levels in levels.toml: `[[levels]]`, and `[[deleted]]` for what was deleted in the last 30 days."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from crashdesk.config.checks import text, time_ms
from crashdesk.config.level_rows import level_of, level_row
from crashdesk.config.settings import Problem
from crashdesk.config.table import Table
from crashdesk.config.toml_rows import Document
from crashdesk.config.user_file import UserFile, unique_rows
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.level import Level
from crashdesk.model.level_edits import Delete, LevelEdit, LevelLedger, applied

Levels = tuple[Level, ...]

MOST_LEVELS = 10_000
"""More are no trader's, and would make every edit slow."""


def load_levels(path: Path) -> tuple[Levels, tuple[Problem, ...]]:
    """All levels of the file, and what is wrong in it. A level needs only `symbol` and `price`.

    One without an id gets `SYMBOL@PRICE`, one without times counts from 1970: every candle there is.
    """
    ledger, problems = _FILE.load(path)
    return ledger.levels, problems


def load_ledger(path: Path) -> tuple[LevelLedger, tuple[Problem, ...]]:
    """The same with what was deleted."""
    return _FILE.load(path)


def edit_levels(path: Path, edits: Iterable[LevelEdit], now_ms: int) -> LevelLedger:
    """Apply edits to what is in the file as one step, other desks kept out; returns what it holds now.

    An edit that is older than what the file knows of its id changes nothing. Raises CrashdeskError.
    """

    def change(there: LevelLedger) -> LevelLedger:
        after = applied(there, edits, now_ms)
        if len(there.levels) < len(after.levels) > MOST_LEVELS:
            raise CrashdeskError(f"{path}: not saved, it would hold more than {MOST_LEVELS:,} levels: remove some")
        return after

    return _FILE.edit(path, change)


def level_problem(level: Level, path: Path) -> Problem | None:
    """Why the file at `path` could not hold a level."""
    problems: list[Problem] = []
    level_of(Table({**level_row(level)}, path, problems, "levels"))
    return problems[0] if problems else None


def _decode(table: Table) -> LevelLedger:
    deleted = unique_rows(table, "deleted", _deleted, lambda gone: gone.id)
    gone_at = {gone.id: gone.at_ms for gone in deleted}

    def decode(row: Table) -> Level | None:
        level = level_of(row)
        if level is None or level.updated_ms > gone_at.get(level.id, -1):
            return level
        if row.has("id"):
            row.problem("id", "is one that was deleted", "give it another id, or remove it from [[deleted]]")
            return None
        # without an id it was written by hand, after the deletion had taken the earlier one out
        return level._replace(updated_ms=gone_at[level.id] + 1)

    return LevelLedger(unique_rows(table, "levels", decode, lambda level: level.id), deleted)


def _deleted(table: Table) -> Delete | None:
    level_id = table.require("id", text)
    at_ms = table.require("deleted_ms", time_ms)
    return None if level_id is None or at_ms is None else Delete(level_id, at_ms)


def _encode(ledger: LevelLedger) -> Document:
    return {
        "levels": [level_row(level) for level in ledger.levels],
        "deleted": [{"id": gone.id, "deleted_ms": gone.at_ms} for gone in ledger.deleted],
    }


_FILE = UserFile(name="levels", decode=_decode, encode=_encode, key=("id",))
