"""Recording without a screen: the worker's records into a recording, under its lock."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import crashdesk
from crashdesk.analytics.cascade_watch import CascadeWatch
from crashdesk.config.paths import ensure_dir
from crashdesk.config.settings import Paths, Settings
from crashdesk.model.columns import Restore
from crashdesk.model.errors import RecordingError
from crashdesk.model.ports import Clock
from crashdesk.model.records import Event, Feed, HealthState, Liquidation, Note, Quote, Record, Session, VenueHealth
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.recording.lock import WriterLock
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter

_SEEN_MS = 2 * HOUR_MS
_LATE_MS = 2 * MINUTE_MS
"""Rows come late by so much: what a feed has last told is asked for again from so long before on."""


@dataclass(slots=True)
class Tally:
    """What was recorded since the start."""

    quotes: int = 0
    liquidations: int = 0
    records: int = 0
    trouble: str = ""
    states: dict[str, str] = field(default_factory=dict)
    """What each venue's prices are waiting for, in words."""


@dataclass(slots=True)
class RecorderSink:
    """The worker's sink: a writer driven by a clock, and the watch that finds cascades in what is written."""

    writer: RecordingWriter
    clock: Clock
    watch: CascadeWatch
    tally: Tally = field(default_factory=Tally)
    _due: tuple[Event, ...] = ()

    def append(self, records: Sequence[Record]) -> None:
        """Commit records that came together. Raises OSError when the disk refuses."""
        self._commit(records)
        self.tally.records += len(records)
        self.tally.quotes += sum(1 for r in records if isinstance(r, Quote))
        prices = (r for r in records if isinstance(r, VenueHealth) and r.feed is Feed.TICKERS)
        for health in prices:
            if health.detail and health.state is not HealthState.STOPPED:
                self.tally.states[health.venue] = health.detail
        self.tally.liquidations += sum(1 for r in records if isinstance(r, Liquidation))

    def tick(self) -> None:
        """Write the time."""
        self._commit(())

    def _commit(self, records: Sequence[Record]) -> None:
        """Write cascades that are due, then the records (none: the time), then look at them.

        In this order, because the worker appends refused records once more: what is in the file is never written again.
        """
        now = self.clock.now_ms()
        if self._due:
            self.writer.append(self._due, now)
            self._due = ()
        if records:
            self.writer.append(records, now)
        else:
            self.writer.tick(now)
        self._due = self.watch.fold(now, records)

    def sync(self) -> None:
        """Make sure that it is on the disk. Raises RecordingError when the file is no longer where it was."""
        self.writer.sync()
        try:
            there = self.writer.path.stat().st_size >= self.writer.size
        except FileNotFoundError:
            there = False
        if not there:
            raise RecordingError(f"{self.writer.path} was removed or cut while it was recorded: recording ended")


class RecordPlan(NamedTuple):
    """What `record` does: where to, for how long (None: until stopped), and whether a parent's pipe ends it."""

    out: Path
    for_ms: int | None
    child: bool
    coins: tuple[str, ...]
    progress: Callable[[Tally, int], None] | None


class Before(NamedTuple):
    """What a recording held before: its id, its liquidations since `seen_from_ms`, the ids of its notes."""

    recording_id: str | None = None
    seen: tuple[Liquidation, ...] = ()
    seen_from_ms: int | None = None
    notes: tuple[str, ...] = ()


def _before(out: Path, watch: CascadeWatch) -> Before:
    """The last two hours of the recording, if there is one already; `watch` takes up where the last recorder was.

    More where a feed was silent then: what it has missed since is asked for, and must not be written twice.
    """
    try:
        reader = RecordingReader.open(out)
    except RecordingError:
        return Before()  # not there yet; what is no recording of ours is refused when it is opened to write
    try:
        since = _known_from(reader.restore(reader.end_ms - _SEEN_MS), reader.end_ms)
        point = reader.restore(since)
        watch.restore(point)
        seen: list[Liquidation] = []
        notes = [note.id for note in point.notes]
        for _, batch in reader.batches(point.offset):
            watch.fold(batch.recv_ms, batch.records)  # cascades that come out of it are in the recording
            seen += [r._replace(raw="") for r in batch.records if isinstance(r, Liquidation)]
            notes += [r.id for r in batch.records if isinstance(r, Note)]
        return Before(reader.session.recording_id, tuple(seen), since, tuple(notes))
    finally:
        reader.close()


