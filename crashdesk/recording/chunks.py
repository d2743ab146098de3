"""Chunks from their ROLLUP frames: sums as they are read, rows, bars and details when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from typing import NamedTuple, TypeVar

from crashdesk.model.columns import (
    Chunk,
    InstrumentKey,
    LiqKey,
    LiquidationColumns,
    LiquidationDetails,
    MinuteBar,
)
from crashdesk.recording.codec import PAYLOAD_ERRORS, Names
from crashdesk.recording.details import add_details, details_of
from crashdesk.recording.figures import Figures, check_figures, join_figures
from crashdesk.recording.format import HEADER_SIZE, Codec, Kind, liquidations_at, parse_header, unpack_payload
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.heavy_rows import HeavyRows
from crashdesk.recording.liquidations import columns_of, decode_figures
from crashdesk.recording.migrations import v1_to_v2
from crashdesk.recording.play import LOST_REASON, Damage
from crashdesk.recording.rollup import add_bars, add_minute_bars, add_summaries, join_rows
from crashdesk.recording.rollup_codec import SECTIONS, Summary, decode_summary, split_rollup
from crashdesk.recording.sections import decode_bars, decode_details, decode_rows

_FIRST_READ = 6 << 10
_READ_LEAST, _READ_MOST = 4 << 10, 1 << 20
_NO_DETAILS = LiquidationDetails((), {})
V = TypeVar("V")
Place = tuple[int, int]
"""(offset in the file, bytes)."""


class RollupPart(NamedTuple):
    """A ROLLUP frame: its sums, and where in the file the sections of details are."""

    summary: Summary
    first_version: bool
    rows: Place
    bars: Place
    details: Place

    @property
    def orders(self) -> int:
        """How many liquidations it sums up."""
        sums = self.summary.liquidations.sums if self.summary.liquidations is not None else {}
        return sum(orders for _, orders in sums.values())


class _BadFrame(Exception):  # noqa: N818 - not an error: it is reported as damage
    """The frame at `offset` does not hold."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def read_rollup(file: FrameFile, offset: int, names: Names, keys: Sequence[LiqKey]) -> RollupPart:
    """The ROLLUP frame at `offset`, only its sums read. Raises one of `PAYLOAD_ERRORS` when they do not hold."""
    head = file.read(offset, _FIRST_READ)
    header = parse_header(head, 0, offset)
    if header is None or header.kind != Kind.ROLLUP:
        raise ValueError("not a roll-up")
    first = header.codec != Codec.PARTS
    lengths = head[HEADER_SIZE : HEADER_SIZE + header.length]
    sums, *details = split_rollup(lengths, v1_to_v2.ROLLUP_SECTIONS if first else SECTIONS)
    start = header.start
    end = start + sums[1]
    if max(sums[1], *(b for _, b in details)) > header.length or header.end > file.size:
        raise ValueError("sections that are longer than their roll-up")
    data = head[start + sums[0] - offset : end - offset]
    if end > offset + len(head):
        data = file.read(start + sums[0], sums[1] - sums[0])
    places = [(start + a, b - a) for a, b in details]
    return RollupPart(decode_summary(data, names, keys), first, places[0], places[1], (*places, (end, 0))[2])


