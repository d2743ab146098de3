"""Rolling liquidation windows, exact to the millisecond and the micro-dollar.

Rows lie in spans, one for each chunk of `recv_ms`. A span that lies wholly inside a window counts by its sums; only the
few spans that a window's edge cuts are looked into, row by row, sorted by the rows' own time. So a day of rows costs
the memory of its sums, and rows of restored spans are read from the recording when an edge reaches them.
"""

from __future__ import annotations

from bisect import bisect_right
from heapq import heappop, heappush

from crashdesk.model.columns import CHUNK_MS, Chunk, LargestLiquidation
from crashdesk.model.records import Liquidation, Side
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.session.span import WINDOWS, Span, Sums, add_to, larger

_KEPT_MINUTES = 25 * 60


class LiquidationBook:
    """All windows over all rows. `now_ms` only moves on; rows may come late, out of order, or up to a minute early."""

    def __init__(self) -> None:
        self.now_ms = 0
        self.generation = 0
        self._minutes: dict[int, list[int]] = {}
        self._spans: dict[int, Span] = {}
        self._next_id = 0
        self._open: Span | None = None
        self._sums: tuple[Sums, ...] = tuple({} for _ in WINDOWS)
        self._edges: tuple[list[tuple[int, int]], ...] = tuple([] for _ in WINDOWS)
        self._early: list[tuple[int, int]] = []

    def restore(self, chunks: tuple[Chunk, ...], now_ms: int) -> None:
        """Take the roll-ups of a recording up to `now_ms`."""
        self.now_ms = now_ms
        for chunk in chunks:
            if chunk.liquidations is not None:
                span = Span.of_chunk(self._next_id, chunk.liquidations, chunk.load_liquidations)
                self._take(span)
                self._count_span(span)
                for minute, (long, short, orders) in chunk.liquidations.minutes.items():
                    self._add_minute(minute, long, short, orders)
        self._drop_spent()
        self.generation += 1

    def _take(self, span: Span) -> None:
        self._spans[span.id] = span
        self._next_id += 1

    def _open_span(self) -> Span:
        index = self.now_ms // CHUNK_MS
        if self._open is None or self._open.chunk != index or self._open.id not in self._spans:
            self._open = Span(self._next_id, None, index)
            self._take(self._open)
        return self._open

    def _count_span(self, span: Span) -> None:
        early = span.last_ts > self.now_ms
        if early:
            span.rows()
        span.entered = bisect_right(span.ts, self.now_ms) if early else span.count
        if early:
            heappush(self._early, (span.ts[span.entered], span.id))
        for w, (_, width) in enumerate(WINDOWS):
            edge = self.now_ms - width
            if span.last_ts <= edge:
                span.expired[w] = span.count
                continue
            if span.first_ts > edge and not early:
                for key, (usd, orders) in span.sums.items():
                    add_to(self._sums[w], key, usd, orders)
                heappush(self._edges[w], (span.first_ts, span.id))
                continue
            span.rows()
            span.expired[w] = bisect_right(span.ts, edge)
            self._move(w, span, span.expired[w], span.entered, 1)
            heappush(self._edges[w], (span.ts[span.expired[w]], span.id))

    def _move(self, w: int, span: Span, first: int, end: int, sign: int) -> None:
        sums, keys, usd = self._sums[w], span.key_at, span.usd
        for row in range(first, end):
            add_to(sums, keys(row), sign * usd[row], sign)

    def advance(self, now_ms: int) -> None:
        """Move the clock: early rows enter, old rows leave."""
        if now_ms <= self.now_ms:
            return
        before, self.now_ms = self.now_ms, now_ms
        changed = False
        while self._early and self._early[0][0] <= now_ms:
            changed = True
            self._enter(self._spans.get(heappop(self._early)[1]), before)
        for w, (_, width) in enumerate(WINDOWS):
            heap, edge = self._edges[w], now_ms - width
            while heap and heap[0][0] <= edge:
                changed = True
                self._expire(w, self._spans.get(heappop(heap)[1]), edge)
        if changed:
            self.generation += 1
        if now_ms // CHUNK_MS != before // CHUNK_MS:
            self._drop_spent()

    def _enter(self, span: Span | None, before: int) -> None:
        if span is None:
            return
        entered = bisect_right(span.ts, self.now_ms)
        for w in range(len(WINDOWS)):
            # rows at or under the edge of `before` are counted as expired already
            self._move(w, span, max(span.entered, span.expired[w]), entered, 1)
        span.entered = max(span.entered, entered)
        if span.entered < span.count:
            heappush(self._early, (span.ts[span.entered], span.id))

    def _expire(self, w: int, span: Span | None, edge: int) -> None:
        if span is None or span.expired[w] >= span.count:
            return
        span.rows()
        end = bisect_right(span.ts, edge)
        if end > span.expired[w]:
            self._move(w, span, span.expired[w], min(end, span.entered), -1)
            span.expired[w] = end
        if span.expired[w] < span.count:
            heappush(self._edges[w], (span.ts[span.expired[w]], span.id))

    def add(self, row: Liquidation) -> None:
        """Count one row, received now."""
        span = self._open_span()
        first = [span.ts[n] if n < span.count else None for n in span.expired]
        span.insert(row)
        ts = row.ts_ms
        key = (row.venue, row.symbol, row.side)
        if ts <= self.now_ms:
            span.entered += 1
        else:
            heappush(self._early, (ts, span.id))
        for w, (_, width) in enumerate(WINDOWS):
            if ts <= self.now_ms - width:
                span.expired[w] += 1
                continue
            if ts <= self.now_ms:
                add_to(self._sums[w], key, row.usd_micro, 1)
            next_out = first[w]
            if next_out is None or ts < next_out:
                heappush(self._edges[w], (ts, span.id))
        long = row.usd_micro if row.side is Side.LONG else 0
        self._add_minute(ts // MINUTE_MS, long, row.usd_micro - long, 1)
        self.generation += 1

    def _add_minute(self, minute: int, long: int, short: int, orders: int) -> None:
        entry = self._minutes.get(minute)
        if entry is None:
            self._minutes[minute] = [long, short, orders]
        else:
            entry[0] += long
            entry[1] += short
            entry[2] += orders

    def _drop_spent(self) -> None:
        widest = len(WINDOWS) - 1
        for index in [i for i, span in self._spans.items() if span.expired[widest] >= span.count]:
            del self._spans[index]
        oldest = self.now_ms // MINUTE_MS - _KEPT_MINUTES
        for minute in [m for m in self._minutes if m < oldest]:
            del self._minutes[minute]

    def sums(self, window: int) -> Sums:
        """Sums by key of a window, by its place in `WINDOWS`. Do not change them."""
        return self._sums[window]

    def minute_series(self) -> tuple[tuple[int, int, int], ...]:
        """(minute of the rows' own time, long, short in micro-dollars) over the last 24 h, oldest first."""
        last = self.now_ms // MINUTE_MS
        inside = sorted(m for m in self._minutes if last - 24 * 60 < m <= last)
        return tuple((m, self._minutes[m][0], self._minutes[m][1]) for m in inside)

    def largest(self, window: int) -> LargestLiquidation | None:
        """The largest single row of a window."""
        best: LargestLiquidation | None = None
        for span in self._spans.values():
            first = span.expired[window]
            if first < span.entered and (best is None or (span.largest and span.largest.usd_micro >= best.usd_micro)):
                best = larger(best, span.largest_between(first, span.entered))
        return best
