"""The border to the disk, and what a disk that refuses is called."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from crashdesk.model.text import clean

_WORDS = {
    errno.ENOSPC: "disk full",
    errno.EDQUOT: "disk quota used up",
    errno.EROFS: "disk is read-only",
    errno.EIO: "disk reports errors",
    errno.EFBIG: "file as large as it may be",
}
_GB = 1e9


class Disk:
    """What the system does with bytes of a recording. All raise OSError when it refuses."""

    def write(self, fd: int, data: bytes) -> int:
        """Append `data`; how many bytes of it went in."""
        return os.write(fd, data)

    def cut(self, fd: int, size: int) -> None:
        """Cut the file off behind `size` bytes."""
        os.ftruncate(fd, size)

    def sync(self, fd: int) -> None:
        """Wait until what was written is safe."""
        os.fsync(fd)


def refusal_words(error: OSError) -> str:
    """Why the disk refuses, in a few words: `disk full`."""
    return _WORDS.get(error.errno or 0) or clean((error.strerror or str(error)).lower(), 80)


def paused_words(error: OSError, path: Path) -> str:
    """Why nothing is recorded into `path`, and the room that is left: `disk full, 0.0 GB free in FOLDER`."""
    folder = path.parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return f"{refusal_words(error)} in {folder}"
    return f"{refusal_words(error)}, {free / _GB:.1f} GB free in {folder}"
