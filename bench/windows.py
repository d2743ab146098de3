"""A day of 1.6 million liquidations through the windows and the tape, against pandas over the same events."""

from __future__ import annotations

import pickle
import random
import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from os import getpid
from pathlib import Path
from typing import NamedTuple, TypeVar

from bench.market import START_MS
from bench.place import Place
from bench.process import resident_mb
from bench.row import Row, row
from crashdesk.model.columns import CHUNK_MS, LiquidationColumns
from crashdesk.model.records import Liquidation, PriceBasis, Side
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.session.liquidations.book import WINDOWS, LiquidationBook
from crashdesk.session.tape import Tape

EVENTS, QUICK_EVENTS = 1_600_000, 160_000
SPAN_MS = 24 * HOUR_MS
FREE_MS = 15 * MINUTE_MS
LOOK_MS = 1_000
"""How far the market goes on between two looks where frames come one by one."""
BATCH = 200
"""Rows of a batch: what comes in the 100 ms for which a recorder gathers, at 2,000 a second."""
VENUES = ("binanceusdm", "bybit", "htx", "okx")
COINS = 64
T = TypeVar("T")


class Day(NamedTuple):
    """All events in the order of their coming; `recv_ms` is when the frame of each came."""

    recv_ms: array[int]
    rows: LiquidationColumns


class Found(NamedTuple):
    """Microseconds an event of adding and of moving on, micro-dollars that the windows are off, MB, mean batch."""

    add_us: float
    move_us: float
    off: int
    mb: float
    batch: float


def run(place: Place) -> Sequence[Row]:
    """Adding an event and moving the windows on, the memory of it all, and pandas on the same events."""
    count = QUICK_EVENTS if place.quick else EVENTS
    file = place.folder / "day.pickle"
    file.write_bytes(pickle.dumps(_day(count)))
    peer, error = _alone(_pandas, file)
    calm, ours = _alone(_by_frame, file), _alone(_in_batches, file)
    parts = f"{count:,} events in 24 h, {len(WINDOWS) + 1} windows, tape, profile"
    batches = f"batches of {BATCH}, looked at after each; {parts}"
    frames = f"frames of {calm.batch:.1f} on average, looked at each second"
    floor = f"floor: pandas, rolling sums of {len(WINDOWS)} windows by side, all rows at once, off by {error:,.0f}"
    return (
        row("windows, adding an event", ours.add_us, "us", "<= 2", peer, f"{batches}; {floor}"),
        row("windows, moved on, an event", ours.move_us, "us", note=f"{batches}; off by {ours.off} micro-dollars"),
        row("windows, adding, frame by frame", calm.add_us, "us", note=frames),
        row("windows, moved on, frame by frame", calm.move_us, "us", note=f"{frames}; off by {calm.off} micro-dollars"),
        row("windows, memory", ours.mb, "MB", "<= 40", note=f"what a process grows by: {parts}"),
    )


