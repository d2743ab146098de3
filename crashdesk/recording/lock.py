"""One writer a recording: an advisory lock on a file of its own in the runtime directory, never on the recording."""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path
from types import TracebackType

from crashdesk.model.errors import RecordingError

_MODE = 0o600


class WriterLock:
    """Held by the process that writes `path`. The system lets go of it when the process ends, however it ends."""

    def __init__(self, path: Path, runtime_dir: Path) -> None:
        self.path = path
        self.lock_path = lock_path(path, runtime_dir)
        self._fd = -1

    def acquire(self) -> None:
        """Take the lock. Raises RecordingError naming the holder's process when another one has it."""
        if self._fd >= 0:
            return
        fd = _open(self.lock_path)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = _holder(fd)
            os.close(fd)
            by = f"process {holder}" if holder else "another process"
            raise RecordingError(f"{self.path} is being written by {by}: stop it or record to another file") from None
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{os.getpid()}\n".encode("ascii"), 0)
        self._fd = fd

    def release(self) -> None:
        """Let go; doing it twice is harmless. The lock file stays, so that nobody locks one that is being removed."""
        if self._fd >= 0:
            os.ftruncate(self._fd, 0)
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> WriterLock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def lock_path(path: Path, runtime_dir: Path) -> Path:
    """The lock file of a recording: named by its real path, so that links lead to the same lock."""
    real = os.path.realpath(path)
    return runtime_dir / f"{hashlib.sha256(os.fsencode(real)).hexdigest()[:24]}.lock"


def is_held(path: Path, runtime_dir: Path) -> int | None:
    """The process that writes `path`, None when nobody does (0 when it cannot be told which one)."""
    try:
        fd = os.open(lock_path(path, runtime_dir), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return _holder(fd) or 0
    finally:
        os.close(fd)
    return None


def _holder(fd: int) -> int | None:
    text = os.pread(fd, 32, 0).strip()
    return int(text) if text.isdigit() else None


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
    except OSError as error:
        raise RecordingError(f"the lock {path} cannot be opened: {error.strerror}") from None
