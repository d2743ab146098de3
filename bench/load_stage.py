"""What runs while a surge is measured: loopback venues, `crashdesk record`, and a desk in a pseudo terminal."""

from __future__ import annotations

import contextlib
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.place import ROOT, Place
from bench.process import cpu_seconds
from bench.terminal import Program, running
from bench.watched import Chunk

RECORDING = Path("data", "crashdesk", "recordings", "live.crash")
"""In the bench's home."""
_QUIET_SHARE, _QUIET_LOOKS, _MOST_LOOKS = 0.3, 3, 60
"""A recorder that uses less of a core, so many seconds in a row, has fetched its history."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The three programs."""

    surge: subprocess.Popen[str]
    recorder: subprocess.Popen[bytes]
    desk: Program

    def tell(self, command: str) -> None:
        """A command to the venues."""
        if self.surge.stdin is None:
            raise RuntimeError("the venues take no commands")
        self.surge.stdin.write(f"{command}\n")
        self.surge.stdin.flush()

    def answer(self) -> str | None:
        """Their answer to the last command, None while there is none. Raises RuntimeError when they have ended."""
        if self.surge.stdout is None or not select.select([self.surge.stdout], [], [], 0)[0]:
            return None
        line = self.surge.stdout.readline()
        if not line:
            raise RuntimeError(f"the venues have ended: exit {self.surge.wait()}")
        return line

    def cpu(self) -> tuple[float, float, float]:
        """(seconds since 1970, CPU seconds of the recorder, of the desk)."""
        return time.time(), cpu_seconds(self.recorder.pid), cpu_seconds(self.desk.pid)

    def settle(self) -> list[Chunk]:
        """Until all is subscribed to and the recorder has fetched its history; what the desk wrote meanwhile."""
        chunks: list[Chunk] = []
        self.tell("wait")
        while self.answer() is None:
            chunks += self.desk.collect(0.2)
        quiet, before = 0, self.cpu()
        for _ in range(_MOST_LOOKS):
            chunks += self.desk.collect(1.0)
            now = self.cpu()
            quiet = quiet + 1 if now[1] - before[1] < _QUIET_SHARE * (now[0] - before[0]) else 0
            before = now
            if quiet == _QUIET_LOOKS:
                return chunks
        raise RuntimeError("the recorder does not come to rest")

    def quit(self) -> list[Chunk]:
        """The recorder closes its file, then the desk is left; the last that it wrote."""
        self.recorder.terminate()
        if self.recorder.wait(30):
            raise RuntimeError(f"record: exit {self.recorder.returncode}")
        chunks = self.desk.collect(0.5)
        self.desk.type(b"q")
        self.desk.until_it_ends(15)
        return chunks


@contextlib.contextmanager
def staged(place: Place, probe: Path) -> Iterator[Stage]:
    """The programs, started one after the other; the desk's probe goes to `probe`."""
    config = place.folder / "surge.toml"
    python, crashdesk = sys.executable, ("-m", "crashdesk", "--config", str(config))
    with contextlib.ExitStack() as stack:
        surge = subprocess.Popen(
            [python, "-m", "bench.surge", str(config)],
            cwd=ROOT,
            env=place.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        stack.callback(_end, surge)
        if not (surge.stdout and surge.stdout.readline()):
            raise RuntimeError("the venues did not start")
        recorder = subprocess.Popen(
            [python, *crashdesk, "record"], cwd=ROOT, env=place.environment, stderr=subprocess.DEVNULL
        )
        stack.callback(_end, recorder)
        _wait_for(place.folder / RECORDING)
        desk = stack.enter_context(
            running((python, "-m", "bench.probed_desk", str(probe), "--config", str(config)), place.environment)
        )
        desk.wait_for(lambda screen: "LIVE" in screen.lines()[0], 30)
        yield Stage(surge, recorder, desk)


def _wait_for(file: Path) -> None:
    end = time.monotonic() + 30
    while not file.exists():
        if time.monotonic() > end:
            raise TimeoutError(f"{file} does not appear")
        time.sleep(0.05)


def _end(child: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    child.kill()
    child.communicate()


def between(samples: Sequence[tuple[float, float, float]], began: float, ended: float) -> tuple[float, float]:
    """Shares of a core that recorder and desk used from `began` to `ended`, after samples of `Stage.cpu`."""
    inside = [sample for sample in samples if began - 0.5 <= sample[0] <= ended + 0.5]
    first, last = inside[0], inside[-1]
    span = max(0.001, last[0] - first[0])
    return (last[1] - first[1]) / span, (last[2] - first[2]) / span
