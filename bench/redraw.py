"""What drawing costs: the whole desk anew, a quiet frame, the same picture again; the peer is Textual's `DataTable`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from bench.place import Place
from bench.row import Row, row
from bench.terminal import COLUMNS, ROWS, running


def run(place: Place) -> Sequence[Row]:
    """CPU ms a frame, each kind in a process and a pseudo terminal of its own (see `frames`)."""
    table = _cpu_ms(place, "table")[0]
    full, weight = _cpu_ms(place, "full")
    quiet = _cpu_ms(place, "quiet")[0]
    same = _cpu_ms(place, "same")[0]
    how = f"{COLUMNS}x{ROWS}, real driver, chart included, {weight} kB a frame; floor: DataTable 100x10, all cells"
    return (
        row("redraw of the desk, everything changed", full, "ms CPU", "<= 12", table, how),
        row("  a quiet frame", quiet, "ms CPU", "<= 3", table, "one price and the clock changed, flash included"),
        row("  the same picture again", same, "ms CPU", "0"),
    )


def _cpu_ms(place: Place, kind: str) -> tuple[float, str]:
    out = place.folder / f"{kind}.json"
    command = (sys.executable, "-m", "bench.frames", kind, str(place.recording()), str(out))
    with running(command, place.environment) as program:
        before = program.until_it_ends(120)
    found = json.loads(out.read_text())
    if found["drawn"] < found["frames"]:
        raise RuntimeError(f"{kind}: only {found['drawn']} of {found['frames']} frames were drawn")
    return max(0.0, found["cpu_ms"]), f"{before / found['frames'] / 1000:.0f}"
