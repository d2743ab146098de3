"""First useful paint of demo and live desk against that of an empty Textual app: whole processes, side by side."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence

from bench.desk_program import DEMO, EMPTY, LIVE, useful, useful_live
from bench.empty_app import TEXT
from bench.numbers import median
from bench.place import Place, recording_file, scenario
from bench.row import Row, row
from bench.screen import Screen
from bench.terminal import running
from crashdesk.model.clock import OFFSET_VARIABLE

RUNS, QUICK_RUNS = 21, 5
TARGET = "<= 1.15 x"
_CONFIG = """\
[venues.okx]
api_url = "http://127.0.0.1:9"
ws_url = "ws://127.0.0.1:9"
"""
"""A venue that is never reached: what is shown is what was kept."""


def run(place: Place) -> Sequence[Row]:
    """Medians of interleaved runs, from the start of the process; the first ones only warm caches and .pyc files."""
    place.recording()
    live_home = _warm(place)
    demo: list[float] = []
    live: list[float] = []
    floor: list[float] = []
    runs = QUICK_RUNS if place.quick else RUNS
    for _ in range(runs + 1):
        with running(EMPTY, place.environment) as program:
            floor.append(program.wait_for(empty_is_there))
        with running(DEMO, place.environment) as program:
            demo.append(program.wait_for(useful))
        with running(LIVE, live_home) as program:
            live.append(program.wait_for(useful_live))
    return (_row("demo, first useful paint", demo[1:], floor[1:]), _row("live desk, kept picture", live[1:], floor[1:]))


def _row(name: str, ours: Sequence[float], floor: Sequence[float]) -> Row:
    how = f"medians of {len(ours)}, best {min(ours) * 1000:.0f} / {min(floor) * 1000:.0f}; floor: empty Textual app"
    return row(name, median(ours) * 1000, "ms", TARGET, median(floor) * 1000, how)


def _warm(place: Place) -> Mapping[str, str]:
    """The environment of a live desk that was left with the scenario's last picture, at the scenario's end."""
    home = place.folder / "live"
    config, data = home / "config" / "crashdesk", home / "data" / "crashdesk"
    for folder in (config, data / "recordings"):
        folder.mkdir(parents=True)
    (config / "config.toml").write_text(_CONFIG, encoding="utf-8")
    shutil.copy(recording_file(), data / "recordings" / "live.crash")
    environment = place.environment | {
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        OFFSET_VARIABLE: str(scenario().end_ms - time.time_ns() // 1_000_000),
    }
    shutil.copy(place.folder / "data" / "crashdesk" / "desk.toml", data / "desk.toml")
    with running(LIVE, environment) as program:
        program.wait_for(useful_live)
        program.type(b"q")
        program.until_it_ends(30.0)
    return environment


def empty_is_there(screen: Screen) -> bool:
    """Whether the empty app has painted its text."""
    return TEXT in screen.lines()[0]
