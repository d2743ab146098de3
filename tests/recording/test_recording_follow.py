"""A reader that follows a recording while it grows."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import NoReturn

import pytest

from crashdesk.recording import reader as reader_module
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from tests.recording.samples import START, liquidation, play, quote, session


def test_who_follows_goes_on_where_it_stands_behind_frames_without_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    writer.append([quote(last=1.0), liquidation(START)], START)
    with contextlib.closing(RecordingReader.open(path)) as reader:
        offset = [at for at, _ in reader.batches(reader.first_offset)][-1]
        writer.close(START + 1)
        reader.refresh()
        assert list(reader.batches(offset)) == []  # a checkpoint and the end, which tell nothing
        with monkeypatch.context() as patched:
            patched.setattr(reader_module, "find_key", _never)
            assert list(reader.batches(offset)) == []
        writer = RecordingWriter.open(path, session("r2", START + 2), START + 2, fsync=False)
        writer.append([quote(last=2.0)], START + 3)
        reader.refresh()
        assert [batch for _, batch in reader.batches(offset)] == play(path)[-3:]
        writer.close(START + 4)


def _never(*_: object) -> NoReturn:
    raise AssertionError("it has to read again what it has read")
