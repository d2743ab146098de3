"""Rows of a file that is imported: CSV with a head, or a JSON list of objects, each with its place."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from crashdesk.config.checks import kind_of, shown
from crashdesk.config.near import did_you_mean
from crashdesk.model.errors import CrashdeskError

MAX_BYTES = 4_000_000

SURPLUS = ""
"""The name under which a row has what no column names: cells beyond the head, or JSON that is no object."""


class FileRow(NamedTuple):
    """Where a row stands (`line 7`, in JSON `row 6`) and its values by column."""

    where: str
    values: Mapping[str, object]


def file_text(path: Path) -> str:
    """The text of a file. Raises CrashdeskError, also when it has more than `MAX_BYTES`."""
    if not path.is_file():
        raise CrashdeskError(f"{path}: no such file")
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise CrashdeskError(f"{path}: larger than {MAX_BYTES // 1_000_000} MB: split it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CrashdeskError(f"{path}: not UTF-8 text (line {line}): save it as UTF-8") from None


def csv_rows(written: str, path: Path, columns: Sequence[str], needed: Sequence[str]) -> Iterator[FileRow]:
    """The rows of CSV whose head has the `needed` columns and others of `columns`. Raises CrashdeskError.

    Empty rows are left out.
    """
    reader = csv.reader(io.StringIO(written, newline=""), strict=True)
    line = 1
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        _check_head(head, path, columns, needed)
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield FileRow(f"line {line}", dict(zip(head, cells, strict=False)) | _surplus(cells, head))
            line = reader.line_num + 1
    except csv.Error as error:
        raise CrashdeskError(f"{path}: line {line}: bad CSV: {error}") from None


def json_rows(written: str, path: Path) -> Iterator[FileRow]:
    """The objects of a JSON list. Raises CrashdeskError."""
    try:
        rows = json.loads(written)
    except json.JSONDecodeError as error:
        raise CrashdeskError(f"{path}: line {error.lineno}: bad JSON: {error.msg}") from None
    except (RecursionError, ValueError):
        raise CrashdeskError(f"{path}: bad JSON: nested too deeply or a number too long") from None
    if not isinstance(rows, list):
        raise CrashdeskError(f"{path}: must be a list of objects, is {kind_of(rows)}")
    for number, row in enumerate(rows, 1):
        yield FileRow(f"row {number}", row if isinstance(row, dict) else {SURPLUS: row})


def _check_head(head: Sequence[str], path: Path, columns: Sequence[str], needed: Sequence[str]) -> None:
    for name in needed:
        if name not in head:
            raise CrashdeskError(f"{path}: line 1: no column {name!r}: the first line must name {', '.join(columns)}")
    for name in head:
        if name not in columns:
            hint = did_you_mean(name, columns)
            raise CrashdeskError(f"{path}: line 1: unknown column {shown(name)}" + (f" ({hint})" if hint else ""))


def _surplus(cells: Sequence[str], head: Sequence[str]) -> dict[str, object]:
    """Cells beyond the head: an unquoted comma in a text would cut it."""
    more = [cell for cell in cells[len(head) :] if cell.strip()]
    return {SURPLUS: more} if more else {}
