"""The campaigns by name: how often, what is told on the way, and what came of it in one sentence."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TextIO

from tests.torture.fuzz import Score, fuzz
from tests.torture.judge import Verdict

FILES = 10_000
_TELL_S = 15.0


class Plan(NamedTuple):
    """`count` None: as many as are usual."""

    seed: int
    first: int
    count: int | None
    keep: Path
    out: TextIO

    def tell(self, line: str) -> None:
        """Say something at once."""
        self.out.write(f"{line}\n")
        self.out.flush()


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

    fuzz(plan.seed, range(plan.first, plan.first + count), plan.keep, tell)
    for sentence, times in score.refusals.most_common(12):
        plan.tell(f"  {times:>6,} x {sentence}")
    return len(score.faults), str(score)


CAMPAIGNS: dict[str, Callable[[Plan], tuple[int, str]]] = {"fuzz": spoiled_files}
