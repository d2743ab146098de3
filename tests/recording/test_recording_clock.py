"""A clock that jumps, records of one time, an end in the middle of a burst."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from crashdesk.model.records import Batch, Liquidation
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from tests.recording.samples import START, kill, liquidation, play, quote, session


def test_a_clock_that_jumps_back_and_forth_is_recorded_as_one_that_only_goes_on(tmp_path: Path) -> None:
    path, chance, now = tmp_path / "a.crash", random.Random(4), START
    writer = RecordingWriter.open(path, session(), now, fsync=False)
    latest = now
    for step in range(400):
        now += chance.choice((0, 1, 500, 20_000, 400_000, -1, -7_000, -350_000))
        now = max(now, START)
        latest = max(latest, now)
        writer.append([liquidation(now, raw=str(step)), quote(last=100.0 + step / 10, ts_ms=now)], now)
        assert latest <= writer.recv_ms <= latest + 4_000, "never far ahead of the latest time that the clock has shown"
    writer.close(now)
    batches = play(path)
    assert all(a.recv_ms < b.recv_ms for a, b in pairwise(batches))
    rows = [row for batch in batches for row in batch.records if isinstance(row, Liquidation)]
    assert [int(row.raw) for row in rows] == list(range(400))
    with contextlib.closing(RecordingReader.open(path)) as reader:
        assert reader.info().damage == ()
        for batch in batches[:: len(batches) // 20]:
            point = reader.restore(batch.recv_ms)
            assert point.recv_ms <= batch.recv_ms
            behind = [one for _, one in reader.batches(point.offset) if one.recv_ms <= batch.recv_ms]
            sought = point.liquidations_before + _liquidations(behind)
            assert sought == _liquidations(one for one in batches if one.recv_ms <= batch.recv_ms)


def _liquidations(batches: Iterable[Batch]) -> int:
    return sum(isinstance(row, Liquidation) for batch in batches for row in batch.records)


def test_records_of_one_time_keep_their_order(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    prices = [100.0, 101.0, 99.5, 100.0]
    for last in prices:
        writer.append([quote(last=last), liquidation(START, price=last)], START + 10)
    writer.append([liquidation(START, price=7.0), liquidation(START, price=7.0)], START + 10)
    writer.close(START + 10)
    rows = [row for batch in play(path) for row in batch.records if isinstance(row, Liquidation)]
    assert [row.price for row in rows] == [*prices, 7.0, 7.0]
    with contextlib.closing(RecordingReader.open(path)) as reader:
        assert [price.last for _, price in reader.restore(reader.end_ms).quotes] == [100.0]


def test_a_recording_that_ends_in_the_middle_of_a_burst(tmp_path: Path) -> None:
    """Cut at every byte of its last frame: what came before is there, and the next recorder goes on behind it."""
    path, whole = tmp_path / "a.crash", tmp_path / "whole.crash"
    writer = RecordingWriter.open(whole, session(), START, fsync=False)
    for step in range(20):
        before = writer.size
        writer.append([liquidation(START + step, raw=str(k)) for k in range(30)], START + step)
    kill(writer)
    data = whole.read_bytes()
    for end in range(before, len(data), 7):
        path.write_bytes(data[:end])
        with contextlib.closing(RecordingReader.open(path)) as reader:
            rows = [row for _, batch in reader.batches(reader.first_offset) for row in batch.records]
            assert sum(isinstance(row, Liquidation) for row in rows) == 19 * 30
            assert reader.damage == ()
        later = START + HOUR_MS
        writer = RecordingWriter.open(path, session(), later, fsync=False)
        writer.append([liquidation(later, raw="next")], later)
        writer.close(later + 1)
        found = [row for batch in play(path) for row in batch.records if isinstance(row, Liquidation)]
        assert len(found) == 19 * 30 + 1
        assert found[-1].raw == "next"
