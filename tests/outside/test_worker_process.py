"""The keeper against real child processes."""

from __future__ import annotations

import os
import queue
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crashdesk.model.recorder import RecorderState
from crashdesk.outside.worker_process import KeeperParts, WorkerKeeper

# a child that says that it is there, then lives until its standard input ends
CHILD = """
import os, sys
print(os.getpid(), file=open(sys.argv[1], "a"), flush=True)
os.write(os.open(sys.argv[2], os.O_WRONLY), b"up\\n")
sys.stdin.buffer.read()
"""


class Words:
    """What the keeper said, waited for."""

    def __init__(self) -> None:
        self._said: queue.SimpleQueue[RecorderState] = queue.SimpleQueue()

    def say(self, state: RecorderState) -> None:
        self._said.put(state)

    def wait_for(self, part: str) -> str:
        return self.state_with(part).words

    def state_with(self, part: str) -> RecorderState:
        while True:
            state = self._said.get(timeout=20)
            if part in state.words:
                return state


def _keeper(
    command: list[str],
    words: Words,
    writer: Callable[[], int | None] = lambda: None,
    told: Callable[[], str] = lambda: "",
) -> WorkerKeeper:
    return WorkerKeeper(KeeperParts(command, writer, words.say, told))


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_killed_worker_is_named_and_started_again_and_ends_with_the_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crashdesk.outside.worker_process._FIRST_WAIT_S", 0.05)
    fifo = tmp_path / "up"
    os.mkfifo(fifo)
    words = Words()
    keeper = _keeper([sys.executable, "-c", CHILD, str(tmp_path / "pids"), str(fifo)], words)
    keeper.start()
    words.wait_for("ok")
    with fifo.open() as line:
        line.readline()
    first = keeper.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert "SIGKILL" in words.wait_for("restarting in")
    words.wait_for("ok")
    with fifo.open() as line:
        line.readline()
    second = keeper.pid
    assert second not in (None, first)
    keeper.stop()
    assert keeper.pid is None
    assert second is not None
    assert _gone(second)


def test_why_a_worker_ended_is_its_last_line() -> None:
    words = Words()
    keeper = _keeper([sys.executable, "-c", "import sys; sys.exit('no venue is enabled')"], words)
    keeper.start()
    assert "no venue is enabled" in words.wait_for("restarting in")
    keeper.stop()


def test_a_recorder_that_runs_already_is_attached_to_until_it_is_gone() -> None:
    words = Words()
    holders = iter([4242, 4242])
    keeper = _keeper([sys.executable, "-c", "import sys; sys.stdin.read()"], words, lambda: next(holders, None))
    keeper.start()
    assert "4242" in words.wait_for("attached")
    words.wait_for("ok")
    keeper.stop()


def test_a_recorder_that_can_not_write_is_not_well_whether_it_is_ours_or_not() -> None:
    words = Words()
    holders, told = iter([4242, 4242]), iter(["REC paused: disk full", ""])
    child = "import sys; print('REC paused: disk full', file=sys.stderr, flush=True); print('ok', file=sys.stderr)"
    command = [sys.executable, "-c", f"{child}; sys.stderr.flush(); sys.stdin.read()"]
    keeper = _keeper(command, words, lambda: next(holders, None), lambda: next(told))
    keeper.start()
    assert words.state_with("4242") == RecorderState("REC paused: disk full (recorder 4242)", well=False)
    assert words.state_with("4242") == RecorderState("4242, attached", well=True)
    assert words.state_with("paused") == RecorderState("REC paused: disk full", well=False)
    assert words.state_with("ok") == RecorderState("ok", well=True)
    keeper.stop()


def test_a_command_that_cannot_start_is_said() -> None:
    words = Words()
    keeper = _keeper(["/nonexistent/recorder"], words)
    keeper.start()
    assert "cannot start" in words.wait_for("restarting in")
    keeper.stop()
