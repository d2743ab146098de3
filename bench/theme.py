"""A change of the theme: from the key to the last byte of the screen in other colours."""

from __future__ import annotations

from collections.abc import Sequence

from bench.desk_program import DEMO, useful
from bench.numbers import median
from bench.place import Place
from bench.row import Row, row
from bench.terminal import Program, running

CHANGES, QUICK_CHANGES = 14, 6
SETTLE_S, SETTLED_S = 2.0, 0.7
"""A pause before the first key; one after each, longer than any change takes."""
_OPEN, _NEXT, _LEAVE = b"I", b"\x1b[B", b"\x1b"


def run(place: Place) -> Sequence[Row]:
    """The list of themes is opened in a paused replay and walked through: every line is another theme."""
    place.recording()
    with running(DEMO, place.environment) as program:
        program.wait_for(useful)
        program.type(b" ")
        program.watch(SETTLE_S)
        opened = _press(program, _OPEN)
        changes = [_press(program, _NEXT) for _ in range(QUICK_CHANGES if place.quick else CHANGES)]
        back = _press(program, _LEAVE)
    took = [seconds * 1000 for seconds, _ in changes]
    weight = median([float(size) for _, size in changes]) / 1000
    note = f"median of {len(took)}, most {max(took):.0f}; {weight:.0f} kB each; list opened in {opened[0] * 1000:.0f}"
    return (
        row(
            "theme switch, key to settled screen",
            median(took),
            "ms",
            "<= 200",
            None,
            f"{note}, left in {back[0] * 1000:.0f}",
        ),
    )


def _press(program: Program, key: bytes) -> tuple[float, int]:
    """Seconds from a key to the last byte that it brings, and how many bytes."""
    at = program.now
    program.type(key)
    chunks = program.collect(SETTLED_S)
    if not chunks:
        raise RuntimeError(f"the key {key!r} changed nothing")
    return chunks[-1][0] - at, sum(len(data) for _, data in chunks)
