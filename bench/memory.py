"""Resident memory of the desk and of the worker."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.desk_program import DEMO, EMPTY, useful
from bench.paint import empty_is_there
from bench.place import ROOT, Place
from bench.process import resident_mb
from bench.row import Row, row
from bench.terminal import running
from bench.usual_venues import venues

SPAN_S, QUICK_SPAN_S = 20, 6
COINS = 100


def run(place: Place) -> Sequence[Row]:
    """The demo at its first paint and after a while of replay at 60x; `record` on loopback venues."""
    span = QUICK_SPAN_S if place.quick else SPAN_S
    place.recording()
    with running(EMPTY, place.environment) as program:
        program.wait_for(empty_is_there)
        floor = resident_mb(program.pid)
    with running(DEMO, place.environment) as program:
        program.wait_for(useful)
        first = resident_mb(program.pid)
        program.watch(span)
        later = resident_mb(program.pid)
    worker, most, told = _worker(place, span)
    return (
        row("memory of the desk, first paint", first, "MB", "<= 110", floor, "floor: empty Textual app"),
        row(f"memory of the desk, {span} s later", later, "MB", "<= 110", floor, "replay at 60x; it ends after 15 s"),
        row(
            f"memory of the worker, {span} s",
            worker,
            "MB",
            "<= 250",
            note=f"loopback venues, {COINS} coins, most {most:.0f}; {told}",
        ),
    )


def _worker(place: Place, span: int) -> tuple[float, float, str]:
    config = place.folder / "worker.toml"
    with venues(place, config, COINS, liquidations_per_second=50, poll_s=2):
        return _recorded(place, config, span)


def _recorded(place: Place, config: Path, span: int) -> tuple[float, float, str]:
    out = str(place.folder / "worker.crash")
    command = [sys.executable, "-m", "crashdesk", "--config", str(config), "record", "--out", out, "--for", f"{span}s"]
    child = subprocess.Popen(command, cwd=ROOT, env=place.environment, stderr=subprocess.PIPE, text=True)
    samples = [0.0]
    while child.poll() is None:
        if found := resident_mb(child.pid):  # nothing is left of a process that just ended
            samples.append(found)
        time.sleep(0.2)
    said = child.stderr.read().strip() if child.stderr else ""
    if child.returncode:
        raise RuntimeError(f"record: exit {child.returncode}: {said}")
    return samples[-1], max(samples), said.rpartition(": ")[2]
