"""A disk that refuses, at the border to the system: nothing half is left behind, and it goes on when there is room."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from crashdesk.model.columns import CHUNK_MS
from crashdesk.recording.disk import Disk, paused_words
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from tests.recording.samples import START, day, play, quote, records, session


class SmallDisk(Disk):
    """Takes `room` bytes; then it refuses with `error`, after as many bytes of a write as still fit."""

    def __init__(self, room: int, error: int = errno.ENOSPC, *, cuts: bool = True) -> None:
        self.room = room
        self.error = error
        self.cuts = cuts

    def write(self, fd: int, data: bytes) -> int:
        if self.room <= 0:
            raise OSError(self.error, os.strerror(self.error))
        done = super().write(fd, data[: self.room])
        self.room -= done
        return done

    def cut(self, fd: int, size: int) -> None:
        if not self.cuts:
            raise OSError(self.error, os.strerror(self.error))
        self.room += os.fstat(fd).st_size - size
        super().cut(fd, size)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG])
@pytest.mark.parametrize("room", [0, 7, 40, 90])
def test_what_is_left_of_a_refused_frame_is_cut_off(tmp_path: Path, error: int, room: int) -> None:
    path, disk = tmp_path / "a.crash", SmallDisk(10_000, error)
    writer = RecordingWriter.open(path, session(), START, fsync=False, disk=disk)
    writer.append([quote(last=1.0)], START + 10)
    before = path.read_bytes()
    disk.room = room
    for _ in range(3):
        with pytest.raises(OSError):  # noqa: PT011 - the error is that of the case, or of a write that fits in part
            writer.append([quote(f"v{n}", last=2.0 + n) for n in range(40)], START + 20)
        assert path.read_bytes()[: len(before)] == before
        assert RecordingReader.open(path).tail() == (0, True)
    disk.room = 10_000
    writer.append([quote(last=3.0)], START + 30)
    writer.close(START + 40)
    assert [row for row in records(path) if row in (quote(last=1.0), quote(last=3.0))] == [
        quote(last=1.0),
        quote(last=3.0),
    ]
    assert RecordingReader.open(path).info().damage == ()


def test_where_cutting_is_refused_too_readers_skip_what_is_left(tmp_path: Path) -> None:
    path, disk = tmp_path / "a.crash", SmallDisk(10_000, cuts=False)
    writer = RecordingWriter.open(path, session(), START, fsync=False, disk=disk)
    disk.room = 50
    with pytest.raises(OSError, match="fitted"):
        writer.append([quote(f"v{n}", last=1.0) for n in range(40)], START + 10)
    disk.room = 10_000
    writer.append([quote(last=3.0)], START + 30)
    writer.close(START + 40)
    assert quote(last=3.0) in records(path)
    assert RecordingReader.open(path).info().damage == ()


def test_a_recording_that_cannot_even_begin_leaves_an_empty_file_that_can(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    for room in (0, 5, 16, 30, 60):
        with pytest.raises(OSError):  # noqa: PT011 - as above
            RecordingWriter.open(path, session(), START, fsync=False, disk=SmallDisk(room))
        assert path.read_bytes() == b""
    RecordingWriter.open(path, session(), START, fsync=False).close(START + 1)
    assert records(path) == [session()]


def test_a_disk_that_fills_and_empties_at_any_byte_loses_nothing_that_was_taken(tmp_path: Path) -> None:
    path, disk = tmp_path / "a.crash", SmallDisk(4_000)
    writer = RecordingWriter.open(path, session(), START - 10, fsync=False, disk=disk)
    taken, refused = [], 0
    for now, rows in day(3, START, 2 * CHUNK_MS // 5_000):
        for row in rows:
            while True:
                try:
                    writer.append([row], now)
                except OSError:
                    refused += 1
                    disk.room += 97
                else:
                    break
            taken.append(row)
    disk.room = 1 << 20
    writer.close(START + 2 * CHUNK_MS)
    assert refused > 200
    got = [row for batch in play(path) for row in batch.records]
    assert got[0] == session()
    changed = [row for row in taken if row in got]
    assert changed == got[1:]
    assert len(got) > 0.9 * len(taken), "only quotes equal to the newest are left out"
    assert RecordingReader.open(path).info().damage == ()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errno.ENOSPC, "disk full, "),
        (errno.EDQUOT, "disk quota used up, "),
        (errno.EIO, "disk reports errors, "),
        (errno.EROFS, "disk is read-only, "),
        (errno.ESTALE, "stale file handle, "),
    ],
)
def test_why_it_is_paused_in_words(tmp_path: Path, error: int, words: str) -> None:
    said = paused_words(OSError(error, os.strerror(error)), tmp_path / "a.crash")
    assert said.startswith(words)
    assert said.endswith(f" GB free in {tmp_path}")
