"""What is pruned: automatic recordings, old, not pinned, used by nobody; and nothing else ever."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from crashdesk.cli.main import main
from crashdesk.cli.pruning import prune_told
from crashdesk.config.paths import resolve_paths
from crashdesk.config.settings import Paths
from crashdesk.model.clock import SystemClock
from crashdesk.model.records import Session
from crashdesk.model.timeframe import DAY_MS
from crashdesk.recording.anew import write_anew
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.roll import dated_path, day_of
from crashdesk.recording.small import decode_small
from crashdesk.recording.writer import RecordingWriter
from tests.recording.samples import play, quote

Run = Callable[..., tuple[int, str, str]]
NOW = SystemClock().now_ms()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = main(["snapshots", *(str(word) for word in arguments)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def paths(hermetic_environment: Path) -> Paths:
    found = resolve_paths(os.environ, None)
    found.recordings_dir.mkdir(mode=0o700, parents=True)
    return found


def make(path: Path, days: float, *, automatic: bool = True) -> Path:
    """A recording of an hour that ended so many days ago."""
    end = NOW - round(days * DAY_MS)
    session = Session("same id", end, "test", "", "live", (), ("okx",), automatic)
    writer = RecordingWriter.open(path, session, end - 3_600_000, fsync=False)
    writer.append([quote(ts_ms=end - 1_000)], end - 1_000)
    writer.close(end)
    return path


def of_day(paths: Paths, days: float, *, automatic: bool = True) -> Path:
    path = dated_path(paths.live_recording, day_of(NOW - round(days * DAY_MS)))
    return make(path, days, automatic=automatic)


def test_only_old_automatic_recordings_go(paths: Paths, tmp_path: Path, run: Run) -> None:
    old, older, young = of_day(paths, 20.5), of_day(paths, 40.5), of_day(paths, 2.5)
    stay = [
        young,
        of_day(paths, 60.5, automatic=False),
        make(paths.recordings_dir / "night.crash", 50),
        make(tmp_path / "live.crash", 50),
        make(paths.recordings_dir / "live-mine.crash", 50),
    ]
    link = paths.recordings_dir / "live-2020-01-01.crash"
    link.symlink_to(stay[3])
    foreign = paths.recordings_dir / "live-2019-01-01.crash"
    foreign.write_text("not a recording")
    code, out, _ = run("prune", "--days", 14, "--dry-run")
    assert code == 0
    assert out.splitlines()[:2] == [f"would remove {path.name}, 0.0 MB" for path in (older, old)]
    assert old.exists()
    code, out, err = run("prune", "--days", 14)
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == [f"removed {path.name}, 0.0 MB" for path in (older, old)]
    assert out.splitlines()[2] == f"removed 2 in {paths.recordings_dir}, 0.0 MB"
    assert not old.exists()
    assert not older.exists()
    assert all(path.exists() for path in (*stay, link, foreign))
    code, out, _ = run("prune", "--days", 14)
    assert (code, out) == (0, "nothing to remove: no unpinned automatic recording ended 14 or more days ago\n")


def test_a_pinned_one_stays_and_its_bytes_are_not_touched(paths: Paths, run: Run) -> None:
    pinned, other = of_day(paths, 20.5), of_day(paths, 30.5)
    before = (pinned.read_bytes(), pinned.stat().st_mtime_ns)
    assert run("pin", pinned.name) == (0, f"{pinned}: pinned\n", "")
    assert run("pin", pinned)[0] == 0
    assert paths.pins_file.stat().st_mode & 0o777 == 0o600
    (row,) = tomllib.loads(paths.pins_file.read_text())["pins"]
    assert (row["recording"], row["name"]) == ("same id", pinned.name)
    listed = {line.split()[0]: line for line in run("list")[1].splitlines()}
    assert listed[pinned.name].endswith("  (auto, pinned)")
    assert listed[other.name].endswith("  (auto)")
    assert run("prune", "--days", 14)[1].splitlines()[:2] == [
        f"removed {other.name}, 0.0 MB",
        f"kept {pinned.name}, 0.0 MB: pinned",
    ]
    assert (pinned.read_bytes(), pinned.stat().st_mtime_ns) == before
    copied = paths.recordings_dir / "live-2001-01-01.crash"
    shutil.copy(pinned, copied)
    assert "kept live-2001-01-01.crash, 0.0 MB: pinned" in run("prune", "--days", 14)[1]
    copied.unlink()
    assert run("unpin", pinned.name) == (0, f"{pinned}: not pinned any more\n", "")
    assert run("unpin", pinned.name) == (1, "", f"crashdesk: {pinned} is not pinned\n")
    run("prune", "--days", 14)
    assert not pinned.exists()


def test_nothing_goes_while_the_pins_cannot_be_read(paths: Paths, run: Run) -> None:
    old = of_day(paths, 20.5)
    paths.pins_file.write_text("[[pins]]\nrecording = 7\n")
    code, out, err = run("prune", "--days", 14)
    assert (code, out) == (1, "")
    assert err.startswith("crashdesk: nothing is removed while it is not known what is pinned: ")
    (event,) = prune_told(paths, 14, NOW)
    assert event.text.startswith("nothing is removed while")
    assert old.exists()


HOLD = """
import sys
from pathlib import Path
from crashdesk.recording.lock import WriterLock
from crashdesk.recording.reader import RecordingReader
path = Path(sys.argv[1])
if sys.argv[3] == "write":
    held = WriterLock(path, Path(sys.argv[2]))
    held.acquire()
