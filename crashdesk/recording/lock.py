"""One writer a recording: a lock file in the runtime directory that names the writer, and a lock on the recording.

The lock file says who writes. The lock on the recording itself also holds between writers whose runtime directories
differ (one started by cron has none from its login). Both are advisory; readers take neither.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import time
from pathlib import Path
from types import TracebackType

from crashdesk.model.errors import RecordingError
from crashdesk.model.text import clean

_MODE = 0o600
_MOST = 1_000
_TRIES = 10
_WAIT_S = 0.02
"""Somebody who looks whether a lock is held takes it for a moment; a writer that starts just then tries again."""


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
        if not take_lock(fd):
            holder = _holder(fd)
            os.close(fd)
            raise refusal(self.path, holder)
        self._fd = fd
        self.tell("")

    def tell(self, words: str) -> None:
        """Say how the writing goes, for `told`; a disk that refuses that too is no matter."""
        text = f"{os.getpid()}\n" + (f"{words}\n" if words else "")
        with contextlib.suppress(OSError):
            os.pwrite(self._fd, text.encode("utf-8"), 0)
            os.ftruncate(self._fd, len(text.encode("utf-8")))

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


def take_lock(fd: int) -> bool:
    """Lock a file that is open for its writer; False when another one keeps it locked."""
    for _ in range(_TRIES):
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_WAIT_S)
        except OSError:
            return True  # a file system without locks: nobody can hold one
        else:
            return True
    return False


def refusal(path: Path, holder: int | None = None) -> RecordingError:
    """What a second writer is told; `holder` is the process of the first, if it is known."""
    by = f"process {holder}" if holder else "another process"
    return RecordingError(f"{path} is being written by {by}: stop it or record to another file")


def lock_path(path: Path, runtime_dir: Path) -> Path:
    """The lock file of a recording: named by its real path, so that links lead to the same lock."""
    real = os.path.realpath(path)
    return runtime_dir / f"{hashlib.sha256(os.fsencode(real)).hexdigest()[:24]}.lock"


def is_held(path: Path, runtime_dir: Path) -> int | None:
    """The process that writes `path`, None when nobody does (0 when it cannot be told which one)."""
    for place in (lock_path(path, runtime_dir), path):
        try:
            fd = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0 if place is path else _holder(fd) or 0
        except OSError:
            continue  # a file system without locks
        finally:
            os.close(fd)
    return None


def told(path: Path, runtime_dir: Path) -> str:
    """What the process that writes `path` said of it last; empty when all is well, or nobody writes it."""
    try:
        with lock_path(path, runtime_dir).open(encoding="utf-8", errors="replace") as file:
            return clean("".join(file.read(_MOST).splitlines()[1:2]), 200)
    except OSError:
        return ""


def _holder(fd: int) -> int | None:
    text = os.pread(fd, 32, 0).split(b"\n")[0].strip()
    return int(text) if text.isdigit() else None


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
    except OSError as error:
        raise RecordingError(f"the lock {path} cannot be opened: {error.strerror}") from None
