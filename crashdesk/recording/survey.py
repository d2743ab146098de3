"""Views of a whole recording: marks and minutes for the scrubber from roll-ups, and the full account of `info`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from crashdesk.model.columns import LiquidationSummary
from crashdesk.model.records import Batch, Event, Gap, Liquidation, Note, Record, Session, Side
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.recording.codec import KIND_OF
from crashdesk.recording.events import newest_events
from crashdesk.recording.format import FIRST_OFFSET, Header, Kind
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.ledger import Ledger
from crashdesk.recording.play import Damage, Player
from crashdesk.recording.restore import Restorer

Minutes = dict[int, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class RecordingInfo:
    """What a full look through a recording found. `frames` counts by kind, `records` those that are played."""

    frames: dict[Kind, int]
    records: dict[Kind, int]
    size: int
    start_ms: int
    end_ms: int
    sessions: tuple[Session, ...]
    closed: bool
    """Whether the last writer closed it; False while it is being written, and after a kill."""
    damage: tuple[Damage, ...]


class Reading(Protocol):
    """What the views need of a reader."""

    @property
    def start_ms(self) -> int:
        """`recv_ms` of the first frame."""
        ...

    @property
    def end_ms(self) -> int:
        """`recv_ms` of the last frame."""
        ...

    @property
    def end_offset(self) -> int:
        """Behind the last whole frame."""
        ...

    def checkpoint(self, at_ms: int) -> tuple[Header, Ledger] | None:
        """The last checkpoint at or before a time."""
        ...

    def batches(self, offset: int) -> Iterator[tuple[int, Batch]]:
        """Play from an offset."""
        ...


class Survey:
    """Looks at one recording as it is now."""

    def __init__(self, reader: Reading, file: FrameFile, restorer: Restorer, report: Callable[[Damage], None]) -> None:
        self._reader = reader
        self._file = file
        self._restorer = restorer
        self._report = report

    def _tail(self, key: tuple[Header, Ledger] | None, wanted: frozenset[Kind]) -> Iterator[Record]:
        if key is None:
            player = Player.at_start(self._file, self._report)
        else:
            player = Player.behind(self._file, self._report, *key)
        for _, batch in player.run(self._reader.end_offset):
            if batch.records and KIND_OF[type(batch.records[0])] in wanted:
                yield from batch.records

    def marks(self) -> tuple[Event | Note | Gap, ...]:
        """Events, notes and gaps: from the frames that the last checkpoint lists, and those behind it."""
        key = self._reader.checkpoint(self._reader.end_ms)
        found: list[Event | Note | Gap] = []
        if key is not None:
            found += self._restorer.rows(key[1], Kind.EVENTS, Event)
            found += self._restorer.rows(key[1], Kind.NOTES, Note)
            found += self._restorer.rows(key[1], Kind.GAPS, Gap)
        wanted = frozenset({Kind.EVENTS, Kind.NOTES, Kind.GAPS})
        found += (row for row in self._tail(key, wanted) if isinstance(row, (Event, Note, Gap)))
        events = newest_events(row for row in found if isinstance(row, Event))
        others = [row for row in found if not isinstance(row, Event)]
        return tuple(sorted((*events, *others), key=_time_of))

    def minute_totals(self) -> Minutes:
        """Sums by minute: from the roll-ups, checkpoint by checkpoint backwards, and the frames behind the last one."""
        totals: Minutes = {}
        key = last = self._reader.checkpoint(self._reader.end_ms)
        summed: set[int] = set()
        while key is not None:
            refs = key[1].refs
            listed = sorted(refs[Kind.HOUR] + refs[Kind.ROLLUP])
            for kind in (Kind.HOUR, Kind.ROLLUP):
                refs[kind] = [ref for ref in refs[kind] if ref.offset not in summed]
            if not refs[Kind.HOUR] and not refs[Kind.ROLLUP]:
                break
            for summary in self._summaries(key[1]):
                for minute, sums in summary.minutes.items():
                    _add(totals, minute, *sums)
            summed.update(ref.offset for ref in listed)
            for ref in refs[Kind.HOUR]:
                summed.update(rollup.offset for rollup in self._restorer.hour_frames(ref, key[1].names))
            key = self._reader.checkpoint(listed[0].recv_ms)
        for row in self._tail(last, frozenset({Kind.LIQUIDATIONS})):
            if isinstance(row, Liquidation):
                is_long = row.side is Side.LONG
                usd = row.usd_micro
                _add(totals, row.ts_ms // MINUTE_MS, usd if is_long else 0, 0 if is_long else usd, 1)
        return dict(sorted(totals.items()))

    def _summaries(self, ledger: Ledger) -> Iterator[LiquidationSummary]:
        for hour in self._restorer.hours(ledger):
            if hour.liquidations is not None:
                yield hour.liquidations
        for part in self._restorer.rollups(ledger):
            if part.summary.liquidations is not None:
                yield part.summary.liquidations

    def info(self) -> RecordingInfo:
        """Count every frame and play every record."""
        frames: dict[Kind, int] = {}
        damage: dict[int, Damage] = {}
        last = self._count_frames(frames)
        records: dict[Kind, int] = {}
        sessions: list[Session] = []

        def note(found: Damage) -> None:
            damage[found.start_offset] = found
            self._report(found)

        for _, batch in Player.at_start(self._file, note).run(self._reader.end_offset):
            if batch.records:
                kind = KIND_OF[type(batch.records[0])]
                records[kind] = records.get(kind, 0) + len(batch.records)
                sessions += (row for row in batch.records if isinstance(row, Session))
        return RecordingInfo(
            frames=dict(sorted(frames.items())),
            records=dict(sorted(records.items())),
            size=self._file.size,
            start_ms=self._reader.start_ms,
            end_ms=self._reader.end_ms,
            sessions=tuple(sessions),
            closed=last is not None and last.kind == Kind.CLOSE and last.end == self._file.size,
            damage=tuple(damage[offset] for offset in sorted(damage)),
        )

    def _count_frames(self, frames: dict[Kind, int]) -> Header | None:
        known = set(Kind)
        offset, end = FIRST_OFFSET, self._reader.end_offset
        last = None
        while offset < end:
            self._file.ahead(offset)
            found = self._file.frame(offset) or self._file.next_frame(offset + 1, end)
            if found is None:
                break
            last = found.header
            offset = last.end
            if last.kind in known:
                frames[Kind(last.kind)] = frames.get(Kind(last.kind), 0) + 1
        return last


def _time_of(mark: Event | Note | Gap) -> int:
    return mark.ts_ms if isinstance(mark, Note) else mark.start_ms


def _add(totals: Minutes, minute: int, long: int, short: int, orders: int) -> None:
    had = totals.get(minute, (0, 0, 0))
    totals[minute] = (had[0] + long, had[1] + short, had[2] + orders)
