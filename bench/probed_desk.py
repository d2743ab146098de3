"""`python -m bench.probed_desk OUT ARGUMENTS...`: the desk, which writes to OUT what its pictures cost.

A line a picture: when it was taken from the conductor (seconds since 1970), and the CPU seconds that the process has
used so far. What lies between two lines is all that a picture cost: folding, making and drawing it.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from crashdesk.cli.main import main
from crashdesk.desk.app import CrashDesk
from crashdesk.desk.messages import ViewArrived


def probe(samples: list[tuple[float, float]]) -> None:
    """Look at the clocks whenever a picture arrives."""
    taken = CrashDesk.on_view_arrived

    def on_view_arrived(self: CrashDesk, message: ViewArrived) -> None:
        samples.append((time.time(), time.process_time()))
        taken(self, message)

    CrashDesk.on_view_arrived = on_view_arrived  # type: ignore[method-assign]


if __name__ == "__main__":
    found: list[tuple[float, float]] = []
    probe(found)
    code = main(sys.argv[2:])
    Path(sys.argv[1]).write_text("".join(f"{at} {cpu}\n" for at, cpu in found))
    raise SystemExit(code)
