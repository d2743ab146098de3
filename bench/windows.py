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
from crashdesk.session.liquidations.book import WINDOWS, LiquidationBook

SPAN_MS = 26 * HOUR_MS
"""Longer than the widest window, so that rows leave all of them."""


def run(place: Place) -> Sequence[Row]:
    """Microseconds an event, with rows as they come and gathered by the minute."""
    rows = liquidations(60_000 if place.quick else 340_000, SPAN_MS)
    peer, error = _pandas(rows)
    how = f"floor: pandas rolling, {len(rows):,} rows at once, by side only, off by {error:.2f} micro-dollars"
    found = []
    for name, width_ms in (("half second", 500), ("minute", 60_000)):
        ours, mean, off = _folded(rows, width_ms)
        note = f"mean batch {mean:.1f}, {len(WINDOWS)} windows by venue, symbol, side, off by {off} micro-dollars"
        found.append(row(f"windows, an event, by the {name}", ours, "us", "<= 2", peer, f"{note}; {how}"))
    return found


def _folded(rows: Sequence[Liquidation], width_ms: int) -> tuple[float, float, int]:
    """(us an event, rows in a batch, micro-dollars by which the widest window is off) of a book that gets batches."""
    batches = [(key, list(group)) for key, group in groupby(rows, key=lambda r: r.ts_ms // width_ms)]
    book = LiquidationBook()
    start = time.process_time()
    for number, batch in batches:
        book.advance((number + 1) * width_ms)
        book.add_many(batch)
    spent = time.process_time() - start
    found = sum(usd for usd, _ in book.sums(len(WINDOWS) - 1).values())
    true = sum(r.usd_micro for r in rows if book.now_ms - WINDOWS[-1][1] < r.ts_ms <= book.now_ms)
    return spent / len(rows) * 1e6, len(rows) / len(batches), found - true


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
