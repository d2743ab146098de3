"""The trader's notes in notes.toml: each belongs to one recording."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from crashdesk.config.checks import BadValueError, member_of, text, time_ms
from crashdesk.config.settings import Problem
from crashdesk.config.table import Table
from crashdesk.config.toml_rows import Document, Row
from crashdesk.config.user_file import UserFile, unique_rows
from crashdesk.model.note import NoteKind
from crashdesk.model.records import Note, Precision

Notes = tuple[Note, ...]


class _OwnNote(NamedTuple):
    """A row of the file."""

    recording_id: str
    note: Note


_OwnNotes = tuple[_OwnNote, ...]


def load_notes(path: Path, recording_id: str) -> tuple[Notes, tuple[Problem, ...]]:
    """The notes on one recording, in the order of the file, and what is wrong in the whole file."""
    rows, problems = _FILE.load(path)
    return tuple(row.note for row in rows if row.recording_id == recording_id), problems


def edit_notes(path: Path, recording_id: str, change: Callable[[Notes], Notes]) -> Notes:
    """Change the notes on one recording as one step; returns the new ones. Raises CrashdeskError."""

    def change_rows(rows: _OwnNotes) -> _OwnNotes:
        others = tuple(row for row in rows if row.recording_id != recording_id)
        changed = change(tuple(row.note for row in rows if row.recording_id == recording_id))
        return others + tuple(_OwnNote(recording_id, note) for note in changed)

    return tuple(row.note for row in _FILE.edit(path, change_rows) if row.recording_id == recording_id)


def save_notes(path: Path, recording_id: str, notes: Notes) -> None:
    """Make `notes` all there are on one recording. Raises CrashdeskError."""
    edit_notes(path, recording_id, lambda _: notes)


def add_note(path: Path, recording_id: str, note: Note) -> Notes:
    """Add a note to a recording; returns all on it. One with the same id is replaced. Raises CrashdeskError."""
    return add_notes(path, recording_id, (note,))


def add_notes(path: Path, recording_id: str, added: Notes) -> Notes:
    """Add many as one step; one with the id of an earlier note replaces it. Raises CrashdeskError."""
    ids = {note.id for note in added}
    return edit_notes(path, recording_id, lambda notes: (*(old for old in notes if old.id not in ids), *added))


def remove_note(path: Path, recording_id: str, note_id: str) -> Notes:
    """Take a note off a recording; returns the others on it. Raises CrashdeskError."""
    return edit_notes(path, recording_id, lambda notes: tuple(note for note in notes if note.id != note_id))


def _decode(table: Table) -> _OwnNotes:
    return unique_rows(table, "notes", _decode_row, _identity)


def _decode_row(table: Table) -> _OwnNote | None:
    recording_id = table.require("recording", _filled)
    note_id = table.require("id", _filled)
    ts_ms = table.require("ts_ms", time_ms)
    words = table.require("text", _filled)
    precision = table.take("precision", member_of(Precision, "precision"), Precision.MINUTE)
    kind = table.take("kind", member_of(NoteKind, "kind"), NoteKind.MINE)
    source = table.take("source", text, "")
    url = table.take("url", text, "")
    if recording_id is None or note_id is None or ts_ms is None or words is None:
        return None
    note = Note(note_id, ts_ms, precision, kind.value, words, source, url or None)
    return _OwnNote(recording_id, note)


def _filled(value: object) -> str:
    word = text(value)
    if not word:
        raise BadValueError("must not be empty")
    return word


def _encode(rows: _OwnNotes) -> Document:
    return {"notes": [_encode_row(row) for row in rows]}


def _encode_row(row: _OwnNote) -> Row:
    found: Row = {
        "recording": row.recording_id,
        "id": row.note.id,
        "ts_ms": row.note.ts_ms,
        "precision": row.note.precision.value,
        "kind": row.note.kind,
        "text": row.note.text,
        "source": row.note.source,
    }
    return found | {"url": row.note.url} if row.note.url else found


def _identity(row: _OwnNote) -> str:
    return f"{row.recording_id}\n{row.note.id}"


_FILE = UserFile(name="notes", decode=_decode, encode=_encode, key=("recording", "id"))
