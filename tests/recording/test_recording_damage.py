"""Bad files: damage inside, foreign, newer, none; a disk that refuses."""

from __future__ import annotations

import errno
import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.errors import RecordingError
from crashdesk.model.records import Batch, Gap, Liquidation, Quote
from crashdesk.recording.format import FIRST_OFFSET, HEADER_SIZE, MAGIC, PREFACE, Header, Kind
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.rollup_codec import split_rollup
from crashdesk.recording.writer import RecordingWriter
from tests.recording.samples import START, liquidation, one_of_each, play, quote, records, session, write_day
from tests.recording.spoiled import frame_of, headers, spoil


def small_file(path: Path) -> None:
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    for step in range(40):
        now = START + step * 20_000
        writer.append([quote(last=100.0 + step), liquidation(now)], now)
    writer.close(START + 10**6)


def is_damage(batch: Batch) -> bool:
    return any(isinstance(row, Gap) and row.reason == "damaged data" for row in batch.records)


@pytest.mark.parametrize("part", [0, 9, 37, HEADER_SIZE + 3])
def test_a_lost_liquidation_is_told_and_the_rest_is_there(tmp_path: Path, part: int) -> None:
    path = tmp_path / "a.crash"
    small_file(path)
    before = play(path)
    bad = frame_of(path, Kind.LIQUIDATIONS, 3)
    spoil(path, bad.offset + part)
    reader = RecordingReader.open(path)
    after = [batch for _, batch in reader.batches(reader.first_offset)]
    gaps = [batch for batch in after if is_damage(batch)]
    assert len(gaps) == 1
    assert [(d.start_offset, d.end_offset) for d in reader.damage] == [(bad.offset, bad.end)]
    assert reader.info().damage == reader.damage
    assert all(a.recv_ms < b.recv_ms for a, b in pairwise(after))
    kept = [row for batch in after for row in batch.records if isinstance(row, Liquidation)]
    assert kept == [row for b in before if b.seq != bad.seq for row in b.records if isinstance(row, Liquidation)]


def test_quotes_behind_lost_quotes_wait_for_the_next_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    small_file(path)
    before = play(path)
    bad = frame_of(path, Kind.QUOTES, 5)
    key = next(header for header in headers(path) if header.kind == Kind.KEY and header.offset > bad.offset)
    spoil(path, bad.offset + HEADER_SIZE + 1)
    after = play(path)
    between = [b for b in after if bad.recv_ms < b.recv_ms < key.recv_ms]
    assert not any(isinstance(row, Quote) for b in between for row in b.records)
    truth = [row for b in before if b.recv_ms < key.recv_ms for row in b.records if isinstance(row, Quote)][-1]
    assert [b.records for b in after if b.recv_ms == key.recv_ms] == [(truth,)]
    assert [b for b in after if b.recv_ms > key.recv_ms] == [b for b in before if b.recv_ms > key.recv_ms]
    liquidations = [row for b in after for row in b.records if isinstance(row, Liquidation)]
    assert len(liquidations) == 40


@pytest.mark.parametrize("part", [3, HEADER_SIZE + 5])
def test_a_damaged_checkpoint_falls_back_to_the_one_before(tmp_path: Path, part: int) -> None:
    path = tmp_path / "a.crash"
    small_file(path)
    before = play(path)
    first, second = frame_of(path, Kind.KEY, 0), frame_of(path, Kind.KEY, 1)
    spoil(path, second.offset + part)
    reader = RecordingReader.open(path)
    restored = reader.restore(second.recv_ms + 50_000)
    assert restored.offset == first.end
    got = [b for _, b in reader.batches(restored.offset) if not is_damage(b)]
    want = [b for b in before if first.recv_ms < b.recv_ms < second.recv_ms]
    assert got[: len(want)] == want


