"""A recording taken up again, cut off by a kill, closed, and read without a change."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.errors import RecordingError
from crashdesk.model.records import Event, Gap, Liquidation, PerpStats, Side
from crashdesk.recording.format import Kind
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import NOT_RUNNING, RecordingWriter
from tests.recording.folded import Folded, check
from tests.recording.samples import (
    START,
    candle,
    health,
    kill,
    liquidation,
    one_of_each,
    play,
    quote,
    session,
    write_day,
)


def test_appending_takes_the_recording_up(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    write_day(path, 100)
    ended = RecordingReader.open(path).end_ms
    before = play(path)
    later = ended + 7_200_000
    writer = RecordingWriter.open(path, session("other", later), later)
    writer.append([quote(last=5.0), candle(START)], later + 10)
    writer.close(later + 20)
    after = play(path)
    assert after[: len(before)] == before
    added = [record for batch in after[len(before) :] for record in batch.records]
    assert added[0] == session("r1", later)
    assert added[1] == Gap("", added[1].feed, ended, later, NOT_RUNNING)  # type: ignore[union-attr]
    assert added[2:] == [quote(last=5.0), candle(START)]
    reader = RecordingReader.open(path)
    assert reader.session == session("r1", later)
    assert reader.restore(ended).session == session()
    assert reader.damage == ()
    truth = Folded()
    for batch in after:
        truth.add(batch)
    check(reader.restore(later + 10**6), truth)


def test_a_killed_writer_at_every_byte_of_its_tail(tmp_path: Path) -> None:
    path, cut = tmp_path / "a.crash", tmp_path / "cut.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    for now in (START + 1, START + CHUNK_MS + 2, START + CHUNK_MS + 5):
        writer.append([*one_of_each(now), quote(last=now / 7)], now)
    data = path.read_bytes()
    full = play(path)
    first = 16 + 40
    for length in [*range(len(data) - 900, len(data) + 1), first, first - 1]:
        cut.write_bytes(data[:length])
        writer = RecordingWriter.open(cut, session("x", START + CHUNK_MS * 3), START + CHUNK_MS * 3, fsync=False)
        assert cut.read_bytes()[:length] == data[:length]
        rows = [quote(last=3.25), liquidation(START + 9)]
        writer.append(rows, START + CHUNK_MS * 3 + 5)
        reader = RecordingReader.open(cut)
        batches = [batch for _, batch in reader.batches(reader.first_offset)]
        reader.close()
        whole = [batch for batch in full if batch in batches]
        assert batches[: len(whole)] == full[: len(whole)]
        new = [record for batch in batches[len(whole) :] for record in batch.records]
        assert new[-2:] == rows
        assert isinstance(new[0], type(session()))
        assert len(new) == (4 if whole else 3)
        assert reader.damage == ()
        kill(writer)


def test_unclosed_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START)
    writer.append(one_of_each(START), START)
    info = RecordingReader.open(path).info()
    assert not info.closed
    writer.close(START + 9)
    writer.close(START + 9)
    info = RecordingReader.open(path).info()
    assert info.closed
    assert info.sessions == (session(),)
    assert info.records[Kind.CANDLES] == 3
    assert info.frames[Kind.KEY] == 1
    assert info.damage == ()
    assert (info.size, info.start_ms) == (path.stat().st_size, START)
    with pytest.raises(OSError, match="closed"):
        writer.tick(START + 20)


def test_reading_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    write_day(path, 100)
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    before, names = path.stat(), sorted(tmp_path.iterdir())
    reader = RecordingReader.open(path)
    reader.restore(reader.end_ms)
    reader.info()
    reader.marks()
    reader.minute_totals()
    list(reader.batches(reader.first_offset))
    reader.close()
    after = path.stat()
    assert (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)
    assert sorted(tmp_path.iterdir()) == names
    tmp_path.chmod(0o755)


def test_scrubber_data_of_the_whole_recording(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    written = write_day(path, 1_500, step_ms=120_000)  # 50 hours: more than one checkpoint lists
    writer = RecordingWriter.open(path, session(), START + 1_500 * 120_000 + 5, fsync=False)
    more = [liquidation(START), liquidation(START + 180_000_000, side=Side.SHORT)]
    writer.append(more, START + 1_500 * 120_000 + 9)
    truth: dict[int, list[int]] = {}
    for row in [*written, *more]:
        if isinstance(row, Liquidation):
            sums = truth.setdefault(row.ts_ms // 60_000, [0, 0, 0])
            sums[row.side is Side.SHORT] += row.usd_micro
            sums[2] += 1
    reader = RecordingReader.open(path)
    assert reader.minute_totals() == {minute: tuple(sums) for minute, sums in truth.items()}
    marks = reader.marks()
    assert [mark for mark in marks if isinstance(mark, Event)] == [row for row in written if isinstance(row, Event)]
    assert [mark.reason for mark in marks if isinstance(mark, Gap)] == [NOT_RUNNING]


def test_health_lists_changes_and_the_newest(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    for minute in range(60):
        row = health(START + (0 if minute < 30 else 1_800_000))
        writer.append([row], START + minute * 60_000)
    keep_alive = health(START + 1_800_000)
    writer.append([keep_alive], START + 3_700_000)
    writer.close(START + 3_800_000)
    assert RecordingReader.open(path).restore(START + 10**9).health == (health(START), keep_alive)


def test_funding_and_open_interest_in_rows_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    funding = PerpStats("okx", "BTC/USDT:USDT", START, 0.0001, None)
    interest = PerpStats("okx", "BTC/USDT:USDT", START + 1, None, 1e9)
    writer.append([funding], START + 1)
    writer.append([interest], START + 2)
    writer.close(START + 9)
    assert RecordingReader.open(path).restore(START + 10**9).perps == (funding, interest)


def test_a_closed_reader_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    write_day(path, 100)
    reader = RecordingReader.open(path)
    chunk = reader.restore(reader.end_ms).chunks[0]
    reader.close()
    reader.close()
    with pytest.raises(RecordingError, match="closed"):
        chunk.load_liquidations()
