"""A part of a recording as a recording of its own.

Windows of 24 hours, coverage and the tape at the first moment of the part need what came before it. So the part begins
25 hours earlier: with the state at a checkpoint then as ordinary records (instruments, sources, candles, quotes,
funding, levels, notes, events, gaps, health), followed by everything that came, only that prices are thinned: of each
instrument the highest, the lowest and the last quote of each minute. From shortly before the part on every frame is
as it was. A quote older than the 25 hours counts as received when these begin.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from crashdesk.model.columns import CHUNK_MS, Restore
from crashdesk.model.errors import RecordingError
from crashdesk.model.records import Batch, Quote, Record
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.model.times import format_utc
from crashdesk.recording.anew import Progress, frames_of, write_anew
from crashdesk.recording.candles import candles_of
from crashdesk.recording.play import Damage
from crashdesk.recording.reader import RecordingReader

LEAD_MS = 25 * HOUR_MS
"""How much comes before the part: the longest window, and a checkpoint's distance more."""


class Cut(NamedTuple):
    """The new recording: its bytes, its frames that are played, its first moment, and what of the source was lost."""

    size: int
    frames: int
    start_ms: int
    damage: tuple[Damage, ...]


def cut(source_path: Path, out_path: Path, from_ms: int, to_ms: int, progress: Progress | None = None) -> Cut:
    """Write what `source_path` holds from `from_ms` to `to_ms` (both included, UTC ms) to the new file `out_path`.

    Raises RecordingError when the source cannot be read or holds nothing between the two, and as `write_anew` does.
    """
    with contextlib.closing(RecordingReader.open(source_path)) as reader:
        if to_ms < reader.start_ms or from_ms > reader.end_ms:
            raise RecordingError(
                f"{source_path} holds nothing of that time: it goes from {format_utc(reader.start_ms)} "
                f"to {format_utc(reader.end_ms)}"
            )
        point = lead_point(reader, from_ms)
        whole = point.offset == reader.first_offset
        frames = part_frames(reader, point, from_ms, to_ms, progress)
        size, count = write_anew(out_path, point.session, frames, min(to_ms, reader.end_ms))
        if progress is not None:
            progress(reader.end_offset, reader.end_offset)
        return Cut(size, count, reader.start_ms if whole else point.recv_ms, reader.damage)


def lead_point(reader: RecordingReader, from_ms: int) -> Restore:
    """Where a part that begins at `from_ms` has to begin, so that its first moment is as it was."""
    return reader.restore(max(from_ms - LEAD_MS, reader.start_ms))


def part_frames(
    reader: RecordingReader, point: Restore, from_ms: int, to_ms: int, progress: Progress | None = None
) -> Iterator[Batch]:
    """The frames of the part from `from_ms` to `to_ms` with what it needs before, from its `lead_point` on."""
    if point.offset != reader.first_offset:
        yield Batch(0, point.recv_ms, _known(point))
    exact_ms = from_ms // CHUNK_MS * CHUNK_MS - CHUNK_MS
    frames = frames_of(reader, point.offset, progress)
    for minute, group in groupby(frames, lambda batch: batch.recv_ms // MINUTE_MS):
        batches = (batch for batch in group if batch.recv_ms <= to_ms)
        yield from _thinned(list(batches)) if minute * MINUTE_MS < exact_ms else batches
        if minute * MINUTE_MS > to_ms:
            return


def _known(point: Restore) -> tuple[Record, ...]:
    """The state as records, as a writer would have had them all at once."""
    return (
        point.session,
        *point.instruments,
        *point.sources,
        *candles_of(point.candles),
        *(quote for _, quote in point.quotes),
        *point.perps,
        *point.notes,
        *point.levels,
        *point.events,
        *point.gaps,
        *point.health,
        *point.set_aside,
    )


def _thinned(batches: list[Batch]) -> Iterator[Batch]:
    """The frames of a minute, its quotes in the last frame of quotes: high, low and last of each instrument."""
    last = max((place for place, batch in enumerate(batches) if _is_quotes(batch)), default=-1)
    quotes = [quote for batch in batches for quote in batch.records if isinstance(quote, Quote)]
    for place, batch in enumerate(batches):
        if place == last:
            yield batch._replace(records=_extremes(quotes))
        elif not _is_quotes(batch):
            yield batch


def _extremes(quotes: list[Quote]) -> tuple[Quote, ...]:
    rows: dict[tuple[str, str], list[Quote]] = {}
    for quote in quotes:
        rows.setdefault((quote.venue, quote.symbol), []).append(quote)
    kept: list[Quote] = []
    for run in rows.values():
        places = {max(range(len(run)), key=lambda k: run[k].last), min(range(len(run)), key=lambda k: run[k].last)}
        kept += (run[place] for place in sorted(places | {len(run) - 1}))
    return tuple(kept)


def _is_quotes(batch: Batch) -> bool:
    return bool(batch.records) and isinstance(batch.records[0], Quote)
