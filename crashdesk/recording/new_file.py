"""A file that is there whole under its name, or not at all: written without a name, then given it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from crashdesk.model.errors import RecordingError

_MODE = 0o600


class NewFile:
    """`path` is where it is written until `publish` gives it its name."""

    def __init__(self, path: Path, out_path: Path, folder: int | None) -> None:
        """Use `new_file`. `folder`: an open folder for a file without a name, None for one that has one of ours."""
        self.path = path
        self._out_path = out_path
        self._folder = folder

    def publish(self) -> None:
        """Give the file its name. Raises FileExistsError when somebody took it meanwhile, OSError when refused."""
        if self._folder is not None:
            os.link(self.path, self._out_path, src_dir_fd=self._folder, follow_symlinks=True)
            return
        try:
            os.link(self.path, self._out_path)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            if os.path.lexists(self._out_path):
                raise FileExistsError from None
            self.path.rename(self._out_path)


@contextlib.contextmanager
def new_file(out_path: Path) -> Iterator[NewFile]:
    """A new empty file (mode 0600) in the folder of `out_path`, gone at the end unless it was published.

    Where the system has files without names (Linux, most file systems) not even SIGKILL leaves anything behind;
    elsewhere it leaves a hidden `*.part`. Raises RecordingError when `out_path` exists or cannot be written, also for
    an OSError of the work with the file; what else is raised passes.
    """
    if os.path.lexists(out_path):
        raise _taken(out_path)
    try:
        with contextlib.ExitStack() as stack:
            yield _nameless(out_path, stack) or _hidden(out_path, stack)
    except FileExistsError:
        raise _taken(out_path) from None
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else error
        raise RecordingError(f"{out_path} cannot be written: {reason}") from None


def _taken(out_path: Path) -> RecordingError:
    return RecordingError(f"{out_path} exists already: give a name that is free")


def _nameless(out_path: Path, stack: contextlib.ExitStack) -> NewFile | None:
    if not hasattr(os, "O_TMPFILE"):
        return None
    try:
        folder = os.open(out_path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        stack.callback(os.close, folder)
        fd = os.open(out_path.parent, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, _MODE)
    except OSError:
        return None  # a file system without them; what else is wrong a file with a name finds too
    stack.callback(os.close, fd)
    path = Path(f"/proc/self/fd/{fd}")
    return NewFile(path, out_path, folder) if path.exists() else None


def _hidden(out_path: Path, stack: contextlib.ExitStack) -> NewFile:
    fd, name = tempfile.mkstemp(prefix=f".{out_path.name}.", suffix=".part", dir=out_path.parent)
    os.close(fd)
    path = Path(name)
    stack.callback(path.unlink, missing_ok=True)
    return NewFile(path, out_path, None)
