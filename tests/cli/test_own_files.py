"""What a desk reads of the trader's notes and series, and when."""

from __future__ import annotations

import io
from pathlib import Path

from crashdesk.cli.context import Context
from crashdesk.cli.own_files import OwnReader
from crashdesk.config.notes_file import add_note
from crashdesk.config.settings import Paths, SeriesSettings, Settings
from crashdesk.desk.ports import OwnFiles
from crashdesk.model.records import Note, Precision
from tests.conftest import FixedClock

NOTE = Note("n1", 1_000, Precision.DAY, "hack", "x", "", None)


def _context(tmp_path: Path, *series: Path) -> Context:
    paths = Paths(tmp_path / "config.toml", tmp_path, tmp_path, tmp_path)
    settings = Settings((), series=tuple(SeriesSettings(path.stem, path) for path in series))
    return Context(settings, (), paths, False, FixedClock(0), io.StringIO(), io.StringIO(), io.StringIO(), {})


def test_notes_are_read_when_there_is_a_recording_and_when_they_change(tmp_path: Path) -> None:
    context = _context(tmp_path)
    known: list[str | None] = [None]
    reader = OwnReader(context, lambda: known[0])
    add_note(context.paths.notes_file, "rec", NOTE)
    assert reader.look() == OwnFiles()
    known[0] = "rec"
    assert reader.look() == OwnFiles(notes=(NOTE,))
    assert reader.look() == OwnFiles()
    add_note(context.paths.notes_file, "rec", NOTE._replace(id="n2"))
    assert reader.look() == OwnFiles(notes=(NOTE, NOTE._replace(id="n2")))
    context.paths.notes_file.write_text("[[notes]]\n")
    own = reader.look()
    assert own.notes == ()
    assert all("notes" in text for text in own.said)
    assert own.said
    context.paths.notes_file.unlink()
    assert reader.look() == OwnFiles(notes=())


def test_series_are_read_again_when_one_changes_and_told_of_once(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("date,value\n2025-11-03,1\n")
    reader = OwnReader(_context(tmp_path, good, bad), lambda: None)
    own = reader.look()
    assert [one.values for one in own.series or ()] == [(1.0,), ()]
    assert len(own.said) == 1
    assert "bad.csv" in own.said[0]
    assert reader.look() == OwnFiles()
    good.write_text("date,value\n2025-11-03,1\n2025-11-04,22\n")
    own = reader.look()
    assert [one.values for one in own.series or ()] == [(1.0, 22.0), ()]
    assert own.said == ()
    bad.write_text("date,value\n2025-11-03,5\n")
    assert [one.values for one in reader.look().series or ()] == [(1.0, 22.0), (5.0,)]
