"""Tables in: CSV with a head, NDJSON, a JSON list, Parquet; row by row, each with its place."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from crashdesk.cli.importing.progress import EACH, Told, silent
from crashdesk.config.file_rows import FileRow
from crashdesk.model.errors import CrashdeskError, UsageError

SURPLUS = ""
"""The name under which a row has what no column names: cells beyond the head, or JSON that is no object."""


def table_rows(path: Path, told: Told = silent) -> Iterator[FileRow]:
    """The rows of a file, read as its name says; `told` is told how far. Raises CrashdeskError when it is not that."""
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise UsageError(f"{path}: which format is it? Its name must end with {', '.join(_READERS)}")
    if not path.is_file():
        raise CrashdeskError(f"{path}: no such file")
    try:
        yield from read(path, told)
    except UnicodeDecodeError:
        raise CrashdeskError(f"{path}: not UTF-8 text: save it as UTF-8") from None
    told(1, 1)


def _csv(path: Path, told: Told) -> Iterator[FileRow]:
    with path.open("rb") as data, io.TextIOWrapper(data, "utf-8-sig", newline="") as stream:
        reader = csv.reader(_lines(stream, data, path, told), strict=True)
        line = 1
        try:
            head = [name.strip() for name in next(reader, [])]
            if len(set(head)) != len(head):
                raise CrashdeskError(f"{path}: line 1: two columns have one name")
            line = reader.line_num + 1
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    more = {SURPLUS: cells[len(head) :]} if len(cells) > len(head) else {}
                    yield FileRow(f"line {line}", {**dict(zip(head, cells, strict=False)), **more})
                line = reader.line_num + 1
        except csv.Error as error:
            raise CrashdeskError(f"{path}: line {line}: bad CSV: {error}") from None


def _lines(stream: io.TextIOWrapper, data: BinaryIO, path: Path, told: Told) -> Iterator[str]:
    size = path.stat().st_size
    for number, text in enumerate(stream):
        if number % EACH == 0:
            told(min(data.tell(), size - 1), size)
        yield text


def _ndjson(path: Path, told: Told) -> Iterator[FileRow]:
    with path.open("rb") as data, io.TextIOWrapper(data, "utf-8-sig") as stream:
        for line, text in enumerate(_lines(stream, data, path, told), 1):
            if text.strip():
                yield _object(f"line {line}", _parsed(path, text, f"line {line}"))


def _json(path: Path, _told: Told) -> Iterator[FileRow]:
    rows = _parsed(path, path.read_text("utf-8-sig"), "")
    if not isinstance(rows, list):
        raise CrashdeskError(f"{path}: must be a list of objects")
    for number, row in enumerate(rows, 1):
        yield _object(f"row {number}", row)


def _parquet(path: Path, told: Told) -> Iterator[FileRow]:
    from crashdesk.analytics.parquet import parquet_rows

    done = 0
    for rows, whole in parquet_rows(path):
        for number, row in enumerate(rows, done + 1):
            yield FileRow(f"row {number}", row)
        done += len(rows)
        told(done, whole)


def _object(where: str, row: object) -> FileRow:
    return FileRow(where, row if isinstance(row, dict) else {SURPLUS: row})


def _parsed(path: Path, text: str, where: str) -> object:
    try:
        parsed: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise CrashdeskError(f"{path}: {where or f'line {error.lineno}'}: bad JSON: {error.msg}") from None
    except (RecursionError, ValueError):
        raise CrashdeskError(f"{path}: bad JSON: nested too deeply or a number too long") from None
    return parsed


_READERS: Mapping[str, Callable[[Path, Told], Iterator[FileRow]]] = {
    ".csv": _csv,
    ".ndjson": _ndjson,
    ".jsonl": _ndjson,
    ".json": _json,
    ".parquet": _parquet,
}
