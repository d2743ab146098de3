"""A recording of a gigabyte: opened, restored at its end, and briefed at random instants by whole processes."""

from __future__ import annotations

import base64
import random
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from heapq import merge
from operator import itemgetter
from pathlib import Path

from bench.forced import Committed, forced_orders, gathered
from bench.market import CALM, POLL_MS, SESSION, START_MS, Market
from bench.numbers import median
from bench.place import Place, timed_run
from bench.row import Row, row
from crashdesk.model.records import Liquidation, Quote, Record
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter

SYMBOLS, ORDERS, DAYS = 300, 27_000, 2
RAW_BYTES = 20_000
"""Random bytes in the raw row of an order: what a venue that is wordy sends, and does not compress."""
_EACH_MS = 20_000
RUNS, INSTANTS = 9, 9


def run(place: Place) -> Sequence[Row]:
    """Left out by `--quick`: the file takes minutes to write."""
    if place.quick:
        return ()
    path, base = place.folder / "gigabyte.crash", place.folder / "gigabyte.sqlite"
    _write(path, base)
    ours, peer = [], []
    for _ in range(RUNS):
        ours.append(_open(path))
        peer.append(_select(base))
    found = _briefs(place, path)
    floor = [timed_run((sys.executable, "-c", "pass"), place.environment)[0] for _ in range(3)]
    size, other = path.stat().st_size / 1e9, base.stat().st_size / 1e9
    path.unlink()
    base.unlink()
    how = f"{size:.2f} GB, {DAYS} days, {SYMBOLS} symbols: opened, state at the end, medians of {RUNS}"
    how += f"; floor: SQLite, {other:.2f} GB, the newest quotes by an index on time"
    worst = f"whole process, medians of {INSTANTS} instants, worst {max(found):.2f} s; floor: python -c pass"
    return (
        row("opening a file of 1 GB", median(ours), "ms", "<= 100", median(peer), how),
        row("  brief of any instant of it", median(found), "s", "<= 1", median(floor), worst),
    )


def _write(path: Path, base: Path) -> None:
    """The same quotes into both, and as many random bytes."""
    writer = RecordingWriter.open(path, SESSION, START_MS, fsync=False)
    market = Market(SYMBOLS)
    writer.append(market.instruments(), START_MS)
    peer = sqlite3.connect(base, isolation_level=None)
    peer.execute("PRAGMA synchronous=OFF")
    peer.execute("CREATE TABLE quotes (recv_ms, venue, symbol, ts_ms, last, bid, ask, high, low, volume, change)")
    peer.execute("CREATE TABLE orders (recv_ms, raw)")
    for at_ms, records in merge(_polls(market), _orders(), key=itemgetter(0)):
        writer.append(records, at_ms)
        peer.execute("BEGIN")
        if isinstance(records[0], Quote):
            peer.executemany(f"INSERT INTO quotes VALUES ({', '.join('?' * 11)})", [(at_ms, *one) for one in records])
        else:
            raws = [one.raw.encode() for one in records if isinstance(one, Liquidation)]
            peer.executemany("INSERT INTO orders VALUES (?, ?)", [(at_ms, base64.b64decode(raw)) for raw in raws])
        peer.execute("COMMIT")
    peer.execute("CREATE INDEX quotes_by_time ON quotes (recv_ms)")
    peer.execute("CREATE INDEX orders_by_time ON orders (recv_ms)")
    peer.close()
    writer.close(START_MS + DAYS * DAY_MS)


def _polls(market: Market) -> Iterator[tuple[int, Sequence[Record]]]:
    steps = _EACH_MS // POLL_MS
    for number, (_, changed) in enumerate(market.polls(DAYS * DAY_MS // _EACH_MS, CALM)):
        at_ms = START_MS + number * steps * POLL_MS
        yield at_ms, [quote._replace(ts_ms=at_ms - 200) for quote in changed]


def _orders() -> Iterator[Committed]:
    dice = random.Random(11)
    for start_ms in range(START_MS, START_MS + DAYS * DAY_MS, HOUR_MS):
        rate = ORDERS * 1_000 / DAY_MS
        for at_ms, rows in gathered(forced_orders(rate, HOUR_MS, start_ms // HOUR_MS, start_ms), 150):
            wordy = [one._replace(raw=base64.b64encode(dice.randbytes(RAW_BYTES)).decode()) for one in rows]
            yield at_ms, wordy


def _open(path: Path) -> float:
    start = time.perf_counter()
    reader = RecordingReader.open(path)
    state = reader.restore(reader.end_ms)
    spent = (time.perf_counter() - start) * 1_000
    reader.close()
    if len(state.quotes) != SYMBOLS:
        raise RuntimeError("the state at the end lacks quotes")
    return spent


def _select(path: Path) -> float:
    start = time.perf_counter()
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = base.execute("SELECT * FROM quotes ORDER BY recv_ms DESC LIMIT ?", (SYMBOLS,)).fetchall()
    spent = (time.perf_counter() - start) * 1_000
    base.close()
    if len(rows) != SYMBOLS:
        raise RuntimeError("the base lacks quotes")
    return spent


def _briefs(place: Place, path: Path) -> list[float]:
    dice = random.Random(5)
    found = []
    for _ in range(INSTANTS):
        at_ms = START_MS + dice.randrange(MINUTE_MS, DAYS * DAY_MS)
        command = (sys.executable, "-m", "crashdesk", "brief", str(path), "--at", str(at_ms), "--format", "json")
        found.append(timed_run(command, place.environment)[0])
    return found
