"""Liquidations of one chunk: their sums at once, their rows while they are looked into."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from heapq import nsmallest
from operator import attrgetter

from crashdesk.model.columns import (
    CHUNK_MS,
    MOST_LARGEST,
    Chunk,
    Hour,
    LargestLiquidation,
    LiquidationColumns,
    LiquidationDetails,
    LiquidationSummary,
)
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.session.liquidations.bins import Bins, bins_of_rows
from crashdesk.session.liquidations.cells import CellSums, KeyTable, size_part
from crashdesk.session.liquidations.facts import Facts
from crashdesk.session.liquidations.rows import Batch, Rows, pack, translated, unpack

RANK = attrgetter("rank")
_CHUNKS = HOUR_MS // CHUNK_MS


class Span:
    """The rows of one chunk. `number` is that of its first row among all rows ever folded.

    `entered` rows are not later than the clock. A span that can be loaded again may let go of its rows.
    """

    def __init__(self, table: KeyTable, chunk: int, number: int, skip: int = 0) -> None:
        """`skip` rows of the chunk came before this span's."""
        self._table = table
        self.chunk, self.number, self._skip = chunk, number, skip
        self.count = self.entered = 0
        self.first_ts = self.last_ts = 0
        self.damaged = False
        self.chunks: Callable[[], tuple[Chunk, ...]] | None = None
        """Those of an hour."""
        self.hour: Span | None = None
        """The hour that was split, of one of its chunks."""
        self._load: Callable[[], LiquidationColumns | None] | None = None
        self._packed = b""
        self._load_details: Callable[[], LiquidationDetails] | None = None
        self._details: LiquidationDetails | None = None
        self._rows: Rows | None = Rows(array("q"), array("q"), array("d"), array("I"))
        self._order: array[int] = array("I")
        self._sums: CellSums | None = None
        self._top: tuple[LargestLiquidation, ...] = ()
        self._facts = Facts()
        self._bins: Bins | None = None

    @classmethod
    def of_hour(
        cls, table: KeyTable, hour: Hour, summary: LiquidationSummary, number: int, count: int, facts: Facts
    ) -> Span:
        """A span by the sums of all chunks of an hour; to be split before it is looked into."""
        span = cls(table, hour.number * _CHUNKS, number)
        span.count, span._facts = count, facts
        span.first_ts, span.last_ts = summary.first_ts_ms, summary.last_ts_ms
        span._top = facts.top or (summary.largest,)
        span._load_details, span._rows, span.chunks = hour.load_details, None, hour.load_chunks
        if facts.sums is None and summary.sizes is not None:
            facts.sums = table.sums_of(summary, summary.sizes)
        span._sums = facts.sums
        return span

    @classmethod
    def of_chunk(
        cls, table: KeyTable, chunk: Chunk, summary: LiquidationSummary, number: int, count: int, facts: Facts
    ) -> Span:
        """A span by its sums, of `count` rows, which stay in the recording until they are needed.

        What is found out goes into `facts`, those of the same rows and of a table's cells.
        """
        span = cls(table, chunk.number, number)
        span.count, span._facts = count, facts
        span.first_ts, span.last_ts = summary.first_ts_ms, summary.last_ts_ms
        span._top = facts.top or (summary.largest,)
        span._load, span._load_details, span._rows = chunk.load_liquidations, chunk.load_details, None
        if facts.sums is not None:
            span._sums = facts.sums
        elif summary.sizes is not None:
            span._sums = facts.sums = table.sums_of(summary, summary.sizes)
        else:
            rows = span.rows()
            split = table.sums(rows.cell, rows.usd) if not span.damaged else CellSums((), (), ())
            own = table.sums_of(summary, ())
            span._sums = CellSums(*((*a, *b) for a, b in zip(own, size_part(split), strict=True)))
            facts.sums = span._sums if not span.damaged else None
            span.let_go()
        return span

    def append(self, batch: Batch, low: int, high: int) -> None:
        """Add rows, whose own times lie between `low` and `high`."""
        rows = self.rows()
        rows.ts.extend(batch.ts)
        rows.usd.extend(batch.usd)
        rows.price.extend(batch.price)
        rows.cell.extend(batch.cell)
        self.first_ts = min(self.first_ts, low) if self.count else low
        self.last_ts = max(self.last_ts, high) if self.count else high
        before, self.count = self.count, self.count + len(batch.ts)
        least = self._top[-1].usd_micro if len(self._top) == MOST_LARGEST else 0
        if max(batch.usd) >= least:
            self._top = tuple(
                nsmallest(MOST_LARGEST, (*self._top, *self.top_of(range(before, self.count), MOST_LARGEST)), key=RANK)
            )

    def close(self) -> None:
        """No more rows come."""
        self._sums = self.sums()

    def sums(self) -> CellSums:
        """The sums of all rows."""
        if self._sums is not None:
            return self._sums
        rows = self.rows()
        return self._table.sums(rows.cell, rows.usd)

    def rows(self) -> Rows:
        """All rows, kept from now on."""
        if self._rows is None:
            self._rows = self.look()
        return self._rows

    def look(self) -> Rows:
        """All rows, not kept if they had to be loaded."""
        if self._rows is not None:
            return self._rows
        if self._packed:
            return unpack(self._packed, self.count)
        columns = self._load() if self._load is not None else None
        rows = translated(columns, self._table, self._skip, self.count) if columns is not None else None
        if rows is None or (rows.ts and not self.first_ts <= min(rows.ts) <= max(rows.ts) <= self.last_ts):
            # damaged in the recording: rows that fit the sums, which leave the windows all at once
            self.damaged = True
            self.first_ts = self.last_ts
            none = bytes(8 * self.count)
            rows = Rows(array("q", [self.last_ts]) * self.count, array("q", none), array("d", none), array("I"))
        return rows

    def let_go(self) -> None:
        """Forget the rows if they can be loaded again."""
        if self.reloads:
            self._rows, self._order = None, array("I")

    @property
    def closed(self) -> bool:
        """True when its sums are at hand, as no more rows come."""
        return self._sums is not None

    @property
    def reloads(self) -> bool:
        """True when the rows can be loaded again."""
        return self._load is not None or bool(self._packed)

    @property
    def in_part(self) -> bool:
        """True when other spans hold rows of its chunk that came before."""
        return self._skip > 0

    def pack(self) -> None:
        """Be able to let go of the rows without the recording; no more rows come."""
        self.bins()
        self._packed = pack(self.rows())

    @property
    def holds_rows(self) -> bool:
        """True while the rows are in memory."""
        return self._rows is not None

    def reload_from(self, load: Callable[[], LiquidationColumns | None]) -> bool | None:
        """Let the rows be loaded by `load` from now on. None: not yet there; False: these are other rows."""
        columns = load()
        if columns is None:
            return None
        if translated(columns, self._table, self._skip, self.count) != self.rows():
            return False
        self.bins()
        self._load = load
        return True

    def ordered(self) -> array[int]:
        """The places of all rows in the order of their own time (equal times as they came)."""
        ts, order = self.rows().ts, self._order
        done = len(order)
        if done < self.count:
            tail = sorted(range(done, self.count), key=ts.__getitem__)
            first = bisect_right(order, ts[tail[0]], key=ts.__getitem__)
            if first < done:
                tail = sorted((*order[first:], *tail), key=ts.__getitem__)
                del order[first:]
            order.extend(tail)
        return order

    def until(self, ts_ms: int) -> int:
        """How many rows are not later than `ts_ms`."""
        if ts_ms >= self.last_ts:
            return self.count
        if ts_ms < self.first_ts:
            return 0
        return bisect_right(self.ordered(), ts_ms, key=self.rows().ts.__getitem__)

    def time_of(self, place: int) -> int:
        """The own time of a row by its place in the order of time."""
        if place in (0, self.count - 1):
            return self.last_ts if place else self.first_ts
        return self.rows().ts[self.ordered()[place]]

    def row(self, at: int) -> LargestLiquidation:
        """A row as a value, by its place in the order of coming."""
        rows = self.rows()
        return LargestLiquidation(*self._table.name(rows.cell[at]), rows.price[at], rows.usd[at], rows.ts[at])

    def top_of(self, places: Sequence[int], most: int) -> list[LargestLiquidation]:
        """The largest of some rows, at least `most` if there are so many, in no order."""
        usd = self.rows().usd
        if len(places) > most:
            least = sorted([usd[at] for at in places])[-most]
            places = [at for at in places if usd[at] >= least]
        return [self.row(at) for at in places]

    @property
    def largest(self) -> LargestLiquidation:
        """The largest row; there must be one."""
        return self._top[0]

    def top(self) -> tuple[LargestLiquidation, ...]:
        """The `MOST_LARGEST` largest rows, all of them if there are fewer."""
        if len(self._top) < min(MOST_LARGEST, self.count):
            details = self.details()
            if details is not None:
                self._top = details.largest or self._top  # nothing, where they are damaged
            else:
                kept = self.holds_rows
                self.rows()
                if not self.damaged:
                    self._top = tuple(nsmallest(MOST_LARGEST, self.top_of(range(self.count), MOST_LARGEST), key=RANK))
                if not kept:
                    self.let_go()
            if self.closed and not self.damaged:
                self._facts.top = self._top
        return self._top

    def details(self) -> LiquidationDetails | None:
        """The details that the recording holds, kept from now on; None where they are in the rows."""
        if self._details is None and self._load_details is not None:
            self._details = self._load_details()
        return self._details

    def bins(self) -> Bins:
        """What was liquidated at which price, from the rows; packed once for a span that is closed."""
        if self._bins is not None:
            return self._bins
        rows = self.look()
        made = bins_of_rows(zip(rows.cell, rows.price, rows.usd, strict=False))
        if self._sums is not None:
            self._bins = made
        return made
