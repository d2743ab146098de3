"""The outbox: what is to be recorded waits in order while the disk refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from crashdesk.model.records import (
    Event,
    Feed,
    Gap,
    Instrument,
    Liquidation,
    PriceBasis,
    PriceSource,
    Record,
    Side,
)
from crashdesk.venues.outbox import Outbox
from tests.conftest import FixedClock
from tests.venues.rig import ListSink
from tests.venues.test_venues_quotes import BTC


async def test_records_wait_in_order_while_the_disk_refuses(fixed_clock: FixedClock) -> None:
    sink, told = ListSink(), list[OSError | None]()
    outbox = Outbox(sink, fixed_clock, told.append)
    outbox.put([BTC])
    sink.broken = True
    first, second = (PriceSource("BTC/USDT", name, 1) for name in ("okx", "binance"))
    outbox.put([first])
    fixed_clock.ms += 7_000
    outbox.tick()
    outbox.put([second])
    assert outbox.blocked
    assert [error.errno for error in told if error is not None] == [28, 28]
    waiting = asyncio.create_task(outbox.ready())
    await asyncio.sleep(0)
    assert not waiting.done()
    sink.broken = False
    outbox.tick()
    await waiting
    assert sink.records[:3] == [BTC, first, second]
    (event,) = sink.of(Event)
    assert event.text == "recording paused for 7 s: disk full"
    assert event.end_ms - event.start_ms == 7_000
    assert told[-1] is None
    assert not outbox.blocked


class FullSink(ListSink):
    """A disk that takes `room` appends and then no more."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def append(self, records: Sequence[Record]) -> None:
        if self.room == 0:
            raise OSError(28, "No space left on device")
        self.room -= 1
        super().append(records)


async def test_a_large_batch_that_fails_in_its_middle_is_not_written_twice(fixed_clock: FixedClock) -> None:
    sink = FullSink(1)
    outbox = Outbox(sink, fixed_clock)
    sources = [PriceSource(f"C{i}/USDT", "okx", i) for i in range(45_000)]
    outbox.put(sources)
    assert outbox.blocked
    sink.room = 1
    outbox.tick()
    assert outbox.blocked
    sink.room = 99
    outbox.tick()
    assert sink.of(PriceSource) == sources
    assert max(len(batch) for batch in sink.batches) == 20_000


def _row(venue: str, ts_ms: int) -> Liquidation:
    return Liquidation(venue, "BTC/USDT:USDT", ts_ms, Side.LONG, 1.0, 1.0, 1_000_000, PriceBasis.FILL, "{}")


async def test_of_what_waits_the_oldest_figures_are_set_aside_and_told_as_gaps(
    fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crashdesk.venues.waiting.MOST_RECORDS", 4)
    sink = ListSink()
    outbox = Outbox(sink, fixed_clock)
    sink.broken = True
    began = fixed_clock.ms
    outbox.put([BTC])
    for second in range(10):
        fixed_clock.ms = began + second * 1_000
        outbox.put([_row("okx" if second % 2 else "gate", fixed_clock.ms)])
        outbox.tick()
    fixed_clock.ms = began + 60_000
    sink.broken = False
    outbox.tick()
    assert sink.of(Instrument) == [BTC], "what is no figure is kept as long as there are figures"
    assert [row.ts_ms - began for row in sink.of(Liquidation)] == [7_000, 8_000, 9_000]
    assert [(gap.venue, gap.feed, gap.start_ms - began, gap.end_ms - began) for gap in sink.of(Gap)] == [
        ("gate", Feed.LIQUIDATIONS, 0, 6_001),
        ("okx", Feed.LIQUIDATIONS, 1_000, 5_001),
    ]
    assert [event.text for event in sink.of(Event)] == ["recording paused for 60 s: disk full; 7 records set aside"]
    outbox.put([BTC])
    outbox.tick()
    assert len(sink.of(Gap)) == 2, "told once"


async def test_a_disk_that_refuses_while_the_pause_is_told_gets_each_line_once(
    fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crashdesk.venues.waiting.MOST_RECORDS", 1)
    sink = FullSink(0)
    outbox = Outbox(sink, fixed_clock)
    for second in range(3):
        outbox.put([_row("okx", second), _row("gate", second)])
    for room in (1, 1, 1, 99):
        sink.room = room
        outbox.tick()
    assert not outbox.blocked
    assert len(sink.of(Liquidation)) == 2
    assert [gap.venue for gap in sink.of(Gap)] == ["gate", "okx"]
    assert len(sink.of(Event)) == 1


class PickySink(FullSink):
    """Takes a batch whole or not at all: none in which a source dates from 0."""

    def append(self, records: Sequence[Record]) -> None:
        if any(isinstance(record, PriceSource) and record.ts_ms == 0 for record in records):
            raise OverflowError("a time that is none")
        super().append(records)


async def test_one_record_that_cannot_be_recorded_takes_no_other_with_it(fixed_clock: FixedClock) -> None:
    sink = PickySink(3)
    outbox = Outbox(sink, fixed_clock)
    sources = [PriceSource(f"C{i}/USDT", "okx", 0 if i in {7, 8, 700} else 1) for i in range(1_000)]
    outbox.put(sources)
    assert outbox.blocked, "the disk is full in the middle of it"
    sink.room = 99
    outbox.tick()
    assert sink.of(PriceSource) == [source for source in sources if source.ts_ms]
    assert [event.text for event in sink.of(Event)][:1] == [
        "3 records left out: they cannot be recorded (a number out of range)"
    ]
