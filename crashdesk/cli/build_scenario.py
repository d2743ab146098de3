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
    sweep(out)
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


def sweep(out: Path) -> None:
    """Remove what is of no use beside OUT: what killed builders left, and other versions of the scenario."""
    scenario = out.name.split(".")[0]
    for left in out.parent.glob(f"{scenario}.v*.f*.crash*"):
        name, _, pid = left.name.removesuffix(".partial").rpartition(".")
        if left.suffix == ".partial":
            useless = name.endswith(".crash") and pid.isdigit() and not _runs(int(pid))
        else:
            useless = left != out
        if useless:
            left.unlink(missing_ok=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass  # somebody else's, or a number that is no process: nothing to take away
    return True


if __name__ == "__main__":
    raise SystemExit(main())
