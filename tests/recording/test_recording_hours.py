"""Hours that are over: their sums are those of their chunks, and a damaged one is made of them again."""

from __future__ import annotations

from functools import reduce
from pathlib import Path

import pytest

from crashdesk.model.columns import Hour, LiquidationDetails, Restore
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.recording.chunks import ChunkMaker
from crashdesk.recording.codec import Names
from crashdesk.recording.details import add_details, details_of
from crashdesk.recording.format import HEADER_SIZE, PREFACE, Kind
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.rollup import add_bars, add_summaries
from crashdesk.recording.writer import RecordingWriter
from tests.recording.samples import START, all_chunks, day, kill, quote, session, write_day
from tests.recording.spoiled import headers, spoil

STEPS = 1_700
"""Of 5 s: two hours and 21 minutes."""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hours") / "a.crash"
    write_day(path, STEPS)
    return path


def restored(path: Path) -> tuple[Restore, int]:
    """What the last checkpoint says, all of it read, and how much damage that met."""
    reader = RecordingReader.open(path)
    point = reader.restore(reader.end_ms)
    hours = tuple(made_up(hour) for hour in point.hours)
    point = point._replace(hours=hours, chunks=tuple(chunk._replace(load_bars=dict) for chunk in point.chunks))
    damage = len(reader.damage)
    reader.close()
    return point, damage


def made_up(hour: Hour) -> Hour:
    bars, chunks, details = hour.load_bars(), hour.load_chunks(), hour.load_details()
    return hour._replace(load_bars=lambda: bars, load_chunks=lambda: chunks, load_details=lambda: details)


def spoken(point: Restore) -> list[object]:
    return [
        (hour[:3], hour.load_bars(), [chunk[:3] for chunk in hour.load_chunks()], hour.load_details())
        for hour in point.hours
    ]


def test_an_hour_is_the_sum_of_its_chunks(recording: Path) -> None:
    reader = RecordingReader.open(recording)
    point = reader.restore(reader.end_ms)
    assert [hour.number for hour in point.hours] == [START // HOUR_MS, START // HOUR_MS + 1]
    assert {chunk.number // 12 for chunk in point.chunks} == {START // HOUR_MS + 2}
    assert sorted(chunk.number for chunk in all_chunks(point)) == [chunk.number for chunk in all_chunks(point)]
    for hour in point.hours:
        chunks = hour.load_chunks()
        assert len(chunks) == 12
        assert hour.liquidations == reduce(add_summaries, (chunk.liquidations for chunk in chunks))
        assert hour.bars == reduce(add_bars, (chunk.bars for chunk in chunks))
        bars = hour.load_bars()
        for chunk in chunks:
            assert {key: bars.bar(key, chunk.number % 12) for key in chunk.bars} == chunk.bars
        none = LiquidationDetails((), {})
        rows = [chunk.load_liquidations() for chunk in chunks]
        assert hour.load_details() == reduce(add_details, (details_of(row) for row in rows if row.key), none)
    for chunk in all_chunks(point)[:-1]:  # the last one may go on
        assert reader.chunk_rows(chunk.number) == chunk.load_liquidations()
    reader.close()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.999])
def test_a_damaged_hour_is_made_of_its_chunks(recording: Path, tmp_path: Path, share: float) -> None:
    path = tmp_path / "b.crash"
    path.write_bytes(recording.read_bytes())
    whole, none = restored(path)
    bad = next(header for header in headers(path) if header.kind == Kind.HOUR)
    spoil(path, bad.start + 2 + int(share * (bad.length - 3)))
    found, damage = restored(path)
    assert (none, spoken(found)) == (0, spoken(whole))
    assert damage


def test_a_header_that_is_gone_is_no_loss_either(recording: Path, tmp_path: Path) -> None:
    path = tmp_path / "c.crash"
    path.write_bytes(recording.read_bytes())
    whole, _ = restored(path)
    bad = [header for header in headers(path) if header.kind == Kind.HOUR][1]
    spoil(path, bad.offset + HEADER_SIZE // 2)
    found, damage = restored(path)
    assert spoken(found) == spoken(whole)
    assert damage


def test_a_writer_that_was_killed_finishes_the_hour(recording: Path, tmp_path: Path) -> None:
    path = tmp_path / "d.crash"
    writer = RecordingWriter.open(path, session(at_ms=START), START - 10, fsync=False)
    for now, rows in day(1, START, STEPS, 5_000):
        if now >= START + HOUR_MS - 7_000:
            break
        writer.append(rows, now)
        writer.tick(now + 2_500)
    kill(writer)
    later = START + 2 * HOUR_MS
    RecordingWriter.open(path, session(), later, fsync=False).close(later + 10)
    point, damage = restored(path)
    assert [hour.number for hour in point.hours] == [START // HOUR_MS]
    assert damage == 0
    assert point.hours[0].liquidations is not None
    orders = sum(orders for _, orders in point.hours[0].liquidations.sums.values())
    assert orders + sum(len(chunk.load_liquidations().key) for chunk in point.chunks) == point.liquidations_before


def test_an_older_recording_goes_on_without_hours(recording: Path, tmp_path: Path) -> None:
    path = tmp_path / "e.crash"
    writer = RecordingWriter.open(path, session(at_ms=START), START, fsync=False)
    writer.close(START + 1)
    data = path.read_bytes()
    path.write_bytes(PREFACE.pack(data[:14], 2) + data[16:])
    writer = RecordingWriter.open(path, session(), START + 10, fsync=False)
    for now, rows in day(1, START + 1_000, 900, 10_000):
        writer.append(rows, now)
    writer.close(START + 3 * HOUR_MS)
    file = FrameFile(path)
    assert file.version == 2
    file.close()
    assert Kind.HOUR not in {header.kind for header in headers(path)}
    point, _ = restored(path)
    assert (point.hours, len(point.chunks)) == ((), 30)


def test_an_hour_without_a_single_order_is_closed_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "quiet.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    for minute in range(0, 130, 10):
        writer.append([quote(last=100.0 + minute)], START + minute * 60_000)
    writer.close(START + 130 * 60_000)
    reader = RecordingReader.open(path)
    assert reader.restore(reader.end_ms).hours
    assert reader.damage == ()


def test_an_hour_of_which_no_part_holds_has_no_details(recording: Path) -> None:
    file = FrameFile(recording)
    maker = ChunkMaker(file, lambda _: None)
    assert maker.details([], Names()) == LiquidationDetails((), {})
    file.close()
