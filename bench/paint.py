"""First useful paint of the demo against that of an empty Textual app: whole processes, side by side in one run."""

from __future__ import annotations

from collections.abc import Sequence

from bench.desk_program import DEMO, EMPTY, useful
from bench.empty_app import TEXT
from bench.numbers import median
from bench.place import Place
from bench.row import Row, row
from bench.screen import Screen
from bench.terminal import running

RUNS, QUICK_RUNS = 21, 5


def run(place: Place) -> Sequence[Row]:
    """Medians of interleaved runs, from the start of the process; the first pair only warms caches and .pyc files."""
    place.recording()
    ours: list[float] = []
    floor: list[float] = []
    runs = QUICK_RUNS if place.quick else RUNS
    for _ in range(runs + 1):
        with running(EMPTY, place.environment) as program:
            floor.append(program.wait_for(empty_is_there))
        with running(DEMO, place.environment) as program:
            ours.append(program.wait_for(useful))
    how = f"medians of {runs}, best {min(ours[1:]) * 1000:.0f} / {min(floor[1:]) * 1000:.0f}; floor: empty Textual app"
    return (row("demo, first useful paint", median(ours[1:]) * 1000, "ms", "<= 1.15 x", median(floor[1:]) * 1000, how),)


def empty_is_there(screen: Screen) -> bool:
    """Whether the empty app has painted its text."""
    return TEXT in screen.lines()[0]
