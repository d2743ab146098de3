"""What a changed quote weighs in a recording, and what writing it costs."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bench.market import CALM, CRASH, SESSION, START_MS, Market, Temper
from bench.place import Place
from bench.row import Row, row
from crashdesk.recording.writer import RecordingWriter

SYMBOLS = 100
RAW_BYTES = 24.0
"""Six float32: the floor without compression."""


def run(place: Place) -> Sequence[Row]:
    """100 symbols each 2 s, calm and crash; checkpoints, roll-ups and names are in the figure."""
    return (*_written(place, CALM), *_written(place, CRASH))


def _written(place: Place, temper: Temper) -> Sequence[Row]:
    minutes = 10 if place.quick else 60
    market = Market(SYMBOLS)
    polls = list(market.polls(minutes * 30, temper))
    quotes = sum(len(changed) for _, changed in polls)
    path = place.folder / f"{temper.name}.crash"
    writer = RecordingWriter.open(path, SESSION, START_MS, fsync=False)
    writer.append(market.instruments(), START_MS)
    empty = writer.size
    start = time.process_time()
    for now_ms, changed in polls:
        writer.append(changed, now_ms)
    spent = time.process_time() - start
    writer.close(polls[-1][0])
    weight = (path.stat().st_size - empty) / quotes
    how = f"{quotes:,} quotes in {minutes} min, whole file; floor: six float32"
    return (
        row(f"a changed quote on disk, {temper.name}", weight, "bytes", "<= 12", RAW_BYTES, how),
        row(f"  writing it, {temper.name}", spent / quotes * 1e6, "us"),
    )
