"""`crashdesk doctor FILE` tells damage with its extent; `snapshots repair` saves the rest, the source stays."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crashdesk.model.records import Gap, Instrument, Liquidation, MarketKind, Quote, Session
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.model.times import format_utc
from crashdesk.recording.format import FIRST_OFFSET, HEADER_SIZE, Kind
from crashdesk.recording.writer import STEP_QUOTES, RecordingWriter
from tests.cli.bad_input import Run
from tests.recording.samples import START, play, quote, records, session
from tests.recording.spoiled import frame_of, headers, spoil, write_all_kinds


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "a.crash"
    write_all_kinds(path)
    _crowd(path)
    return path.read_bytes()


def _crowd(path: Path) -> None:
    """Another session: an hour that is over is summed up, and very many quotes."""
    later = START + HOUR_MS
    writer = RecordingWriter.open(path, session(at_ms=later), later, fsync=False)
    coins = [f"C{n}/USDT" for n in range(400)]
    writer.append([Instrument("okx", coin, coin[:-5], "USDT", MarketKind.SPOT, None, 2) for coin in coins], later + 1)
    for step in range(2 + STEP_QUOTES // len(coins)):
        now = later + 2_000 * (step + 1)
        writer.append([quote("okx", coin, now, 100.0 + step) for coin in coins], now)
    writer.close(later + 120_000)


@pytest.fixture
def file(tmp_path: Path, whole: bytes) -> Path:
    path = tmp_path / "a.crash"
    path.write_bytes(whole)
    return path


def newest_quotes(path: Path) -> dict[tuple[str, str], Quote]:
    return {(row.venue, row.symbol): row for row in records(path) if isinstance(row, Quote)}


def test_a_sound_recording_is_copied_as_it_is(file: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "b.crash"
    assert "no damage" in run("doctor", file)[1]
    code, said, err = run("snapshots", "repair", file, "--out", out)
    assert (code, err) == (0, "")
    assert "nothing was lost" in said
    assert [batch[1:] for batch in play(out)] == [batch[1:] for batch in play(file)]
    assert out.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("part", [0, 20, HEADER_SIZE], ids=["sync", "header", "payload"])
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.TICK, Kind.CLOSE)])
def test_damage_in_every_kind_of_frame_is_told_and_what_holds_is_saved(
    file: Path, tmp_path: Path, run: Run, kind: Kind, part: int
) -> None:
    bad = frame_of(file, kind, 0)
    spoil(file, bad.offset + part)
    before, out = file.read_bytes(), tmp_path / "b.crash"
    code, said, _ = run("doctor", file)
    assert code == 1
    assert f"bytes {bad.offset:,} to {bad.end:,} ({bad.end - bad.offset:,}): damaged data" in said
    assert "snapshots repair" in said
    code, said, _ = run("snapshots", "repair", file, "--out", out)
    assert code == 0
    assert f"bytes {bad.offset:,} to {bad.end:,}" in said
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.crash", "b.crash"]
    assert run("doctor", out)[0] == 0
    # quotes that a checkpoint repeats are written once, and a recording always begins with a session
    here, there = ([row for row in records(path) if not isinstance(row, Session | Quote)] for path in (file, out))
    assert there == here
    assert newest_quotes(out) == newest_quotes(file)
    assert any(isinstance(row, Gap) and row.reason == "damaged data" for row in records(out))


def test_damage_between_two_sessions_is_no_exception(file: Path, run: Run) -> None:
    every = headers(file)
    place = [header.kind for header in every].index(Kind.SESSION, 1)
    spoil(file, every[place - 2].start)
    code, said, _ = run("doctor", file)
    assert code == 1
    assert f"bytes {every[place - 2].offset:,} to {every[place - 2].end:,}" in said


def test_the_extent_in_time(file: Path, run: Run) -> None:
    every = headers(file)
    one, two = frame_of(file, Kind.LIQUIDATIONS, 10), frame_of(file, Kind.LIQUIDATIONS, 14)
    data = bytearray(file.read_bytes())
    data[one.offset : two.end] = bytes(two.end - one.offset)
    file.write_bytes(data)
    before = max(header.recv_ms for header in every if header.end <= one.offset)
    after = min(header.recv_ms for header in every if header.offset >= two.end)
    code, said, _ = run("doctor", file)
    assert code == 1
    place = f"bytes {one.offset:,} to {two.end:,} ({two.end - one.offset:,}): damaged data"
    assert f"{place}, {format_utc(before)} to {format_utc(after)}" in said
    assert f"lost: 1 place, {two.end - one.offset:,} bytes of {len(data):,}" in said
    assert f"{(after - before) / 1000:,.1f} s" in said


def test_what_is_behind_the_last_frame(file: Path, tmp_path: Path, run: Run) -> None:
    with file.open("ab") as stream:
        stream.write(bytes(333))
    assert run("doctor", file)[0] == 1
    code, said, _ = run("snapshots", "repair", file, "--out", tmp_path / "b.crash")
    assert code == 0
    assert "the last 333 bytes hold no whole frame and are left out" in said
    assert run("doctor", tmp_path / "b.crash")[0] == 0


def test_the_recording_of_a_killed_recorder(file: Path, tmp_path: Path, run: Run) -> None:
    file.write_bytes(file.read_bytes()[:-3000])
    kept = [row for row in records(file) if isinstance(row, Liquidation)]
    assert run("snapshots", "repair", file, "--out", tmp_path / "b.crash")[0] == 0
    assert [row for row in records(tmp_path / "b.crash") if isinstance(row, Liquidation)] == kept
    assert "closed cleanly" in run("doctor", tmp_path / "b.crash")[1]


def test_what_cannot_be_saved_is_one_sentence(file: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "b.crash"
    file.write_bytes(file.read_bytes()[:FIRST_OFFSET] + bytes(5000))
    text = tmp_path / "a.txt"
    text.write_text("this is no recording\n" * 50)
    for bad in (file, text, tmp_path, tmp_path / "none.crash"):
        code, said, err = run("snapshots", "repair", bad, "--out", out)
        assert (code, said, err.count("\n")) == (1, "", 1), err
        assert run("doctor", bad)[0] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.crash", "a.txt"]


def test_a_name_that_is_taken(file: Path, tmp_path: Path, run: Run) -> None:
    before = file.read_bytes()
    assert run("snapshots", "repair", file, "--out", file)[0] == 2
    (tmp_path / "link.crash").symlink_to(tmp_path / "nowhere")
    assert run("snapshots", "repair", file, "--out", tmp_path / "link.crash")[0] == 2
    assert file.read_bytes() == before


def test_a_full_disk(file: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write, room = os.write, [20_000]

    def little(fd: int, data: bytes) -> int:
        room[0] -= len(data)
        if room[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(fd, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", little)
        code, _, err = run("snapshots", "repair", file, "--out", tmp_path / "b.crash")
    assert code == 1
    assert err == f"crashdesk: {tmp_path / 'b.crash'} cannot be written: No space left on device\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.crash"]


_KILLED = """
import os, signal, sys
from crashdesk.recording import writer
from crashdesk.cli.main import main
append = writer.RecordingWriter.append
left = [60]
def counted(self, records, now_ms):
    append(self, records, now_ms)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
writer.RecordingWriter.append = counted
main(["snapshots", "repair", sys.argv[1], "--out", sys.argv[2]])
"""


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="this system has no files without names")
def test_nothing_is_left_of_a_repair_that_is_killed(file: Path, tmp_path: Path) -> None:
    before = file.read_bytes()
    done = subprocess.run([sys.executable, "-c", _KILLED, str(file), str(tmp_path / "b.crash")], check=False)
    assert done.returncode == -signal.SIGKILL
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.crash"]
