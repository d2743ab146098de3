"""Copying a recording into a new one, frame by frame, with records changed on the way."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from crashdesk.model.records import Batch, Record
from crashdesk.recording.anew import Progress, frames_of, write_anew
from crashdesk.recording.play import Damage
from crashdesk.recording.reader import RecordingReader

Change = Callable[[Batch], Sequence[Record] | None]
"""A frame to the records in its place: none leave a tick of the clock, None leaves the frame out."""
Stream = Callable[[Iterator[Batch]], Iterator[Batch]]
"""All frames of a recording to those in their place, `recv_ms` increasing."""


class Rewritten(NamedTuple):
    """The copy: its bytes, its frames that are played, and what of the source was lost (gaps in the copy say so).

    `source_size` are the bytes of the source, `tail` those behind its last whole frame.
    """

    size: int
    frames: int
    damage: tuple[Damage, ...]
    source_size: int
    tail: int


def rewrite(source_path: Path, out_path: Path, change: Change, progress: Progress | None = None) -> Rewritten:
    """Copy what `source_path` holds now to the new file `out_path` (mode 0600), each frame through `change`.

    The first session record is kept unless `change` gives another one. Raises RecordingError when the source cannot
    be read, and as `write_anew` does; nothing is left behind then.
    """

    def changed(frames: Iterator[Batch]) -> Iterator[Batch]:
        for batch in frames:
            records = change(batch)
            if records is not None:
                yield batch._replace(records=tuple(records))

    return rewrite_all(source_path, out_path, changed, progress)


def rewrite_all(source_path: Path, out_path: Path, stream: Stream, progress: Progress | None = None) -> Rewritten:
    """The same with all frames through one `stream`."""
    with contextlib.closing(RecordingReader.open(source_path)) as reader:
        frames = stream(frames_of(reader, reader.first_offset, progress))
        size, count = write_anew(out_path, reader.session, frames, reader.end_ms)
        tail, _ = reader.tail()
        return Rewritten(size, count, reader.damage, reader.end_offset + tail, tail)
