"""The recorder's sink finds cascades in what it writes, and goes on with them after it was started anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from crashdesk.analytics.cascade_watch import CascadeWatch, cascades_of
from crashdesk.cli import recorder
from crashdesk.cli.recorder import RecorderSink
from crashdesk.model.cascade import CascadeSettings
from crashdesk.model.records import Batch, Event, Record, Session
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from tests.analytics.test_cascades import CRASH, SECOND, START, calm, falling, market, wave

SESSION = Session("id", START, "test", "", "live", (), ("okx",))


class Clock:
    now = 0

    def now_ms(self) -> int:
        return self.now


def write(out: Path, batches: Sequence[Batch]) -> None:
    watch = CascadeWatch(CascadeSettings())
    recorder._before(out, watch)
    clock = Clock()
    writer = RecordingWriter.open(out, SESSION, batches[0].recv_ms - 1, fsync=False)
    sink = RecorderSink(writer, clock, watch)
    for batch in batches:
        clock.now = batch.recv_ms
        sink.append(batch.records)
    clock.now += SECOND
    sink.tick()
    writer.close(clock.now)


def events(out: Path) -> list[tuple[int, Event]]:
    reader = RecordingReader.open(out)
    try:
        batches = [batch for _, batch in reader.batches(reader.first_offset)]
    finally:
        reader.close()
    return [(b.recv_ms, r) for b in batches for r in b.records if isinstance(r, Event)]


def test_a_cascade_is_written_while_it_goes_on(tmp_path: Path) -> None:
    batches = market(calm() + wave(), falling(0.02))
    write(tmp_path / "x.crash", batches)
    told = events(tmp_path / "x.crash")
    assert told[0][0] < CRASH + 60 * SECOND
    assert {(e.start_ms, e.symbol) for _, e in told} == {(CRASH + 250, "BTC/USDT")}
    last = told[-1][1]
    assert (last.end_ms, last.usd_micro, last.orders) == (CRASH + 130_000, 92_500_000 * 10**6, 125)
    reader = RecordingReader.open(tmp_path / "x.crash")
    again = cascades_of((batch for _, batch in reader.batches(reader.first_offset)), CascadeSettings())
    reader.close()
    assert [(e.start_ms, e.end_ms, e.usd_micro) for e in again] == [(last.start_ms, last.end_ms, last.usd_micro)]


@pytest.mark.parametrize("after_s", [60, 100, 500])
def test_a_recorder_that_is_started_anew_goes_on_with_it(tmp_path: Path, after_s: int) -> None:
    batches = market(calm() + wave(), falling(0.02))
    cut = next(i for i, b in enumerate(batches) if b.recv_ms >= CRASH + after_s * SECOND)
    out = tmp_path / "x.crash"
    write(out, batches[:cut])
    before = len(events(out))
    write(out, batches[cut:])
    told = events(out)
    assert {(e.start_ms, e.symbol) for _, e in told} == {(CRASH + 250, "BTC/USDT")}
    assert told[-1][1].usd_micro == 92_500_000 * 10**6
    assert (len(told) == before) == (after_s == 500), "what was told is not told again"


def test_the_usual_is_known_from_checkpoints(tmp_path: Path) -> None:
    """The calm lies before the two hours that are played again at a start."""
    early, out = START - 6 * 60 * 60 * SECOND, tmp_path / "x.crash"
    steady = calm(start=early, usd=20e6)
    batches = market(steady + wave(), falling(0.02), start=early)
    cut = next(i for i, b in enumerate(batches) if b.recv_ms >= CRASH - 60 * SECOND)
    write(out, batches[:cut])
    write(out, batches[cut:])
    assert events(out) == [], "$190M is less than four times the usual $100M"
    bare = tmp_path / "y.crash"
    write(bare, [b for b in market(wave(), falling(0.02), start=early) if b.recv_ms < CRASH - 60 * SECOND])
    write(bare, [b for b in market(wave(), falling(0.02), start=early) if b.recv_ms >= CRASH - 60 * SECOND])
    assert len({e.start_ms for _, e in events(bare)}) == 1


def test_the_usual_is_known_from_hours_that_are_summed_up(tmp_path: Path) -> None:
    """Seven hours of high flow, three of none: the median of all of them is the high one."""
    hour = 60 * 60 * SECOND
    early, out = START - 10 * hour, tmp_path / "x.crash"
    batches = market(calm(early, CRASH - 3 * hour, 20e6) + wave(), falling(0.02), start=early)
    cut = next(i for i, b in enumerate(batches) if b.recv_ms >= CRASH - 60 * SECOND)
    write(out, batches[:cut])
    write(out, batches[cut:])
    assert events(out) == []


def test_a_disk_that_refuses_a_cascade_gets_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "x.crash"
    clock = Clock()
    clock.now = START
    writer = RecordingWriter.open(out, SESSION, START - 1, fsync=False)
    sink = RecorderSink(writer, clock, CascadeWatch(CascadeSettings()))
    real, failed = RecordingWriter.append, 0

    def refusing(self: RecordingWriter, records: Sequence[Record], now_ms: int) -> None:
        nonlocal failed
        if records and isinstance(records[0], Event) and failed < 3:
            failed += 1
            raise OSError(28, "No space left on device")
        real(self, records, now_ms)

    monkeypatch.setattr(RecordingWriter, "append", refusing)
    for batch in market(wave(), falling(0.02)):
        clock.now = batch.recv_ms
        while True:
            try:
                sink.append(batch.records)
            except OSError:
                continue
            break
    writer.close(clock.now)
    assert failed == 3
    last = events(out)[-1][1]
    assert (last.usd_micro, last.orders) == (90_000_000 * 10**6, 120)
