"""Ten times the symbols, orders or days: what it costs to fold, to keep, to open, to jump and to paint."""

from __future__ import annotations

import gc
import random
import sys
import time
from collections.abc import Iterator, Sequence
from heapq import merge
from operator import itemgetter
from pathlib import Path

from bench.forced import forced_orders, gathered
from bench.long import QUIET, Long, long_recording
from bench.market import CALM, POLL_MS, SESSION, START_MS, Market
from bench.numbers import median, share_below
from bench.place import Place
from bench.row import Row, row
from bench.screen import Screen
from bench.terminal import running
from crashdesk.config.baskets import load_baskets
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.player import Player

SYMBOLS, ORDERS, DAYS = (30, 300), (34_000, 340_000), (1, 10)
SEEKS, PAINTS = 60, 5


def run(place: Place) -> Sequence[Row]:
    """Ours is the tenfold, the floor the single; `--quick` leaves out ten days in one file."""
    few, many = (_folded(_written(place, f"{count}-symbols", count, 0)) for count in SYMBOLS)
    calm, crash = (_folded(_written(place, f"{count}-orders", 0, count)) for count in ORDERS)
    symbols, orders = " to ".join(map(str, SYMBOLS)), " to ".join(f"{count:,}" for count in ORDERS)
    rows = [
        row("fold, ten times the symbols", many[0], "ms", "<= 10 x", few[0], f"CPU of 20 min, {symbols} symbols"),
        row("  disk", many[1], "MB", "<= 10 x", few[1]),
        row("fold, ten times the orders", crash[0], "ms", "<= 10 x", calm[0], f"2 h, {orders} orders a day, with raw"),
        row("  disk", crash[1], "MB", "<= 10 x", calm[1]),
    ]
    return (*rows, *_days(place)) if not place.quick else rows


def _written(place: Place, name: str, symbols: int, orders: int) -> Path:
    """20 minutes of quotes, or two hours of orders at so many a day."""
    path = place.folder / f"{name}.crash"
    path.unlink(missing_ok=True)
    writer = RecordingWriter.open(path, SESSION, START_MS, fsync=False)
    market = Market(symbols)
    writer.append(market.instruments(), START_MS)
    polls = market.polls(20 * MINUTE_MS // POLL_MS, CALM) if symbols else iter(())
    told = gathered(forced_orders(orders * 1_000 / DAY_MS, 2 * HOUR_MS), 150) if orders else iter(())
    for at_ms, records in merge(polls, told, key=itemgetter(0)):
        writer.append(records, at_ms)
    writer.close(writer.recv_ms + 1)
    return path


def _folded(path: Path) -> tuple[float, float]:
    """(ms of process CPU of the live reducer alone, MB)."""
    reader = RecordingReader.open(path)
    player = Player(reader, load_baskets(None)[0])
    batches = [batch for _, batch in reader.batches(reader.first_offset)]
    gc.collect()
    start = time.process_time()
    for batch in batches:
        player.state.apply(batch)
    spent = (time.process_time() - start) * 1_000
    reader.close()
    return spent, path.stat().st_size / 1e6


def _days(place: Place) -> Iterator[Row]:
    one, ten = (long_recording(place, Long(days=days, temper=QUIET)) for days in DAYS)
    how = f"{one.stat().st_size / 1e6:.0f} and {ten.stat().st_size / 1e6:.0f} MB, 300 symbols"
    opening = [(_opened(ten), _opened(one)) for _ in range(9)]
    yield row("opening, ten times the days", *_both(opening, "ms", how))
    yield row("  seek, p95", _sought(ten), "ms", "flat", _sought(one), f"{SEEKS} random instants, without the picture")
    painting = [(_painted(place, ten), _painted(place, one)) for _ in range(PAINTS + 1)][1:]
    yield row("  first paint of a replay", *_both(painting, "ms", f"whole processes, medians of {PAINTS}, interleaved"))


def _both(pairs: Sequence[tuple[float, float]], unit: str, how: str) -> tuple[float, str, str, float, str]:
    ours, floor = zip(*pairs, strict=True)
    return median(ours), unit, "flat", median(floor), how


def _opened(path: Path) -> float:
    start = time.perf_counter()
    reader = RecordingReader.open(path)
    reader.restore(reader.end_ms)
    spent = (time.perf_counter() - start) * 1_000
    reader.close()
    return spent


def _sought(path: Path) -> float:
    dice = random.Random(9)
    reader = RecordingReader.open(path)
    player = Player(reader, load_baskets(None)[0])
    player.seek(reader.end_ms)
    times = []
    for _ in range(SEEKS):
        at_ms = dice.randint(reader.start_ms + HOUR_MS, reader.end_ms)
        start = time.perf_counter()
        player.seek(at_ms)
        times.append((time.perf_counter() - start) * 1_000)
    reader.close()
    return share_below(times, 0.95)


def _painted(place: Place, path: Path) -> float:
    with running((sys.executable, "-m", "crashdesk", "replay", str(path)), place.environment) as program:
        return program.wait_for(_useful, 30) * 1_000


def _useful(screen: Screen) -> bool:
    """Status line, tickers and totals with their values."""
    text = screen.text()
    return "REPLAY" in screen.lines()[0] and "C000" in text and "24h" in text and "$" in text
