"""Two recordings behind one another as one.

Parts that were cut from one recording overlap, because each begins with what came before it: of the second one what
the first one holds already is left out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from crashdesk.model.errors import RecordingError
from crashdesk.model.records import Batch, Feed, Gap, Record, Session
from crashdesk.model.times import format_utc
from crashdesk.recording.anew import Progress, frames_of, write_anew
from crashdesk.recording.play import Damage
from crashdesk.recording.reader import RecordingReader

NOT_RECORDED = "between two recordings"


class Joined(NamedTuple):
    """The new recording: its bytes, its frames that are played, the ms between the two that are a gap in it."""

    size: int
    frames: int
    gap_ms: int
    damage: tuple[tuple[Damage, ...], tuple[Damage, ...]]


def join(first_path: Path, second_path: Path, out_path: Path, progress: Progress | None = None) -> Joined:
    """Write both to the new file `out_path`, with a gap where nothing was recorded between them.

    Raises RecordingError when one cannot be read, when the second does not begin after the first ends (unless both are
    of one recording), and as `write_anew` does.
    """
    with (
        contextlib.closing(RecordingReader.open(first_path)) as first,
        contextlib.closing(RecordingReader.open(second_path)) as second,
    ):
        overlaps = _overlap(first, second)
        frames = _both(first, second, progress, overlaps=overlaps)
        size, count = write_anew(out_path, first.session, frames, second.end_ms)
        gap_ms = 0 if overlaps else second.start_ms - first.end_ms
        return Joined(size, count, gap_ms, (first.damage, second.damage))


def _overlap(first: RecordingReader, second: RecordingReader) -> bool:
    """Whether they overlap, as two parts of one recording may. Raises RecordingError when they must not be joined."""
    if second.end_ms <= first.end_ms:
        raise RecordingError(
            f"{second.path} ends at {format_utc(second.end_ms)}, not after {first.path}: name the earlier one first"
        )
    if second.start_ms > first.end_ms:
        return False
    same = first.session.recording_id == second.session.recording_id
    if not same or second.start_ms < first.start_ms:
        raise RecordingError(
            f"{second.path} begins at {format_utc(second.start_ms)}, before {first.path} ends at "
            f"{format_utc(first.end_ms)}: recordings that overlap are not joined"
        )
    return True


def _both(
    first: RecordingReader, second: RecordingReader, progress: Progress | None, *, overlaps: bool
) -> Iterator[Batch]:
    last_ms, whole = 0, first.end_offset + second.end_offset

    def tell_first(done: int, _: int) -> None:
        if progress is not None:
            progress(done, whole)

    def tell_second(done: int, _: int) -> None:
        if progress is not None:
            progress(first.end_offset + done, whole)

    for batch in frames_of(first, first.first_offset, tell_first):
        yield batch
        last_ms = batch.recv_ms
    gap = () if overlaps else (Gap("", Feed.TICKERS, first.end_ms, second.start_ms, NOT_RECORDED),)
    for batch in frames_of(second, second.first_offset, tell_second):
        if batch.recv_ms > last_ms:
            yield batch._replace(records=tuple(_of_one(record, first.session) for record in batch.records))
            if gap:
                yield batch._replace(records=gap)
                gap = ()


def _of_one(record: Record, session: Session) -> Record:
    """A session of the second recording goes on under the name of the first."""
    return record._replace(recording_id=session.recording_id) if isinstance(record, Session) else record
