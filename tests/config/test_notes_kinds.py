"""Kinds in notes.toml."""

from __future__ import annotations

from pathlib import Path

from crashdesk.config.notes_file import add_note, add_notes, load_notes
from crashdesk.model.note import NoteKind
from crashdesk.model.records import Note, Precision

ROW = '[[notes]]\nrecording = "r"\nid = "n"\nts_ms = 5\ntext = "x"\n'


def test_a_note_without_a_kind_is_mine(tmp_path: Path) -> None:
    file = tmp_path / "notes.toml"
    file.write_text(ROW)
    assert load_notes(file, "r") == ((Note("n", 5, Precision.MINUTE, "mine", "x", "", None),), ())


def test_an_unknown_kind_is_named_and_taken_as_mine(tmp_path: Path) -> None:
    file = tmp_path / "notes.toml"
    file.write_text(ROW + 'kind = "hak"\n')
    notes, problems = load_notes(file, "r")
    assert [note.kind for note in notes] == ["mine"]
    assert [(problem.key, problem.hint) for problem in problems] == [("notes[0].kind", "did you mean 'hack'?")]


def test_every_kind_is_kept_and_many_notes_are_one_step(tmp_path: Path) -> None:
    file = tmp_path / "notes.toml"
    notes = tuple(Note(kind, 5, Precision.WEEK, kind.value, "x", "s", "https://x.org") for kind in NoteKind)
    assert add_notes(file, "r", notes) == notes
    assert load_notes(file, "r") == (notes, ())
    changed = notes[0]._replace(text="y")
    assert set(add_note(file, "r", changed)) == {changed, *notes[1:]}
