"""Writing and reading back: every kind, order, growth, checkpoints."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.records import Batch
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import MOST_RECORDS, RecordingWriter
from tests.recording.folded import Folded, check
from tests.recording.samples import (
    START,
    liquidation,
    one_of_each,
    play,
    quote,
    records,
    session,
    write_day,
)


def test_every_kind_comes_back_equal(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "a.crash"
    writer = RecordingWriter.open(path, session(), START)
    rows = one_of_each(START + 5)
    writer.append(rows, START + 5)
    writer.close(START + 100)
    assert records(path) == [session(), *rows]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    batches = play(path)
    assert all(a.recv_ms < b.recv_ms and a.seq < b.seq for a, b in pairwise(batches))
    assert all(len({type(row) for row in batch.records}) == 1 for batch in batches)


def test_the_clock_never_stands_or_goes_back(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START)
    for now in (START, START, START - 5_000, START + 10, START + CHUNK_MS, START + CHUNK_MS - 1):
        writer.append([quote(last=1.0 + now % 1000)], now)
        writer.tick(now)
    writer.close(START)
    times = [batch.recv_ms for batch in play(path)]
    assert all(a < b for a, b in pairwise(times))
    assert len(times) == 13


def test_equal_quotes_are_left_out_and_the_clock_ticks(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START)
    writer.append([quote()], START + 10)
    writer.append([quote()], START + 20)
    writer.append([quote(ts_ms=START + 3)], START + 30)
    writer.close(START + 90)
    batches = play(path)
    assert [batch.records for batch in batches[1:]] == [(quote(),), (), (quote(ts_ms=START + 3),)]
    assert batches[2].recv_ms == START + 20


def test_more_records_than_a_frame_takes(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    rows = [liquidation(START) for _ in range(MOST_RECORDS + 7)]
    writer = RecordingWriter.open(path, session(), START)
    writer.append(rows, START + 1)
    writer.close(START + 5)
    assert [len(batch.records) for batch in play(path)] == [1, MOST_RECORDS, 7]
    reader = RecordingReader.open(path)
    chunks = reader.restore(START + 1_000).chunks
    assert sum(len(chunk.load_liquidations().ts_ms) for chunk in chunks) == len(rows)


@pytest.mark.parametrize("at", [START, START + 301_000, START + 1_000_000, START + 2_400_000, START + 9_999_999])
def test_restore_equals_what_was_played(tmp_path: Path, at: int) -> None:
    path = tmp_path / "a.crash"
    write_day(path, 500)
    reader = RecordingReader.open(path)
    restored = reader.restore(at)
    assert restored.recv_ms <= at
    full = list(reader.batches(reader.first_offset))
    truth = Folded()
    for offset, batch in full:
        if offset <= restored.offset:
            truth.add(batch)
    check(restored, truth)
    assert list(reader.batches(restored.offset)) == [step for step in full if step[0] > restored.offset]


def test_going_on_from_any_offset(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    write_day(path, 150)
    reader = RecordingReader.open(path)
    full = list(reader.batches(reader.first_offset))
    for place in range(0, len(full), 37):
        fresh = RecordingReader.open(path)
        assert list(fresh.batches(full[place][0])) == full[place + 1 :]
        steps = fresh.batches(fresh.first_offset)
        assert [next(steps) for _ in range(place + 1)] == full[: place + 1]
        steps.close()
        assert list(fresh.batches(full[place][0])) == full[place + 1 :]
        fresh.close()


def test_following_while_another_handle_writes(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    reader = RecordingReader.open(path)
    offset = reader.first_offset
    seen: list[Batch] = []
    for step in range(300):
        writer.append([quote(last=100.0 + step), liquidation(START + step)], START + step * 3_000)
        assert reader.refresh()
        assert not reader.refresh()
        for behind, batch in reader.batches(offset):
            offset = behind
            seen.append(batch)
        assert reader.end_ms == seen[-1].recv_ms
        assert seen[-1].records == (liquidation(START + step),)
    writer.close(START + 10**6)
    assert reader.refresh()
    assert seen == play(path)
    assert writer.size == path.stat().st_size


def test_a_half_written_tail_is_not_seen_yet(tmp_path: Path) -> None:
    path, growing = tmp_path / "a.crash", tmp_path / "b.crash"
    write_day(path, 8)
    data = path.read_bytes()
    growing.write_bytes(data[: len(data) // 2])
    reader = RecordingReader.open(growing)
    offset, seen = reader.first_offset, []
    with growing.open("ab", buffering=0) as stream:
        for at in range(len(data) // 2, len(data), 11):
            stream.write(data[at : at + 11])
            reader.refresh()
            for behind, batch in reader.batches(offset):
                offset = behind
                seen.append(batch)
    assert seen == play(path)
    assert reader.damage == ()
