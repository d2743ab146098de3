"""The campaigns by name: how often, what is told on the way, and what came of it in one sentence."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TextIO

from crashdesk.model.errors import RecordingError
from tests.torture.full_disk import in_small_file_system
from tests.torture.fuzz import Score, fuzz
from tests.torture.judge import Verdict
from tests.torture.kills import LostError, kill_writer
from tests.torture.recorder_kills import kill_recorders
from tests.torture.seeks import seek_everywhere

FILES = 10_000
KILLS = 200
DISKS = 30
SEEKS = 200
_KILLS_A_FILE = 20
_MOST_S = 0.4
_TELL_S = 15.0


class Plan(NamedTuple):
    """`count` None: as many as are usual."""

    seed: int
    first: int
    count: int | None
    workers: int
    keep: Path
    out: TextIO

    def tell(self, line: str) -> None:
        """Say something at once."""
        self.out.write(f"{line}\n")
        self.out.flush()

    def kept(self, name: str) -> Path:
        """Where a recording at fault is kept."""
        self.keep.mkdir(parents=True, exist_ok=True)
        return self.keep / name


def spoiled_files(plan: Plan) -> tuple[int, str]:
    """Everything with spoiled recordings."""
    score, told, count = Score(), [time.monotonic()], plan.count or FILES

    def tell(verdict: Verdict) -> None:
        score.add(verdict)
        if verdict.fault:
            plan.tell(f"  FAULT in file {verdict.number} ({verdict.what}): {verdict.fault}")
        if time.monotonic() - told[0] > _TELL_S:
            told[0] = time.monotonic()
            plan.tell(f"  {score.files:,} of {count:,} files, {len(score.faults)} faults")

    fuzz(plan.seed, range(plan.first, plan.first + count), plan.keep, tell, plan.workers)
    for sentence, times in score.refusals.most_common(12):
        plan.tell(f"  {times:>6,} x {sentence}")
    return len(score.faults), str(score)


def killed_writers(plan: Plan) -> tuple[int, str]:
    """Writers and whole recorders under load, killed at random instants."""
    count = plan.count or KILLS
    recorders = min(count, max(1, count // 4))
    faults = rows = 0
    with tempfile.TemporaryDirectory(prefix="crashdesk-kills-") as name:
        folder = Path(name)
        for number in range(plan.first, plan.first + count - recorders):
            path = folder / f"{number // _KILLS_A_FILE}.crash"
            try:
                rows = max(rows, kill_writer(path, plan.seed * 1_000 + number, _MOST_S))
            except (LostError, RecordingError) as error:
                faults += 1
                plan.tell(f"  FAULT at kill {number} of a writer: {error}")
                path.rename(plan.kept(f"kill-{plan.seed}-{number}.crash"))
            if number % 25 == 24:
                plan.tell(f"  {number + 1 - plan.first} writers killed, {faults} faults")
        done = asyncio.run(kill_recorders(folder, plan.seed, recorders, plan.tell))
        if done.faults:
            (folder / "live.crash").rename(plan.kept(f"kill-{plan.seed}-recorder.crash"))
    said = f"{count - recorders} writers and {recorders} recorders killed, {faults + done.faults} faults; "
    return faults + done.faults, said + f"up to {rows:,} rows in a file, {done.orders:,} orders told to recorders"


def seeks(plan: Plan) -> tuple[int, str]:
    """Going to random times against playing there: the state and the screen."""
    count = plan.count or SEEKS
    with tempfile.TemporaryDirectory(prefix="crashdesk-seeks-") as name:
        path = Path(name) / "kinds.crash"
        faults = seek_everywhere(path, plan.seed, count, plan.tell)
        if faults:
            shutil.copyfile(path, plan.kept(f"seek-{plan.seed}.crash"))
    return faults, f"{count} moments, {faults} differences"


def full_disks(plan: Plan) -> tuple[int, str]:
    """A real file system that is full again and again."""
    with tempfile.TemporaryDirectory(prefix="crashdesk-disk-") as name:
        try:
            said = list(in_small_file_system(Path(name), plan.seed + plan.first, plan.count or DISKS))
        except LostError as error:
            plan.tell(f"  FAULT: {error}")
            return 1, "a recording on a full disk is not whole"
    return 0, said[-1]


CAMPAIGNS: dict[str, Callable[[Plan], tuple[int, str]]] = {
    "fuzz": spoiled_files,
    "kills": killed_writers,
    "disk": full_disks,
    "seek": seeks,
}
