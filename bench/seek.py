"""Jumping to any instant of the day."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Sequence

from bench.day import opened
from bench.numbers import median, share_below
from bench.place import Place
from bench.row import Row, row


def run(place: Place) -> Sequence[Row]:
    """`Player.seek` and the complete picture at random instants, the same in every run."""
    count = 30 if place.quick else 100
    dice = random.Random(7)
    times = []
    with opened(place) as day:
        day.picture(day.reader.end_ms)
        gc.collect()
        for _ in range(count):
            at_ms = dice.randint(day.reader.start_ms, day.reader.end_ms)
            start = time.perf_counter()
            day.picture(at_ms)
            times.append((time.perf_counter() - start) * 1000)
    how = f"{count} random instants, chart included"
    return (
        row("seek to a picture, median", median(times), "ms", "", note=how),
        row("seek to a picture, p95", share_below(times, 0.95), "ms", "<= 40"),
        row("seek to a picture, most", max(times), "ms", "<= 250"),
    )
