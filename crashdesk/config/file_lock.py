"""A lock between the desks and commands of one user."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from crashdesk.model.errors import CrashdeskError

LOCK_SECONDS = 2.0
_RETRY_SECONDS = 0.002


@contextlib.contextmanager
def locked(lock_file: Path) -> Iterator[None]:
    """Hold the lock. Raises OSError, and CrashdeskError when another process holds it longer than `LOCK_SECONDS`."""
    handle = os.open(lock_file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + LOCK_SECONDS
        while not _try_lock(handle):
            if time.monotonic() > deadline:
                raise CrashdeskError(f"{lock_file}: held by another crashdesk; nothing was saved, try again")
            time.sleep(_RETRY_SECONDS)
        yield
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