def test_a_damaged_roll_up_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    small_file(path)
    bad = frame_of(path, Kind.ROLLUP, 0)
    spoil(path, bad.start + 10)
    reader = RecordingReader.open(path)
    restored = reader.restore(START + 10**7)
    assert [chunk.number for chunk in restored.chunks] == [START // CHUNK_MS + 1, START // CHUNK_MS + 2]
    assert reader.damage


def test_a_recording_whose_start_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    small_file(path)
    data = bytearray(path.read_bytes())
    data[FIRST_OFFSET : FIRST_OFFSET + 900] = bytes(900)
    path.write_bytes(data)
    reader = RecordingReader.open(path)
    assert reader.session == session()
    batches = [batch for _, batch in reader.batches(reader.first_offset)]
    assert is_damage(batches[0])
    assert len(batches) > 30


def test_appending_behind_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    small_file(path)
    spoil(path, frame_of(path, Kind.KEY, 1).start + 3)
    spoil(path, frame_of(path, Kind.QUOTES, 20).start + 3)
    before = path.read_bytes()
    later = START + 10**7
    writer = RecordingWriter.open(path, session(), later, fsync=False)
    rows = [quote(last=77.5), quote("new", "X/Y"), liquidation(later, venue="new", symbol="Z/Y")]
    writer.append(rows, later + 5)
    writer.close(later + 10)
    assert path.read_bytes()[: len(before)] == before
    assert records(path)[-3:] == rows
    assert [q for _, q in RecordingReader.open(path).restore(later * 2).quotes] == [
        quote(last=77.5),
        quote("new", "X/Y"),
    ]


def test_only_the_close_frame_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    small_file(path)
    path.write_bytes(path.read_bytes()[:-1])
    key = frame_of_cut(path)
    reader = RecordingReader.open(path)
    assert reader.end_ms == key.recv_ms
    writer = RecordingWriter.open(path, session(), START + 10**7, fsync=False)
    writer.append([quote(last=8.0)], START + 10**7 + 5)
    assert records(path)[-1] == quote(last=8.0)
    assert reader.refresh()
    assert reader.info().damage == ()


def frame_of_cut(path: Path) -> Header:
    file = FrameFile(path)
    found = file.last_frame(file.size)
    file.close()
    assert found is not None
    assert found.header.kind == Kind.KEY
    return found.header


@pytest.fixture(scope="module")
def spoilable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("spoil") / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    for step in range(12):
        now = START + step * 60_000
        writer.append([*one_of_each(now), quote(last=100.0 + step / 3)], now)
    writer.close(START + 10**6)
    return path


def use_everything(path: Path) -> list[Batch]:
    reader = RecordingReader.open(path)
    try:
        for at in (START - 1, START + 250_000, START + 10**9, reader.end_ms):
            restored = reader.restore(at)
            for chunk in restored.chunks:
                try:
                    chunk.load_liquidations()
                    chunk.load_bars()
                except RecordingError:
                    continue
            list(reader.batches(restored.offset))
        reader.marks()
        reader.minute_totals()
        reader.info()
        return [batch for _, batch in reader.batches(reader.first_offset)]
    finally:
        reader.close()


EDIT = st.tuples(st.sampled_from(["flip", "cut", "zero", "insert"]), st.integers(0, 10**6), st.integers(1, 255))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(EDIT, min_size=1, max_size=6))
def test_any_spoilt_bytes_give_an_error_in_one_sentence_or_what_is_left(
    spoilable: Path, tmp_path: Path, edits: list[tuple[str, int, int]]
) -> None:
    path = tmp_path / "spoilt.crash"
    data = bytearray(spoilable.read_bytes())
    for what, where, value in edits:
        at = where % max(len(data), 1)
        if what == "flip" and data:
            data[at] ^= value
        elif what == "zero":
            data[at : at + value] = bytes(len(data[at : at + value]))
        elif what == "cut":
            del data[at : at + value]
        else:
            data[at:at] = bytes([value]) * value
    path.write_bytes(data)
    try:
        batches = use_everything(path)
    except RecordingError:
        return
    assert all(a.recv_ms < b.recv_ms for a, b in pairwise(batches))
    writer = RecordingWriter.open(path, session(), START + 10**8, fsync=False)
    rows = [quote(last=1.5), liquidation(START + 10**8)]
    writer.append(rows, START + 10**8 + 9)
    writer.close(START + 10**8 + 10)
    assert [row for batch in use_everything(path) for row in batch.records][-2:] == rows


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), head=st.booleans())
def test_arbitrary_bytes(tmp_path: Path, data: bytes, head: bool) -> None:
    path = tmp_path / "x.crash"
    path.write_bytes((PREFACE.pack(MAGIC, 1) if head else b"") + data)
    with pytest.raises(RecordingError):
        RecordingReader.open(path)


