"""`python -m tests.torture`: what takes too long for every run of the tests. Exit code 1 when a fault was found."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.torture.campaigns import CAMPAIGNS, Plan


def main() -> int:
    """Run the campaigns, tell what came of each."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--only", choices=CAMPAIGNS, help="one of them; default: all")
    parser.add_argument("--count", type=int, help="how many files, kills or full disks instead of the usual number")
    parser.add_argument("--first", type=int, default=0, help="number of the first one, to see one fault again")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="default: another one each time")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes; default: one a core")
    parser.add_argument("--keep", type=Path, help="where recordings at fault are kept; default: a folder under /tmp")
    arguments = parser.parse_args()
    keep = arguments.keep or Path(tempfile.gettempdir()) / f"crashdesk-torture-{arguments.seed}"
    plan = Plan(arguments.seed, arguments.first, arguments.count, arguments.workers, keep, sys.stdout)
    print(f"seed {arguments.seed}", flush=True)
    faults = 0
    for name in [arguments.only] if arguments.only else CAMPAIGNS:
        began = time.monotonic()
        found, said = CAMPAIGNS[name](plan)
        faults += found
        print(f"{name}: {said} ({time.monotonic() - began:.0f} s)", flush=True)
    print("no faults" if not faults else f"{faults} faults; recordings at fault are in {keep}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
