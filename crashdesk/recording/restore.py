"""The state at a checkpoint as a `Restore`: the ledger of its KEY, and the earlier frames that still matter."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Generic, TypeVar, cast

from crashdesk.model.collecting import without_collecting
from crashdesk.model.columns import CandleColumns, Chunk, Hour, LiqKey, Restore
from crashdesk.model.records import Event, Gap, Instrument, Note, PublishedLevel, VenueHealth
from crashdesk.recording.candles import KnownBooks, OrderedRun, decode_columns, in_order
from crashdesk.recording.chunks import ChunkMaker, RollupPart, read_rollup
from crashdesk.recording.codec import PAYLOAD_ERRORS, Names
from crashdesk.recording.events import newest_events
from crashdesk.recording.format import HEADER_SIZE, Kind
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.hours import HourMaker, HourPart, read_hour
from crashdesk.recording.ledger import Ledger, Ref, is_change
from crashdesk.recording.play import LOST_REASON, Damage
from crashdesk.recording.sections import liq_keys
from crashdesk.recording.small import S, Small, decode_small

_ROLLUPS_KEPT = 320
_HOURS_KEPT = 300
_CANDLES_KEPT = 256
_SMALL_KEPT = 512
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


class Restorer:
    """Reads what checkpoints point to. Frames that do not hold are left out and reported."""

    def __init__(self, file: FrameFile, report: Callable[[Damage], None]) -> None:
        self._file = file
        self._report = report
        self.maker = ChunkMaker(file, report)
        self._maker_of_hours = HourMaker(file, self.maker, self.rollup, report)
        self._rollups: _Kept[RollupPart] = _Kept(_ROLLUPS_KEPT)
        self._hours: _Kept[tuple[HourPart | None, Hour | None]] = _Kept(_HOURS_KEPT)
        self._small: _Kept[tuple[Small, ...]] = _Kept(_SMALL_KEPT)
        self._candle_books = KnownBooks()
        self._candles: _Kept[list[OrderedRun]] = _Kept(_CANDLES_KEPT)

    def restore(self, ledger: Ledger, offset: int) -> Restore:
        """Everything known at the checkpoint of `ledger`, `offset` behind it."""
        with without_collecting():
            return self._restore(ledger, offset)

    def _restore(self, ledger: Ledger, offset: int) -> Restore:
        instruments = {(row.venue, row.symbol): row for row in self.rows(ledger, Kind.INSTRUMENTS, Instrument)}
        hours, chunks = self.roll_ups(ledger)
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
            events=tuple(newest_events(self.rows(ledger, Kind.EVENTS, Event))),
            health=self._health(ledger),
            gaps=self.rows(ledger, Kind.GAPS, Gap),
            set_aside=tuple(ledger.set_aside.values()),
            chunks=chunks,
            hours=hours,
        )

    def roll_ups(self, ledger: Ledger) -> tuple[tuple[Hour, ...], tuple[Chunk, ...]]:
        """The listed hours, and the chunks behind them, oldest first."""
        return tuple(self.hours(ledger)), tuple(self._chunks(ledger))

    def rows(self, ledger: Ledger, kind: Kind, record: type[S]) -> tuple[S, ...]:
        """The records of all listed frames of a small kind, in the order of arrival."""
        found: list[S] = []
        for ref in ledger.refs[kind]:
            found += cast("tuple[S, ...]", self._small.get(ref.offset, partial(self._rows, ref, record)))
        return tuple(found)

    def _rows(self, ref: Ref, record: type[S]) -> tuple[S, ...]:
        return self._try(ref, lambda payload: decode_small(record, payload), ())

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
        refs = ledger.refs[Kind.CANDLES]
        offsets, rows = [ref.offset for ref in refs], [ref.rows for ref in refs]
        return self._candle_books.of(offsets, rows, lambda place: self.candles(refs[place], ledger.names)).columns()

    def candles(self, ref: Ref, names: Names) -> list[OrderedRun]:
        """The runs of a CANDLES frame."""

        def decode(payload: bytes) -> list[OrderedRun]:
            return in_order(decode_columns(payload, names))

        return self._candles.get(ref.offset, lambda: self._try(ref, decode, []))

    def hours(self, ledger: Ledger) -> Iterator[Hour]:
        """The listed hours, oldest first."""
        keys = liq_keys(ledger.names)
        for ref in ledger.refs[Kind.HOUR]:
            hour = self.hour(ref, ledger.names, keys)
            if hour is not None:
                yield hour

    def hour(self, ref: Ref, names: Names, keys: Sequence[LiqKey] | None = None) -> Hour | None:
        """The hour of one HOUR frame; None when it is damaged, and its ROLLUPs as well."""
        return self._of_hour(ref, names, keys)[1]

    def _of_hour(
        self, ref: Ref, names: Names, keys: Sequence[LiqKey] | None = None
    ) -> tuple[HourPart | None, Hour | None]:
        return self._hours.get(ref.offset, lambda: self._hour(ref, names, keys or liq_keys(names)))

    def hour_frames(self, ref: Ref, names: Names) -> list[Ref]:
        """Where the ROLLUPs of an hour are."""
        part, _ = self._of_hour(ref, names)
        return self._maker_of_hours.frames(ref, part)

    def hour_parts(self, ref: Ref, names: Names) -> list[RollupPart]:
        """The ROLLUPs of an hour, as far as they hold."""
        part, _ = self._of_hour(ref, names)
        return self._maker_of_hours.rollups(ref, part, names)

    def _hour(self, ref: Ref, names: Names, keys: Sequence[LiqKey]) -> tuple[HourPart | None, Hour | None]:
        try:
            part: HourPart | None = read_hour(self._file, ref.offset, names, keys)
        except PAYLOAD_ERRORS:
            self._lose(ref)
            part = None
        return part, self._maker_of_hours.hour(ref, part, names)

    def _chunks(self, ledger: Ledger) -> Iterator[Chunk]:
        for index, group in groupby(self.rollups(ledger), lambda part: part.summary.chunk):
            yield self.maker.chunk(index, list(group), ledger.names)

    def rollups(self, ledger: Ledger) -> Iterator[RollupPart]:
        """The listed ROLLUP frames, oldest first."""
        keys = liq_keys(ledger.names)
        for ref in ledger.refs[Kind.ROLLUP]:
            try:
                yield self.rollup(ref, ledger.names, keys)
            except PAYLOAD_ERRORS:
                self._lose(ref)

    def rollup(self, ref: Ref, names: Names, keys: Sequence[LiqKey] | None = None) -> RollupPart:
        """One ROLLUP frame; `keys` are its `liq_keys`. Raises one of `PAYLOAD_ERRORS` when its sums do not hold."""
        return self._rollups.get(
            ref.offset, lambda: read_rollup(self._file, ref.offset, names, keys or liq_keys(names))
        )
