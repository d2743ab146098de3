"""The state at a checkpoint as a `Restore`: the ledger of its KEY, and the earlier frames that still matter."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from typing import Generic, NamedTuple, TypeVar

from crashdesk.model.columns import (
    CandleColumns,
    Chunk,
    InstrumentKey,
    LiqKey,
    LiquidationColumns,
    MinuteBar,
    Restore,
)
from crashdesk.model.records import Event, Gap, Instrument, Note, PublishedLevel, VenueHealth
from crashdesk.recording.candles import CandleBook, decode_columns
from crashdesk.recording.codec import PAYLOAD_ERRORS, Names
from crashdesk.recording.format import HEADER_SIZE, Kind, parse_header
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.ledger import Ledger, Ref, is_change
from crashdesk.recording.play import LOST_REASON, Damage
from crashdesk.recording.rollup import add_bars, add_minute_bars, add_summaries, join_rows
from crashdesk.recording.rollup_codec import (
    Summary,
    decode_bars,
    decode_rows,
    decode_summary,
    liq_keys,
    split_rollup,
)
from crashdesk.recording.small import S, decode_small

_ROLLUPS_KEPT = 320
_CANDLES_KEPT = 256
_FIRST_READ = 6 << 10
V = TypeVar("V")


class _Kept(Generic[V]):
    """The last `limit` values by offset: frames never change, so what was decoded once stays right."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: OrderedDict[int, V] = OrderedDict()

    def get(self, offset: int, make: Callable[[], V]) -> V:
        value = self._values.get(offset)
        if value is None:
            value = self._values[offset] = make()
            if len(self._values) > self._limit:
                self._values.popitem(last=False)
        else:
            self._values.move_to_end(offset)
        return value


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Hundreds of thousands of small values are made at once and kept: looking for garbage among them costs a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class RollupPart(NamedTuple):
    """A ROLLUP frame: its sums, and where in the file the sections of details are."""

    summary: Summary
    rows: tuple[int, int]
    bars: tuple[int, int]


