"""Causes from a file: CSV with a head, or a JSON list of objects, with the columns ts, kind, text, source, url."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from crashdesk.config.checks import BadValueError, member_of, shown
from crashdesk.config.checks import text as short_text
from crashdesk.config.file_rows import SURPLUS, csv_rows, file_text, json_rows
from crashdesk.config.near import did_you_mean
from crashdesk.config.settings import Problem
from crashdesk.config.web import web_address
from crashdesk.model.note import NoteKind, parse_pinned, pinned_words
from crashdesk.model.records import Note

COLUMNS = ("ts", "kind", "text", "source", "url")
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
    written = file_text(path)
    is_json = written.lstrip()[:1] in ("[", "{")
    rows = json_rows(written, path) if is_json else csv_rows(written, path, COLUMNS, ("ts", "text"))
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


def _note(row: _Row, now_ms: int) -> Note:
    """One row. Raises BadValueError."""
    for name in row:
        if name not in COLUMNS:
            what = "has more cells than the head" if name == SURPLUS else f"unknown column {shown(name)}"
            raise BadValueError(
                what, "put text with a comma in quotes" if name == SURPLUS else did_you_mean(name, COLUMNS)
            )
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
        id=_imported_id(at.ts_ms, words),
        ts_ms=at.ts_ms,
        precision=at.precision,
        kind=kind.value,
        text=words,
        source=_taken(row, "source"),
        url=web_address(url) if url else None,
    )


def _imported_id(ts_ms: int, text: str) -> str:
    """The id of a note that comes from a file: the same row gets the same one each time."""
    return "i" + sha256(f"{ts_ms}\n{text}".encode()).hexdigest()[:11]


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
