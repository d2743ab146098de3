"""Jumping to any instant: of the scenario's day, of a day of 300 symbols, of ten such days in one file."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Sequence
from pathlib import Path

from bench.day import FOCUS, opened
from bench.long import DAY, SYMBOL, TEN_DAYS, long_recording
from bench.numbers import median, share_below
from bench.place import Place
from bench.row import Row, row
from crashdesk.session.focus import Focus


def run(place: Place) -> Sequence[Row]:
    """`Player.seek` and the complete picture at random instants, the same in every run. Quick: the scenario alone."""
    rows = [*_seeks(place, "the scenario", place.recording(), FOCUS)]
    if not place.quick:
        close = FOCUS._replace(symbol=SYMBOL)
        rows += _seeks(place, "a day of 300 symbols", long_recording(place, DAY), close)
        rows += _seeks(place, "ten days of 300 symbols", long_recording(place, TEN_DAYS), close)
    return rows


def _seeks(place: Place, what: str, path: Path, focus: Focus) -> Sequence[Row]:
    count = 30 if place.quick else 100
    dice = random.Random(7)
    times = []
    begun = time.perf_counter()
    with opened(place, path, focus) as day:
        opening = (time.perf_counter() - begun) * 1000
        day.player.seek(dice.randint(day.reader.start_ms, day.reader.end_ms))
        cold = (time.perf_counter() - begun) * 1000 - opening
        day.picture(day.reader.end_ms)
        gc.collect()
        for _ in range(count):
            at_ms = dice.randint(day.reader.start_ms, day.reader.end_ms)
            start = time.perf_counter()
            day.picture(at_ms)
            times.append((time.perf_counter() - start) * 1000)
    how = f"{what}, {path.stat().st_size / 1e6:,.0f} MB; {count} random instants, chart included"
    return (
        row("seek to a picture, median", median(times), "ms", "", note=how),
        row("seek to a picture, p95", share_below(times, 0.95), "ms", "<= 40", note=what),
        row("seek to a picture, most", max(times), "ms", "<= 250", note=what),
        row("  opening the file", opening, "ms", "<= 100", note=what),
        row("  the first seek", cold, "ms", note=f"{what}, without the picture"),
    )
