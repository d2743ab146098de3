"""What quotes weigh on the disk and what recording them costs, beside Parquet with zstd and SQLite in the same run."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bench.market import CALM, CRASH, EVERY, POLL_MS, SESSION, START_MS, Market, Temper
from bench.place import Place
from bench.row import Row, row
from crashdesk.analytics.cascade_watch import CascadeWatch
from crashdesk.cli.recorder_sink import RecorderSink
from crashdesk.model.cascade import CascadeSettings
from crashdesk.model.records import Quote
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.recording.writer import RecordingWriter
from crashdesk.venues.outbox import Outbox

MANY, FEW = 300, 100
_GROUP = 450
"""Polls in a row group of Parquet: 15 minutes, as much as a recorder could lose."""
_POLLS_A_DAY = DAY_MS // POLL_MS
Polls = list[tuple[int, list[Quote]]]


class Weighed(NamedTuple):
    """Bytes for a span of polls: of a recording, of Parquet (None: not installed), of SQLite; quotes and polls."""

    ours: int
    parquet: int | None
    sqlite: int
    quotes: int
    polls: int

    def a_day(self, size: int | None) -> float | None:
        """Megabytes in a day of such polls."""
        return None if size is None else size / self.polls * _POLLS_A_DAY / 1e6


class _Clock:
    """Stands where it is put."""

    now = START_MS

    def now_ms(self) -> int:
        """UTC ms."""
        return self.now


def run(place: Place) -> Sequence[Row]:
    """300 and 100 symbols each 2 s, calm, crash, and every symbol changed at every poll; an hour of each."""
    weighed = {
        (symbols, temper.name): _weigh(place, symbols, temper)
        for symbols in (MANY, FEW)
        for temper in (CALM, CRASH, EVERY)
    }
    rows = [_by_quote(symbols, name, found) for (symbols, name), found in weighed.items()]
    rows += [
        _by_day(f"{MANY} symbols, {CALM.name}", weighed[MANY, CALM.name], "<= 60"),
        _by_day(f"{MANY} symbols, {EVERY.name}", weighed[MANY, EVERY.name], "<= 156"),
    ]
    return (*rows, *_cost(place))


def _by_quote(symbols: int, name: str, found: Weighed) -> Row:
    ours, sqlite = found.ours / found.quotes, found.sqlite / found.quotes
    parquet = None if found.parquet is None else found.parquet / found.quotes
    how = f"{found.quotes:,} quotes in {found.polls * POLL_MS / HOUR_MS:.2g} h, whole file; "
    how += "not measured: pyarrow is not installed" if parquet is None else "floor: Parquet zstd"
    how += f"; SQLite, a row a quote, {sqlite:.0f}"
    return row(f"a changed quote, {symbols} symbols, {name}", ours, "bytes", "<= 12, <= 0.5 x", parquet, how)


def _by_day(name: str, found: Weighed, target: str) -> Row:
    how = f"by {found.polls * POLL_MS / HOUR_MS:.2g} h with checkpoints and roll-ups; floor: Parquet zstd"
    return row(f"  a day of {name}", found.a_day(found.ours) or 0.0, "MB", target, found.a_day(found.parquet), how)


def _weigh(place: Place, symbols: int, temper: Temper) -> Weighed:
    polls = _polls(symbols, temper, 10 if place.quick else 60)
    path = place.folder / "quotes.crash"
    path.unlink(missing_ok=True)
    writer = RecordingWriter.open(path, SESSION, START_MS, fsync=False)
    writer.append(Market(symbols).instruments(), START_MS)
    empty = writer.size
    for now_ms, changed in polls:
        writer.append(changed, now_ms)
    writer.close(polls[-1][0])
    quotes = sum(len(changed) for _, changed in polls)
    ours = path.stat().st_size - empty
    return Weighed(ours, _parquet(place.folder, polls), _sqlite(place.folder, polls), quotes, len(polls))


def _polls(symbols: int, temper: Temper, minutes: int) -> Polls:
    """One more than fit: it opens the next hour, so that all that an hour ends with is written."""
    return list(Market(symbols).polls(minutes * MINUTE_MS // POLL_MS + 1, temper))


def _parquet(folder: Path, polls: Polls) -> int | None:
    """Bytes of a row a quote, sorted by time, the names in a dictionary, the times as distances."""
    if find_spec("pyarrow") is None:
        return None
    import pyarrow as pa
    from pyarrow import parquet

    path = folder / "quotes.parquet"
    names = ("recv_ms", "symbol", *Quote._fields[2:-1])
    packed = {"recv_ms": "DELTA_BINARY_PACKED", "ts_ms": "DELTA_BINARY_PACKED"}
    writer = None
    groups = iter(polls)
    while group := list(islice(groups, _GROUP)):
        rows = [(now_ms, quote.symbol, *quote[2:-1]) for now_ms, changed in group for quote in changed]
        rows_table = pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
        if writer is None:
            options = {"compression": "zstd", "use_dictionary": ["symbol"], "column_encoding": packed}
            writer = parquet.ParquetWriter(path, rows_table.schema, **options)
        writer.write_table(rows_table)
    if writer is not None:
        writer.close()
    return path.stat().st_size


def _sqlite(folder: Path, polls: Polls) -> int:
    """Bytes of a row a quote."""
    path = folder / "quotes.sqlite"
    path.unlink(missing_ok=True)
    base = _Base(path)
    for now_ms, changed in polls:
        base.put(now_ms, changed)
    base.close()
    return path.stat().st_size


class _Base:
    """A table with a row a quote; each poll is a transaction. The symbol is a number, all else as it came."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=NORMAL")
        columns = ", ".join(("recv_ms INTEGER", "symbol INTEGER", *(f"{name} NUMERIC" for name in Quote._fields[2:-1])))
        self._base.execute(f"CREATE TABLE quotes ({columns})")
        self._numbers: dict[str, int] = {}

    def put(self, now_ms: int, changed: Sequence[Quote]) -> None:
        """Commit the quotes of a poll."""
        numbers = self._numbers
        rows = [
            (now_ms, numbers.setdefault(quote.symbol, len(numbers)), *quote[2:-1])
            for quote in changed
        ]  # fmt: skip
        self._base.execute("BEGIN")
        self._base.executemany("INSERT INTO quotes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._base.execute("COMMIT")

    def close(self) -> None:
        """Fold the log into the file."""
        self._base.close()


def _cost(place: Place) -> Iterator[Row]:
    """CPU of all that comes behind the normaliser, by the time that the polls take: system calls included."""
    minutes = 2 if place.quick else 20
    for temper in (CALM, EVERY):
        polls = _polls(MANY, temper, minutes)
        ours, peer = _recorded(place.folder, polls), _inserted(place.folder, polls)
        share = 100_000 / (len(polls) * POLL_MS)
        how = (
            f"process CPU of {minutes} min with an fsync a second, {ours / sum(len(c) for _, c in polls) * 1e6:.1f} us "
        )
        how += "a quote; floor: SQLite, a row a quote, a transaction a poll"
        yield row(f"recording {MANY} symbols, {temper.name}", ours * share, "% core", "<= 3", peer * share, how)


def _recorded(folder: Path, polls: Polls) -> float:
    """Seconds of process CPU: outbox, the watch for cascades, writer, fsync."""
    path = folder / "cost.crash"
    path.unlink(missing_ok=True)
    clock = _Clock()
    writer = RecordingWriter.open(path, SESSION, START_MS)
    outbox = Outbox(RecorderSink(writer, clock, CascadeWatch(CascadeSettings())), clock)
    start = time.process_time()
    for now_ms, changed in polls:
        clock.now = now_ms
        outbox.put(changed)
        for second in range(0, POLL_MS, 1_000):
            clock.now = now_ms + second
            outbox.tick()
            outbox.sync()
    spent = time.process_time() - start
    writer.close(clock.now)
    return spent


def _inserted(folder: Path, polls: Polls) -> float:
    """The same seconds of SQLite."""
    path = folder / "cost.sqlite"
    path.unlink(missing_ok=True)
    base = _Base(path)
    start = time.process_time()
    for now_ms, changed in polls:
        base.put(now_ms, changed)
    spent = time.process_time() - start
    base.close()
    return spent
