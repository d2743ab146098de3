"""Streams that close, signals and kills: what was written is kept, and no traceback comes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crashdesk.recording.format import FIRST_OFFSET, Kind
from tests.cli.bad_input import FULL, LIMIT_S, NOWHERE, PROGRAM, Run, frames, one_sentence, shell


def test_a_reader_that_goes_away_is_no_failure(tape: Path) -> None:
    done = shell(f"{PROGRAM} brief {tape} --format json | head -c 1; echo ${{PIPESTATUS[0]}}")
    assert (done.stdout, done.stderr) == ("{0\n", "")


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
def test_a_full_disk_behind_standard_output_is_a_failure_in_one_sentence(tape: Path) -> None:
    done = shell(f"{PROGRAM} brief {tape} > {FULL}")
    assert done.returncode == 1
    assert "no space left on device" in one_sentence(done.stderr)


def test_closed_standard_streams_are_no_traceback(tape: Path) -> None:
    for streams, code in ((">&-", 0), ("<&-", 0), ("2>&-", 0)):
        done = shell(f"{PROGRAM} brief {tape} {streams}")
        assert (done.returncode, done.stderr) == (code, "")


def recorder(out: Path, *, child: bool = False) -> subprocess.Popen[str]:
    """`record` of a venue that nobody reaches, once it has written its first words on that venue's health."""
    config = out.with_suffix(".toml")
    config.write_text(NOWHERE)
    size = out.stat().st_size if out.exists() else 0
    words = [sys.executable, "-m", "crashdesk", "--config", str(config), "record", "--out", str(out)]
    process = subprocess.Popen(
        [*words, "--child"] if child else words,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + LIMIT_S
    while not _at_work(out, size):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < end
        time.sleep(0.02)
    return process


def _at_work(out: Path, size: int) -> bool:
    if not out.exists() or out.stat().st_size <= max(size, FIRST_OFFSET):
        return False
    return any(header.kind == Kind.HEALTH and header.offset >= size for header in frames(out))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_closes_the_recording(tmp_path: Path, run: Run, number: int) -> None:
    out = tmp_path / "a.crash"
    process = recorder(out)
    process.send_signal(number)
    assert "Traceback" not in process.communicate(timeout=LIMIT_S)[1]
    code, text, _ = run("doctor", out)
    assert code == 0
    assert "closed cleanly" in text


def test_what_was_written_survives_a_kill_and_the_next_one_goes_on(tmp_path: Path, run: Run) -> None:
    out = tmp_path / "a.crash"
    for _ in range(2):
        process = recorder(out)
        before = out.read_bytes()
        process.kill()
        process.communicate(timeout=LIMIT_S)
        assert out.read_bytes().startswith(before)
    killed = out.read_bytes()
    assert "not closed" in run("doctor", out)[1]
    process = recorder(out)
    process.terminate()
    process.communicate(timeout=LIMIT_S)
    assert out.read_bytes().startswith(killed)
    code, text, _ = run("doctor", out)
    assert code == 0
    assert "closed cleanly" in text
    assert "no damage" in text
    assert "sessions   3, closed" in run("snapshots", "info", out)[1]


def test_a_recorder_ends_with_its_parent(tmp_path: Path, run: Run) -> None:
    out = tmp_path / "a.crash"
    process = recorder(out, child=True)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(LIMIT_S) == 0
    assert "closed cleanly" in run("doctor", out)[1]


def test_one_recorder_a_file_by_whatever_name(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "a.crash"
    process = recorder(out)
    try:
        (tmp_path / "soft.crash").symlink_to(out)
        (tmp_path / "hard.crash").hardlink_to(out)
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "elsewhere"))
        for name in ("a.crash", "soft.crash", "hard.crash"):
            code, _, err = run("record", "--out", tmp_path / name, "--for", "1s")
            assert code == 1
            assert "is being written by" in one_sentence(err)
    finally:
        process.terminate()
        process.communicate(timeout=LIMIT_S)
    assert run("doctor", out)[0] == 0
