"""`python -m crashdesk.cli.build_scenario NAME OUT`: builds a scenario's recording in a process of its own.

Prints the share that is done, 0 to 100, a line each.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from crashdesk.recording.writer import RecordingWriter
from crashdesk.scenarios.build import build, session_of
from crashdesk.scenarios.catalogue import get_scenario


def main() -> int:
    """Write OUT by way of a partial file beside it, so that OUT is whole or not there."""
    name, out = sys.argv[1], Path(sys.argv[2])
    scenario = get_scenario(name)
    partial = out.with_name(f"{out.name}.{os.getpid()}.partial")
    shown = -1
    try:
        writer = RecordingWriter.open(partial, session_of(scenario), scenario.start_ms, fsync=False)
        for now_ms, records in build(scenario):
            writer.append(records, now_ms)
            done = 100 * (now_ms - scenario.start_ms) // (scenario.end_ms - scenario.start_ms)
            if done > shown:
                shown = done
                sys.stdout.write(f"{done}\n")
                sys.stdout.flush()
        writer.close(scenario.end_ms)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
