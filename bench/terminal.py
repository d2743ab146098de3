"""A program in a pseudo terminal, watched with a stop watch and answered as a terminal would."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence

from bench.place import ROOT
from bench.screen import Screen

COLUMNS, ROWS = 160, 48
_QUERY = re.compile(rb"\x1b\[\?(\d+)\$p|\x1b\[c|\x1b\[6n")
_ANSWERS = {b"2026": b"\x1b[?2026;2$y", b"2048": b"\x1b[?2048;0$y"}
"""Modes that are asked for: synchronised output is there and off, sizes in band are not known (as in tmux)."""


class Program:
    """A running program and the screen it paints. Times are seconds since just before it was started.

    What is collected is dated in seconds since 1970, to be held against other programs.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.screen = Screen(COLUMNS, ROWS)
        self.bytes_seen = 0
        self._unread: deque[tuple[float, bytes]] = deque()
        self._started = time.perf_counter()
        self._began = time.time()
        self._child = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, env=dict(environment), start_new_session=True
        )
        os.close(slave)

    @property
    def pid(self) -> int:
        """The program's process."""
        return self._child.pid

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._master, keys)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the program has it from the kernel and from a signal, as always."""
        self.screen = Screen(columns, rows)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._child.send_signal(signal.SIGWINCH)

    def wait_for(self, seen: Callable[[Screen], bool], timeout_s: float = 30.0) -> float:
        """The moment at which the bytes came that made `seen` true. Raises TimeoutError with what is on the screen."""
        end = time.perf_counter() + timeout_s
        while True:
            self._read_all(0.0 if self._unread else max(0.0, end - time.perf_counter()))
            # read first, look later: the stop watch must not wait for the screen
            if self._unread:
                moment, data = self._unread.popleft()
                self.screen.feed(data)
                if seen(self.screen):
                    return moment
            elif time.perf_counter() >= end or self._child.poll() is not None:
                raise TimeoutError(f"not seen in {timeout_s:.0f} s:\n{self.screen.text().rstrip()}")

    def watch(self, seconds: float) -> int:
        """Look on for so long; how many bytes came."""
        before = self.bytes_seen
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read_all(left)
            while self._unread:
                self.screen.feed(self._unread.popleft()[1])
            if self._child.poll() is not None:
                raise RuntimeError(f"it ended by itself:\n{self.screen.text().rstrip()}")
        return self.bytes_seen - before

    @property
    def now(self) -> float:
        """Seconds since 1970, of the clock that dates what is collected."""
        return self._began + time.perf_counter() - self._started

    def collect(self, seconds: float) -> list[tuple[float, bytes]]:
        """Look away for so long: (when, bytes) of what came, which the screen has not been fed with."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read_all(left)
            if self._child.poll() is not None:
                raise RuntimeError(f"it ended by itself:\n{self.screen.text().rstrip()}")
        found = [(self._began + moment, data) for moment, data in self._unread]
        self._unread.clear()
        return found

    def until_it_ends(self, timeout_s: float) -> int:
        """Look on until the program ends by itself; how many bytes came. Raises TimeoutError."""
        end = time.perf_counter() + timeout_s
        while self._child.poll() is None:
            self._read_all(0.05)
            while self._unread:
                self.screen.feed(self._unread.popleft()[1])
            if time.perf_counter() > end:
                raise TimeoutError(f"it did not end in {timeout_s:.0f} s")
        if self._child.returncode:
            raise RuntimeError(f"exit {self._child.returncode}:\n{self.screen.text().rstrip()}")
        return self.bytes_seen

    def kill(self) -> None:
        """End it and those that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        os.close(self._master)

    def _read_all(self, wait_s: float) -> None:
        while select.select([self._master], [], [], wait_s)[0]:
            try:
                data = os.read(self._master, 65_536)
            except OSError:
                return
            if not data:
                return
            self._unread.append((time.perf_counter() - self._started, data))
            self.bytes_seen += len(data)
            self._answer(data)
            wait_s = 0.0

    def _answer(self, data: bytes) -> None:
        for query in _QUERY.finditer(data):
            if query.group(1):
                answer = _ANSWERS.get(query.group(1), b"")
            else:
                answer = b"\x1b[?62;22c" if query.group() == b"\x1b[c" else b"\x1b[1;1R"
            os.write(self._master, answer)


@contextlib.contextmanager
def running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Program]:
    """A program that is killed at the end."""
    program = Program(command, environment)
    try:
        yield program
    finally:
        program.kill()
