"""Causes from a file: CSV with a head, or a JSON list of objects, with the columns ts, kind, text, source, url."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from crashdesk.config.checks import BadValueError, kind_of, member_of, shown
from crashdesk.config.checks import text as short_text
from crashdesk.config.near import did_you_mean
from crashdesk.config.settings import Problem
from crashdesk.config.web import web_address
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.note import NoteKind, imported_id, parse_pinned, pinned_words
from crashdesk.model.records import Note

COLUMNS = ("ts", "kind", "text", "source", "url")
MAX_BYTES = 4_000_000
MAX_ROWS = 10_000

_kind = member_of(NoteKind, "kind")
_Row = Mapping[str, object]


class Causes(NamedTuple):
    """The notes of a file in its order, and what is wrong with the other rows."""

    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]


def read_causes(path: Path, now_ms: int) -> Causes:
    """The rows of a file as notes; a wrong row is named by its line (JSON: its number) and left out.

    Only `ts` and `text` must be there; without a kind a note is `mine`. `ts` is written as `parse_pinned` takes it,
    `now_ms` is what relative times start from. Raises CrashdeskError when the file as a whole can't be read.
    """
    written = _text_of(path)
    rows = _json_rows(written, path) if written.lstrip()[:1] in ("[", "{") else _csv_rows(written, path)
    notes: dict[str, Note] = {}
    problems: list[Problem] = []
    for count, (where, row) in enumerate(rows):
        if count == MAX_ROWS:
            problems.append(Problem(path, where, f"more than {MAX_ROWS:,} rows", "the rest is left out"))
            break
        try:
            note = _note(row, now_ms)
            notes[note.id] = note
        except BadValueError as bad:
            problems.append(Problem(path, where, str(bad), bad.hint))
    return Causes(tuple(notes.values()), tuple(problems))


def cause_cells(note: Note) -> tuple[str, ...]:
    """A note in the order of `COLUMNS`, as `read_causes` reads it."""
    return pinned_words(note.ts_ms, note.precision), note.kind, note.text, note.source, note.url or ""


def _text_of(path: Path) -> str:
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


def _csv_rows(written: str, path: Path) -> Iterator[tuple[str, _Row]]:
    reader = csv.reader(io.StringIO(written, newline=""), strict=True)
    line = 1
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        _check_head(head, path)
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield f"line {line}", dict(zip(head, cells, strict=False)) | _surplus(cells, head)
            line = reader.line_num + 1
    except csv.Error as error:
        raise CrashdeskError(f"{path}: line {line}: bad CSV: {error}") from None


def _check_head(head: Sequence[str], path: Path) -> None:
    for name in ("ts", "text"):
        if name not in head:
            raise CrashdeskError(f"{path}: line 1: no column {name!r}: the first line must name {', '.join(COLUMNS)}")
    for name in head:
        if name not in COLUMNS:
            hint = did_you_mean(name, COLUMNS)
            raise CrashdeskError(f"{path}: line 1: unknown column {shown(name)}" + (f" ({hint})" if hint else ""))


def _surplus(cells: Sequence[str], head: Sequence[str]) -> dict[str, object]:
    """Cells beyond the head, under a name that no column has: an unquoted comma in a text would cut it."""
    more = [cell for cell in cells[len(head) :] if cell.strip()]
    return {"": more} if more else {}


def _json_rows(written: str, path: Path) -> Iterator[tuple[str, _Row]]:
    try:
        rows = json.loads(written)
    except json.JSONDecodeError as error:
        raise CrashdeskError(f"{path}: line {error.lineno}: bad JSON: {error.msg}") from None
    except (RecursionError, ValueError):
        raise CrashdeskError(f"{path}: bad JSON: nested too deeply or a number too long") from None
    if not isinstance(rows, list):
        raise CrashdeskError(f"{path}: must be a list of objects, is {kind_of(rows)}")
    for number, row in enumerate(rows, 1):
        yield f"row {number}", row if isinstance(row, dict) else {"": row}


def _note(row: _Row, now_ms: int) -> Note:
    """One row. Raises BadValueError."""
    for name in row:
        if name not in COLUMNS:
            what = "has more cells than the head" if name == "" else f"unknown column {shown(name)}"
            raise BadValueError(what, "put text with a comma in quotes" if name == "" else did_you_mean(name, COLUMNS))
    words = _taken(row, "text")
    if not words:
        raise BadValueError("text is missing")
    try:
        at = parse_pinned(_taken(row, "ts"), now_ms)
    except BadValueError:
        raise
    except ValueError as error:
        raise BadValueError(str(error)) from None
    kind = _kind(_taken(row, "kind").lower() or NoteKind.MINE.value)
    url = _taken(row, "url")
    return Note(
        id=imported_id(at.ts_ms, words),
        ts_ms=at.ts_ms,
        precision=at.precision,
        kind=kind.value,
        text=words,
        source=_taken(row, "source"),
        url=web_address(url) if url else None,
    )


def _taken(row: _Row, name: str) -> str:
    """The cell as text, a time in JSON may be a number; empty when it is missing or null."""
    value = row.get(name)
    if value is None:
        return ""
    if name == "ts" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    try:
        return short_text(value)
    except BadValueError as bad:
        raise BadValueError(f"{name} {bad}", bad.hint) from None