class ChunkMaker:
    """Makes chunks. What is damaged is reported, and empty."""

    def __init__(self, file: FrameFile, report: Callable[[Damage], None]) -> None:
        self._file = file
        self._report = report
        self._heavy = HeavyRows()

    def chunk(self, index: int, parts: list[RollupPart], names: Names) -> Chunk:
        """The chunk that these frames roll up."""
        liquidations, bars = parts[0].summary.liquidations, parts[0].summary.bars
        for part in parts[1:]:
            liquidations = add_summaries(liquidations, part.summary.liquidations)
            bars = add_bars(bars, part.summary.bars)
        return Chunk(
            index,
            liquidations,
            bars,
            partial(self.rows, parts, names),
            partial(self._bars, parts, names),
            partial(self.details, parts, names) if any(part.details[1] for part in parts) else None,
        )

    def rows(self, parts: Sequence[RollupPart], names: Names) -> LiquidationColumns:
        """The rows of a chunk; those of a frame that is damaged are left out, with all of its roll-up."""
        runs = [self._heavy.get(part.rows[0], part.orders, partial(self._rows, part, names)) for part in parts]
        return runs[0] if len(runs) == 1 else join_rows(runs)

    def _rows(self, part: RollupPart, names: Names) -> LiquidationColumns:
        none = join_rows(())
        if part.first_version:
            return self._section(part.rows, lambda data: v1_to_v2.rows(data, names), none)
        nothing: list[int] | LiquidationColumns = []
        found = self._section(part.rows, lambda data: decode_rows(data, names), nothing)
        if not isinstance(found, list):
            return found
        try:
            return columns_of(check_figures(self._figures(found), len(names)), names)
        except _BadFrame as bad:
            self._lose(bad.offset)
        except PAYLOAD_ERRORS:
            self._report(Damage(part.rows[0], sum(part.rows), LOST_REASON))
        return none

    def _figures(self, offsets: list[int]) -> Figures:
        """The figures in these frames. Raises _BadFrame when one does not hold."""
        parts: list[Figures] = []
        run: list[tuple[int, bytes]] = []
        for offset, codec, recv_ms, payload in self._frames(offsets):
            if codec == Codec.PARTS:
                run.append((recv_ms, payload))
                continue
            header = self._file.header(offset)
            plain = unpack_payload(header, payload) if header is not None else None
            if plain is None:
                raise _BadFrame(offset)
            parts += (decode_figures(run), v1_to_v2.figures(recv_ms, plain)[0])
            run = []
        return join_figures([*parts, decode_figures(run)])

    def _frames(self, offsets: list[int]) -> Iterator[tuple[int, int, int, bytes]]:
        """(offset, codec, recv_ms, payload as stored) of each."""
        data, start = b"", 0
        for offset in offsets:
            found = liquidations_at(data, offset - start)
            if found is None:
                ahead = max(_READ_LEAST, min(_READ_MOST, offsets[-1] + _READ_LEAST - offset))
                data, start = self._file.read(max(offset, 0), ahead), offset
                found = liquidations_at(data, 0) or self._long_frame(offset)
            yield offset, *found

    def _long_frame(self, offset: int) -> tuple[int, int, bytes]:
        header = self._file.header(offset) if 0 <= offset < self._file.size else None
        if header is None:
            raise _BadFrame(offset)
        found = liquidations_at(self._file.read(offset, header.end - offset), 0)
        if found is None:
            raise _BadFrame(offset)
        return found

    def _bars(self, parts: Sequence[RollupPart], names: Names) -> dict[InstrumentKey, tuple[MinuteBar, ...]]:
        none: dict[InstrumentKey, tuple[MinuteBar, ...]] = {}
        return reduce(
            add_minute_bars,
            (self._section(part.bars, lambda data: decode_bars(data, names), none) for part in parts),
        )

    def details(self, parts: Sequence[RollupPart], names: Names) -> LiquidationDetails:
        """The details of one or several chunks."""
        found = [self._part_details(part, names) for part in parts]
        return reduce(add_details, found) if found else _NO_DETAILS

    def _part_details(self, part: RollupPart, names: Names) -> LiquidationDetails:
        if part.details[1]:
            found = self._section(part.details, lambda data: decode_details(data, names), None)
            if found is not None:
                return found
        rows = self._rows(part, names)
        return details_of(rows) if rows.key else _NO_DETAILS

    def _section(self, place: Place, decode: Callable[[bytes], V], otherwise: V) -> V:
        start, length = place
        try:
            return decode(self._file.read(start, length))
        except PAYLOAD_ERRORS:
            self._report(Damage(start, start + length, LOST_REASON))
            return otherwise

    def _lose(self, offset: int) -> None:
        header = self._file.header(offset) if 0 <= offset < self._file.size else None
        self._report(Damage(offset, header.end if header else offset + HEADER_SIZE, LOST_REASON))
