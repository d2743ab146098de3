"""Frames handed to the system one by one, each in one piece; what the disk refuses never counts."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from crashdesk.model.errors import RecordingError
from crashdesk.recording.disk import Disk
from crashdesk.recording.format import Kind, pack_frame
from crashdesk.recording.lock import refusal, take_lock

_MODE = 0o600
_FAR = 0xFFFFFFFF


class FrameAppender:
    """The end of a recording. `seq` and `recv_ms` are of the last frame, `key_offset` is where the last KEY starts."""

    def __init__(self, path: Path, *, fsync: bool, disk: Disk | None = None) -> None:
        """Open to append and lock it; a file that is not there is made, with mode 0600.

        Raises RecordingError when it cannot be written or another process writes it.
        """
        self.path = path
        self.seq = 0
        self.recv_ms = 0
        self.key_offset: int | None = None
        self.preface = b""
        """Bytes that go out before the next frame."""
        self._fsync = fsync
        self._disk = disk or Disk()
        try:
            self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, _MODE)
        except OSError as error:
            raise RecordingError(f"{path} cannot be written: {error.strerror}") from None
        if not take_lock(self._fd):
            self.close()
            raise refusal(path)
        self.size = os.fstat(self._fd).st_size

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._fd < 0

    def next_ms(self, now_ms: int) -> int:
        """`recv_ms` for the next frame: now, but always later than the last one."""
        return max(now_ms, self.recv_ms + 1)

    def write(self, kind: Kind, recv_ms: int, plain: bytes, flags: int = 0) -> int:
        """Append a frame and return where it starts. Raises OSError when the disk refuses.

        A refused frame never was: what is in the file of it is cut off. Where that is refused too, readers skip it,
        because the next frame takes the same `seq`.
        """
        if self._fd < 0:
            raise OSError(errno.EBADF, f"the recording {self.path} is closed")
        at = self.size + len(self.preface)
        back = at - self.key_offset if self.key_offset is not None else 0
        frame = pack_frame(kind, self.seq + 1, recv_ms, min(back, _FAR), plain, flags)
        data = self.preface + frame
        try:
            done = self._disk.write(self._fd, data)
        except OSError:
            self._cut_off(0)
            raise
        if done < len(data):
            self._cut_off(done)
            raise OSError(errno.ENOSPC, f"only {done:,} of {len(data):,} bytes fitted into {self.path}")
        self.preface = b""
        self.size = at + len(frame)
        self.seq += 1
        self.recv_ms = recv_ms
        if kind is Kind.KEY:
            self.key_offset = at
        return at

    def _cut_off(self, done: int) -> None:
        """Take back the part of a frame that went out: `done` bytes, or as many as the file has now."""
        with contextlib.suppress(OSError):
            self._disk.cut(self._fd, self.size)
            return
        self.preface = self.preface[done:]
        self.size = os.fstat(self._fd).st_size

    def sync(self) -> None:
        """Make what was written safe on the disk. Raises OSError when the disk refuses."""
        if self._fsync:
            self._disk.sync(self._fd)

    def close(self) -> None:
        """Close the file; doing it twice is harmless."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
