"""The CSV file of a daily series: a column of dates and a column of figures."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from crashdesk.config.checks import BadValueError, shown
from crashdesk.config.near import did_you_mean
from crashdesk.config.settings import Problem, SeriesSettings
from crashdesk.model.series import DailySeries
from crashdesk.model.times import parse_time

MAX_BYTES = 4_000_000
MAX_ROWS = 20_000
MAX_PROBLEMS = 10
_DATES = ("date", "day", "time", "ts")
_NOTHING = ("", "-", "–", "—", "n/a", "na", "null", "none")
_ABSURD = 1e15


class _Columns(NamedTuple):
    date: int
    value: int


def load_series(settings: SeriesSettings) -> tuple[DailySeries, tuple[Problem, ...]]:
    """The entries by time and what is wrong: by line and reason, the other lines are used. Never raises.

    The dates are in a column called date, day, time or ts, else in the first; the figures in `settings.column`, else in
    the next one. A figure may be written `1,234.5`, `(946)` for −946, `-` for no entry; of two entries of one date the
    later line counts, with a problem.
    """
    problems: list[Problem] = []
    entries = _entries(settings, problems)
    if len(problems) > MAX_PROBLEMS:
        more = len(problems) - MAX_PROBLEMS
        problems[MAX_PROBLEMS:] = [Problem(settings.file, "", f"{more} more lines are wrong", "mend the first ones")]
    times = tuple(sorted(entries))
    values = tuple(entries[at_ms] for at_ms in times)
    series = DailySeries(settings.name, settings.title, settings.unit, settings.known_after_ms, times, values)
    return series, tuple(problems)


def load_all_series(wanted: Iterable[SeriesSettings]) -> tuple[tuple[DailySeries, ...], tuple[Problem, ...]]:
    """All of them, and what is wrong in any."""
    loaded = [load_series(one) for one in wanted]
    return tuple(series for series, _ in loaded), tuple(problem for _, problems in loaded for problem in problems)


def _entries(settings: SeriesSettings, problems: list[Problem]) -> dict[int, float]:
    entries: dict[int, float] = {}
    line = 1
    try:
        reader = csv.reader(io.StringIO(_text_of(settings), newline=""), strict=True)
        columns = _columns(next(reader, []), settings.column)
        line = reader.line_num + 1
        for count, cells in enumerate(reader):
            if count == MAX_ROWS:
                raise BadValueError(f"more than {MAX_ROWS:,} lines", "the rest is left out")
            try:
                _take(cells, columns, entries)
            except BadValueError as bad:
                problems.append(Problem(settings.file, f"line {line}", str(bad), bad.hint))
            line = reader.line_num + 1
    except BadValueError as bad:
        problems.append(Problem(settings.file, f"line {line}", str(bad), bad.hint))
    except csv.Error as error:
        problems.append(Problem(settings.file, f"line {line}", f"bad CSV: {error}", "the lines before it are used"))
    except (OSError, UnicodeDecodeError) as error:
        reason = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else (error.strerror or str(error)).lower()
        problems.append(Problem(settings.file, "", reason, f"see series.{settings.name}.file in config.toml"))
    return entries


def _text_of(settings: SeriesSettings) -> str:
    if settings.file.is_fifo():
        raise BadValueError("is a pipe", "a series is read from a file")
    with settings.file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadValueError(f"the file is larger than {MAX_BYTES // 1_000_000} MB")
    return data.decode("utf-8-sig")


def _columns(head: Sequence[str], wanted: str) -> _Columns:
    names = [name.strip().lower() for name in head]
    if len(names) < 2:
        raise BadValueError("needs a head and two columns: date, value", "write date,value in the first line")
    date = next((names.index(name) for name in _DATES if name in names), 0)
    if not wanted:
        return _Columns(date, names.index("value") if "value" in names else 1 if date == 0 else 0)
    if wanted.strip().lower() not in names:
        raise BadValueError(f"no column {shown(wanted)}", did_you_mean(wanted.lower(), names))
    return _Columns(date, names.index(wanted.strip().lower()))


def _take(cells: Sequence[str], columns: _Columns, entries: dict[int, float]) -> None:
    if not any(cell.strip() for cell in cells):
        return
    if len(cells) <= max(columns):
        raise BadValueError(f"has {len(cells)} cells, the head has more")
    figure = cells[columns.value].strip()
    if figure.lower() in _NOTHING:
        return
    try:
        at_ms = parse_time(cells[columns.date], 0) if cells[columns.date].strip()[:1].isdigit() else None
    except ValueError:
        at_ms = None
    if at_ms is None:
        raise BadValueError(f"not a date: {shown(cells[columns.date])}", "write 2025-11-03")
    value = _number(figure)
    doubled = at_ms in entries
    entries[at_ms] = value
    if doubled:
        raise BadValueError(f"{shown(cells[columns.date])} is there already", "this later line counts")


def _number(figure: str) -> float:
    plain = figure.replace(",", "").replace("_", "").replace("−", "-").removeprefix("$")
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    try:
        value = float(plain)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and abs(value) < _ABSURD):
        raise BadValueError(f"not a number: {shown(figure)}")
    return value
