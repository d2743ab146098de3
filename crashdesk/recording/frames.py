"""Frames in a file that others may be writing: read one, find the next that holds, find one by time. Read only."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import NamedTuple

from crashdesk.model.errors import RecordingError
from crashdesk.recording.format import (
    FIRST_OFFSET,
    FORMAT_VERSION,
    HEADER_SIZE,
    MAGIC,
    PREFACE,
    SYNC,
    Header,
    parse_header,
    unpack_payload,
)

_WINDOW = 64 << 10
_BLOCK = 256 << 10
_NEAR = 32 << 10


class Found(NamedTuple):
    """A frame whose checksums hold, with its payload."""

    header: Header
    payload: bytes


class FrameFile:
    """A recording opened for reading. `size` is what the file held at the last `measure()`."""

    def __init__(self, path: Path) -> None:
        """Open and check the preface. Raises RecordingError with one sentence when it is no recording of ours."""
        self.path = path
        self._fd = _open(path)
        self._block = b""
        self._block_at = 0
        self.size = 0
        self.version = 0
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    def _check(self) -> None:
        if not stat.S_ISREG(os.fstat(self._fd).st_mode):
            raise RecordingError(f"{self.path} is not a file: give the path of a recording (*.crash)")
        if self.measure() == 0:
            raise RecordingError(f"{self.path} is empty: nothing was ever recorded in it")
        head = self.read(0, PREFACE.size)
        if len(head) < PREFACE.size or not head.startswith(MAGIC):
            raise RecordingError(f"{self.path} is not a crashdesk recording")
        version = self.version = PREFACE.unpack(head)[1]
        if version > FORMAT_VERSION:
            raise RecordingError(
                f"{self.path} has format {version}, newer than {FORMAT_VERSION}: install a newer crashdesk to read it"
            )
        if version < 1:
            raise RecordingError(f"{self.path} is not a crashdesk recording: it has format {version}")

    def close(self) -> None:
        """Close the file; doing it twice is harmless."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def is_at(self, path: Path) -> bool:
        """Whether `path` is this very file."""
        try:
            return os.path.samestat(os.fstat(self._fd), path.stat())
        except OSError:
            return False

    def measure(self) -> int:
        """Look at the file's size."""
        try:
            self.size = os.fstat(self._fd).st_size
        except OSError as error:
            raise self._failed(error) from None
        return self.size

    def read(self, offset: int, count: int) -> bytes:
        """Up to `count` bytes from `offset`. Raises RecordingError when the disk refuses or the reader is closed."""
        at = offset - self._block_at
        if at >= 0 and at + count <= len(self._block):
            return self._block[at : at + count]
        try:
            return os.pread(self._fd, count, offset)
        except OSError as error:
            raise self._failed(error) from None

    def _failed(self, error: OSError) -> RecordingError:
        return RecordingError(f"{self.path} cannot be read: {'it is closed' if self._fd < 0 else error.strerror}")

    def ahead(self, offset: int) -> None:
        """Read a block from `offset` on into memory, for frames that are read one after the other."""
        if not self._block_at <= offset <= self._block_at + len(self._block) - _NEAR:
            self._block = b""
            self._block = self.read(offset, min(_BLOCK, max(self.size - offset, 0)))
            self._block_at = offset

    def forget(self) -> None:
        """Drop the block that `ahead` read."""
        self._block = b""

    def header(self, offset: int) -> Header | None:
        """The header at `offset`, if it holds and the whole frame is inside the measured size."""
        found = parse_header(self.read(offset, HEADER_SIZE), 0, offset)
        return found if found is not None and found.end <= self.size else None

    def frame(self, offset: int) -> Found | None:
        """The whole frame at `offset`, if both checksums hold."""
        header = self.header(offset)
        if header is None:
            return None
        payload = unpack_payload(header, self.read(header.start, header.length))
        return None if payload is None else Found(header, payload)

    def next_header(self, offset: int, limit: int) -> Header | None:
        """The first header that holds and starts in `offset` <= start < `limit`. Its payload is not looked at."""
        at = offset
        while at < limit:
            window = self.read(at, _WINDOW)
            if len(window) < HEADER_SIZE:
                return None
            place = window.find(SYNC)
            while 0 <= place <= len(window) - HEADER_SIZE and at + place < limit:
                header = parse_header(window, place, at + place)
                if header is not None and header.end <= self.size:
                    return header
                place = window.find(SYNC, place + 1)
            at += len(window) - HEADER_SIZE + 1
        return None

    def next_frame(self, offset: int, limit: int) -> Found | None:
        """The first whole frame that starts in `offset` <= start < `limit`, both checksums held."""
        at = offset
        while True:
            header = self.next_header(at, limit)
            if header is None:
                return None
            found = self.frame(header.offset)
            if found is not None:
                return found
            at = header.offset + 1

    def last_frame(self, limit: int) -> Found | None:
        """The last whole frame that starts before `limit`."""
        reach = _WINDOW
        while True:
            start = max(FIRST_OFFSET, limit - reach)
            found = self.next_frame(start, limit)
            if found is not None:
                return self._follow(found, limit)
            if start == FIRST_OFFSET:
                return None
            reach *= 4

    def _follow(self, found: Found, limit: int) -> Found:
        while found.header.end < limit:
            end = found.header.end
            later = self.frame(end) or self.next_frame(end, limit)
            if later is None:
                break
            found = later
        return found

    def last_until(self, at_ms: int, limit: int) -> Header | None:
        """The last header before `limit` with `recv_ms` <= `at_ms`: bisection over the sync markers."""
        low, high = FIRST_OFFSET, limit
        best: Header | None = None
        while high - low > _NEAR:
            middle = (low + high) // 2
            header = self.next_header(middle, high)
            if header is not None and header.recv_ms <= at_ms:
                best = header
                low = header.end
            else:
                high = middle
        header = self.next_header(low, limit)
        while header is not None and header.recv_ms <= at_ms:
            best = header
            header = self.header(header.end) if header.end < limit else None
            if header is None and best.end < limit:
                header = self.next_header(best.end, limit)
        return best


def _open(path: Path) -> int:
    try:
        # Non-blocking, so that a FIFO does not keep us waiting for its writer.
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ENOENT:
            raise RecordingError(f"{path} does not exist") from None
        raise RecordingError(f"{path} cannot be opened: {error.strerror}") from None
    except ValueError:
        raise RecordingError(f"{path!s} is not a path") from None
