"""A desk that has nothing to do."""

from __future__ import annotations

from collections.abc import Sequence

from bench.desk_program import DEMO, EMPTY, useful
from bench.paint import empty_is_there
from bench.place import Place
from bench.process import cpu_seconds
from bench.row import Row, row
from bench.terminal import Program, running

SETTLE_S, SPAN_S = 3.0, 5.0


def run(place: Place) -> Sequence[Row]:
    """Bytes to the terminal and CPU of a paused replay, and of an empty app."""
    place.recording()
    with running(DEMO, place.environment) as program:
        program.wait_for(useful)
        program.type(b" ")
        program.wait_for(lambda screen: "paused" in screen.lines()[0])
        ours = _idle(program)
    with running(EMPTY, place.environment) as program:
        program.wait_for(empty_is_there)
        floor = _idle(program)
    how = f"paused replay over {SPAN_S:.0f} s; floor: empty Textual app"
    return (
        row("idle, bytes to the terminal", ours[0], "bytes/s", "0", floor[0], how),
        row("idle, CPU", ours[1], "%", "", floor[1]),
    )


def _idle(program: Program) -> tuple[float, float]:
    program.watch(SETTLE_S)
    before = cpu_seconds(program.pid)
    count = program.watch(SPAN_S)
    return count / SPAN_S, 100 * (cpu_seconds(program.pid) - before) / SPAN_S
