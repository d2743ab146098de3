"""HOUR frames: made of the ROLLUPs of an hour that is over, and read again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial, reduce
from itertools import groupby
from typing import NamedTuple

from crashdesk.model.columns import Chunk, Hour, HourBars, LiqKey, LiquidationDetails
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.recording.chunks import ChunkMaker, Place, RollupPart, read_rollup
from crashdesk.recording.codec import PAYLOAD_ERRORS, Names
from crashdesk.recording.format import FIRST_OFFSET, HEADER_SIZE, Kind, parse_header
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.hour_codec import (
    CHUNKS,
    Bars,
    RolledHour,
    decode_hour_bars,
    decode_hour_frames,
    decode_hour_summary,
    lay_out,
    split_hour,
)
from crashdesk.recording.ledger import Ref
from crashdesk.recording.play import LOST_REASON, Damage, find_key
from crashdesk.recording.rollup import add_bars, add_summaries
from crashdesk.recording.rollup_codec import Summary
from crashdesk.recording.sections import decode_details, liq_keys

_FIRST_READ = 32 << 10
ReadRollup = Callable[[Ref, Names, Sequence[LiqKey]], RollupPart]
"""Raises one of `PAYLOAD_ERRORS` when the sums of the frame do not hold."""


class HourPart(NamedTuple):
    """An HOUR frame: its sums, and where in the file the other sections are."""

    summary: Summary
    bars: Place
    frames: Place
    details: Place


def read_hour(file: FrameFile, offset: int, names: Names, keys: Sequence[LiqKey]) -> HourPart:
    """The HOUR frame at `offset`, only its sums read. Raises one of `PAYLOAD_ERRORS` when they do not hold."""
    head = file.read(offset, _FIRST_READ)
    header = parse_header(head, 0, offset)
    if header is None or header.kind != Kind.HOUR or header.end > file.size:
        raise ValueError("not an hour")
    number, (sums, *others) = split_hour(head[HEADER_SIZE : HEADER_SIZE + header.length])
    if others[-1][1] != header.length:
        raise ValueError("sections that do not fill their frame")
    start = header.start
    data = head[start + sums[0] - offset : start + sums[1] - offset]
    if start + sums[1] > offset + len(head):
        data = file.read(start + sums[0], sums[1] - sums[0])
    places = [(start + a, b - a) for a, b in others]
    return HourPart(decode_hour_summary(data, number, names, keys), *places)


def sum_up(refs: Sequence[Ref], file: FrameFile, names: Names, before_ms: int) -> Iterator[RolledHour]:
    """The hours that are over at `before_ms` of these ROLLUPs; one that does not hold is left out.

    An hour is not there when something else in it does not hold: its ROLLUPs then have to do.
    """
    keys = liq_keys(names)
    parts = []
    for ref in refs:
        with contextlib.suppress(*PAYLOAD_ERRORS):
            parts.append((read_rollup(file, ref.offset, names, keys), ref))
    for hour, group in groupby(parts, lambda pair: pair[0].summary.chunk // CHUNKS):
        found, frames = zip(*group, strict=True)
        damage: list[Damage] = []
        if hour < before_ms // HOUR_MS:
            details = ChunkMaker(file, damage.append).details(found, names)
            whole = all(one.summary.liquidations is None or one.summary.liquidations.sizes for one in found)
            if whole and not damage:
                yield RolledHour(_sum_of(found), _by_chunk(found), frames, details)


def _sum_of(parts: Sequence[RollupPart]) -> Summary:
    summaries = [part.summary for part in parts]
    return Summary(
        summaries[0].chunk // CHUNKS,
        reduce(add_summaries, (summary.liquidations for summary in summaries)),
        reduce(add_bars, (summary.bars for summary in summaries)),
    )


def _by_chunk(parts: Sequence[RollupPart]) -> Bars:
    chunks = groupby(parts, lambda part: part.summary.chunk)
    return {index: reduce(add_bars, (part.summary.bars for part in group)) for index, group in chunks}


def _rollups_before(file: FrameFile, offset: int) -> list[Ref]:
    """The ROLLUPs that a writer knew when it wrote the HOUR at `offset`: those of the last KEY, and behind it."""
    before = file.last_frame(offset)
    key = find_key(file, before.header if before is not None else None)
    refs = list(key[1].refs[Kind.ROLLUP]) if key is not None else []
    header = file.next_header(key[0].header.end if key is not None else FIRST_OFFSET, offset)
    while header is not None:
        if header.kind == Kind.ROLLUP:
            refs.append(Ref(header.offset, header.recv_ms, 1))
        header = file.next_header(header.end, offset)
    return refs


class HourMaker:
    """Makes hours. What is damaged in a frame is reported, and made of the chunks again."""

    def __init__(self, file: FrameFile, maker: ChunkMaker, read: ReadRollup, report: Callable[[Damage], None]) -> None:
        self._file = file
        self._maker = maker
        self._read = read
        self._report = report

    def hour(self, ref: Ref, part: HourPart | None, names: Names) -> Hour | None:
        """The hour of a frame; `part` is None when its sums do not hold, and there is no hour without any ROLLUP."""
        if part is not None:
            summary = part.summary
        elif parts := self.rollups(ref, None, names):
            summary = _sum_of(parts)
        else:
            return None
        return Hour(
            summary.chunk,
            summary.liquidations,
            summary.bars,
            cache(partial(self._bars, ref, part, names)),
            partial(self._chunks, ref, part, names),
            partial(self._details, ref, part, names),
        )

    def rollups(self, ref: Ref, part: HourPart | None, names: Names) -> list[RollupPart]:
        """The ROLLUPs of an hour; those that do not hold are left out."""
        found = []
        keys = liq_keys(names)
        for rollup in self.frames(ref, part):
            try:
                found.append(self._read(rollup, names, keys))
            except PAYLOAD_ERRORS:
                self._lose((rollup.offset, HEADER_SIZE))
        hour = part.summary.chunk if part is not None else found[-1].summary.chunk // CHUNKS if found else 0
        return [one for one in found if one.summary.chunk // CHUNKS == hour]

    def frames(self, ref: Ref, part: HourPart | None) -> list[Ref]:
        """Where the ROLLUPs of an hour are."""
        if part is not None:
            try:
                return decode_hour_frames(self._file.read(*part.frames), part.summary.chunk)
            except PAYLOAD_ERRORS:
                self._lose(part.frames)
        return _rollups_before(self._file, ref.offset)

    def _lose(self, place: Place) -> None:
        self._report(Damage(place[0], sum(place), LOST_REASON))

    def _chunks(self, ref: Ref, part: HourPart | None, names: Names) -> tuple[Chunk, ...]:
        chunks = groupby(self.rollups(ref, part, names), lambda one: one.summary.chunk)
        return tuple(self._maker.chunk(index, list(group), names) for index, group in chunks)

    def _bars(self, ref: Ref, part: HourPart | None, names: Names) -> HourBars:
        if part is not None:
            try:
                return decode_hour_bars(self._file.read(*part.bars), names)
            except PAYLOAD_ERRORS:
                self._lose(part.bars)
        return lay_out(_by_chunk(self.rollups(ref, part, names)))

    def _details(self, ref: Ref, part: HourPart | None, names: Names) -> LiquidationDetails:
        if part is not None:
            try:
                return decode_details(self._file.read(*part.details), names)
            except PAYLOAD_ERRORS:
                self._lose(part.details)
        return self._maker.details(self.rollups(ref, part, names), names)
