"""One rolling window: which rows of each span are in it, and their sums."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heappop, heappush

from crashdesk.model.columns import SIZE_STEPS_USD, LiqKey
from crashdesk.model.records import Side
from crashdesk.session.liquidations.cells import FIRST_KEY, KeyTable
from crashdesk.session.liquidations.profile import Profile
from crashdesk.session.liquidations.span import Part, Span
from crashdesk.session.views import SizeTotals, Totals

_NEVER = 1 << 62
Sums = dict[LiqKey, list[int]]
"""Key to [micro-dollars, orders]."""


class Window:
    """The rows with now - width < ts <= now. It looks into a span only where its edge cuts it."""

    def __init__(self, table: KeyTable, width_ms: int, now_ms: int) -> None:
        self.width_ms = width_ms
        self.edge = now_ms - width_ms
        self.profile: Profile | None = None
        self._table = table
        self._usd = [0] * len(table)
        self._orders = [0] * len(table)
        self._out: dict[int, int] = {}
        self._next: dict[int, int] = {}
        self._heap: list[tuple[int, int]] = []

    def add(self, part: Part, sign: int) -> None:
        """Count rows (1) or take them away (-1)."""
        sums = part.sums()
        more = len(self._table) - len(self._usd)
        if more:
            self._usd += [0] * more
            self._orders += [0] * more
        mine, many = self._usd, self._orders
        for cell, usd, orders in zip(*sums, strict=True):
            mine[cell] += sign * usd
            many[cell] += sign * orders
        if self.profile is not None:
            self.profile.add(part, sign)

    def take(self, number: int, span: Span) -> None:
        """Count what is inside of a span that is new to the window."""
        out = self._out[number] = min(span.until(self.edge), span.entered)
        if out < span.entered:
            self.add(Part.between(span, self._table, out, span.entered), 1)
        if out < span.count:
            self._wait(number, span.time_of(out))

    def _wait(self, number: int, ts_ms: int) -> None:
        if ts_ms < self._next.get(number, _NEVER):
            self._next[number] = ts_ms
            heappush(self._heap, (ts_ms, number))

    def grow(self, number: int, part: Part, now_ms: int) -> None:
        """Count the rows `part` that were added to a span."""
        ts, at = part.span.rows().ts, part.at or ()
        times = ts[at[0] : at[-1] + 1]
        out = self._out.setdefault(number, 0)
        first, last = min(times), max(times)
        if first > self.edge and last <= now_ms:
            self.add(part, 1)
        else:
            kept = [i for i in at if ts[i] > self.edge]
            self._out[number] = out + len(at) - len(kept)
            first = min((ts[i] for i in kept), default=_NEVER)
            inside = [i for i in kept if ts[i] <= now_ms]
            if inside:
                self.add(Part(part.span, self._table, inside), 1)
        self._wait(number, first)

    def move(self, spans: Mapping[int, Span], now_ms: int) -> bool:
        """Move the edge on: old rows leave. True when some did."""
        self.edge = now_ms - self.width_ms
        changed = False
        while self._heap and self._heap[0][0] <= self.edge:
            ts_ms, number = heappop(self._heap)
            if self._next.get(number) != ts_ms:
                continue
            del self._next[number]
            span, out = spans[number], self._out[number]
            end = self._out[number] = span.until(self.edge)
            if end > out:
                self.add(Part.between(span, self._table, out, end), -1)
                changed = True
            if end < span.count:
                self._wait(number, span.time_of(end))
        return changed

    def out(self, number: int) -> int:
        """How many rows of a span have left, or came too late to count."""
        return self._out[number]

    def next_out(self, number: int) -> int:
        """The own time of the next row of a span to leave."""
        return self._next.get(number, _NEVER)

    def forget(self, number: int) -> None:
        """A span is spent."""
        del self._out[number]

    def sums(self) -> Sums:
        """Sums by key."""
        found = zip(self._table.names(), self._usd[FIRST_KEY:], self._orders[FIRST_KEY:], strict=False)
        return {key: [usd, orders] for key, usd, orders in found if orders}

    def totals(self) -> Totals:
        """The sums of all rows."""
        long = short = 0
        for key, usd in zip(self._table.names(), self._usd[FIRST_KEY:], strict=False):
            if key[2] is Side.LONG:
                long += usd
            else:
                short += usd
        return Totals(long + short, long, short, sum(self._orders[FIRST_KEY:]))

    def sizes(self) -> tuple[SizeTotals, ...]:
        """The sums of each size bucket, smallest first."""
        made = []
        for n, least in enumerate((0, *SIZE_STEPS_USD)):
            long, short = self._usd[2 * n : 2 * n + 2]
            made.append(SizeTotals(least, Totals(long + short, long, short, self._orders[2 * n])))
        return tuple(made)
