"""`python -m bench [--only NAME ...] [--json FILE] [--quick]`: run the benches and print their table."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.place import RESULTS, Place
from bench.row import Row, table

BENCHES = (
    "build",
    "paint",
    "replay",
    "rush",
    "seek",
    "memory",
    "redraw",
    "theme",
    "resize",
    "chart",
    "windows",
    "brief",
    "idle",
    "quotes",
    "disk",
    "growth",
    "gigabyte",
    "load",
    "live",
    "keys",
    "levels",
)
"""Each is a module of this package with a function `run(place) -> Sequence[Row]`."""


def main() -> int:
    """Exit code 1 when a bench could not be run; slow is never a failure."""
    arguments = _arguments()
    rows: list[Row] = []
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="crashdesk-bench-") as folder:
        place = Place(Path(folder), arguments.quick)
        for name in arguments.only or BENCHES:
            start = time.perf_counter()
            try:
                rows += importlib.import_module(f"bench.{name}").run(place)
            except Exception as error:  # noqa: BLE001 - the other benches still count
                failed.append(f"{name}: {type(error).__name__}: {error}")
            print(f"{name}: {time.perf_counter() - start:.1f} s", file=sys.stderr)
    print(table(rows))
    for line in failed:
        print(f"not measured: {line}", file=sys.stderr)
    _keep(arguments.json or RESULTS / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.json", rows, failed)
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=BENCHES, metavar="NAME", help=f"of {', '.join(BENCHES)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where the figures go (default: bench/results)")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    return parser.parse_args()


def _keep(file: Path, rows: Sequence[Row], failed: Sequence[str]) -> None:
    machine = {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cpus": os.cpu_count(),
        "load": os.getloadavg(),
        **{name: version(name) for name in ("textual", "plotext", "pandas", "ccxt")},
    }
    document = {
        "measured_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "machine": machine,
        "rows": [asdict(one) for one in rows],
        "not_measured": failed,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(f"kept in {file}", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
