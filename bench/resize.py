"""A change of the terminal's size: from the signal to the last byte of the desk in its new size."""

from __future__ import annotations

from collections.abc import Sequence

from bench.desk_program import DEMO, useful
from bench.numbers import median
from bench.place import Place
from bench.row import Row, row
from bench.terminal import Program, running

SIZES = ((120, 36), (240, 67), (80, 24), (160, 48))
ROUNDS, QUICK_ROUNDS = 4, 1
SETTLE_S, SETTLED_S = 2.0, 1.0
"""A pause before the first change; one after each, longer than any takes."""


def run(place: Place) -> Sequence[Row]:
    """A paused replay in four sizes, again and again."""
    place.recording()
    with running(DEMO, place.environment) as program:
        program.wait_for(useful)
        program.type(b" ")
        program.watch(SETTLE_S)
        rounds = QUICK_ROUNDS if place.quick else ROUNDS
        took = [(_change(program, size), size) for _ in range(rounds) for size in SIZES]
    most = {size: max(ms for ms, other in took if other == size) for size in SIZES}
    note = "most: " + ", ".join(f"{columns}x{rows} {ms:.0f}" for (columns, rows), ms in most.items())
    return (row("resize, signal to settled screen", median([ms for ms, _ in took]), "ms", "<= 150", None, note),)


def _change(program: Program, size: tuple[int, int]) -> float:
    """Milliseconds from the change to the last byte that it brings."""
    at = program.now
    program.resize(*size)
    chunks = program.collect(SETTLED_S)
    if not chunks:
        raise RuntimeError(f"the size {size} changed nothing")
    return (chunks[-1][0] - at) * 1000
