"""One writer at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crashdesk.model.errors import RecordingError
from crashdesk.recording.lock import WriterLock, is_held, told

HOLD = """
import sys
from pathlib import Path
from crashdesk.recording.lock import WriterLock
with WriterLock(Path(sys.argv[1]), Path(sys.argv[2])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_writer_is_told_who_holds_it(tmp_path: Path) -> None:
    recording, runtime = tmp_path / "live.crash", tmp_path / "run"
    recording.touch()
    (tmp_path / "link.crash").symlink_to(recording)
    assert is_held(recording, runtime) is None
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(recording), str(runtime)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        assert is_held(recording, runtime) == child.pid
        for path in (recording, tmp_path / "link.crash"):
            with pytest.raises(RecordingError, match=f"process {child.pid}"):
                WriterLock(path, runtime).acquire()
        child.kill()
        child.wait()
    assert is_held(recording, runtime) is None
    with WriterLock(recording, runtime) as lock:
        assert is_held(recording, runtime) == os.getpid()
        assert lock.lock_path.stat().st_mode & 0o777 == 0o600
        assert lock.lock_path.parent == runtime
    assert is_held(recording, runtime) is None
    assert list(tmp_path.glob("*.lock")) == []


def test_two_recordings_do_not_share_a_lock(tmp_path: Path) -> None:
    with WriterLock(tmp_path / "a.crash", tmp_path), WriterLock(tmp_path / "b.crash", tmp_path):
        assert is_held(tmp_path / "c.crash", tmp_path) is None


def test_a_runtime_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordingError, match="cannot be opened"):
        WriterLock(tmp_path / "a.crash", tmp_path / "file" / "run").acquire()


def test_the_writer_tells_those_who_look_how_it_goes(tmp_path: Path) -> None:
    path, runtime = tmp_path / "a.crash", tmp_path / "run"
    assert told(path, runtime) == ""
    with WriterLock(path, runtime) as lock:
        assert told(path, runtime) == ""
        lock.tell("REC paused: disk full")
        assert told(path, runtime) == "REC paused: disk full"
        assert is_held(path, runtime) == os.getpid()
        with pytest.raises(RecordingError, match=f"process {os.getpid()}:"):
            WriterLock(path, runtime).acquire()
        lock.tell("")
        assert told(path, runtime) == ""
        lock.tell("REC paused: disk full")
    assert told(path, runtime) == ""
