"""Key levels of all symbols of a desk: found by the child process, from its start to the last answer."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Sequence

from bench.numbers import median
from bench.place import Place
from bench.row import Row, row
from crashdesk.model.level import DailyBars, LevelAsk
from crashdesk.model.timeframe import DAY_MS
from crashdesk.outside.level_finder import FinderProcess, find_now

SYMBOLS, DAYS = 60, 500
RUNS, QUICK_RUNS = 9, 3
_START_MS = 1_720_000_000_000 // DAY_MS * DAY_MS


def run(place: Place) -> Sequence[Row]:
    """Seconds until 60 symbols have their levels, CPU of the child, and the same from the cache."""
    asks = [_ask(number) for number in range(SYMBOLS)]
    walls, cpus = [], []
    for _ in range(QUICK_RUNS if place.quick else RUNS):
        start, cpu = time.perf_counter(), _children_s()
        found = FinderProcess().find(asks)
        walls.append(time.perf_counter() - start)
        cpus.append(_children_s() - cpu)
    file = place.folder / "levels.json"
    find_now(asks, file)
    start = time.perf_counter()
    again = find_now(asks, file)
    cached = time.perf_counter() - start
    if [again[ask] for ask in asks] != found or not all(found):
        raise RuntimeError("the cache holds other levels than were found")
    note = f"{SYMBOLS} symbols of {DAYS} days, child process with its start; {median(cpus):.2f} s CPU, niced"
    return (
        row("key levels of 60 symbols", median(walls), "s", "<= 1.5", note=note),
        row("  the same from the cache", cached * 1000, "ms"),
    )


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _ask(number: int) -> LevelAsk:
    """A seeded walk of daily candles, 60 % a year."""
    dice = random.Random(number)
    close = 10.0 ** dice.uniform(-3, 5)
    rows = []
    for day in range(DAYS):
        before, close = close, close * (1 + dice.gauss(0, 0.03))
        high, low = max(before, close), min(before, close)
        reach = abs(dice.gauss(0, 0.01))
        rows.append((_START_MS + day * DAY_MS, high * (1 + reach), low * (1 - reach), close))
    times, highs, lows, closes = zip(*rows, strict=True)
    return LevelAsk("okx", f"C{number}/USDT", DailyBars(times, highs, lows, closes), close)
