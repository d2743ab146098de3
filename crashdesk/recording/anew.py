"""Frames into a new recording, through an ordinary writer, so that it has checkpoints and roll-ups of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from crashdesk.model.errors import RecordingError
from crashdesk.model.records import Batch, Record, Session
from crashdesk.recording.new_file import new_file
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter

Progress = Callable[[int, int], None]
"""(bytes read, bytes to read)."""
_TELL_BYTES = 1 << 20


def write_anew(out_path: Path, session: Session, frames: Iterable[Batch], end_ms: int) -> tuple[int, int]:
    """Write `frames` to the new file `out_path` (mode 0600) and return (its bytes, how many frames went in).

    Each comes at its own `recv_ms`; only where frames lie closer than a checkpoint between them needs, it is some
    milliseconds later. The recording begins with the first session of the first frame, else with `session`; a frame
    without records is a tick of the clock. It is closed at `end_ms`.

    Raises RecordingError when there are no frames, when `out_path` exists or cannot be written, or when a record holds
    a number that no recording holds; nothing is left behind then.
    """
    with new_file(out_path) as new:
        try:
            done = _write(new.path, session, frames, end_ms)
        except OverflowError as error:
            raise RecordingError(f"{out_path} cannot be written: {error}") from None
        if done is None:
            raise RecordingError(f"{out_path} is not written: there is nothing to put into it")
        new.publish()
    return done


class Copy:
    """Frames into a recording at `path` that begins with the first of them. `writer` is None until it came."""

    def __init__(self, path: Path, session: Session) -> None:
        """`session` is what the recording begins with when its first frame has none."""
        self.writer: RecordingWriter | None = None
        self.count = 0
        self._path = path
        self._session = session

    def put(self, frame: Batch) -> None:
        """One more frame. Raises OverflowError for a number that no recording holds, OSError when the disk refuses."""
        self.count += 1
        records = frame.records
        if self.writer is None:
            begins = bool(records) and isinstance(records[0], Session)
            first = records[0] if begins else self._session
            self.writer = RecordingWriter.open(self._path, first, frame.recv_ms)  # type: ignore[arg-type]
            if begins:
                records = records[1:]
                if not records:
                    return
        if records:
            self.writer.append(records, frame.recv_ms)
        else:
            self.writer.tick(frame.recv_ms)


def _write(part: Path, session: Session, frames: Iterable[Batch], end_ms: int) -> tuple[int, int] | None:
    copy = Copy(part, session._replace(automatic=False))
    try:
        for frame in frames:
            copy.put(frame._replace(records=tuple(map(_named, frame.records))))
    finally:
        if copy.writer is not None:
            copy.writer.close(end_ms)
    return None if copy.writer is None else (copy.writer.size, copy.count)


def _named(record: Record) -> Record:
    """Somebody has given the new file its name: it is not the desk's own."""
    return record._replace(automatic=False) if isinstance(record, Session) else record


def frames_of(reader: RecordingReader, offset: int, progress: Progress | None) -> Iterator[Batch]:
    """The frames of a recording from `offset` on; `progress` is told how far they are read."""
    told = offset
    for behind, batch in reader.batches(offset):
        yield batch
        if progress is not None and behind - told >= _TELL_BYTES:
            told = behind
            progress(behind, reader.end_offset)
    if progress is not None:
        progress(reader.end_offset, reader.end_offset)
