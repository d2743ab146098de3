"""Long recordings for the benches of seek and growth: D days of N symbols each 2 s, with forced orders in bursts.

They are written by `RecordingWriter` as a worker would: quotes of a poll as one frame, orders gathered for 150 ms, the
candles of the daily series each hour, a sign of life of each feed each minute. A file is made once for a run of the
benches; with `BENCH_KEEP` in the environment, once for good, in the folder of that name.
"""

from __future__ import annotations

import os
import random
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from operator import itemgetter
from pathlib import Path

from bench.forced import forced_orders, gathered
from bench.market import CALM, CRASH, POLL_MS, SESSION, START_MS, VENUE, Market, Temper
from bench.place import Place
from crashdesk.model.records import Candle, Feed, HealthState, Method, Record, VenueHealth
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.recording.version import FORMAT_VERSION
from crashdesk.recording.writer import RecordingWriter

KEEP = "BENCH_KEEP"
QUIET = Temper("quiet", 0.05, 0.00008, 0.0)
"""A market that hardly moves: a day of it is soon made."""
BUSY = Temper("busy", 0.2, 0.0005, 0.0)
SYMBOL = "C000/USDT"
"""The coin that the desk looks at: it has candles of every length."""
_HEAVY = {5: 0.10, 14: 0.25, 21: 0.15}
"""Hour of the day to its share of the orders; half of them come within five minutes."""
_BURST_MS = 5 * MINUTE_MS
_GATHER_MS = 150
_BARS = {Timeframe.M5: 600, Timeframe.H1: 600, Timeframe.H4: 600, Timeframe.D1: 420}
Committed = tuple[int, Sequence[Record]]


@dataclass(frozen=True, slots=True)
class Long:
    """What a recording holds: `liquidations` are those of a day; three hours a day are `heavy`, the others `temper`."""

    days: int = 1
    symbols: int = 300
    liquidations: int = 340_000
    temper: Temper = CALM
    heavy: Temper = CRASH

    @property
    def name(self) -> str:
        """Of the file."""
        return f"long-{self.days}d-{self.symbols}x{self.liquidations}-{self.temper.name}-v{FORMAT_VERSION}.crash"


DAY = Long()
TEN_DAYS = Long(days=10, temper=QUIET, heavy=BUSY)


def long_recording(place: Place, long: Long) -> Path:
    """The recording, written when it is not there yet."""
    kept = os.environ.get(KEEP)
    folder = Path(kept) if kept else place.folder
    path = folder / long.name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        write(part, long)
        part.rename(path)
    return path


def write(path: Path, long: Long) -> None:
    """Write the recording to a new file."""
    market = Market(long.symbols)
    writer = RecordingWriter.open(path, SESSION, START_MS, fsync=False)
    writer.append(market.instruments(), START_MS)
    end_ms = START_MS + long.days * DAY_MS
    for start_ms in range(START_MS, end_ms, HOUR_MS):
        for now_ms, records in _hour(market, long, start_ms):
            writer.append(records, now_ms)
    writer.close(end_ms)


def _hour(market: Market, long: Long, start_ms: int) -> Iterator[Committed]:
    place = start_ms % DAY_MS // HOUR_MS
    polls = market.polls(HOUR_MS // POLL_MS, long.heavy if place in _HEAVY else long.temper, start_ms)
    return merge(_candles(long, start_ms), _health(start_ms), polls, _orders(long, place, start_ms), key=itemgetter(0))


def _orders(long: Long, place: int, start_ms: int) -> Iterator[Committed]:
    share = _HEAVY.get(place, (1 - sum(_HEAVY.values())) / (24 - len(_HEAVY)))
    many, seed = long.liquidations * share, start_ms // HOUR_MS
    if place not in _HEAVY:
        yield from gathered(forced_orders(many * 1000 / HOUR_MS, HOUR_MS, seed, start_ms), _GATHER_MS)
        return
    slow, fast = many / 2 * 1000 / (HOUR_MS - _BURST_MS), many / 2 * 1000 / _BURST_MS
    half = start_ms + HOUR_MS // 2
    for rate, span_ms, at_ms in (
        (slow, half - start_ms, start_ms),
        (fast, _BURST_MS, half),
        (slow, HOUR_MS // 2 - _BURST_MS, half + _BURST_MS),
    ):
        yield from gathered(forced_orders(rate, span_ms, seed + at_ms, at_ms), _GATHER_MS)


def _health(start_ms: int) -> Iterator[Committed]:
    feeds: list[tuple[str, Feed, Method | None]] = [(VENUE, Feed.TICKERS, None), (VENUE, Feed.CANDLES, None)]
    feeds += [(venue, Feed.LIQUIDATIONS, Method.SAMPLED) for venue in ("binance", "bybit", "htx", "okx")]
    for now_ms in range(start_ms, start_ms + HOUR_MS, MINUTE_MS):
        yield (
            now_ms,
            [
                VenueHealth(venue, feed, HealthState.OK, method, START_MS, "", now_ms, None)
                for venue, feed, method in feeds
            ],
        )


def _candles(long: Long, start_ms: int) -> Iterator[Committed]:
    """At first the history; then each hour the newest two days of each symbol, and each minute what the desk shows."""
    for number in range(long.symbols):
        symbol = f"C{number:03}/USDT"
        bars = _BARS[Timeframe.D1] if start_ms == START_MS else 2
        yield start_ms, _series(symbol, Timeframe.D1, start_ms, bars)
    shown = (Timeframe.M5, Timeframe.H1, Timeframe.H4)
    for now_ms in range(start_ms, start_ms + HOUR_MS, MINUTE_MS):
        for timeframe in shown:
            bars = _BARS[timeframe] if now_ms == START_MS else 2
            yield now_ms, _series(SYMBOL, timeframe, now_ms, bars)


def _series(symbol: str, timeframe: Timeframe, now_ms: int, bars: int) -> list[Candle]:
    """The newest candles: each is made of its own seed, so that it is the same whenever it is told."""
    length = timeframe.ms
    newest = now_ms // length
    made = []
    for number in range(newest - bars + 1, newest + 1):
        dice = random.Random(f"{symbol} {timeframe} {number}")
        first = 100.0 + int(symbol[1:4]) + 3 * dice.random()
        steps = array("d", sorted(round(first * (1 + dice.gauss(0, 0.004)), 4) for _ in range(3)))
        low, last, high = steps
        closed = (number + 1) * length <= now_ms
        row = Candle(VENUE, symbol, timeframe, number * length, round(first, 4), high, low, last, 1000.0, closed)
        made.append(row._replace(high=max(high, row.open), low=min(low, row.open)))
    return made