def test_foreign_newer_and_missing_files_are_refused_untouched(tmp_path: Path) -> None:
    cases = {
        "foreign.crash": (b"SQLite format 3\x00" * 9, "not a crashdesk recording"),
        "newer.crash": (PREFACE.pack(MAGIC, 7) + b"whatever", "format 7"),
    }
    for name, (data, words) in cases.items():
        path = tmp_path / name
        path.write_bytes(data)
        for use in (RecordingReader.open, lambda p: RecordingWriter.open(p, session(), START)):
            with pytest.raises(RecordingError, match=words) as caught:
                use(path)
            assert name in str(caught.value)
        assert path.read_bytes() == data
    with pytest.raises(RecordingError, match="does not exist"):
        RecordingReader.open(tmp_path / "none.crash")
    (tmp_path / "empty.crash").touch()
    with pytest.raises(RecordingError, match="is empty"):
        RecordingReader.open(tmp_path / "empty.crash")
    for use in (RecordingReader.open, lambda p: RecordingWriter.open(p, session(), START)):
        with pytest.raises(RecordingError, match="not a file"):
            use(tmp_path)
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(RecordingError, match="not a file"):
        RecordingReader.open(tmp_path / "fifo")


def test_an_empty_file_becomes_a_recording(tmp_path: Path) -> None:
    for there in (0, 5, PREFACE.size):
        path = tmp_path / f"{there}.crash"
        path.write_bytes(PREFACE.pack(MAGIC, 1)[:there])
        RecordingWriter.open(path, session(), START).close(START + 1)
        assert records(path) == [session()]


@pytest.mark.parametrize("fits", [0, 1, 30, 39, 41, 80])
def test_a_full_disk_loses_only_what_was_not_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fits: int
) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    writer.append([quote(last=1.0)], START + 10)
    real = os.write

    def full(fd: int, data: bytes) -> int:
        if fits == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(fd, data[:fits])

    follower = RecordingReader.open(path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        for _ in range(2):
            with pytest.raises(OSError):  # noqa: PT011 - both of errno.ENOSPC
                writer.append([quote(last=2.0), quote("okx", "NEW/USDT")], START + 20)
    follower.refresh()
    assert len(list(follower.batches(follower.first_offset))) == 2
    writer.append([quote(last=2.0), quote("okx", "NEW/USDT")], START + 30)
    writer.append([quote(last=2.5)], START + 40)
    assert follower.refresh()
    writer.close(START + 50)
    want = [session(), quote(last=1.0), quote(last=2.0), quote("okx", "NEW/USDT"), quote(last=2.5)]
    assert records(path) == want
    assert RecordingReader.open(path).info().damage == ()
    assert [row for _, b in follower.batches(follower.first_offset) for row in b.records] == want


def test_a_key_that_refuses_to_be_written_is_written_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    rows = [liquidation(START), quote(last=1.0)]
    writer.append(rows, START + 10)
    real = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda fd, data: real(fd, data[: len(data) // 2]))
        with pytest.raises(OSError, match="fitted"):
            writer.tick(START + CHUNK_MS)
    writer.tick(START + CHUNK_MS)
    reader = RecordingReader.open(path)
    restored = reader.restore(START + CHUNK_MS)
    assert len(restored.chunks) == 1
    assert restored.chunks[0].load_liquidations().usd_micro[0] == liquidation(START).usd_micro
    assert [q for _, q in restored.quotes] == [quote(last=1.0)]


def test_a_day_with_damage_can_still_be_sought(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    write_day(path, 400)
    data = bytearray(path.read_bytes())
    for at in range(5_000, len(data), 9_000):
        data[at] ^= 1
    path.write_bytes(data)
    batches = use_everything(path)
    assert all(a.recv_ms < b.recv_ms for a, b in pairwise(batches))


def test_damaged_details_of_a_roll_up_are_told_and_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    small_file(path)
    whole = RecordingReader.open(path).restore(START + 10**7).chunks[0]
    assert whole.load_bars()
    bad = frame_of(path, Kind.ROLLUP, 0)
    lengths = path.read_bytes()[bad.start : bad.start + 8]
    sections = split_rollup(lengths)
    spoil(path, bad.start + sections[1][0] + 9)
    spoil(path, bad.start + sections[2][0] + 9)
    reader = RecordingReader.open(path)
    chunk = reader.restore(START + 10**7).chunks[0]
    assert chunk[:3] == whole[:3]
    assert chunk.load_bars() == {}
    assert len(chunk.load_liquidations().ts_ms) == 0
    assert [(damage.start_offset, damage.end_offset) for damage in reader.damage] == [
        (bad.start + start, bad.start + end) for start, end in sections[1:3]
    ]


def test_of_one_kind_all_or_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    real, left = os.write, [2]

    def full(fd: int, data: bytes) -> int:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(fd, data)

    one_kind = [liquidation(START + n, venue=f"v{n}") for n in range(2_000)]
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            writer.append(one_kind, START + CHUNK_MS)
    assert records(path) == [session()]
    writer.append(one_kind, START + CHUNK_MS + 1)
    assert records(path) == [session(), *one_kind]
