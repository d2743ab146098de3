"""Writing and reading back: every kind, order, growth, checkpoints."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from crashdesk.model.columns import CHUNK_MS, Restore
from crashdesk.model.errors import RecordingError
from crashdesk.model.records import Batch, Candle, Event, Gap, Instrument, Liquidation, PerpStats, Quote, Record, Side
from crashdesk.recording.format import Kind
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import MOST_RECORDS, NOT_RUNNING, RecordingWriter
from tests.recording.samples import (
    START,
    all_chunks,
    candle,
    health,
    kill,
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


class Folded:
    """What a brute-force reader knows after some batches: the truth that a `Restore` must equal."""

    def __init__(self) -> None:
        self.quotes: dict[tuple[str, str], tuple[int, Quote]] = {}
        self.candles: dict[tuple[str, str, str], dict[int, Candle]] = {}
        self.rows: list[tuple[int, Liquidation]] = []
        self.prices: dict[tuple[int, str, str], list[float]] = {}
        self.events: list[Event] = []
        self.gaps: list[Gap] = []
        self.instruments: dict[tuple[str, str], Instrument] = {}

    def add(self, batch: Batch) -> None:
        for row in batch.records:
            self._add(batch.recv_ms, row)

    def _add(self, recv_ms: int, row: Record) -> None:
        if isinstance(row, Quote):
            self.quotes[row.venue, row.symbol] = (recv_ms, row)
            self.prices.setdefault((recv_ms // 60_000, row.venue, row.symbol), []).append(row.last)
        elif isinstance(row, Candle):
            self.candles.setdefault((row.venue, row.symbol, row.timeframe), {})[row.open_ms] = row
        elif isinstance(row, Liquidation):
            self.rows.append((recv_ms, row))
        elif isinstance(row, Event):
            self.events.append(row)
        elif isinstance(row, Gap):
            self.gaps.append(row)
        elif isinstance(row, Instrument):
            self.instruments[row.venue, row.symbol] = row


def check(restored: Restore, truth: Folded) -> None:
    assert {(q.venue, q.symbol): (at, q) for at, q in restored.quotes} == truth.quotes
    assert list(restored.events) == truth.events
    assert list(restored.gaps) == truth.gaps
    assert {(i.venue, i.symbol): i for i in restored.instruments} == truth.instruments
    assert restored.liquidations_before == len(truth.rows)
    for run in restored.candles:
        want = [row for _, row in sorted(truth.candles.pop((run.venue, run.symbol, run.timeframe)).items())]
        assert list(run.open_ms) == [row.open_ms for row in want]
        for name in ("open", "high", "low", "close", "volume"):
            assert list(getattr(run, name)) == [getattr(row, name) for row in want]
        assert [bool(byte) for byte in run.closed] == [row.closed for row in want]
    assert not truth.candles
    check_chunks(restored, truth)


def check_chunks(restored: Restore, truth: Folded) -> None:
    chunks = all_chunks(restored)
    assert [chunk.number for chunk in chunks] == sorted({chunk.number for chunk in chunks})
    total = 0
    for chunk in chunks:
        rows = [row for recv_ms, row in truth.rows if recv_ms // CHUNK_MS == chunk.number]
        total += len(rows)
        check_rows(chunk.liquidations, chunk.load_liquidations(), rows)
        prices: dict[tuple[str, str], list[tuple[int, list[float]]]] = {}
        for (minute, venue, symbol), seen in truth.prices.items():
            if minute // 5 == chunk.number:
                prices.setdefault((venue, symbol), []).append((minute, seen))
        bars = chunk.load_bars()
        assert {key: [(b.minute, b.high, b.low, b.close) for b in found] for key, found in bars.items()} == {
            key: [(m, max(seen), min(seen), seen[-1]) for m, seen in minutes] for key, minutes in prices.items()
        }
        assert {key: (bar.high, bar.low, bar.close) for key, bar in chunk.bars.items()} == {
            key: (max(max(s) for _, s in minutes), min(min(s) for _, s in minutes), minutes[-1][1][-1])
            for key, minutes in prices.items()
        }
    assert total == len(truth.rows)


def check_rows(summary: object, columns: object, rows: list[Liquidation]) -> None:
    if not rows:
        assert summary is None
        return
    sums: dict[tuple[str, str, Side], tuple[int, int]] = {}
    minutes: dict[int, tuple[int, int, int]] = {}
    for row in rows:
        usd, orders = sums.get((row.venue, row.symbol, row.side), (0, 0))
        sums[row.venue, row.symbol, row.side] = (usd + row.usd_micro, orders + 1)
        long, short, count = minutes.get(row.ts_ms // 60_000, (0, 0, 0))
        is_long = row.side is Side.LONG
        minutes[row.ts_ms // 60_000] = (
            long + row.usd_micro * is_long,
            short + row.usd_micro * (not is_long),
            count + 1,
        )
    assert summary.sums == sums  # type: ignore[attr-defined]
    assert summary.minutes == minutes  # type: ignore[attr-defined]
    largest = min(rows, key=lambda r: (-r.usd_micro, r.ts_ms, r.venue, r.symbol, r.side.value))
    found = summary.largest  # type: ignore[attr-defined]
    assert (found.usd_micro, found.ts_ms, found.price) == (largest.usd_micro, largest.ts_ms, largest.price)
    bounds = (summary.first_ts_ms, summary.last_ts_ms)  # type: ignore[attr-defined]
    assert bounds == (min(r.ts_ms for r in rows), max(r.ts_ms for r in rows))

    assert list(columns.ts_ms) == [r.ts_ms for r in rows]  # type: ignore[attr-defined]
    assert list(columns.usd_micro) == [r.usd_micro for r in rows]  # type: ignore[attr-defined]
    assert list(columns.price) == [r.price for r in rows]  # type: ignore[attr-defined]
    assert list(columns.amount) == [r.amount for r in rows]  # type: ignore[attr-defined]
    keys = [columns.keys[k] for k in columns.key]  # type: ignore[attr-defined]
    assert keys == [(r.venue, r.symbol, r.side) for r in rows]


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


def test_many_small_frames_are_gathered(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    written: list[Record] = []
    for step in range(600):
        now = START + step * 70_000
        minute = now // 60_000 * 60_000
        rows = [candle(minute + back * 60_000, close=1 + step + back / 8) for back in (-2, -1, 0)]
        event = Event(one_of_each(now)[13].kind, now, now, f"event {step}")  # type: ignore[union-attr]
        writer.append([*rows, event], now)
        written += [*rows, event]
    writer.close(START + 10**8)
    reader = RecordingReader.open(path)
    key = reader.checkpoint(START + 10**9)
    assert key is not None
    assert len(key[1].refs[Kind.CANDLES]) < 80
    assert len(key[1].refs[Kind.EVENTS]) < 80
    assert [row for row in records(path) if not isinstance(row, type(session()))] == written
    truth = Folded()
    for batch in play(path):
        truth.add(batch)
    check(reader.restore(START + 10**9), truth)


def test_a_closed_reader_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    write_day(path, 100)
    reader = RecordingReader.open(path)
    chunk = reader.restore(reader.end_ms).chunks[0]
    reader.close()
    reader.close()
    with pytest.raises(RecordingError, match="closed"):
        chunk.load_liquidations()
