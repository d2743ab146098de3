"""What changed quotes and liquidations weigh in a recording, and what writing and reading them costs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from bench.forced import Committed, forced_orders, gathered
from bench.market import CALM, CRASH, SESSION, START_MS, Market, Temper
from bench.numbers import median
from bench.place import Place
from bench.row import Row, row
from crashdesk.model.columns import CHUNK_MS
from crashdesk.recording.format import FIRST_OFFSET, Kind
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter

SYMBOLS = 100
RAW_BYTES = 24.0
"""Six float32: the floor without compression."""
SQLITE_BYTES = 45.0
"""A liquidation without raw in SQLite, batches of 200, as once measured."""
GATHER_MS = 150


def run(place: Place) -> Sequence[Row]:
    """100 symbols each 2 s, calm and crash; liquidations in a burst, through a day, and each in a frame of its own."""
    minutes = 10 if place.quick else 30
    burst = forced_orders(2_000, 10_000 if place.quick else 60_000)
    steady = forced_orders(20, minutes * 60_000)
    return (
        *_written(place, CALM),
        *_written(place, CRASH),
        *_liquidations(place, "2,000/s", list(gathered(burst, GATHER_MS))),
        *_liquidations(place, "20/s", list(gathered(steady, GATHER_MS))),
        *_liquidations(place, "20/s, each by itself", list(gathered(steady, 0))),
    )


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


def _liquidations(place: Place, name: str, commits: Sequence[Committed]) -> Sequence[Row]:
    count = sum(len(rows) for _, rows in commits)
    path = place.folder / "forced.crash"
    bare = [(at, [order._replace(raw="") for order in rows]) for at, rows in commits]
    _record(path, bare)
    without = _weights(path)
    spent = _record(path, commits)
    weights = _weights(path)
    frames, rollups = weights[Kind.LIQUIDATIONS] / count, weights[Kind.ROLLUP] / count
    bare_frames = without[Kind.LIQUIDATIONS] / count
    reading, rows = _chunk(path)
    how = f"{count:,} orders in {len(commits):,} commits: frames {bare_frames:.1f} + roll-ups {rollups:.1f}"
    lone = name.endswith("itself")
    return (
        row(f"a liquidation without raw, {name}", bare_frames + rollups, "bytes", "" if lone else "<= 24",
            SQLITE_BYTES, how),
        row(f"  with raw, {name}", frames + rollups, "bytes", "" if lone else "<= 70", note=f"frames {frames:.1f}"),
        row(f"  writing it, {name}", spent / count * 1e6, "us"),
        row(f"  rows of a chunk, {name}", reading, "ms", note=f"{rows:,} rows of one chunk into columns"),
    )  # fmt: skip


def _record(path: Path, commits: Sequence[Committed]) -> float:
    path.unlink(missing_ok=True)
    writer = RecordingWriter.open(path, SESSION, START_MS, fsync=False)
    start = time.process_time()
    for at, rows in commits:
        writer.append(rows, at)
    writer.close(commits[-1][0] + CHUNK_MS)
    return time.process_time() - start


def _weights(path: Path) -> dict[int, int]:
    file = FrameFile(path)
    weights: dict[int, int] = {}
    offset = FIRST_OFFSET
    while (header := file.header(offset)) is not None:
        weights[header.kind] = weights.get(header.kind, 0) + header.end - header.offset
        offset = header.end
    file.close()
    return weights


def _chunk(path: Path) -> tuple[float, int]:
    """(ms to read the rows of the largest chunk, how many they are)."""
    reader = RecordingReader.open(path)
    most = max(reader.restore(reader.end_ms).chunks, key=lambda chunk: len(chunk.load_liquidations().ts_ms))
    times = []
    for _ in range(9):
        start = time.perf_counter()
        rows = len(most.load_liquidations().ts_ms)
        times.append((time.perf_counter() - start) * 1000)
    reader.close()
    return median(times), rows
