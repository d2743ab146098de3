"""The tape: the newest liquidations that pass a filter, in the order they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice

from crashdesk.model.money import MICRO
from crashdesk.model.timeframe import DAY_MS
from crashdesk.session.liquidation_views import FeedFilter, FeedRow, FeedView
from crashdesk.session.liquidations.book import LiquidationBook
from crashdesk.session.liquidations.cells import FIRST_KEY, KeyTable
from crashdesk.session.liquidations.span import Span

FEED_ROWS = 2_000
FIRST_ROWS = 300
"""As many as a screen can show: behind a seek these come first, the others with the next look."""
NO_FILTER = FeedFilter()


class _Pick:
    """A filter by the cells of a table."""

    def __init__(self, wanted: FeedFilter, table: KeyTable) -> None:
        self.wanted = wanted
        self.least = wanted.least_usd * MICRO
        self._table = table
        self._passes = [False] * FIRST_KEY

    def cells(self) -> list[bool]:
        """Whether rows of a cell pass, but for their size."""
        known = len(self._passes) - FIRST_KEY
        self._passes += [self.wanted.takes(*key) for key in self._table.names()[known:]]
        return self._passes

    def may_pass(self, span: Span) -> bool:
        """False when no row of a span passes; found out without its rows."""
        if self.wanted == NO_FILTER:
            return True
        passes = self.cells()
        if span.largest.usd_micro < self.least:
            return False
        return not span.closed or any(cell >= FIRST_KEY and passes[cell] for cell in span.sums().cells)


class Tape:
    """A look at the newest rows of a book; it keeps what it showed."""

    def __init__(self) -> None:
        self._pick: _Pick | None = None
        self._rows: deque[FeedRow] = deque(maxlen=FEED_ROWS)
        self._seen = 0
        self._oldest_ms = 0
        self._more = False
        self.unfinished = False
        """Whether the next look shows more, though nothing new came."""
        self._view: FeedView | None = None

    def view(self, book: LiquidationBook, wanted: FeedFilter = NO_FILTER) -> FeedView:
        """The newest rows; the very same object while nothing changed."""
        pick = self._pick
        if pick is None or pick.wanted != wanted:
            pick = self._pick = _Pick(wanted, book.keys)
            self._scan(book, pick, FIRST_ROWS)
        elif self.unfinished:
            self._scan(book, pick)
        elif book.folded != self._seen:
            self._take(self._found(book, pick, self._seen))
        edge = book.now_ms - DAY_MS
        if self._rows and self._oldest_ms <= edge:
            if self._more:
                self._scan(book, pick)
            else:
                self._rows = deque([row for row in self._rows if row.ts_ms > edge], FEED_ROWS)
                self._oldest_ms = min((row.ts_ms for row in self._rows), default=0)
            self._view = None
        self._seen = book.folded
        if self._view is None or self._view.total != book.folded:
            self._view = FeedView(tuple(self._rows), book.folded, wanted)
        return self._view

    def _scan(self, book: LiquidationBook, pick: _Pick, most: int = FEED_ROWS) -> None:
        self._rows.clear()
        self._more = False
        self._view = None
        found = self._found(book, pick, 0, most)
        self.unfinished = most < FEED_ROWS and len(found) >= most
        self._take(found)

    def _take(self, found: list[FeedRow]) -> None:
        """`found` rows are newer than those that are known, the newest first."""
        oldest = min((row.ts_ms for row in found), default=None)
        if oldest is not None:
            self._oldest_ms = min(self._oldest_ms, oldest) if self._rows else oldest
        self._more = self._more or len(self._rows) + len(found) >= FEED_ROWS
        self._rows.extend(reversed(found))

    def _found(self, book: LiquidationBook, pick: _Pick, since: int, most: int = FEED_ROWS) -> list[FeedRow]:
        """Rows from number `since` on that pass, the newest first, no more than `most`."""
        found: list[FeedRow] = []
        edge = book.now_ms - DAY_MS
        for span in book.newest_first(pick.may_pass):
            if span.number + span.count <= since or len(found) >= most:
                break
            if span.last_ts > edge and pick.may_pass(span):
                _look(span, pick, since, edge, book.keys, found, most)
        return found


def _look(span: Span, pick: _Pick, since: int, edge: int, table: KeyTable, found: list[FeedRow], most: int) -> None:
    rows = span.look()
    if span.damaged:
        return
    passes, least, names = pick.cells(), pick.least, table.names()
    first, wanted = max(0, since - span.number), most - len(found)
    cells = rows.cell
    if all(passes[FIRST_KEY:]) and not least and span.first_ts > edge:
        places: Sequence[int] = range(span.count - 1, max(first, span.count - wanted) - 1, -1)
    else:
        newest_first = range(span.count - 1, first - 1, -1)
        passing = (at for at in newest_first if rows.usd[at] >= least and passes[cells[at]] and rows.ts[at] > edge)
        places = list(islice(passing, wanted))
    if places:
        venues, symbols, sides = zip(*[names[cells[at] - FIRST_KEY] for at in places], strict=True)
        ts, usd, price = ([column[at] for at in places] for column in (rows.ts, rows.usd, rows.price))
        found += map(FeedRow, [span.number + at for at in places], ts, venues, symbols, sides, price, usd)
