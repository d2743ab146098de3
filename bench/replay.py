"""The whole day through the reducer that also folds live data."""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence

from bench.day import opened
from bench.place import Place
from bench.row import Row, row


def run(place: Place) -> Sequence[Row]:
    """Seconds and records a second of `Player.play_to` from the start to the end; the floor only reads the frames."""
    with opened(place) as day:
        gc.collect()
        start = time.perf_counter()
        records = sum(len(batch.records) for _, batch in day.reader.batches(day.reader.first_offset))
        reading = time.perf_counter() - start
    with opened(place) as day:
        gc.collect()
        start = time.perf_counter()
        day.player.seek(day.reader.start_ms)
        day.player.play_to(day.reader.end_ms)
        folding = time.perf_counter() - start
    how = f"{records:,} records; floor: reading without folding"
    rate = row("  records a second", records / folding, "1/s", ">= 100,000", records / reading)
    return (row("replay of the day at max", folding, "s", "<= 30", reading, how), rate)
