"""The end of a recording that is about to be written: made, or found behind what is there, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from crashdesk.model.errors import RecordingError
from crashdesk.recording.appender import FrameAppender
from crashdesk.recording.disk import Disk
from crashdesk.recording.format import FIRST_OFFSET, pack_preface
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.ledger import Ledger
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.resume import resume

_MOST_AHEAD_MS = 60_000
"""A clock that is set back by this much is nothing unusual; the frames until then are a millisecond apart."""


class OpenEnd(NamedTuple):
    """Where a writer goes on. Without a ledger and a file the recording is new: its preface waits in `out`."""

    out: FrameAppender
    file: FrameFile | None
    ledger: Ledger | None


def open_end(path: Path, now_ms: int, *, fsync: bool, disk: Disk | None = None) -> OpenEnd:
    """Open and lock a recording, or make one (mode 0600), and read what its last writer knew.

    Raises RecordingError with one sentence, and leaves the file as it is, when it is foreign, newer, no file, being
    written, or ahead of the clock.
    """
    if path.exists() and not path.is_file():
        raise RecordingError(f"{path} is not a file: give the path of a recording (*.crash)")
    for parent in reversed(path.absolute().parents):
        if not parent.exists():
            parent.mkdir(mode=0o700, exist_ok=True)
    out = FrameAppender(path, fsync=fsync, disk=disk)
    file = None
    try:
        there = _start_of(path)
        if len(there) < FIRST_OFFSET and pack_preface().startswith(there):
            return _new(out, len(there), now_ms)
        file = FrameFile(path)
        if file.last_frame(file.size) is None:  # its first frame was cut off
            file.close()
            return _new(out, FIRST_OFFSET, now_ms)
        return OpenEnd(out, file, _take_up(out, file, now_ms))
    except BaseException:
        out.close()
        if file is not None:
            file.close()
        raise


def _new(out: FrameAppender, there: int, now_ms: int) -> OpenEnd:
    out.preface, out.recv_ms = pack_preface()[there:], now_ms - 1
    return OpenEnd(out, None, None)


def _take_up(out: FrameAppender, file: FrameFile, now_ms: int) -> Ledger:
    reader = RecordingReader.open(out.path)
    try:
        ahead_ms = reader.end_ms - now_ms
        if ahead_ms > _MOST_AHEAD_MS:
            raise RecordingError(
                f"{out.path} ends {timedelta(seconds=ahead_ms // 1000)} (h:mm:ss) ahead of this computer's clock: "
                "set the clock right or record to another file"
            )
        resumed = resume(reader, file)
    finally:
        reader.close()
    out.seq, out.recv_ms, out.key_offset = resumed.seq, resumed.recv_ms, resumed.key_offset
    return resumed.ledger


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(FIRST_OFFSET)
    except OSError as error:
        raise RecordingError(f"{path} cannot be opened: {error.strerror}") from None
