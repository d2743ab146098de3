"""Rolling liquidation windows, event by event in batches, against pandas over the whole series."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import groupby

from bench.market import liquidations
from bench.place import Place
from bench.row import Row, row
from crashdesk.model.records import Liquidation, Side
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.session.liquidations import WINDOWS, LiquidationBook

SPAN_MS = 26 * HOUR_MS
"""Longer than the widest window, so that rows leave all of them."""


def run(place: Place) -> Sequence[Row]:
    """Microseconds an event; batches are what came within the same half second."""
    rows = liquidations(60_000 if place.quick else 340_000, SPAN_MS)
    batches = [(key, list(group)) for key, group in groupby(rows, key=lambda r: r.ts_ms // 500)]
    book = LiquidationBook()
    start = time.process_time()
    for half_second, batch in batches:
        book.advance(half_second * 500 + 1_000)
        for one in batch:
            book.add(one)
    ours = (time.process_time() - start) / len(rows) * 1e6
    peer, error = _pandas(rows)
    exact = sum(usd for usd, _ in book.sums(len(WINDOWS) - 1).values())
    true = sum(r.usd_micro for r in rows if book.now_ms - WINDOWS[-1][1] < r.ts_ms <= book.now_ms)
    how = (
        f"{len(rows):,} rows, mean batch {len(rows) / len(batches):.1f}, {len(WINDOWS)} windows; off by "
        f"{exact - true} micro-dollars; floor: pandas rolling, long and short in one go, no keys, off by {error:.2f}"
    )
    return (row("windows, an event added and expired", ours, "us", "<= 2", peer, how),)


def _pandas(rows: Sequence[Liquidation]) -> tuple[float, float]:
    """(us an event of the sums by side over the whole series at once, micro-dollars by which its last one is off)."""
    import pandas as pd

    ordered = sorted(rows, key=lambda r: r.ts_ms)
    index = pd.to_datetime([r.ts_ms for r in ordered], unit="ms")
    sides = {
        side: pd.Series([r.usd_micro if r.side is side else 0 for r in ordered], index=index, dtype="float64")
        for side in Side
    }
    total = 0.0
    start = time.process_time()
    for _, width in WINDOWS:
        total = sum(float(series.rolling(f"{width}ms").sum().iloc[-1]) for series in sides.values())
    spent = (time.process_time() - start) / len(rows) * 1e6
    last_ms = ordered[-1].ts_ms
    true = sum(r.usd_micro for r in rows if last_ms - WINDOWS[-1][1] < r.ts_ms <= last_ms)
    return spent, abs(total - true)
