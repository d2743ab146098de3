"""One rolling window: which rows of each span are in it, and their sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import sub

from crashdesk.model.columns import SIZE_STEPS_USD, LargestLiquidation, LiqKey
from crashdesk.session.liquidation_views import SizeTotals, Totals
from crashdesk.session.liquidations.cells import FIRST_KEY, KeyTable
from crashdesk.session.liquidations.due import NEVER_MS, DueSpans
from crashdesk.session.liquidations.largest import largest_rows
from crashdesk.session.liquidations.part import Cut, Part
from crashdesk.session.liquidations.profile import Profile
from crashdesk.session.liquidations.span import Span
from crashdesk.session.liquidations.tally import Tally

Sums = dict[LiqKey, list[int]]
"""Key to [micro-dollars, orders]."""


class Window:
    """The rows with now - width < ts <= now. It looks into a span only where its edge cuts it.

    Its sums are those of all rows that `came` less those that have left it (or came too late for it): so a row that
    comes is counted once for all windows.
    """

    def __init__(self, table: KeyTable, came: Tally, width_ms: int, now_ms: int) -> None:
        self.width_ms = width_ms
        self.edge = now_ms - width_ms
        self.profile: Profile | None = None
        self._table = table
        self._came = came
        self._gone = Tally(table)
        self._out: dict[int, int] = {}
        self._leaving = DueSpans()
        self._largest: dict[int, tuple[int, tuple[LargestLiquidation, ...]]] = {}

    @classmethod
    def within(cls, wider: Window, width_ms: int, now_ms: int, spans: Mapping[int, Span]) -> Window:
        """A window that is cut out of a wider one."""
        window = cls(wider._table, wider._came, width_ms, now_ms)
        window._gone = wider._gone.copy()
        for number, span in spans.items():
            window.take(number, span, wider.out(number))
        return window

    def _leave(self, part: Part) -> None:
        self._gone.add(part)
        if self.profile is not None:
            self.profile.add(part, -1)
            if part.span.damaged:
                # it came with the details of its hour, perhaps, and cannot be taken away: the rest is counted anew
                self.profile = None

    def leave_all(self) -> None:
        """All rows that came so far have left, whatever was counted before."""
        self._gone = self._came.copy()

    def take(self, number: int, span: Span, gone: int = 0) -> None:
        """Take a span whose entered rows all came, and of which `gone` rows are known to be outside."""
        out = self._out[number] = min(span.until(self.edge), span.entered)
        if out > gone:
            self._leave(Part.between(span, gone, out))
        if out < span.count:
            self._leaving.ask(number, span.time_of(out))

    def cuts(self, span: Span, now_ms: int) -> bool:
        """Whether the edge lies among the rows of a span when the clock shows `now_ms`."""
        return span.first_ts <= now_ms - self.width_ms < span.last_ts

    def split(self, number: int, parts: Sequence[tuple[int, Span]]) -> None:
        """Others take the place of a span that the edge does not cut."""
        gone = self._out.pop(number) > 0
        self._leaving.drop(number)
        for other, part in parts:
            self._out[other] = part.count if gone else 0
            if not gone:
                self._leaving.ask(other, part.first_ts)

    def grow(self, number: int, part: Part, low: int) -> None:
        """Rows came to a span, the earliest of them at `low` by its own time."""
        self._out.setdefault(number, 0)
        if low <= self.edge:
            ts, at = part.span.rows().ts, part.at or ()
            late = [i for i in at if ts[i] <= self.edge]
            self._out[number] += len(late)
            self._leave(Part(part.span, late))
            low = min((ts[i] for i in at if ts[i] > self.edge), default=NEVER_MS)
        self._leaving.ask(number, low)

    def move(self, spans: Mapping[int, Span], now_ms: int) -> bool:
        """Move the edge on: old rows leave. True when some did."""
        self.edge = now_ms - self.width_ms
        changed = False
        for number in self._leaving.until(self.edge):
            span, out = spans[number], self._out[number]
            end = self._out[number] = span.until(self.edge)
            if end > out:
                self._leave(Part.between(span, out, end))
                changed = True
            if end < span.count:
                self._leaving.ask(number, span.time_of(end))
        return changed

    def out(self, number: int) -> int:
        """How many rows of a span have left, or came too late to count."""
        return self._out[number]

    def held(self, spans: Mapping[int, Span]) -> list[Cut]:
        """The rows that are in it."""
        out = self._out
        return [(span, out[n], span.entered) for n, span in spans.items() if out[n] < span.entered]

    def next_out(self, number: int) -> int:
        """The own time of the next row of a span to leave."""
        return self._leaving.at(number)

    def forget(self, number: int) -> None:
        """A span is spent."""
        del self._out[number]

    def inside(self) -> tuple[list[int], list[int]]:
        """Micro-dollars and orders by cell."""
        self._came.fit()
        self._gone.fit()
        return (
            list(map(sub, self._came.usd, self._gone.usd)),
            list(map(sub, self._came.orders, self._gone.orders)),
        )

    def sums(self) -> Sums:
        """Sums by key."""
        usd, orders = self.inside()
        found = zip(self._table.names(), usd[FIRST_KEY:], orders[FIRST_KEY:], strict=True)
        return {key: [money, many] for key, money, many in found if many}

    def largest(self, spans: Mapping[int, Span], most: int) -> tuple[LargestLiquidation, ...]:
        """The first `most` rows by rank: those that were found, until one leaves or a larger one enters.

        Of a span that turns out to be damaged the rows are others.
        """
        damaged = sum(span.damaged for span in spans.values())
        known = self._largest.get(most)
        if known is None or known[0] != damaged or any(row.ts_ms <= self.edge for row in known[1]):
            known = self._largest[most] = damaged, largest_rows(self.held(spans), most)
        return known[1]

    def enter(self, usd: int) -> None:
        """Rows enter, the largest of so many micro-dollars."""
        outranked = [most for most, (_, rows) in self._largest.items() if len(rows) < most or usd >= rows[-1].usd_micro]
        for most in outranked:
            del self._largest[most]

    def totals(self) -> Totals:
        """The sums of all rows."""
        usd, short, orders = map(sub, self._came.whole(), self._gone.whole())
        return Totals(usd, usd - short, short, orders)

    def sizes(self) -> tuple[SizeTotals, ...]:
        """The sums of each size bucket, smallest first."""
        usd = list(map(sub, self._came.usd[:FIRST_KEY], self._gone.usd))
        orders = list(map(sub, self._came.orders[:FIRST_KEY], self._gone.orders))
        made = []
        for n, least in enumerate((0, *SIZE_STEPS_USD)):
            long, short = usd[2 * n : 2 * n + 2]
            made.append(SizeTotals(least, Totals(long + short, long, short, orders[2 * n])))
        return tuple(made)
