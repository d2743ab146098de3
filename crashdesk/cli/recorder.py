"""Recording without a screen: the worker's records into a recording, under its lock."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import crashdesk
from crashdesk.analytics.cascade_watch import CascadeWatch
from crashdesk.cli.pruning import prune_told
from crashdesk.cli.recorder_sink import RecorderSink, Tally
from crashdesk.cli.roller import DayRoller
from crashdesk.config.paths import ensure_dir
from crashdesk.config.settings import Paths, Roll, Settings
from crashdesk.model.columns import Restore
from crashdesk.model.errors import RecordingError
from crashdesk.model.ports import Clock
from crashdesk.model.recorder import PAUSED
from crashdesk.model.records import Event, Feed, HealthState, Liquidation, Note, Session
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.recording.disk import paused_words
from crashdesk.recording.lock import WriterLock
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.roll import day_of, part_path
from crashdesk.recording.writer import RecordingWriter

_SEEN_MS = 2 * HOUR_MS
_LATE_MS = 2 * MINUTE_MS
"""Rows come late by so much: what a feed has last told is asked for again from so long before on."""


class RecordPlan(NamedTuple):
    """What `record` does: where to, for how long (None: until stopped), whether a parent's pipe ends it, whether a new
    file is begun each day, and whether nobody named the file."""

    out: Path
    for_ms: int | None
    child: bool
    coins: tuple[str, ...]
    progress: Callable[[Tally, int], None] | None
    roll: Roll = Roll.OFF
    automatic: bool = False


class Before(NamedTuple):
    """What a recording held before: its id, its liquidations since `seen_from_ms`, the ids of its notes, its end."""

    recording_id: str | None = None
    seen: tuple[Liquidation, ...] = ()
    seen_from_ms: int | None = None
    notes: tuple[str, ...] = ()
    end_ms: int | None = None


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
        return Before(reader.session.recording_id, tuple(seen), since, tuple(notes), reader.end_ms)
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


def _session(settings: Settings, recording_id: str | None, now_ms: int, *, automatic: bool) -> Session:
    venues = tuple(venue.name for venue in settings.venues if venue.enabled)
    return Session(
        recording_id=recording_id or uuid.uuid4().hex,
        created_ms=now_ms,
        writer=f"crashdesk {crashdesk.__version__}",
        label="",
        title="live",
        sources=tuple(f"{name}, public market data" for name in venues),
        venue_order=venues,
        automatic=automatic,
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
    """Record until told to stop.

    Raises RecordingError when the file is foreign or is being written already, or when the disk refuses to begin or to
    end it.
    """
    ensure_dir(paths.runtime_dir)
    ensure_dir(paths.cache_dir)
    with WriterLock(plan.out, paths.runtime_dir) as lock:
        watch = CascadeWatch(settings.cascades)
        before = _before(plan.out, watch)
        now = clock.now_ms()
        with _refusals(plan.out, "nothing can be recorded"):
            session = _session(settings, before.recording_id, now, automatic=plan.automatic)
            writer = RecordingWriter.open(plan.out, session, now)
        tidy = partial(prune_told, paths, settings.recording.prune_days if plan.automatic else 0)
        sink = RecorderSink(writer, clock, watch, roller=_roller(plan, before, now, tidy), due=tidy(now))
        try:
            asyncio.run(_run(settings, paths, sink, plan, before, _trouble(sink, plan, lock)))
        finally:
            if sink.roller is not None:
                sink.roller.stop()
            with _refusals(plan.out, "the end was not recorded"):
                sink.writer.close(clock.now_ms())
    return sink.tally


def _roller(
    plan: RecordPlan, before: Before, now_ms: int, rolled: Callable[[int], tuple[Event, ...]]
) -> DayRoller | None:
    """Goes over to a new file after the day in which the last recorder ended, if that is wanted."""
    part_path(plan.out.resolve()).unlink(missing_ok=True)  # of a recorder that was killed
    if plan.roll is not Roll.DAY:
        return None
    return DayRoller(plan.out, day_of(before.end_ms or now_ms), rolled)


@contextlib.contextmanager
def _refusals(out: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RecordingError(f"{out}: {what}: {paused_words(error, out)}") from None


def _trouble(sink: RecorderSink, plan: RecordPlan, lock: WriterLock) -> Callable[[OSError | None], None]:
    """Keeps the state of the disk in the tally, and beside the lock for those who only look."""

    def trouble(error: OSError | None) -> None:
        words = f"{PAUSED}: {paused_words(error, plan.out)}" if error is not None else ""
        if words != sink.tally.trouble:
            sink.tally.trouble = words
            lock.tell(words)

    return trouble


async def _run(
    settings: Settings,
    paths: Paths,
    sink: RecorderSink,
    plan: RecordPlan,
    before: Before,
    on_trouble: Callable[[OSError | None], None],
) -> None:
    from crashdesk.outside.news import NewsPoll
    from crashdesk.venues.control_client import control_path
    from crashdesk.venues.parent import call_at_end_of_input
    from crashdesk.venues.worker import WorkerOptions, run_worker

    stop = asyncio.Event()
    control = control_path(paths.runtime_dir, plan.out)
    options = WorkerOptions(
        cache_dir=paths.cache_dir,
        control=control,
        coins=plan.coins,
        seen=before.seen,
        seen_from_ms=before.seen_from_ms,
        on_trouble=on_trouble,
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
