"""The `[series.NAME]` tables: daily figures from CSV files of the trader's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from crashdesk.config.checks import BadValueError, a_table, text
from crashdesk.config.settings import SeriesSettings
from crashdesk.config.table import Table
from crashdesk.model.times import parse_duration

MOST_SERIES = 20
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def read_series(series: Table, folder: Path, environment: Mapping[str, str]) -> tuple[SeriesSettings, ...]:
    """The tables in the order of the file. `file` is looked for from `folder`, `~` is HOME of `environment`."""
    found = [_one(series, name, folder, environment) for name in series.names()[:MOST_SERIES]]
    for name in series.names()[MOST_SERIES:]:
        series.take(name, a_table, None)
        series.problem(name, f"is one too many: at most {MOST_SERIES} series are read")
    return tuple(one for one in found if one is not None)


def _one(series: Table, name: str, folder: Path, environment: Mapping[str, str]) -> SeriesSettings | None:
    if series.take(name, a_table, None) is None:
        return None
    if not _NAME.fullmatch(name):
        series.problem(name, "a series' name has 1 to 32 of a-z, 0-9, _ and -", "rename the table")
        return None
    table = series.table(name)
    file = table.require("file", text)
    usual = SeriesSettings(name, Path())
    settings = usual._replace(
        title=table.take("title", text, name.replace("_", " ")),
        unit=table.take("unit", text, usual.unit),
        column=table.take("column", text, usual.column),
        known_after_ms=table.take("known_after", _known_after, usual.known_after_ms),
    )
    table.finish()
    if not file:
        return None
    written = environment.get("HOME", "~") + file[1:] if file.startswith("~/") else file
    return settings._replace(file=folder / written)


def _known_after(value: object) -> int:
    word = text(value)
    if word == "0":
        return 0
    try:
        return parse_duration(word)
    except ValueError as error:
        raise BadValueError(str(error), 'such as "1d", or "0" for at once') from None
