"""Rolling liquidation windows, exact to the millisecond and the micro-dollar.

Rows lie in spans, one for each chunk of `recv_ms`. A span that lies wholly inside a window counts by its sums; only the
few spans that a window's edge cuts are looked into, row by row, in the order of the rows' own time. So a day of rows
costs the memory of its sums: rows that the recording has rolled up are let go of, and loaded again when an edge reaches
them. Rows that come are counted when somebody looks, all that came since at once; what a window holds depends on the
rows and the clock alone, so nobody can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter

from crashdesk.model.columns import CHUNK_MS, MOST_LARGEST, Chunk, Hour, LargestLiquidation, LiquidationColumns
from crashdesk.model.records import Liquidation
from crashdesk.model.timeframe import DAY_MS, HOUR_MS
from crashdesk.session.liquidation_views import NamedTotals, ProfileBin, SizeTotals, Totals
from crashdesk.session.liquidations.due import DueSpans
from crashdesk.session.liquidations.groups import Groups
from crashdesk.session.liquidations.hours import count_all, newest_first, parts_of, past_spans, split
from crashdesk.session.liquidations.known import KnownLiquidations
from crashdesk.session.liquidations.letting_go import ChunkRows, LettingGo
from crashdesk.session.liquidations.minutes import Minutes
from crashdesk.session.liquidations.part import Part
from crashdesk.session.liquidations.profile import Profile
from crashdesk.session.liquidations.rows import Batch
from crashdesk.session.liquidations.span import Span
from crashdesk.session.liquidations.tally import Tally
from crashdesk.session.liquidations.window import Sums, Window

WINDOWS: tuple[tuple[str, int], ...] = (
    ("1h", HOUR_MS),
    ("4h", 4 * HOUR_MS),
    ("12h", 12 * HOUR_MS),
    ("24h", DAY_MS),
)
"""Name and width in ms of the rolling windows, narrow to wide."""
_DAY = len(WINDOWS) - 1
_MOST_PENDING = 4_096
_CROWD = 8_192
"""Rows of a chunk that are packed, and let go of, by themselves: no look has more to load at once."""
_KEY, _TS, _PRICE, _USD = itemgetter(0, 1, 3), itemgetter(2), itemgetter(4), itemgetter(6)


class LiquidationBook:
    """All windows over all rows. `now_ms` only moves on; rows may come late, out of order, or up to a minute early.

    `chunk_rows` loads the rows of a chunk that is rolled up, None while it is not: without it all rows stay in memory.
    `folded` counts all rows that ever came. `known` is that of another book of the same recording.
    """

    def __init__(self, chunk_rows: ChunkRows | None = None, known: KnownLiquidations | None = None) -> None:
        self.now_ms = 0
        self.folded = 0
        self._known = known or KnownLiquidations()
        self.keys = self._known.facts.keys
        self._generation = 0
        self._pending: list[Liquidation] = []
        self._settled_ms = 0
        self._minutes = Minutes()
        self._spans: dict[int, Span] = {}
        self._next_id = 0
        self._open: int | None = None
        self._ahead: dict[int, int] = {}
        self._letting_go = LettingGo(chunk_rows)
        self._early = DueSpans()
        self._came = Tally(self.keys)
        self._windows = [Window(self.keys, self._came, width, 0) for _, width in WINDOWS]
        self._groups = Groups(self.keys)

    def restore(
        self, chunks: tuple[Chunk, ...], now_ms: int, before: int | None = None, hours: tuple[Hour, ...] = ()
    ) -> None:
        """Take the roll-ups of a recording up to `now_ms`, which holds `before` rows until there (None: only these).

        `hours` come before `chunks`.
        """
        self.now_ms = self._settled_ms = now_ms
        self._windows = [Window(self.keys, self._came, width, now_ms) for _, width in WINDOWS]
        facts = self._known.facts
        self.folded = max(0, (before or 0) - count_all(chunks, hours))
        left = self._windows  # by every row so far
        for span, summary in past_spans(chunks, hours, self.folded, facts):
            parts = split(span, facts) if span.chunks is not None and self._is_cut(span, now_ms) else [span]
            for part in parts:
                if part.last_ts > now_ms - DAY_MS:
                    left = self._take(part, left)
            self._minutes.load(summary.minutes)
            self._ahead[span.chunk] = self._ahead.get(span.chunk, 0) + span.count
            self.folded += span.count
        for window in left:
            window.leave_all()
        self._tidy()
        self._generation += 1

    def _is_cut(self, span: Span, now_ms: int) -> bool:
        """Whether rows of a span are in a window, and others not."""
        return span.last_ts > now_ms or any(window.cuts(span, now_ms) for window in self._windows)

    def _split(self, number: int) -> None:
        """Put the chunks of an hour in its place."""
        span = self._spans[number]
        parts = list(enumerate(split(span, self._known.facts), self._next_id))
        self._next_id += len(parts)
        if parts[0][1] is span:
            return
        for window in self._windows:
            window.split(number, parts)
        for _, part in parts:
            part.entered = part.count
        before = self._spans.items()
        self._spans = dict(pair for one in before for pair in (parts if one[0] == number else (one,)))

    def _take(self, span: Span, left: list[Window]) -> list[Window]:
        """Take a span of the past; `left` are the windows that all rows before it have left, and that come back."""
        number, self._next_id = self._next_id, self._next_id + 1
        self._spans[number] = span
        span.entered = span.until(self.now_ms)
        still = [window for window in left if span.last_ts <= window.edge]
        for window in left:
            if window not in still:
                window.leave_all()  # before the span comes
        self._enter(Part.between(span, 0, span.entered))
        for window in self._windows:
            window.take(number, span, span.count if window in still else 0)
        if span.entered < span.count:
            self._early.ask(number, span.time_of(span.entered))
        return still

    def _enter(self, part: Part) -> None:
        self._came.add(part)
        largest = part.most()
        for window in self._windows:
            window.enter(largest)
        profile = self._windows[_DAY].profile
        if profile is not None:
            profile.add(part, 1)

    def advance(self, now_ms: int) -> None:
        """Move the clock: early rows enter, old rows leave."""
        if now_ms <= self.now_ms:
            return
        if now_ms // CHUNK_MS == self.now_ms // CHUNK_MS:
            self.now_ms = now_ms
            return
        self._settle()
        self._close()
        self._ahead.clear()
        self.now_ms = now_ms
        self._settle()
        self._tidy()

    def add_many(self, rows: Sequence[Liquidation]) -> None:
        """Count rows, received now."""
        self._pending += rows
        self.folded += len(rows)
        if len(self._pending) >= _MOST_PENDING:
            self._settle()

    def add_columns(self, columns: LiquidationColumns) -> None:
        """Count rows of the chunk that runs."""
        if not columns.ts_ms:
            return
        self._settle()
        self.folded += len(columns.ts_ms)
        cells = self.keys.cells(columns.keys)
        usual = list(map(cells.__getitem__, columns.key))
        self._count(Batch(list(columns.ts_ms), list(columns.usd_micro), list(columns.price), usual))
        self._generation += 1

    def _settle(self) -> None:
        """Bring the windows to the clock, and what came into the windows."""
        now_ms = self.now_ms
        if now_ms != self._settled_ms:
            for number in [n for n, span in self._spans.items() if span.chunks and self._is_cut(span, now_ms)]:
                self._split(number)
            self._settled_ms = now_ms
            changed = self._let_in(now_ms)
            for window in self._windows:
                changed |= window.move(self._spans, now_ms)
            self._generation += changed
        if self._pending:
            rows, self._pending = self._pending, []
            cells = self.keys.cells(map(_KEY, rows))
            self._count(Batch(list(map(_TS, rows)), list(map(_USD, rows)), list(map(_PRICE, rows)), cells))
            self._generation += 1

    def _let_in(self, now_ms: int) -> bool:
        changed = False
        for number in self._early.until(now_ms):
            span = self._spans.get(number)
            if span is None:
                continue
            first, span.entered = span.entered, span.until(now_ms)
            self._enter(Part.between(span, first, span.entered))
            if span.entered < span.count:
                self._early.ask(number, span.time_of(span.entered))
            changed = True
        return changed

    def _count(self, batch: Batch) -> None:
        if self._open is None:
            index = self.now_ms // CHUNK_MS
            number = self._open = self._next_id
            self._next_id += 1
            first = self.folded - len(batch.ts)
            span = self._spans[number] = Span(self.keys, index, first, self._ahead.get(index, 0))
        else:
            number, span = self._open, self._spans[self._open]
        low, high, before = min(batch.ts), max(batch.ts), span.count
        span.append(batch, low, high)
        places: Sequence[int] = range(before, span.count)
        early = [ts for ts in batch.ts if ts > self.now_ms] if high > self.now_ms else ()
        if early:
            self._early.ask(number, min(early))
            places = [before + n for n, ts in enumerate(batch.ts) if ts <= self.now_ms]
        span.entered += len(places)
        self._enter(Part(span, places))
        part = Part(span, range(before, span.count))
        for window in self._windows:
            window.grow(number, part, low)
        self._minutes.add(batch.ts, self.keys.short, batch.cell, batch.usd)
        if span.count >= _CROWD:
            self._ahead[span.chunk] = self._ahead.get(span.chunk, 0) + span.count
            self._close()
            if span.count < 2 * _CROWD:
                span.pack()

    def _close(self) -> None:
        """What comes from now on is another span."""
        if self._open is not None:
            self._spans[self._open].close()
            self._open = None

    def _tidy(self) -> None:
        day, soon_ms = self._windows[_DAY], self.now_ms + CHUNK_MS
        for number, span in list(self._spans.items()):
            if day.out(number) >= span.count:
                del self._spans[number]
                self._letting_go.forget(number)
                for window in self._windows:
                    window.forget(number)
            elif span.chunks is None and all(
                window.next_out(number) > soon_ms - window.width_ms for window in self._windows
            ):
                self._letting_go.let_go(number, span, _CROWD)
        self._minutes.forget(self.now_ms)

    def set_free(self, width_ms: int | None) -> None:
        """Keep a window of this width too, or none."""
        self._settle()
        known = self._windows[len(WINDOWS) :]
        if [window.width_ms for window in known] == [width_ms] or (width_ms is None and not known):
            return
        del self._windows[len(WINDOWS) :]
        if width_ms is not None:
            edge = self.now_ms - width_ms
            for number in [
                n for n, span in self._spans.items() if span.chunks and span.first_ts <= edge < span.last_ts
            ]:
                self._split(number)
            self._windows.append(Window.within(self._windows[_DAY], width_ms, self.now_ms, self._spans))
        self._generation += 1

    @property
    def free_ms(self) -> int | None:
        """The width of the free window."""
        return self._windows[-1].width_ms if len(self._windows) > len(WINDOWS) else None

    @property
    def generation(self) -> int:
        """Changes when a window changed."""
        self._settle()
        return self._generation

    def sums(self, window: int) -> Sums:
        """Sums by key of a window, by its place in `WINDOWS`; the free window is behind them."""
        self._settle()
        return self._windows[window].sums()

    def groups(self, window: int) -> tuple[tuple[NamedTotals, ...], tuple[NamedTotals, ...]]:
        """The sums of a window by venue and by coin, the largest first."""
        self._settle()
        return self._groups.of(*self._windows[window].inside())

    def totals(self, window: int) -> Totals:
        """The sums of a window."""
        self._settle()
        return self._windows[window].totals()

    def sizes(self, window: int) -> tuple[SizeTotals, ...]:
        """The sums of a window by size bucket, smallest first."""
        self._settle()
        return self._windows[window].sizes()

    def largest(self, window: int, most: int = MOST_LARGEST) -> tuple[LargestLiquidation, ...]:
        """The largest rows of a window, by rank; up to `MOST_LARGEST`."""
        self._settle()
        return self._windows[window].largest(self._spans, most)

    def profile(self, coin: str) -> tuple[ProfileBin, ...]:
        """Liquidated of a coin in the last 24 h by price, lowest first. The coin asked for last is kept up to date."""
        self._settle()
        day = self._windows[_DAY]
        if day.profile is None or day.profile.coin != coin:
            day.profile = Profile(self.keys, coin, self._known.bins)
            for part in parts_of(day.held(self._spans)):
                day.profile.add(part, 1)
        return day.profile.view()

    def newest_first(self, wanted: Callable[[Span], bool] = lambda _: True) -> Iterator[Span]:
        """The spans that hold rows of the last 24 h, and all of the rows that came in this chunk.

        Those of an hour that is not `wanted` are left out.
        """
        self._settle()
        return newest_first(reversed(self._spans.values()), self._known.facts, wanted)

    def minute_series(self) -> tuple[tuple[int, int, int], ...]:
        """(minute of the rows' own time, long, short in micro-dollars) over the last 24 h, oldest first."""
        self._settle()
        return self._minutes.series(self.now_ms)