class Restorer:
    """Reads what checkpoints point to. Frames that do not hold are left out and reported."""

    def __init__(self, file: FrameFile, report: Callable[[Damage], None]) -> None:
        self._file = file
        self._report = report
        self._rollups: _Kept[RollupPart] = _Kept(_ROLLUPS_KEPT)
        self._candles: _Kept[list[CandleColumns]] = _Kept(_CANDLES_KEPT)

    def restore(self, ledger: Ledger, offset: int) -> Restore:
        """Everything known at the checkpoint of `ledger`, `offset` behind it."""
        with _without_collecting():
            return self._restore(ledger, offset)

    def _restore(self, ledger: Ledger, offset: int) -> Restore:
        instruments = {(row.venue, row.symbol): row for row in self.rows(ledger, Kind.INSTRUMENTS, Instrument)}
        return Restore(
            session=ledger.session,
            recv_ms=ledger.recv_ms,
            offset=offset,
            liquidations_before=ledger.liquidations,
            instruments=tuple(instruments.values()),
            quotes=tuple(ledger.quotes.values()),
            perps=tuple(dict.fromkeys(ledger.perps.values())),
            sources=tuple(ledger.sources.values()),
            candles=self._books(ledger),
            notes=self.rows(ledger, Kind.NOTES, Note),
            levels=self.rows(ledger, Kind.LEVELS, PublishedLevel),
            events=self.rows(ledger, Kind.EVENTS, Event),
            health=self._health(ledger),
            gaps=self.rows(ledger, Kind.GAPS, Gap),
            set_aside=tuple(ledger.set_aside.values()),
            chunks=tuple(self._chunks(ledger)),
        )

    def rows(self, ledger: Ledger, kind: Kind, record: type[S]) -> tuple[S, ...]:
        """The records of all listed frames of a small kind, in the order of arrival."""
        found: list[S] = []
        for ref in ledger.refs[kind]:
            found += self._try(ref, lambda payload: decode_small(record, payload), ())
        return tuple(found)

    def _try(self, ref: Ref, decode: Callable[[bytes], V], otherwise: V) -> V:
        found = self._file.frame(ref.offset)
        if found is not None:
            try:
                return decode(found.payload)
            except PAYLOAD_ERRORS:
                pass  # reported below
        self._lose(ref)
        return otherwise

    def _lose(self, ref: Ref) -> None:
        header = self._file.header(ref.offset)
        self._report(Damage(ref.offset, header.end if header else ref.offset + HEADER_SIZE, LOST_REASON))

    def _health(self, ledger: Ledger) -> tuple[VenueHealth, ...]:
        newest = dict(ledger.health_before)
        changes = list(newest.values())
        for row in self.rows(ledger, Kind.HEALTH, VenueHealth):
            key = (row.venue, row.feed)
            if is_change(newest.get(key), row):
                changes.append(row)
            newest[key] = row
        there = set(changes)
        return (*changes, *(row for row in ledger.health.values() if row not in there))

    def _books(self, ledger: Ledger) -> tuple[CandleColumns, ...]:
        book = CandleBook()
        for ref in ledger.refs[Kind.CANDLES]:
            for run in self.candles(ref, ledger.names):
                book.add(run)
        return book.columns()

    def candles(self, ref: Ref, names: Names) -> list[CandleColumns]:
        """The runs of a CANDLES frame."""
        return self._candles.get(ref.offset, lambda: self._try(ref, lambda data: decode_columns(data, names), []))

    def _chunks(self, ledger: Ledger) -> Iterator[Chunk]:
        for index, group in groupby(self.rollups(ledger), lambda part: part.summary.chunk):
            yield self._chunk(index, list(group), ledger.names)

    def rollups(self, ledger: Ledger) -> Iterator[RollupPart]:
        """The listed ROLLUP frames, oldest first."""
        names = ledger.names
        keys = liq_keys(names)
        for ref in ledger.refs[Kind.ROLLUP]:
            try:
                yield self._rollups.get(ref.offset, partial(self._rollup, ref, names, keys))
            except PAYLOAD_ERRORS:
                self._lose(ref)

    def _rollup(self, ref: Ref, names: Names, keys: Sequence[LiqKey]) -> RollupPart:
        head = self._file.read(ref.offset, _FIRST_READ)
        header = parse_header(head, 0, ref.offset)
        if header is None or header.kind != Kind.ROLLUP:
            raise ValueError("not a roll-up")
        sums, rows, bars = split_rollup(head[HEADER_SIZE : HEADER_SIZE + header.length])
        start = header.start
        end = start + sums[1]
        data = head[start + sums[0] - ref.offset : end - ref.offset]
        if end > ref.offset + len(head):
            data = self._file.read(start + sums[0], sums[1] - sums[0])
        summary = decode_summary(data, names, keys)
        return RollupPart(summary, (start + rows[0], rows[1] - rows[0]), (start + bars[0], bars[1] - bars[0]))

    def _chunk(self, index: int, parts: list[RollupPart], names: Names) -> Chunk:
        liquidations, bars = parts[0].summary.liquidations, parts[0].summary.bars
        for part in parts[1:]:
            liquidations = add_summaries(liquidations, part.summary.liquidations)
            bars = add_bars(bars, part.summary.bars)
        return Chunk(
            index, liquidations, bars, partial(self._load_rows, parts, names), partial(self._load_bars, parts, names)
        )

    def _load_rows(self, parts: list[RollupPart], names: Names) -> LiquidationColumns:
        runs = [self._section(part.rows, lambda data: decode_rows(data, names), join_rows(())) for part in parts]
        return runs[0] if len(runs) == 1 else join_rows(runs)

    def _load_bars(self, parts: list[RollupPart], names: Names) -> dict[InstrumentKey, tuple[MinuteBar, ...]]:
        none: dict[InstrumentKey, tuple[MinuteBar, ...]] = {}
        runs = [self._section(part.bars, lambda data: decode_bars(data, names), none) for part in parts]
        bars = runs[0]
        for run in runs[1:]:
            bars = add_minute_bars(bars, run)
        return bars

    def _section(self, place: tuple[int, int], decode: Callable[[bytes], V], otherwise: V) -> V:
        start, length = place
        try:
            return decode(self._file.read(start, length))
        except PAYLOAD_ERRORS:
            self._report(Damage(start, start + length, LOST_REASON))
            return otherwise
