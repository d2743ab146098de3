"""A copy of a recording holds what the source holds, but for what was changed; it is there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from crashdesk.model.errors import RecordingError
from crashdesk.model.records import Batch, Gap, Liquidation, Record, Session, Side
from crashdesk.recording.format import FIRST_OFFSET
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.rewrite import rewrite
from crashdesk.recording.writer import RecordingWriter
from tests.recording.samples import START, all_chunks, liquidation, one_of_each, play, quote, session, write_day


def same(batch: Batch) -> Sequence[Record]:
    return batch.records


def turned(batch: Batch) -> Sequence[Record]:
    return [
        row._replace(side=Side.SHORT, usd_micro=row.usd_micro * 2) if isinstance(row, Liquidation) else row
        for row in batch.records
    ]


def without_seq(batches: Sequence[Batch]) -> list[tuple[int, tuple[Record, ...]]]:
    return [(batch.recv_ms, batch.records) for batch in batches]


def test_everything_survives_at_its_own_time(tmp_path: Path) -> None:
    source, out = tmp_path / "a.crash", tmp_path / "b.crash"
    write_day(source, 400)
    later = START + 10**7
    writer = RecordingWriter.open(source, session("other", later), later)
    writer.append(one_of_each(later), later + 10)
    writer.close(later + 500)
    before = source.read_bytes()
    seen: list[tuple[int, int]] = []
    done = rewrite(source, out, same, lambda at, end: seen.append((at, end)))
    assert without_seq(play(out)) == without_seq(play(source))
    assert source.read_bytes() == before
    assert out.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.crash", "b.crash"]
    assert (done.size, done.frames, done.damage) == (out.stat().st_size, len(play(source)), ())
    assert seen[-1][0] == seen[-1][1] > FIRST_OFFSET
    one, two = RecordingReader.open(source), RecordingReader.open(out)
    assert two.info().closed
    assert (two.start_ms, two.end_ms, two.marks()) == (one.start_ms, one.end_ms, one.marks())
    assert two.minute_totals() == one.minute_totals()
    for at in (START + 400_000, START + 1_500_000, later + 10**6):
        a, b = one.restore(at), two.restore(at)
        assert b._replace(offset=0, chunks=(), hours=()) == a._replace(offset=0, chunks=(), hours=())
        assert [hour[:3] for hour in b.hours] == [hour[:3] for hour in a.hours]
        was, now = all_chunks(a), all_chunks(b)
        assert [chunk[:3] for chunk in now] == [chunk[:3] for chunk in was]
        assert [chunk.load_liquidations() for chunk in now] == [chunk.load_liquidations() for chunk in was]


def test_rows_are_changed_and_so_are_the_sums(tmp_path: Path) -> None:
    source, out = tmp_path / "a.crash", tmp_path / "b.crash"
    write_day(source, 300)
    rewrite(source, out, turned)
    want = [(batch.recv_ms, tuple(turned(batch))) for batch in play(source)]
    assert without_seq(play(out)) == want
    old, new = RecordingReader.open(source).minute_totals(), RecordingReader.open(out).minute_totals()
    assert new == {minute: (0, 2 * (long + short), orders) for minute, (long, short, orders) in old.items()}


def test_a_frame_can_be_left_out_or_only_tick(tmp_path: Path) -> None:
    source, out = tmp_path / "a.crash", tmp_path / "b.crash"
    writer = RecordingWriter.open(source, session(), START)
    for k in range(6):
        writer.append([quote(last=1.0 + k)], START + 1_000 * (k + 1))
    writer.close(START + 9_000)

    def change(batch: Batch) -> Sequence[Record] | None:
        if batch.recv_ms == START + 2_000:
            return None
        return () if batch.recv_ms == START + 4_000 else batch.records

    rewrite(source, out, change)
    got = {batch.recv_ms: batch.records for batch in play(out)}
    assert START + 2_000 not in got
    assert got[START + 4_000] == ()
    assert got[START + 6_000] == (quote(last=6.0),)


def test_a_loss_is_a_gap_in_the_copy(tmp_path: Path) -> None:
    source, out = tmp_path / "a.crash", tmp_path / "b.crash"
    write_day(source, 100)
    data = bytearray(source.read_bytes())
    data[len(data) // 2] ^= 0x55
    source.write_bytes(data)
    done = rewrite(source, out, same)
    assert len(done.damage) == 1
    copy = RecordingReader.open(out)
    assert copy.info().damage == ()
    assert [row.reason for _, b in copy.batches(copy.first_offset) for row in b.records if isinstance(row, Gap)] == [
        "damaged data"
    ]


def test_a_recording_without_its_first_session(tmp_path: Path) -> None:
    source, out = tmp_path / "a.crash", tmp_path / "b.crash"
    write_day(source, 100)
    data = bytearray(source.read_bytes())
    data[FIRST_OFFSET : FIRST_OFFSET + 60] = bytes(60)
    source.write_bytes(data)
    rewrite(source, out, same)
    assert isinstance(play(out)[0].records[0], Session)
    assert RecordingReader.open(out).session == RecordingReader.open(source).session


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "a.crash"
    write_day(source, 20)
    before = source.read_bytes()
    with pytest.raises(RecordingError, match="exists already"):
        rewrite(source, source, same)
    (tmp_path / "link.crash").symlink_to(tmp_path / "nowhere")
    with pytest.raises(RecordingError, match="exists already"):
        rewrite(source, tmp_path / "link.crash", same)
    with pytest.raises(RecordingError, match=r"b\.crash cannot be written: No such file"):
        rewrite(source, tmp_path / "none" / "b.crash", same)
    assert source.read_bytes() == before


def test_a_name_that_is_taken_meanwhile_is_left_alone(tmp_path: Path) -> None:
    source, out = tmp_path / "a.crash", tmp_path / "b.crash"
    write_day(source, 20)

    def change(batch: Batch) -> Sequence[Record]:
        out.write_bytes(b"mine")
        return batch.records

    with pytest.raises(RecordingError, match="exists already"):
        rewrite(source, out, change)
    assert out.read_bytes() == b"mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.crash", "b.crash"]


def test_nothing_is_left_of_a_copy_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = tmp_path / "a.crash", tmp_path / "b.crash"
    write_day(source, 20)

    def stop(batch: Batch) -> Sequence[Record]:
        if batch.recv_ms > START + 30_000:
            raise KeyboardInterrupt
        return batch.records

    with pytest.raises(KeyboardInterrupt):
        rewrite(source, out, stop)
    with pytest.raises(RecordingError, match="cannot be recorded"):
        rewrite(source, out, lambda batch: [liquidation(usd_micro=-5)])

    def full(fd: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(RecordingError, match="No space"):
            rewrite(source, out, same)
    assert [path.name for path in tmp_path.iterdir()] == ["a.crash"]


def test_where_every_file_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Systems without files that have no name: a hidden one of ours, which is gone at the end."""
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    source, out = tmp_path / "a.crash", tmp_path / "b.crash"
    write_day(source, 20)
    rewrite(source, out, same)
    assert without_seq(play(out)) == without_seq(play(source))
    assert out.stat().st_mode & 0o777 == 0o600
    with pytest.raises(RecordingError, match="exists already"):
        rewrite(source, out, same)
    with pytest.raises(RecordingError, match="cannot be recorded"):
        rewrite(source, tmp_path / "c.crash", lambda batch: [liquidation(usd_micro=-5)])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.crash", "b.crash"]
