"""Spoiled recordings by the thousand, in processes of their own: one that hangs or dies is a fault like any other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.torture.judge import Bench, Verdict, limit_memory
from tests.torture.originals import write_originals

_ROOT = Path(__file__).resolve().parents[2]
_WARM_UP = -1
_STACK = 3_000


def home_in(folder: Path) -> dict[str, str]:
    """The environment of a user who has nothing yet."""
    variables = {"CONFIG": "config", "DATA": "data", "CACHE": "cache", "STATE": "state"}
    homes = {f"XDG_{name}_HOME": str(folder / place) for name, place in variables.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CRASHDESK_", "XDG_"))}
    return {**kept, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder / "run"), **homes}


def work(folder: Path, seed: int, first: int, last: int, step: int, keep: Path) -> None:
    """Judge every `step`-th file and write a line of JSON for each: what a child process does."""
    bench = Bench(seed, sorted(folder.glob("*.crash")), home_in(folder / f"home-{first % step}"))
    bench.judge(_WARM_UP)
    limit_memory()
    for number in range(first, last, step):
        verdict = bench.judge(number, keep)
        sys.stdout.write(json.dumps(verdict) + "\n")
        sys.stdout.flush()


def fuzz(seed: int, numbers: range, keep: Path, tell: Callable[[Verdict], None], workers: int) -> None:
    """Judge the files with these numbers; `tell` gets each verdict, from any thread, one at a time."""
    with tempfile.TemporaryDirectory(prefix="crashdesk-originals-") as name:
        write_originals(Path(name))
        lock = threading.Lock()

        def told(verdict: Verdict) -> None:
            with lock:
                tell(verdict)

        threads = [
            threading.Thread(target=_lane, args=(Path(name), seed, numbers[lane::workers], keep, told))
            for lane in range(workers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _lane(folder: Path, seed: int, numbers: range, keep: Path, tell: Callable[[Verdict], None]) -> None:
    """One child after the other, until all numbers are judged: a child that dies is taken up behind its file."""
    place = 0
    while place < len(numbers):
        left = numbers[place:]
        with tempfile.TemporaryFile() as errors:
            done = 0
            for verdict in _verdicts(folder, seed, left, keep, errors.fileno()):
                tell(verdict)
                done += 1
            errors.seek(0)
            said = errors.read().decode("utf-8", "replace")
        place += done
        if done < len(left):
            number = left[done]
            tell(Verdict(number, "?", f"the process ended: {said[-_STACK:]}", (), 0.0, 0))
            place += 1


def _verdicts(folder: Path, seed: int, numbers: range, keep: Path, errors: int) -> Iterator[Verdict]:
    words = [folder, seed, numbers.start, numbers.stop, numbers.step, keep]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.torture.fuzz", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        cwd=_ROOT,
        env=_environment(),
    ) as child:
        for line in child.stdout or ():
            yield Verdict(*json.loads(line))


def _environment() -> Mapping[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")])}


class Score:
    """What came of it."""

    def __init__(self) -> None:
        self.faults: list[Verdict] = []
        self.refusals: Counter[str] = Counter()
        self.files = 0
        self.refused = 0
        self.slowest = 0.0
        self.peak_mb = 0

    def add(self, verdict: Verdict) -> None:
        """Count one."""
        self.files += 1
        self.refused += bool(verdict.refusals)
        self.slowest = max(self.slowest, verdict.seconds)
        self.peak_mb = max(self.peak_mb, verdict.peak_mb)
        self.refusals.update(verdict.refusals)
        if verdict.fault:
            self.faults.append(verdict)

    def __str__(self) -> str:
        return (
            f"{self.files:,} files, {len(self.faults)} faults; {self.refused:,} refused in a sentence, slowest "
            f"{self.slowest:.1f} s, most memory {self.peak_mb} MB"
        )


if __name__ == "__main__":
    place, *integers, out = sys.argv[1:]
    work(Path(place), *map(int, integers), Path(out))  # type: ignore[arg-type]
