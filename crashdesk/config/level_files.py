"""Levels in files that are imported and exported: CSV, TOML, JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from crashdesk.config.file_rows import SURPLUS, FileRow, csv_rows, file_text, json_rows
from crashdesk.config.level_rows import level_of, level_row
from crashdesk.config.levels_file import MOST_LEVELS
from crashdesk.config.settings import Problem
from crashdesk.config.table import Table, parse_toml
from crashdesk.config.toml_rows import new_text, row_starts
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.level import Level
from crashdesk.model.level_edits import LevelLedger, Put

FORMATS = ("csv", "toml", "json")

_FIGURES = ("price", "created_ms", "updated_ms", "start_ms", "start_price", "end_ms", "end_price")
COLUMNS = ("id", "symbol", "price", "kind", "label", "timeframe", "alert", *_FIGURES[1:])


class Imported(NamedTuple):
    """The levels of a file in its order, and what is wrong with the other rows."""

    levels: tuple[Level, ...]
    problems: tuple[Problem, ...]


def read_levels(path: Path, form: str) -> Imported:
    """The rows of a file in one of `FORMATS`; one with anything wrong in it is named by its place and left out.

    Rows are as in levels.toml; what was deleted there is passed over. Alerts are off: a file from elsewhere sets none.
    Raises CrashdeskError when the file as a whole can't be read.
    """
    written = file_text(path)
    readers = {"csv": _csv_rows, "json": json_rows, "toml": _toml_rows}
    problems: list[Problem] = []
    levels: dict[str, Level] = {}
    for row in readers[form](written, path):
        wrong: list[Problem] = []
        level = _level(row, path, wrong)
        if level is not None and level.id in levels:
            wrong.append(Problem(path, row.where, "an earlier row has the same id", "give each its own"))
        elif level is not None and not wrong:
            if len(levels) == MOST_LEVELS:
                raise CrashdeskError(f"{path}: has more than {MOST_LEVELS:,} levels")
            levels[level.id] = level._replace(alert="")
        problems += wrong
    return Imported(tuple(levels.values()), tuple(problems))


def import_edits(levels: Iterable[Level], there: LevelLedger) -> list[Put]:
    """The edits that put imported levels over those that are there. One that differs in its alert alone is no edit;
    one that is there, or was deleted, is replaced by the import, however old that is.
    """
    known = {level.id: level for level in there.levels}
    newest = {gone.id: gone.at_ms for gone in there.deleted} | {level.id: level.updated_ms for level in there.levels}
    edits = []
    for level in levels:
        old = known.get(level.id)
        if old is not None and old._replace(alert="", updated_ms=level.updated_ms) == level:
            continue
        edits.append(Put(level._replace(updated_ms=max(level.updated_ms, newest.get(level.id, -1) + 1))))
    return edits


def level_cells(level: Level) -> list[str | int | float | None]:
    """A level in the order of `COLUMNS`, as `read_levels` reads it."""
    row = level_row(level)
    return [row.get(name) for name in COLUMNS]


def levels_toml(levels: Iterable[Level]) -> str:
    """Levels as levels.toml has them."""
    return new_text({"levels": [level_row(level) for level in levels]})


def _level(row: FileRow, path: Path, problems: list[Problem]) -> Level | None:
    values = dict(row.values)
    if SURPLUS in values:
        what, hint = ("has more cells than the head", "put text with a comma in quotes")
        problems.append(
            Problem(path, row.where, what, hint)
            if isinstance(values[SURPLUS], list)
            else Problem(path, row.where, "is no object", "")
        )
        return None
    found: list[Problem] = []
    table = Table({name: value for name, value in values.items() if value is not None}, path, found, row.where)
    level = level_of(table)
    table.finish()
    problems += [problem._replace(key=problem.key.replace(f"{row.where}.", f"{row.where}: ", 1)) for problem in found]
    return level


def _csv_rows(written: str, path: Path) -> Iterator[FileRow]:
    """CSV knows texts only: figures as numbers where they are some, empty cells left out."""
    for where, cells in csv_rows(written, path, COLUMNS, ("symbol",)):
        values: dict[str, object] = {}
        for name, cell in cells.items():
            text = cell.strip() if isinstance(cell, str) else cell
            if text != "":
                values[name] = _figure(text) if isinstance(text, str) and name in _FIGURES else text
        yield FileRow(where, values)


def _figure(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _toml_rows(written: str, path: Path) -> Iterator[FileRow]:
    problems: list[Problem] = []
    raw = parse_toml(written, path, problems)
    if raw is None:
        raise CrashdeskError(str(problems[0]))
    rows = raw.get("levels")
    if not isinstance(rows, list):
        raise CrashdeskError(f"{path}: has no [[levels]]")
    starts = row_starts(written, "levels")
    for index, row in enumerate(rows):
        placed = len(starts) == len(rows)
        where = f"line {written.count(chr(10), 0, starts[index]) + 1}" if placed else f"row {index + 1}"
        yield FileRow(where, row if isinstance(row, dict) else {SURPLUS: row})
