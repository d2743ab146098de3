"""Liquidations of chunks: rows, sizes and details from roll-ups, and damage in every part."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.records import Gap, Liquidation
from crashdesk.recording import sections as sections_module
from crashdesk.recording.format import Kind
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.rollup_codec import split_rollup
from crashdesk.recording.writer import RecordingWriter
from tests.recording.liquidation_stream import check_chunk, same_rows, stream, write
from tests.recording.samples import START, play, session
from tests.recording.spoiled import frame_of, spoil


@pytest.mark.parametrize("most_frames", [2_000, 20])
def test_chunks_have_their_rows_sizes_and_details(
    tmp_path: Path, most_frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections_module, "MOST_FRAMES", most_frames)
    path = tmp_path / "a.crash"
    chunks = write(path, stream(700, 1_000))
    reader = RecordingReader.open(path)
    found = reader.restore(reader.end_ms).chunks
    assert [chunk.number for chunk in found if chunk.liquidations] == list(chunks)
    for chunk in found:
        if chunk.liquidations is not None:
            check_chunk(chunk, chunks[chunk.number])
    assert sum(chunk.load_details is not None for chunk in found) >= 2
    assert reader.damage == ()


def test_two_roll_ups_of_one_chunk_add_up(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    commits = stream(280, 1_000)
    rows = [row for _, part in commits for row in part]
    for part in (commits[:150], commits[150:]):
        writer = RecordingWriter.open(path, session(), part[0][0] - 5, fsync=False)
        for now, together in part:
            writer.append(together, now)
        writer.close(part[-1][0] + 1)
    reader = RecordingReader.open(path)
    assert reader.info().frames[Kind.ROLLUP] == 2
    [chunk] = reader.restore(reader.end_ms).chunks
    assert chunk.load_details is not None
    check_chunk(chunk, rows)


@pytest.mark.parametrize("section", [0, 1, 2, 3])
@pytest.mark.parametrize("most_frames", [2_000, 20])
def test_damage_in_a_section_is_told_and_leaves_the_others(
    tmp_path: Path, section: int, most_frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections_module, "MOST_FRAMES", most_frames)
    path = tmp_path / "a.crash"
    chunks = write(path, stream(700, 1_000))
    number = START // CHUNK_MS
    bad = frame_of(path, Kind.ROLLUP, 0)
    start, end = split_rollup(path.read_bytes()[bad.start : bad.start + 16])[section]
    assert end - start > 20
    spoil(path, bad.start + end - 3)
    reader = RecordingReader.open(path)
    found = {chunk.number: chunk for chunk in reader.restore(reader.end_ms).chunks}
    assert reader.chunk_rows(number + 1) is not None
    if section == 0:
        assert number not in found
        assert reader.chunk_rows(number) is None
        assert reader.damage
        return
    chunk = found[number]
    want = chunks[number]
    assert chunk.liquidations is not None
    assert sum(orders for _, orders in chunk.liquidations.sums.values()) == len(want)
    rows, bars = chunk.load_liquidations(), chunk.load_bars()
    assert len(rows.key) == (0 if section == 1 else len(want))
    assert bool(bars) == (section != 2)
    assert (reader.chunk_rows(number) is None) == (section == 1)
    assert chunk.load_details is not None
    assert sum(sums[2] for bins in chunk.load_details().profile.values() for sums in bins.values()) == len(want)
    assert (bad.start + start, bad.start + end) in {(d.start_offset, d.end_offset) for d in reader.damage}


def test_a_damaged_frame_takes_the_rows_of_its_roll_up(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    write(path, stream(700, 1_000))
    bad = frame_of(path, Kind.LIQUIDATIONS, 100)
    spoil(path, bad.start + 4)
    reader = RecordingReader.open(path)
    first, second, *_ = reader.restore(reader.end_ms).chunks
    assert len(first.load_liquidations().key) == 0
    assert [(d.start_offset, d.end_offset) for d in reader.damage] == [(bad.offset, bad.end)]
    assert reader.chunk_rows(first.number) is None
    assert len(second.load_liquidations().key) > 0


def test_rows_of_a_chunk_while_the_file_grows(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START - 10, fsync=False)
    reader = RecordingReader.open(path)
    chunks: dict[int, list[Liquidation]] = {}
    for now, rows in stream(400, 7_000):
        writer.append(rows, now)
        reader.refresh()
        number = now // CHUNK_MS
        assert reader.chunk_rows(number) is None
        chunks.setdefault(number, []).extend(rows)
        for before in (number - 1, START // CHUNK_MS):
            if before in chunks and before != number:
                columns = reader.chunk_rows(before)
                assert columns is not None
                same_rows(columns, chunks[before])
    assert reader.chunk_rows(START // CHUNK_MS - 1) is None
    assert reader.chunk_rows(10**9) is None


def test_rows_of_a_chunk_that_no_checkpoint_near_the_end_lists(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    chunks = write(path, stream(400, 600_000))  # 66 hours
    reader = RecordingReader.open(path)
    for number, rows in [*chunks.items()][:-1]:
        columns = reader.chunk_rows(number)
        assert columns is not None
        same_rows(columns, rows)
    assert reader.chunk_rows([*chunks][3] + 1) is None


def test_liquidations_alone_over_a_span(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    write(path, stream(700, 1_000))
    reader = RecordingReader.open(path)
    want = [b for b in play(path) if b.records and isinstance(b.records[0], Liquidation)]
    assert list(reader.liquidations(reader.start_ms, reader.end_ms)) == want
    first, last = want[77].recv_ms, want[500].recv_ms
    assert list(reader.liquidations(first, last)) == want[77:501]
    spoil(path, frame_of(path, Kind.LIQUIDATIONS, 100).start + 4)
    told = [row.reason for b in reader.liquidations(0, first + 10**6) for row in b.records if isinstance(row, Gap)]
    assert told == ["damaged data"]
