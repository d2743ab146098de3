"""The trader's notes on a recording and daily series: read at first, and again when their files change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crashdesk.cli.context import Context
from crashdesk.config.notes_file import load_notes
from crashdesk.desk.ports import OwnFiles
from crashdesk.model.records import Note
from crashdesk.model.series import DailySeries

Stamp = tuple[int, int, int] | None
"""Modification time in ns, size, inode: what tells that a file is not the one that was read. None: it is not there."""


def file_stamp(path: Path) -> Stamp:
    """What a file is at present."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


class OwnReader:
    """Looks at the files for one desk. One thread at a time."""

    def __init__(self, context: Context, recording_id: Callable[[], str | None]) -> None:
        """`recording_id` is asked until there is a recording: only then are there notes on it."""
        self._context = context
        self._recording_id = recording_id
        self._known: str | None = None
        self._notes_stamp: Stamp | str = "unread"
        self._series_stamps: list[Stamp] | None = None

    def look(self) -> OwnFiles:
        """What is there that was not at the last look."""
        notes, said_of_notes = self._notes()
        series, said_of_series = self._series()
        return OwnFiles(notes, series, (*said_of_notes, *said_of_series))

    def _notes(self) -> tuple[tuple[Note, ...] | None, tuple[str, ...]]:
        path = self._context.paths.notes_file
        stamp = file_stamp(path)
        if stamp == self._notes_stamp:
            return None, ()
        self._known = self._known or self._recording_id()
        if self._known is None:
            return None, ()
        self._notes_stamp = stamp
        notes, problems = load_notes(path, self._known)
        return notes, tuple(map(str, problems))

    def _series(self) -> tuple[tuple[DailySeries, ...] | None, tuple[str, ...]]:
        wanted = self._context.settings.series
        stamps = [file_stamp(one.file) for one in wanted]
        if not wanted or stamps == self._series_stamps:
            return None, ()
        from crashdesk.config.series_file import load_series

        before, self._series_stamps = self._series_stamps, stamps
        loaded = [load_series(one) for one in wanted]
        changed = [before is None or old != new for old, new in zip(before or stamps, stamps, strict=True)]
        said = [problem for (_, problems), new in zip(loaded, changed, strict=True) if new for problem in problems[:3]]
        return tuple(series for series, _ in loaded), tuple(map(str, said))
