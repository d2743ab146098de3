"""A disk that refuses one write of a session, whichever it is: everything is in the file once in the end."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crashdesk.analytics.cascade_watch import CascadeWatch
from crashdesk.cli.recorder_sink import RecorderSink
from crashdesk.model.cascade import CascadeSettings
from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.records import Event, EventKind, Liquidation, Record
from crashdesk.recording.disk import Disk
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.venues.outbox import Outbox
from tests.conftest import FixedClock
from tests.recording.samples import START, liquidation, one_of_each, play, quote, session

STEPS = 5
ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EIO, None)
"""None: only a part of the write fits."""
_MOST_REFUSED = 3


class FailingDisk(Disk):
    """Refuses the writes with these numbers (0 is the first), or takes but a part of them; maybe cuts nothing off."""

    def __init__(self, fails: range, error: int | None, *, cuts: bool) -> None:
        self.writes = 0
        self._fails = fails
        self._error = error
        self._cuts = cuts

    def write(self, fd: int, data: bytes) -> int:
        number, self.writes = self.writes, self.writes + 1
        if number not in self._fails:
            return super().write(fd, data)
        if self._error is not None:
            raise OSError(self._error, os.strerror(self._error))
        return super().write(fd, data[: len(data) * 2 // 3])

    def cut(self, fd: int, size: int) -> None:
        if not self._cuts:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().cut(fd, size)


def _batches() -> Iterator[tuple[int, list[Record]]]:
    """Records of one kind each, over the border of two chunks."""
    for step in range(STEPS):
        now = START + step * CHUNK_MS // 3
        yield now, [liquidation(now, raw=str(2 * step)), liquidation(now, raw=str(2 * step + 1))]
        yield now, [quote(last=100.0 + step), quote("okx", f"N{step}/USDT")]
    for record in one_of_each(START + STEPS * CHUNK_MS):
        if not isinstance(record, Liquidation):
            yield START + STEPS * CHUNK_MS, [record]


def _session(path: Path, disk: Disk) -> list[str]:
    """Record it all through the worker's outbox, which tries again with every tick; what was told of the disk."""
    clock = FixedClock(START)
    told: list[str] = []
    writer = RecordingWriter.open(path, session(), START, fsync=False, disk=disk)
    outbox = Outbox(
        RecorderSink(writer, clock, CascadeWatch(CascadeSettings())),
        clock,
        lambda error: told.append("" if error is None else (error.strerror or str(error))),
    )
    follower = RecordingReader.open(path)
    offset = follower.first_offset
    for now, records in _batches():
        clock.ms = now
        outbox.put(records)
        offset = _follow(follower, offset)
        outbox.tick()
    while outbox.blocked:
        clock.ms += 1_000
        outbox.tick()
        offset = _follow(follower, offset)
    follower.close()
    writer.close(clock.ms + 1_000)
    return told


def _follow(follower: RecordingReader, offset: int) -> int:
    """A reader beside the writer goes on from an offset and meets no damage, ever; where it is then."""
    follower.refresh()
    for behind, _ in follower.batches(offset):
        offset = behind
    assert follower.damage == ()
    return offset


def _check(path: Path, told: list[str]) -> None:
    records = [record for batch in play(path) for record in batch.records]
    wanted = [record for _, batch in _batches() for record in batch]
    kept = [record for record in records if not (isinstance(record, Event) and "paused" in record.text)]
    assert [record for record in kept[1:] if record in wanted] == wanted
    assert [int(record.raw) for record in records if isinstance(record, Liquidation)] == [*range(2 * STEPS)]
    pauses = [record for record in records if isinstance(record, Event) and "recording paused" in record.text]
    assert all(event.kind is EventKind.WORKER for event in pauses)
    assert len(pauses) == told.count("")
    with contextlib.closing(RecordingReader.open(path)) as reader:
        info = reader.info()
        assert info.closed
        assert info.damage == ()
        assert sum(chunk.load_liquidations().ts_ms.__len__() for chunk in reader.restore(reader.end_ms).chunks)


def _writes(tmp_path: Path) -> range:
    disk = FailingDisk(range(0), None, cuts=True)
    assert _session(tmp_path / "whole.crash", disk) == []
    return range(1, disk.writes - _MOST_REFUSED - 3)  # the first one makes the file, the last three close it


@pytest.mark.parametrize("cuts", [True, False], ids=["cut off", "left over"])
def test_whichever_write_is_refused_everything_is_there_once_and_in_order(tmp_path: Path, cuts: bool) -> None:
    for number in _writes(tmp_path):
        path = tmp_path / f"{number}.crash"
        refused = range(number, number + 1 + number % _MOST_REFUSED)
        told = _session(path, FailingDisk(refused, ERRORS[number % len(ERRORS)], cuts=cuts))
        assert told[-1] == ""
        assert len(told) > 1
        _check(path, told)
        path.unlink()
