"""A usual day: a desk on 100 symbols of six venues, polled every 2 s, and 50 liquidations a second."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.numbers import share_below
from bench.place import ROOT, Place
from bench.process import cpu_seconds, resident_mb
from bench.row import Row, row
from bench.terminal import Program, running
from bench.usual_venues import venues

COINS, PER_SECOND, POLL_S = 100, 50, 2
SETTLE_S, SPAN_S, QUICK_SPAN_S = 15.0, 40.0, 8.0
_REST_SHARE, _REST_LOOKS, _MOST_LOOKS = 0.4, 3, 90


def run(place: Place) -> Sequence[Row]:
    """CPU and memory of the desk and of the recorder, then how late the loop of a second desk is."""
    span = QUICK_SPAN_S if place.quick else SPAN_S
    config, late = place.folder / "live.toml", place.folder / "late"
    with venues(place, config, COINS, PER_SECOND, POLL_S), _recorder(place, config) as recorder:
        with _desk(place, config, ("-m", "crashdesk")) as desk:
            _come_to_rest(recorder.pid, desk)
            before = cpu_seconds(desk.pid), cpu_seconds(recorder.pid)
            count = desk.watch(span)
            used = [
                100 * (cpu_seconds(pid) - had) / span for pid, had in zip((desk.pid, recorder.pid), before, strict=True)
            ]
            memory = resident_mb(desk.pid), resident_mb(recorder.pid)
            _leave(desk)
        with _desk(place, config, ("-m", "bench.late_desk", str(late))) as desk:
            desk.watch(SETTLE_S)
            desk.watch(span)
            _leave(desk)
    lags = [float(line.split()[1]) * 1000 for line in late.read_text().splitlines()][-round(span / 0.025) :]
    how = f"{COINS} coins of six loopback venues polled each {POLL_S} s, {PER_SECOND} liquidations/s, over {span:.0f} s"
    return (
        row("live desk, CPU", used[0], "%", "<= 5", note=how),
        row("  memory", memory[0], "MB", "<= 80"),
        row("  to the terminal", count / span / 1000, "kB/s"),
        row("  event loop late, p99", share_below(lags, 0.99), "ms", "<= 20", note=f"most {max(lags):.0f}"),
        row("recorder, CPU", used[1], "%"),
        row("  memory", memory[1], "MB", "<= 200"),
    )


def _come_to_rest(recorder: int, desk: Program) -> None:
    """Until the recorder has fetched its history."""
    quiet = 0
    for _ in range(_MOST_LOOKS):
        before = cpu_seconds(recorder)
        desk.watch(1.0)
        quiet = quiet + 1 if cpu_seconds(recorder) - before < _REST_SHARE else 0
        if quiet == _REST_LOOKS:
            desk.watch(SETTLE_S)
            return
    raise RuntimeError("the recorder does not come to rest")


def _leave(desk: Program) -> None:
    desk.type(b"q")
    desk.until_it_ends(15)


def _desk(place: Place, config: Path, what: Sequence[str]) -> contextlib.AbstractContextManager[Program]:
    return _live(running((sys.executable, *what, "--config", str(config)), place.environment))


@contextlib.contextmanager
def _live(program: contextlib.AbstractContextManager[Program]) -> Iterator[Program]:
    with program as desk:
        desk.wait_for(lambda screen: "LIVE" in screen.lines()[0], 30)
        yield desk


@contextlib.contextmanager
def _recorder(place: Place, config: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = (sys.executable, "-m", "crashdesk", "--config", str(config), "record")
    child = subprocess.Popen(command, cwd=ROOT, env=place.environment, stderr=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(30)
