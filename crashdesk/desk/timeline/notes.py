"""The trader's own notes with undo and redo."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import uuid4

from crashdesk.model.marks import Note

DEPTH = 200
"""Changes that can be taken back."""

Notes = tuple[Note, ...]


class NotePorts(NamedTuple):
    """What a change goes to: all notes to `shown`, the one that changed to `save` or, by its id, to `remove`."""

    shown: Callable[[Notes], None]
    save: Callable[[Note], None]
    remove: Callable[[str], None]


class _Change(NamedTuple):
    before: Note | None
    after: Note | None


class NoteKeeper:
    """All of the trader's notes on this recording. A change is undone by its opposite: what others wrote stays.

    `generation` grows with every change made here, so that a file that was read before one is known to be old.
    """

    def __init__(self, ports: NotePorts) -> None:
        self._ports = ports
        self._notes: dict[str, Note] = {}
        self._past: list[_Change] = []
        self._future: list[_Change] = []
        self.generation = 0

    @property
    def notes(self) -> Notes:
        """In the order in which they were kept."""
        return tuple(self._notes.values())

    def get(self, note_id: str) -> Note | None:
        """The note of that id, None when it is not the trader's own."""
        return self._notes.get(note_id)

    def take(self, notes: Notes) -> None:
        """These are the notes now: they come from the file."""
        if notes != self.notes:
            self._notes = {note.id: note for note in notes}
            self._ports.shown(self.notes)

    def put(self, note: Note) -> None:
        """Add a note, or replace the one of the same id."""
        self._do(_Change(self.get(note.id), note))

    def delete(self, note_id: str) -> bool:
        """Remove a note; False when it is not the trader's own."""
        note = self.get(note_id)
        if note is not None:
            self._do(_Change(note, None))
        return note is not None

    def undo(self) -> str | None:
        """Take the last change back; what that did, None when there is none."""
        if not self._past:
            return None
        change = self._past.pop()
        self._future.append(change)
        return self._apply(_Change(change.after, change.before))

    def redo(self) -> str | None:
        """Make the change that was taken back again; what that did, None when there is none."""
        if not self._future:
            return None
        change = self._future.pop()
        self._past.append(change)
        return self._apply(change)

    def _do(self, change: _Change) -> None:
        if change.before != change.after:
            self._past.append(change)
            del self._past[:-DEPTH]
            self._future.clear()
            self._apply(change)

    def _apply(self, change: _Change) -> str:
        self.generation += 1
        if change.after is not None:
            self._notes[change.after.id] = change.after
            self._ports.shown(self.notes)
            self._ports.save(change.after)
            return f"note: {change.after.text}"
        gone = change.before
        if gone is None:
            return "nothing changed"
        self._notes.pop(gone.id, None)
        self._ports.shown(self.notes)
        self._ports.remove(gone.id)
        return f"note removed: {gone.text}"


def new_note_id() -> str:
    """Eight hexadecimal digits."""
    return uuid4().hex[:8]