def _known_from(point: Restore, end_ms: int) -> int:
    """Somewhat before the first of the feeds that were silent at `point` has last spoken, at most a day before the end.

    A feed that was well then has been asked for everything up to then.
    """
    newest = {health.venue: health for health in point.health if health.feed is Feed.LIQUIDATIONS}
    silent = [h.last_message_ms for h in newest.values() if h.state is not HealthState.OK]
    spoke = [last_ms for last_ms in silent if last_ms is not None]
    return max(min([point.recv_ms, *spoke]) - _LATE_MS, end_ms - DAY_MS)


def _session(settings: Settings, recording_id: str | None, now_ms: int) -> Session:
    venues = tuple(venue.name for venue in settings.venues if venue.enabled)
    return Session(
        recording_id=recording_id or uuid.uuid4().hex,
        created_ms=now_ms,
        writer=f"crashdesk {crashdesk.__version__}",
        label="",
        title="live",
        sources=tuple(f"{name}, public market data" for name in venues),
        venue_order=venues,
    )


@contextlib.contextmanager
def _stop_on_signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    # what was started with a signal ignored (nohup) goes on ignoring it
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    heard = [number for number in wanted if signal.getsignal(number) is not signal.SIG_IGN]
    for number in heard:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in heard:
            loop.remove_signal_handler(number)


def record(settings: Settings, paths: Paths, clock: Clock, plan: RecordPlan) -> Tally:
    """Record until told to stop. Raises RecordingError when the file is foreign or is being written already."""
    ensure_dir(paths.runtime_dir)
    ensure_dir(paths.cache_dir)
    with WriterLock(plan.out, paths.runtime_dir):
        watch = CascadeWatch(settings.cascades)
        before = _before(plan.out, watch)
        now = clock.now_ms()
        writer = RecordingWriter.open(plan.out, _session(settings, before.recording_id, now), now)
        sink = RecorderSink(writer, clock, watch)
        try:
            asyncio.run(_run(settings, paths, sink, plan, before))
        finally:
            writer.close(clock.now_ms())
    return sink.tally


async def _run(settings: Settings, paths: Paths, sink: RecorderSink, plan: RecordPlan, before: Before) -> None:
    from crashdesk.outside.news import NewsPoll
    from crashdesk.venues.control_client import control_path
    from crashdesk.venues.parent import call_at_end_of_input
    from crashdesk.venues.worker import WorkerOptions, run_worker

    def trouble(text: str) -> None:
        sink.tally.trouble = text

    stop = asyncio.Event()
    control = control_path(paths.runtime_dir, plan.out)
    options = WorkerOptions(
        cache_dir=paths.cache_dir,
        control=control,
        coins=plan.coins,
        seen=before.seen,
        seen_from_ms=before.seen_from_ms,
        on_trouble=trouble,
        beside=(NewsPoll(settings.news, sink.clock, before.notes).run,) if settings.news.feeds else (),
    )
    with _stop_on_signals(stop), contextlib.ExitStack() as stack:
        if plan.child:
            stack.callback(call_at_end_of_input(sys.stdin.buffer, stop.set))
        if plan.for_ms is not None:
            asyncio.get_running_loop().call_later(plan.for_ms / 1000, stop.set)
        telling = asyncio.create_task(_tell(sink, plan))
        try:
            await run_worker(settings, sink, sink.clock, stop, options)
        finally:
            telling.cancel()


async def _tell(sink: RecorderSink, plan: RecordPlan) -> None:
    while plan.progress is not None:
        plan.progress(sink.tally, sink.writer.size)
        await asyncio.sleep(1)
