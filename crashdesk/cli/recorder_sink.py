"""The worker's sink: what it records goes into a recording, and is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crashdesk.analytics.cascade_watch import CascadeWatch
from crashdesk.cli.roller import DayRoller
from crashdesk.model.errors import RecordingError
from crashdesk.model.ports import Clock
from crashdesk.model.records import Event, Feed, HealthState, Liquidation, Quote, Record, VenueHealth
from crashdesk.recording.writer import RecordingWriter


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
    roller: DayRoller | None = None
    due: tuple[Event, ...] = ()
    """Events to be written next."""

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
        if self.roller is not None:
            self.writer, news = self.roller.turn(self.writer, now)
            self.due += news
        if self.due:
            self.writer.append(self.due, now)
            self.due = ()
        if records:
            self.writer.append(records, now)
        else:
            self.writer.tick(now)
        self.due = self.watch.fold(now, records)

    def sync(self) -> None:
        """Make sure that it is on the disk. Raises RecordingError when the file is no longer where it was."""
        self.writer.sync()
        try:
            there = self.writer.path.stat().st_size >= self.writer.size
        except FileNotFoundError:
            there = False
        if not there:
            raise RecordingError(f"{self.writer.path} was removed or cut while it was recorded: recording ended")
