"""Copying a recording into a new one, frame by frame, with records changed on the way.

The copy takes the records of every frame at the frame's own `recv_ms` through an ordinary writer, so that it has
checkpoints and roll-ups of its own; it is there whole under its name, or not at all.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from crashdesk.model.errors import RecordingError
from crashdesk.model.records import Batch, Record, Session
from crashdesk.recording.play import Damage
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter

Change = Callable[[Batch], Sequence[Record] | None]
"""A frame to the records in its place: none leave a tick of the clock, None leaves the frame out."""
Progress = Callable[[int, int], None]
"""(bytes read, bytes to read)."""
_TELL_BYTES = 1 << 20


class Rewritten(NamedTuple):
    """The copy: its bytes, its frames that are played, and what of the source was lost (gaps in the copy say so)."""

    size: int
    frames: int
    damage: tuple[Damage, ...]


def rewrite(source_path: Path, out_path: Path, change: Change, progress: Progress | None = None) -> Rewritten:
    """Copy what `source_path` holds now to the new file `out_path` (mode 0600), each frame through `change`.

    `recv_ms` stays that of the source; only where frames lie closer than a checkpoint between them needs, it is some
    milliseconds later. The first session record is kept unless `change` gives another one.

    Raises RecordingError when the source cannot be read, when `out_path` exists or cannot be written, or when
    `change` gives a number that no recording holds; nothing is left behind then.
    """
    if os.path.lexists(out_path):
        raise RecordingError(f"{out_path} exists already: give a name that is free")
    reader = RecordingReader.open(source_path)
    try:
        with _beside(out_path) as part:
            try:
                done = _copy(reader, part, change, progress)
                _publish(part, out_path)
            except FileExistsError:
                raise RecordingError(f"{out_path} exists already: give a name that is free") from None
            except OSError as error:
                raise RecordingError(f"{out_path} cannot be written: {error.strerror}") from None
            except OverflowError as error:
                raise RecordingError(f"{out_path} cannot be written: {error}") from None
        return done
    finally:
        reader.close()


def _copy(reader: RecordingReader, part: Path, change: Change, progress: Progress | None) -> Rewritten:
    batches = reader.batches(reader.first_offset)
    writer: RecordingWriter | None = None
    frames = told = 0
    try:
        for offset, batch in batches:
            records = change(batch)
            if writer is None:
                session, records = _first_session(reader, records)
                writer = RecordingWriter.open(part, session, batch.recv_ms)
            if records:
                writer.append(records, batch.recv_ms)
            elif records is not None:
                writer.tick(batch.recv_ms)
            frames += 1
            if progress is not None and offset - told >= _TELL_BYTES:
                told = offset
                progress(offset, reader.end_offset)
    finally:
        if writer is not None:
            writer.close(reader.end_ms)
    if writer is None:
        raise RecordingError(f"{reader.path} holds nothing that can be copied")
    if progress is not None:
        progress(reader.end_offset, reader.end_offset)
    return Rewritten(writer.size, frames, reader.damage)


def _first_session(
    reader: RecordingReader, records: Sequence[Record] | None
) -> tuple[Session, Sequence[Record] | None]:
    """The session that begins the copy, and what remains of the first frame."""
    if records and isinstance(records[0], Session):
        return records[0], records[1:] or None
    return reader.session, records


@contextlib.contextmanager
def _beside(out_path: Path) -> Iterator[Path]:
    """A file of ours in the same folder, gone at the end. Raises RecordingError when it cannot be made."""
    try:
        fd, name = tempfile.mkstemp(prefix=f".{out_path.name}.", suffix=".part", dir=out_path.parent)
    except OSError as error:
        raise RecordingError(f"{out_path} cannot be written: {error.strerror}") from None
    os.close(fd)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _publish(part: Path, out_path: Path) -> None:
    """Give the file its name, unless somebody took it meanwhile (FileExistsError)."""
    try:
        os.link(part, out_path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(out_path):
            raise FileExistsError from None
        part.rename(out_path)
