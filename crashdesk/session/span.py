"""Liquidations of one chunk: their sums at once, their rows when they are looked into."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable

from crashdesk.model.columns import LargestLiquidation, LiqKey, LiquidationColumns, LiquidationSummary
from crashdesk.model.records import Liquidation
from crashdesk.model.timeframe import HOUR_MS

WINDOWS: tuple[tuple[str, int], ...] = (
    ("1h", HOUR_MS),
    ("4h", 4 * HOUR_MS),
    ("12h", 12 * HOUR_MS),
    ("24h", 24 * HOUR_MS),
)
"""Name and width in ms of the rolling windows, narrow to wide."""

Sums = dict[LiqKey, list[int]]
"""Key to [micro-dollars, orders]."""


def add_to(sums: Sums, key: LiqKey, usd: int, orders: int) -> None:
    """Add micro-dollars and orders (or take them away, negative); a key without orders goes."""
    entry = sums.get(key)
    if entry is None:
        sums[key] = [usd, orders]
    else:
        entry[0] += usd
        entry[1] += orders
        if not entry[1]:
            del sums[key]


class Span:
    """The rows of one chunk, sorted by their own time; loaded when they are first looked into."""

    def __init__(self, span_id: int, load: Callable[[], LiquidationColumns] | None, chunk: int = -1) -> None:
        self.id = span_id
        self.chunk = chunk
        self._load = load
        self._keys: list[LiqKey] = []
        self.slots: dict[LiqKey, int] = {}
        self.ts: array[int] = array("q")
        self.usd: array[int] = array("q")
        self.price: array[float] = array("d")
        self.key: array[int] = array("H")
        self.sums: Sums = {}
        self.count = 0
        self.first_ts = 0
        self.last_ts = 0
        self.largest: LargestLiquidation | None = None
        self.expired = [0] * len(WINDOWS)
        self.entered = 0

    @classmethod
    def of_chunk(cls, span_id: int, summary: LiquidationSummary, load: Callable[[], LiquidationColumns]) -> Span:
        """A span by its sums; its rows stay in the recording until they are needed."""
        span = cls(span_id, load)
        span.sums = {key: [usd, orders] for key, (usd, orders) in summary.sums.items()}
        span.count = sum(orders for _, orders in summary.sums.values())
        span.first_ts, span.last_ts, span.largest = summary.first_ts_ms, summary.last_ts_ms, summary.largest
        return span

    def rows(self) -> None:
        """Make sure that the rows are in memory, in order of time."""
        if self._load is None:
            return
        columns = self._load()
        self._load = None
        if len(columns.ts_ms) != self.count:
            columns = self._stand_in()
        order = sorted(range(len(columns.ts_ms)), key=columns.ts_ms.__getitem__)
        self._keys = list(columns.keys)
        self.slots = {key: i for i, key in enumerate(self._keys)}
        self.ts = array("q", [columns.ts_ms[i] for i in order])
        self.usd = array("q", [columns.usd_micro[i] for i in order])
        self.price = array("d", [columns.price[i] for i in order])
        self.key = array("H", [columns.key[i] for i in order])

    def _stand_in(self) -> LiquidationColumns:
        """Rows that fit the sums, for a recording whose rows are damaged: they leave the windows all at once."""
        keys = tuple(self.sums)
        ts, usd, key = array("q"), array("q"), array("H")
        for slot, name in enumerate(keys):
            total, orders = self.sums[name]
            usd.extend([total, *[0] * (orders - 1)])
            key.extend([slot] * orders)
        ts.extend([self.last_ts] * len(usd))
        none = array("d", bytes(8 * len(usd)))
        return LiquidationColumns(keys, ts, usd, none, none, key)

    def key_at(self, row: int) -> LiqKey:
        """Venue, symbol and side of a row."""
        return self._keys[self.key[row]]

    def row_at(self, row: int) -> LargestLiquidation:
        """A row as a value."""
        venue, symbol, side = self.key_at(row)
        return LargestLiquidation(venue, symbol, side, self.price[row], self.usd[row], self.ts[row])

    def insert(self, liquidation: Liquidation) -> None:
        """Put a row at its place in time (behind equal times)."""
        key = (liquidation.venue, liquidation.symbol, liquidation.side)
        slot = self.slots.get(key)
        if slot is None:
            slot = self.slots[key] = len(self._keys)
            self._keys.append(key)
        ts, usd = liquidation.ts_ms, liquidation.usd_micro
        if not self.count or ts >= self.last_ts:
            self.ts.append(ts)
            self.usd.append(usd)
            self.price.append(liquidation.price)
            self.key.append(slot)
            self.last_ts = ts
            if not self.count:
                self.first_ts = ts
        else:
            at = bisect_right(self.ts, ts)
            self.ts.insert(at, ts)
            self.usd.insert(at, usd)
            self.price.insert(at, liquidation.price)
            self.key.insert(at, slot)
            self.first_ts = min(self.first_ts, ts)
        self.count += 1
        add_to(self.sums, key, usd, 1)
        if self.largest is None or usd >= self.largest.usd_micro:
            row = LargestLiquidation(
                liquidation.venue, liquidation.symbol, liquidation.side, liquidation.price, usd, ts
            )
            self.largest = larger(self.largest, row)

    def largest_between(self, first: int, end: int) -> LargestLiquidation | None:
        """The largest of rows first <= i < end."""
        if first >= end:
            return None
        if first == 0 and end == self.count:
            return self.largest
        self.rows()
        cut = self.usd[first:end]
        top = max(cut)
        best: LargestLiquidation | None = None
        at = -1
        for _ in range(cut.count(top)):
            at = cut.index(top, at + 1)
            best = larger(best, self.row_at(first + at))
        return best


def larger(one: LargestLiquidation | None, other: LargestLiquidation | None) -> LargestLiquidation | None:
    """The larger of two rows; equal sums are settled by time, venue, symbol and side."""
    if one is None or other is None:
        return one or other
    return one if one.rank <= other.rank else other
