"""Many small frames of one kind become few: a checkpoint's list stays short, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

from crashdesk.model.records import Candle, Event, EventKind, Record
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, Timeframe
from crashdesk.recording.candles import encode_columns
from crashdesk.recording.codec import Names
from crashdesk.recording.digest import gather
from crashdesk.recording.format import Kind
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.ledger import Ref
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from tests.recording.folded import Folded, check
from tests.recording.samples import START, candle, play, records, session


def check_restored(path: Path) -> None:
    """The newest checkpoint is what playing every frame makes."""
    truth = Folded()
    for batch in play(path):
        truth.add(batch)
    check(RecordingReader.open(path).restore(START + 10**9), truth)


def test_many_small_frames_are_gathered(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    written: list[Record] = []
    for step in range(600):
        now = START + step * 70_000
        minute = now // 60_000 * 60_000
        rows = [candle(minute + back * 60_000, close=1 + step + back / 8) for back in (-2, -1, 0)]
        event = Event(EventKind.CASCADE, now, now, f"event {step}")
        writer.append([*rows, event], now)
        written += [*rows, event]
    writer.close(START + 10**8)
    reader = RecordingReader.open(path)
    key = reader.checkpoint(START + 10**9)
    assert key is not None
    assert len(key[1].refs[Kind.CANDLES]) < 80
    assert len(key[1].refs[Kind.EVENTS]) < 80
    assert [row for row in records(path) if not isinstance(row, type(session()))] == written
    check_restored(path)


def test_days_that_are_told_again_each_hour_do_not_pile_up(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    first = START // DAY_MS
    for symbol in range(20):
        writer.append([day_of(symbol, number, 0) for number in range(first - 40, first + 1)], START)
    for hour in range(48):
        now = START + hour * HOUR_MS
        for symbol in range(20):
            days = range(now // DAY_MS - 1, now // DAY_MS + 1)
            writer.append([day_of(symbol, number, hour) for number in days], now + symbol)
        for minute in range(60):
            at = now + minute * 60_000
            writer.append([candle(at // 60_000 * 60_000, close=1.0 + hour)], at + 100)
    writer.close(START + 48 * HOUR_MS)
    reader = RecordingReader.open(path)
    key = reader.checkpoint(START + 10**9)
    assert key is not None
    listed = sum(ref.rows for ref in key[1].refs[Kind.CANDLES])
    minutes = 48 * 60
    assert listed < 20 * 41 + minutes + 20 * 2 * 8, "the history, the minutes, and a few tellings of two days"
    check_restored(path)


def test_many_coins_told_each_minute_leave_a_short_list(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    minutes, symbols = 6 * 60, 12
    for minute in range(minutes):
        now = START + minute * 60_000
        for frame in (Timeframe.M1, Timeframe.M5, Timeframe.H1, Timeframe.D1):
            if now % min(frame.ms, HOUR_MS) == 0:
                for symbol in range(symbols):
                    open_ms = now // frame.ms * frame.ms
                    rows = [candle(at, 1.5, frame, f"C{symbol}/USDT") for at in (open_ms - frame.ms, open_ms)]
                    writer.append(rows, now + symbol)
    writer.close(START + minutes * 60_000)
    reader = RecordingReader.open(path)
    key = reader.checkpoint(START + 10**9)
    assert key is not None
    # a run of the tiers that 12 coins of 6 hours reach is gathered from 16, 32 or 48 frames on
    assert len(key[1].refs[Kind.CANDLES]) <= 48 + 4
    check_restored(path)


def test_frames_without_a_candle_become_no_digest(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    times = range(START + 100, START + 116)
    refs = [Ref(writer._out.write(Kind.CANDLES, at_ms, encode_columns([])), at_ms, 0) for at_ms in times]
    writer.close(START + 200)
    assert gather(Kind.CANDLES, refs, FrameFile(path), Names()) == []


def day_of(symbol: int, number: int, told: int) -> Candle:
    """A day of a coin as it was told at some hour."""
    return candle(number * DAY_MS, 100.0 + told, Timeframe.D1, f"C{symbol}/USDT")
