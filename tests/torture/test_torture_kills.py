"""A few kills at random instants; `make torture` has hundreds."""

from __future__ import annotations

import contextlib
from pathlib import Path

from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from tests.recording.samples import session
from tests.torture.kills import kill_writer, serials


def test_what_a_killed_writer_has_committed_is_there_and_the_next_one_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "killed.crash"
    counts = [kill_writer(path, seed, 0.25) for seed in range(6)]
    assert counts == sorted(set(counts))
    with contextlib.closing(RecordingReader.open(path)) as reader:
        end_ms, info = reader.end_ms, reader.info()
    assert len(info.sessions) == len(counts)
    assert not info.closed
    RecordingWriter.open(path, session(), end_ms + 5).close(end_ms + 9)
    assert len(serials(path)) == counts[-1]
    with contextlib.closing(RecordingReader.open(path)) as reader:
        assert reader.info().closed
        assert reader.tail() == (0, True)
