"""The recorder as a child process of the desk: started, watched, started again, ended with the desk."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crashdesk.model.recorder import PAUSED, RecorderState

_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 30.0
_HEALTHY_S = 60.0
_LOOK_S = 0.25
_CLOSE_S = 5.0
_TAIL_BYTES = 2_000


@dataclass(frozen=True, slots=True)
class KeeperParts:
    """What a keeper needs: the command of the recorder (empty: none is started here), who writes the recording now (a
    process, or None), where its one line for the status bar goes, and what a recorder that is attached to says of
    itself (nothing: it is well)."""

    command: Sequence[str]
    writer: Callable[[], int | None]
    say: Callable[[RecorderState], None]
    told: Callable[[], str]


class WorkerKeeper:
    """Keeps a recorder running while a desk is open. What it writes on standard error is its line in the status bar.

    When another process already writes the recording the keeper attaches to it: it waits, and starts a recorder of its
    own once that one is gone. A recorder that was attached to goes on when the desk quits, one started here ends.
    """

    def __init__(self, parts: KeeperParts) -> None:
        self._parts = parts
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)
        self._child: subprocess.Popen[bytes] | None = None
        self._tail = b""

    def start(self) -> None:
        """Begin on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End the recorder that was started here: its pipe is closed, then it is asked, then it is killed."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=3 * _CLOSE_S + 1)

    @property
    def pid(self) -> int | None:
        """The process of the recorder that was started here, while it runs."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def _keep(self) -> None:
        wait_s = _FIRST_WAIT_S
        while not self._stopping.is_set():
            holder = self._parts.writer()
            if holder is not None and holder != self.pid:
                told, who = self._parts.told(), f"{holder or 'elsewhere'}"
                words = f"{told} (recorder {who})" if told else f"{who}, attached"
                self._parts.say(RecorderState(words, well=not told))
                self._stopping.wait(_LOOK_S * 4)
                continue
            if not self._parts.command:
                self._parts.say(RecorderState("none runs, and this desk starts none", well=False))
                self._stopping.wait(_LOOK_S * 4)
                continue
            lived_s = self._run_once()
            if self._stopping.is_set():
                return
            wait_s = _FIRST_WAIT_S if lived_s >= _HEALTHY_S else wait_s
            self._wait(wait_s)
            wait_s = min(_LONGEST_WAIT_S, wait_s * 2)

    def _wait(self, seconds: float) -> None:
        reason = self._reason()
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self._stopping.is_set():
            self._parts.say(RecorderState(f"ended ({reason}), restarting in {left:.0f} s", well=False))
            self._stopping.wait(min(1.0, left))

    def _reason(self) -> str:
        code = self._child.returncode if self._child is not None else None
        if code is not None and code < 0:
            return signal.Signals(-code).name
        lines = self._tail.decode("utf-8", "replace").strip().splitlines()
        return lines[-1].removeprefix("crashdesk: ") if lines else f"exit {code}"

    def _run_once(self) -> float:
        self._tail = b""
        began = time.monotonic()
        try:
            child = subprocess.Popen(  # noqa: S603 - the command is the composition root's own
                list(self._parts.command),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            self._tail = f"cannot start: {error.strerror or error}".encode()
            return 0.0
        self._child = child
        reader = threading.Thread(target=self._read, args=(child,), daemon=True)
        reader.start()
        self._parts.say(RecorderState("ok", well=True))
        while child.poll() is None and not self._stopping.is_set():
            self._stopping.wait(_LOOK_S)
        if child.poll() is None:
            self._end(child)
        reader.join(timeout=1)
        return time.monotonic() - began

    def _read(self, child: subprocess.Popen[bytes]) -> None:
        if child.stderr is None:
            return
        with child.stderr:
            for line in child.stderr:
                self._tail = (self._tail + line)[-_TAIL_BYTES:]
                if not self._stopping.is_set() and child.poll() is None:
                    words = line.decode("utf-8", "replace").strip()
                    self._parts.say(RecorderState(words, well=not words.startswith(PAUSED)))

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        if child.stdin is not None:
            child.stdin.close()
        for ask in (None, child.terminate, child.kill):
            if ask is not None:
                ask()
            try:
                child.wait(timeout=_CLOSE_S)
            except subprocess.TimeoutExpired:
                continue
            return
