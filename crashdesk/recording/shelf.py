"""Which recordings in a folder the recorder made by itself, and whether somebody uses them.

Automatic is one that says so in its session, lies in the folder of recordings and bears the name that the recorder
gives: `live.crash`, `live-2025-11-04.crash`. One that was named by the user, copied under another name or elsewhere,
cut, joined or repaired is the user's.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from crashdesk.model.errors import RecordingError
from crashdesk.recording.lock import is_held
from crashdesk.recording.reader import RecordingReader

_NAME = re.compile(r"live(?:-\d{4}-\d{2}-\d{2}(?:-\d{1,3})?)?\.crash")


class OnShelf(NamedTuple):
    """A recording in the folder. `automatic`: the recorder made it by itself. `size` in bytes."""

    path: Path
    recording_id: str
    start_ms: int
    end_ms: int
    size: int
    automatic: bool


def look_at(path: Path, folder: Path) -> OnShelf:
    """What a recording is; `folder` is that of the automatic ones. Raises RecordingError, OSError."""
    reader = RecordingReader.open(path)
    try:
        session = reader.session
        automatic = session.automatic and _NAME.fullmatch(path.name) is not None and _lies_in(path, folder)
        return OnShelf(path, session.recording_id, reader.start_ms, reader.end_ms, path.stat().st_size, automatic)
    finally:
        reader.close()


def _lies_in(path: Path, folder: Path) -> bool:
    return not path.is_symlink() and path.parent.resolve() == folder.resolve()


def automatic_recordings(folder: Path) -> Iterator[OnShelf]:
    """The automatic recordings in a folder, by name; what cannot be read is passed over."""
    for path in sorted(folder.glob("live*.crash")) if folder.is_dir() else ():
        try:
            found = look_at(path, folder)
        except (RecordingError, OSError):
            continue
        if found.automatic:
            yield found


def in_use(path: Path, runtime_dir: Path) -> str:
    """Who uses a recording, in a few words; empty when nobody does, as far as that can be known."""
    holder = is_held(path, runtime_dir)
    if holder is not None:
        return f"being written by process {holder}" if holder else "being written"
    reader = _reader_of(path)
    return f"open in process {reader}" if reader is not None else ""


def _reader_of(path: Path) -> int | None:
    """A process of this user, other than this one, that has the file open; only where the system tells (Linux)."""
    wanted = path.stat()
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue
        try:
            if any(_is(handle, wanted) for handle in (process / "fd").iterdir()):
                return int(process.name)
        except OSError:
            continue  # it has ended, or is another user's
    return None


def _is(handle: Path, wanted: os.stat_result) -> bool:
    try:
        return os.path.samestat(handle.stat(), wanted)
    except OSError:
        return False  # closed meanwhile


def remove(path: Path) -> None:
    """Remove a recording that nobody writes. Raises RecordingError when somebody began to, OSError when refused."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    except BlockingIOError:
        raise RecordingError(f"{path} is being written: it stays") from None
    finally:
        os.close(fd)