else:
    held = RecordingReader.open(path)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(("how", "why"), [("write", "being written by process {}"), ("read", "open in process {}")])
def test_one_that_is_written_or_read_stays(paths: Paths, run: Run, how: str, why: str) -> None:
    if how == "read" and sys.platform != "linux":
        pytest.skip("only Linux tells who has a file open")
    old = of_day(paths, 20.5)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(old), str(paths.runtime_dir), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        assert f"kept {old.name}, 0.0 MB: {why.format(child.pid)}\n" in run("prune", "--days", 14)[1]
        assert old.exists()
        child.kill()
        child.wait()
    run("prune", "--days", 14)
    assert not old.exists()


def test_a_writer_without_our_lock_file_keeps_its_recording(paths: Paths, run: Run) -> None:
    old = of_day(paths, 20.5)
    session = RecordingReader.open(old).session
    writer = RecordingWriter.open(old, session, NOW - 16 * DAY_MS, fsync=False)
    assert f"kept {old.name}, 0.0 MB: being written\n" in run("prune", "--days", 14)[1]
    writer.close(NOW - 16 * DAY_MS + 5)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "prune needs --days N"),
        (("--days", "0"), "--days: give 1 or more"),
        (("--days", "-3"), "--days"),
        (("--days", "x"), "invalid int value"),
    ],
)
def test_wrong_usage(paths: Paths, run: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = run("prune", *words)
    assert (code, out) == (2, "")
    assert said in err


def test_the_days_may_come_from_the_settings(paths: Paths, run: Run, tmp_path: Path) -> None:
    old = of_day(paths, 20.5)
    config = tmp_path / "config.toml"
    config.write_text("[recording]\nprune_days = 30\n")
    assert run("prune", "--config", config)[0] == 0
    assert old.exists()
    config.write_text("[recording]\nprune_days = 20\n")
    assert run("prune", "--config", config)[0] == 0
    assert not old.exists()


def test_a_recorder_prunes_what_it_made_and_tells(paths: Paths) -> None:
    old = of_day(paths, 20.5)
    assert prune_told(paths, 0, NOW) == ()
    assert old.exists()
    (event,) = prune_told(paths, 14, NOW)
    assert event.text == f"removed, as they ended 14 days ago or before: {old.name}"
    assert not old.exists()
    assert prune_told(paths, 14, NOW) == ()


def test_a_file_that_somebody_named_once_is_never_automatic(paths: Paths, run: Run) -> None:
    mine = of_day(paths, 20.5, automatic=False)
    taken_up = RecordingReader.open(mine).session._replace(automatic=True)
    RecordingWriter.open(mine, taken_up, NOW - 16 * DAY_MS, fsync=False).close(NOW - 16 * DAY_MS + 5)
    assert not RecordingReader.open(mine).session.automatic
    auto = of_day(paths, 30.5)
    reader = RecordingReader.open(auto)
    assert reader.session.automatic
    made = paths.recordings_dir / "live-2000-01-01.crash"
    write_anew(made, reader.session, play(auto), reader.end_ms)
    assert not RecordingReader.open(made).session.automatic
    reader.close()
    assert run("prune", "--days", 14)[1].splitlines()[0] == f"removed {auto.name}, 0.0 MB"
    assert mine.exists()
    assert made.exists()


def test_a_session_of_an_older_version_is_not_automatic() -> None:
    row = ["id", NOW, "crashdesk", "", "live", [], ["okx"]]
    (old,) = decode_small(Session, json.dumps([row]).encode())
    assert not old.automatic
    with pytest.raises(ValueError, match="true or false"):
        decode_small(Session, json.dumps([[*row, 1]]).encode())
