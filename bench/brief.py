"""A brief of any instant as a whole process."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence

from bench.numbers import median
from bench.place import SCENARIO, Place, scenario, timed_run
from bench.row import Row, row


def run(place: Place) -> Sequence[Row]:
    """Medians over random instants; the floor is an interpreter that does nothing."""
    place.recording()
    dice = random.Random(5)
    ours: list[float] = []
    floor: list[float] = []
    for _ in range(3 if place.quick else 9):
        at_ms = dice.randint(scenario().start_ms, scenario().end_ms)
        command = (sys.executable, "-m", "crashdesk", "brief", "--scenario", SCENARIO, "--at", str(at_ms))
        seconds, out = timed_run((*command, "--format", "json"), place.environment)
        if json.loads(out)["as_of_ms"] != at_ms:
            raise RuntimeError(f"the brief is not of {at_ms}")
        ours.append(seconds)
        floor.append(timed_run((sys.executable, "-c", "pass"), place.environment)[0])
    how = f"medians of {len(ours)} instants, worst {max(ours):.2f} s; floor: python -c pass"
    return (row("brief of any instant", median(ours), "s", "<= 1", median(floor), how),)
