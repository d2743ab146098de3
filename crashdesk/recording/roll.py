"""Going on in a new file: what has been written gets a name with its day, and the recording goes on under its own.

The new file begins as a part that is cut at that midnight does: with the state and what came in the 25 hours before,
so that it needs no other file. It is made beside the old one, in which recording goes on meanwhile. Then what came in
between is added, the old one is closed with the names of its successor, and the names change. Until then giving up
loses nothing; a kill leaves one hidden file behind at most, which the next one replaces.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from crashdesk.model.errors import RecordingError
from crashdesk.model.records import Batch
from crashdesk.model.timeframe import DAY_MS
from crashdesk.model.times import format_utc
from crashdesk.recording.anew import Copy
from crashdesk.recording.cut import lead_point, part_frames
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter

_SLICE_S = 0.01
_BREATH_S = 0.01
"""The recorder shares the processor's one interpreter: the new file is made in small slices with pauses."""
_MOST_OF_A_DAY = 1_000


def day_of(at_ms: int) -> int:
    """The number of the UTC day."""
    return at_ms // DAY_MS


def dated_path(path: Path, day: int) -> Path:
    """What `live.crash` is called when it holds a day that is over: `live-2025-11-04.crash`."""
    return path.with_name(f"{path.stem}-{format_utc(day * DAY_MS)[:10]}{path.suffix}")


def part_path(path: Path) -> Path:
    """Where the next file of a recording is made."""
    return path.with_name(f".{path.name}.next")


class NextFile:
    """The file in which the recording at `path` goes on. `prepare` may run on a thread of its own, then `take_over`."""

    def __init__(self, path: Path, from_ms: int) -> None:
        """`from_ms`: from then on it holds every frame as it was."""
        self._path = path
        self._part = part_path(path)
        self._from_ms = from_ms
        self._stopping = threading.Event()
        self._reader: RecordingReader | None = None
        self._copy: Copy | None = None
        self._offset = 0

    def prepare(self) -> None:
        """Write what there is up to now. Raises RecordingError and OSError."""
        self._part.unlink(missing_ok=True)
        reader = self._reader = RecordingReader.open(self._path)
        self._copy = Copy(self._part, reader.session)
        self._offset = reader.end_offset
        self._put(part_frames(reader, lead_point(reader, self._from_ms), self._from_ms, reader.end_ms), _BREATH_S)
        self._catch_up(reader, _BREATH_S)

    def _catch_up(self, reader: RecordingReader, breath_s: float) -> None:
        """What was written to the old file since."""
        reader.refresh()
        frames = reader.batches(self._offset)
        self._offset = reader.end_offset
        self._put((batch for _, batch in frames), breath_s)

    def _put(self, frames: Iterable[Batch], breath_s: float) -> None:
        if self._copy is None:
            return
        began = time.monotonic()
        for frame in frames:
            self._copy.put(frame)
            if breath_s and time.monotonic() - began > _SLICE_S:
                if self._stopping.wait(breath_s):
                    return
                began = time.monotonic()

    def take_over(self, old: RecordingWriter, day: int, now_ms: int) -> RecordingWriter:
        """End the old file, which holds `day`, and give both their names; the writer with which it goes on.

        Raises RecordingError and OSError, and then `old` goes on.
        """
        if self._copy is None or self._copy.writer is None or self._reader is None:
            raise RecordingError(f"{self._path}: its next file is not there")
        self._catch_up(self._reader, 0)
        new = self._copy.writer
        new.sync()
        old.end(now_ms, (dated_path(self._path, day_of(now_ms)).name, self._path.name))
        _rename(self._path, _free(dated_path(self._path, day)), self._part)
        new.renamed(self._path)
        old.let_go()
        self._reader.close()
        return new

    def stop(self) -> None:
        """`prepare` ends soon where it runs; wait for it, then `give_up`."""
        self._stopping.set()

    def give_up(self) -> None:
        """Nothing comes of it: what was made of it is removed. Not while `prepare` runs."""
        if self._reader is not None:
            self._reader.close()
        if self._copy is not None and self._copy.writer is not None:
            self._copy.writer.let_go()
        with contextlib.suppress(OSError):
            self._part.unlink(missing_ok=True)


def _free(dated: Path) -> Path:
    """`dated`, or with a number when there is such a file: the recorder's clock was set back, or rolling was off."""
    names = (dated.with_name(f"{dated.stem}-{number}{dated.suffix}") for number in range(2, _MOST_OF_A_DAY))
    found = next((path for path in (dated, *names) if not path.exists()), None)
    if found is None:
        raise RecordingError(f"{dated} exists already")
    return found


def _rename(path: Path, dated: Path, part: Path) -> None:
    """`path` becomes `dated` and `part` becomes `path`, which is there at every moment where there are links."""
    try:
        dated.hardlink_to(path)
    except OSError:  # a file system without links
        path.rename(dated)
        try:
            part.rename(path)
        except OSError:
            dated.rename(path)
            raise
        return
    try:
        part.replace(path)
    except OSError:
        dated.unlink()
        raise
