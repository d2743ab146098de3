"""One writer a recording, however it was started, and never one whose clock is behind what is there."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from crashdesk.model.errors import RecordingError
from crashdesk.recording import lock
from crashdesk.recording.lock import WriterLock, is_held
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.venues.control_client import control_path
from tests.recording.samples import START, kill, quote, records, session


def test_a_second_writer_with_another_runtime_directory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "live.crash"
    with WriterLock(path, tmp_path / "a"), WriterLock(path, tmp_path / "b"):
        writer = RecordingWriter.open(path, session(), START, fsync=False)
        before = path.read_bytes()
        with pytest.raises(RecordingError, match=r"live\.crash is being written by another process: stop it or"):
            RecordingWriter.open(path, session(), START + 5, fsync=False)
        assert path.read_bytes() == before
        assert is_held(path, tmp_path / "c") == 0
        assert RecordingReader.open(path).session == session()
        writer.append([quote()], START + 9)
        kill(writer)
        assert is_held(path, tmp_path / "c") is None
        RecordingWriter.open(path, session(), START + 20, fsync=False).close(START + 30)
    assert quote() in records(path)


def test_a_file_that_is_made_is_locked_at_once(tmp_path: Path) -> None:
    path = tmp_path / "live.crash"
    path.touch()
    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(RecordingError, match="being written"):
            RecordingWriter.open(path, session(), START, fsync=False)
    assert path.read_bytes() == b""


def test_a_link_leads_to_the_same_lock_and_the_same_recorder(tmp_path: Path) -> None:
    path, link = tmp_path / "live.crash", tmp_path / "link.crash"
    path.touch()
    link.symlink_to(path)
    assert lock.lock_path(link, tmp_path) == lock.lock_path(path, tmp_path)
    assert control_path(tmp_path, link) == control_path(tmp_path, path)


def _look_away_after(fd: int, wait_s: float = 0.05) -> threading.Timer:
    timer = threading.Timer(wait_s, lambda: fcntl.flock(fd, fcntl.LOCK_UN))
    timer.start()
    return timer


@pytest.mark.parametrize("what", ["runtime", "recording"])
def test_somebody_who_only_looks_does_not_stop_a_writer(tmp_path: Path, what: str) -> None:
    path = tmp_path / "live.crash"
    kill(RecordingWriter.open(path, session(), START, fsync=False))
    with WriterLock(path, tmp_path) as held:
        place = held.lock_path if what == "runtime" else path
    fd = os.open(place, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_SH)
    timer = _look_away_after(fd)
    with WriterLock(path, tmp_path):
        RecordingWriter.open(path, session(), START + 5, fsync=False).close(START + 9)
    timer.join()
    os.close(fd)


def test_a_file_system_without_locks_is_written_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(fd: int, how: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(lock.fcntl, "flock", none)
    path = tmp_path / "live.crash"
    with WriterLock(path, tmp_path):
        RecordingWriter.open(path, session(), START, fsync=False).close(START + 9)
        assert is_held(path, tmp_path) is None
    assert records(path) == [session()]


def _closed(path: Path) -> None:
    RecordingWriter.open(path, session(), START, fsync=False).close(START + 7_500_000)


def _killed(path: Path) -> None:
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    writer.tick(START + 7_500_000)
    kill(writer)


@pytest.mark.parametrize("written", [_closed, _killed])
def test_a_recording_ahead_of_the_clock_is_not_taken_up(tmp_path: Path, written: Callable[[Path], None]) -> None:
    path = tmp_path / "live.crash"
    written(path)
    before = path.read_bytes()
    with pytest.raises(RecordingError) as caught:
        RecordingWriter.open(path, session(), START, fsync=False)
    assert str(caught.value) == (
        f"{path} ends 2:05:00 (h:mm:ss) ahead of this computer's clock: set the clock right or record to another file"
    )
    assert path.read_bytes() == before
    assert is_held(path, tmp_path) is None
    RecordingWriter.open(path, session(), START + 7_500_000 - 59_000, fsync=False).close(START + 7_500_000)