def _alone(work: Callable[[Path], T], file: Path) -> T:
    """Run in a process of its own, so that memory is counted from a known base."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work, file).result()


def _day(count: int) -> Day:
    """Bunched by the minute, heavy-tailed in size, up to seconds late, a few by hours or a little early."""
    dice = random.Random(7)
    heat = [dice.lognormvariate(0, 1.2) for _ in range(SPAN_MS // MINUTE_MS)]
    minutes = sorted(dice.choices(range(len(heat)), heat, k=count))
    recv = array("q", [START_MS + minute * MINUTE_MS + dice.randrange(120) * 500 for minute in minutes])
    recv = array("q", sorted(recv))
    late = (0, 0, 120, 350, 700, 1_900, 4_000, -300)
    ts = array("q", [at - (dice.choice(late) if dice.random() < 0.9995 else 3 * HOUR_MS) for at in recv])
    keys = [(venue, f"C{n:03}/USDT:USDT", side) for n in range(COINS) for venue in VENUES for side in Side]
    key = array("H", [min(int(dice.expovariate(0.01)), len(keys) - 1) for _ in recv])
    usd = array("q", [round(dice.paretovariate(0.9) * 200 * 1_000_000) for _ in recv])
    price = array("d", [(1 + k // 8) * (1 + at / SPAN_MS) for k, at in zip(key, range(len(recv)), strict=True)])
    return Day(recv, LiquidationColumns(tuple(keys), ts, usd, price, array("d", bytes(8 * len(usd))), key))


def _cut(rows: LiquidationColumns, first: int, end: int) -> LiquidationColumns:
    cut = slice(first, end)
    return LiquidationColumns(
        rows.keys, rows.ts_ms[cut], rows.usd_micro[cut], rows.price[cut], rows.amount[cut], rows.key[cut]
    )


def _frames(day: Day, batch: int | None) -> Iterator[tuple[int, list[Liquidation]]]:
    """(recv_ms, rows) of each frame, or of each `batch` rows gathered within a chunk."""
    recv, rows, first = day.recv_ms, day.rows, 0
    while first < len(recv):
        if batch is None:
            end = bisect_right(recv, recv[first], first)
        else:
            border = bisect_left(recv, (recv[first] // CHUNK_MS + 1) * CHUNK_MS, first)
            end = min(first + batch, border)
        cut = zip(*_cut(rows, first, end)[1:], strict=True)
        yield (
            recv[end - 1],
            [
                Liquidation(venue, symbol, ts, side, price, amount, usd, PriceBasis.FILL, "{}")
                for ts, usd, price, amount, key in cut
                for venue, symbol, side in (rows.keys[key],)
            ],
        )
        first = end


def _by_frame(file: Path) -> Found:
    return _folded(file, None, LOOK_MS)


def _in_batches(file: Path) -> Found:
    return _folded(file, BATCH, 0)


def _folded(file: Path, batch: int | None, look_ms: int) -> Found:
    day: Day = pickle.loads(file.read_bytes())
    count = len(day.recv_ms)

    def chunk_rows(number: int) -> LiquidationColumns:
        first = bisect_left(day.recv_ms, number * CHUNK_MS)
        return _cut(day.rows, first, bisect_left(day.recv_ms, (number + 1) * CHUNK_MS))

    base = resident_mb(getpid())
    book, tape = LiquidationBook(chunk_rows), Tape()
    book.advance(START_MS)
    book.set_free(FREE_MS)
    book.profile("C000")
    adding = moving = 0.0
    looked, frames = 0, 0
    clock = time.thread_time
    for recv_ms, rows in _frames(day, batch):
        frames += 1
        start = clock()
        book.advance(recv_ms)
        looks = recv_ms - looked >= look_ms
        if looks:
            looked = recv_ms
            _ = book.generation  # moves the windows on
        moving += clock() - start
        start = clock()
        book.add_many(rows)
        if looks:
            tape.view(book)  # counts what is pending
        adding += clock() - start
    tape.view(book)
    off = sum(abs(book.totals(w).total - true) for w, true in enumerate(_true(day.rows, book.now_ms)))
    grown = resident_mb(getpid()) - base
    return Found(adding / count * 1e6, moving / count * 1e6, off, grown, count / frames)


def _true(rows: LiquidationColumns, now_ms: int) -> list[int]:
    widths = [*(width for _, width in WINDOWS), FREE_MS]
    return [
        sum(usd for ts, usd in zip(rows.ts_ms, rows.usd_micro, strict=True) if now_ms - width < ts <= now_ms)
        for width in widths
    ]


def _pandas(file: Path) -> tuple[float, float]:
    """(us an event, micro-dollars by which the last sum of the widest window is off)."""
    import pandas as pd

    day: Day = pickle.loads(file.read_bytes())
    rows, count = day.rows, len(day.recv_ms)
    shorts = [side is Side.SHORT for _, _, side in rows.keys]
    cells = sorted(zip(rows.ts_ms, rows.usd_micro, map(shorts.__getitem__, rows.key), strict=True))
    index = pd.to_datetime([ts for ts, _, _ in cells], unit="ms")
    sides = [
        pd.Series([usd if short is side else 0 for _, usd, short in cells], index=index, dtype="float64")
        for side in (False, True)
    ]
    total = 0.0
    start = time.thread_time()
    for _, width in WINDOWS:
        total = sum(float(series.rolling(f"{width}ms").sum().iloc[-1]) for series in sides)
    spent = (time.thread_time() - start) / count * 1e6
    return spent, abs(total - _true(rows, cells[-1][0])[len(WINDOWS) - 1])
