"""Where the keys of events stop: the times worth jumping to, all of them or those of one kind."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from crashdesk.model.columns import CHUNK_MS, Chunk, Hour, LiquidationSummary, Restore
from crashdesk.model.money import MICRO
from crashdesk.model.note import NoteKind
from crashdesk.model.ports import Source
from crashdesk.model.records import Event, EventKind, Gap, Liquidation, Note
from crashdesk.model.timeframe import DAY_MS, HOUR_MS

LARGE_USD = 1_000_000
"""A single liquidation of a million dollars is worth a stop."""
_LATE_MS = HOUR_MS
"""Rows that were asked for come some minutes after their own time."""


class StopKind(StrEnum):
    """What one steps to. `EVENT` is all the others but bookmarks."""

    EVENT = "event"
    CASCADE = "cascade"
    LIQUIDATION = "liquidation"
    LEVEL = "level"
    NOTE = "note"
    GAP = "gap"
    ALERT = "alert"
    BOOKMARK = "bookmark"


class Stop(NamedTuple):
    """A kind of stop; liquidations from `least_usd` on."""

    kind: StopKind = StopKind.EVENT
    least_usd: float = LARGE_USD


class Shown(NamedTuple):
    """What a desk knows beside the recording: the trader's notes, and when alerts went off.

    `level_times` gives when something happened at the levels of the desk's symbol, as known at a time; (UTC ms).
    """

    notes: tuple[Note, ...]
    alerts_ms: tuple[int, ...]
    level_times: Callable[[int], Iterable[int]]


def next_stop(source: Source, shown: Shown, stop: Stop, here_ms: int, end_ms: int, direction: int) -> int | None:
    """The next (+1) or previous (-1) time of the kind, inside of the recording up to `end_ms`; None when there is none.

    Forward, levels are looked at for a day: at what a state knows then of the day before it.
    """
    times = set(mark_times(source, shown, stop.kind))
    if stop.kind in {StopKind.EVENT, StopKind.LEVEL}:
        times.update(shown.level_times(min(here_ms + DAY_MS, end_ms) if direction > 0 else here_ms))
    wanted = [t for t in times if source.start_ms <= t <= end_ms and (t - here_ms) * direction > 0]
    nearest = min(wanted, key=lambda t: abs(t - here_ms), default=None)
    if stop.kind in {StopKind.EVENT, StopKind.LIQUIDATION}:
        limit_ms = nearest if nearest is not None else end_ms if direction > 0 else source.start_ms
        large = _liquidation(source, round(stop.least_usd * MICRO), here_ms, limit_ms)
        nearest = large if large is not None else nearest
    return nearest


def mark_times(source: Source, shown: Shown, kind: StopKind) -> Iterator[int]:
    """Times of what is marked in the recording and of what the trader noted: events, notes, gaps, bookmarks."""
    for mark in chain(source.marks(), shown.notes):
        if (found := _kind(mark)) is kind or (kind is StopKind.EVENT and found not in {None, StopKind.BOOKMARK}):
            yield mark.ts_ms if isinstance(mark, Note) else mark.start_ms
    if kind in {StopKind.EVENT, StopKind.ALERT}:
        yield from shown.alerts_ms


def _kind(mark: Event | Note | Gap) -> StopKind | None:
    """None for what is no stop: titles of feeds come by the hundred."""
    if isinstance(mark, Gap):
        return StopKind.GAP
    if isinstance(mark, Note):
        kinds = {NoteKind.NEWS.value: None, NoteKind.BOOKMARK.value: StopKind.BOOKMARK}
        return kinds.get(mark.kind, StopKind.NOTE)
    kinds_of_events = {
        EventKind.CASCADE: StopKind.CASCADE,
        EventKind.LEVEL: StopKind.LEVEL,
        EventKind.ALERT: StopKind.ALERT,
    }
    return kinds_of_events.get(mark.kind, StopKind.EVENT)


def _liquidation(source: Source, least_micro: int, here_ms: int, limit_ms: int) -> int | None:
    """The time of the nearest liquidation of at least `least_micro` between `here_ms` and `limit_ms`, neither of them.

    One day is looked through after the other, by when rows came; exact for rows that came within `_LATE_MS`.
    """
    forward, between = limit_ms > here_ms, (min(here_ms, limit_ms), max(here_ms, limit_ms))
    until, best = here_ms + (DAY_MS if forward else _LATE_MS), None
    while True:
        at_ms = min(max(until, source.start_ms), source.end_ms)
        times = _large_until(source, least_micro, between, at_ms, 1 if forward else -1)
        times += [best] if best is not None else []
        best = min(times, key=lambda t: abs(t - here_ms), default=None)
        aim = limit_ms if best is None else best
        if (until >= min(aim + _LATE_MS, source.end_ms)) if forward else (until - DAY_MS <= max(aim, source.start_ms)):
            return best
        until += DAY_MS if forward else -DAY_MS


def _large_until(
    source: Source, least_micro: int, between: tuple[int, int], until_ms: int, direction: int
) -> list[int]:
    """Times, between two of them, of the large rows that came in the day before `until_ms`: at least the first ones."""
    low, high = between
    point = source.restore(until_ms)
    times = [t for t in _large_after(source, point.offset, least_micro, until_ms) if low < t < high]
    for chunk in _chunks(point, direction, lambda rows: _may_hold(rows, least_micro, low, high)):
        came_ms = chunk.number * CHUNK_MS
        if times and (came_ms > min(times) + _LATE_MS if direction > 0 else came_ms + CHUNK_MS <= max(times)):
            break
        times += [t for t in _large(source, chunk, least_micro) if low < t < high]
    return times


def _chunks(point: Restore, direction: int, may_hold: Callable[[LiquidationSummary | None], bool]) -> Iterator[Chunk]:
    """The chunks that may hold what is wanted, in the direction of the search; the others of an hour are not read."""
    parts: list[Hour | Chunk] = [*point.hours, *point.chunks]
    for part in parts[::direction]:
        if may_hold(part.liquidations):
            chunks = part.load_chunks()[::direction] if isinstance(part, Hour) else (part,)
            yield from (chunk for chunk in chunks if may_hold(chunk.liquidations))


def _may_hold(rows: LiquidationSummary | None, least_micro: int, low: int, high: int) -> bool:
    if rows is None or rows.largest.usd_micro < least_micro:
        return False
    return rows.first_ts_ms < high and rows.last_ts_ms > low


def _large(source: Source, chunk: Chunk, least_micro: int) -> list[int]:
    """Times of the large rows of a chunk; of a damaged one that of its largest."""
    rows = source.chunk_rows(chunk.number)
    if rows is None:
        return [chunk.liquidations.largest.ts_ms] if chunk.liquidations is not None else []
    return [t for t, usd in zip(rows.ts_ms, rows.usd_micro, strict=True) if usd >= least_micro]


def _large_after(source: Source, offset: int, least_micro: int, until_ms: int) -> Iterator[int]:
    """Times of the large rows behind a checkpoint, up to a time: they are rolled up nowhere yet."""
    for _, batch in source.batches(offset):
        if batch.recv_ms > until_ms:
            return
        for record in batch.records:
            if isinstance(record, Liquidation) and record.usd_micro >= least_micro:
                yield record.ts_ms
