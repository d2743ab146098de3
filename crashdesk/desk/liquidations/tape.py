"""The tape: liquidations newest first, standing still while the reader is down in it, cascades in their place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from textual.strip import Strip

from crashdesk.desk import figures
from crashdesk.desk.line import Line
from crashdesk.desk.liquidations.filters import filter_words, passes
from crashdesk.desk.liquidations.rows import row_line
from crashdesk.desk.look import Look
from crashdesk.desk.scroll import step_of
from crashdesk.model.marks import Event
from crashdesk.model.words import coin_of
from crashdesk.session.liquidation_views import FeedFilter, FeedRow, FeedView

MOST_STRIPS = 4_096
"""Drawn rows that are kept."""


class Tape:
    """The rows that pass the filter, where the reader stands, and what came since.

    Rows lie in the order they came; a *place* counts from the newest one, 0. While the reader stands, the rows at hand
    are held, so that nothing that comes (or leaves the newest ones) moves them; going up past the first one takes in
    what came. Only rows that are seen are drawn, each once.
    """

    def __init__(self) -> None:
        self.wanted = FeedFilter()
        self._feed = FeedView((), 0)
        self._rows: Sequence[FeedRow] = ()
        self._at: int | None = None
        self._top: int | None = None
        self._newest_seen = -1
        self._strips: dict[tuple[int, int], Strip] = {}
        self._seen: list[int] = []

    def take(self, feed: FeedView) -> None:
        """The newest rows. Where the reader stands does not move; back in time, or out of the rows, it is left."""
        old, self._feed = self._feed, feed
        if feed.total < old.total:
            self.follow()
        if self._at is None or feed.filter != old.filter:
            self._adopt()

    def want(self, wanted: FeedFilter) -> None:
        """Show only what passes: of the rows at hand at once, of the last 24 h when the feed has that filter."""
        self.wanted = wanted
        self._adopt()

    def follow(self) -> None:
        """Back to the newest row."""
        self._at = self._top = None
        self._adopt()

    def forget_drawn(self) -> None:
        """Draw every row anew (other colours)."""
        self._strips.clear()

    @property
    def following(self) -> bool:
        """Whether the newest row is seen as it comes."""
        return self._at is None

    @property
    def pending(self) -> bool:
        """Whether only rows at hand have been filtered yet."""
        return self._feed.filter != self.wanted

    @property
    def newer(self) -> int:
        """Rows that came since the reader left the newest one; `newer_is_floor` when there are more of them."""
        if self._at is None:
            return 0
        if self.wanted == self._feed.filter == FeedFilter():
            return max(0, self._feed.total - 1 - self._newest_seen)
        return len(self._passing(self._feed.rows[_first_after(self._feed.rows, self._newest_seen) :]))

    @property
    def newer_is_floor(self) -> bool:
        """Whether more rows came than the feed holds."""
        rows = self._feed.rows
        filtered = self.wanted != FeedFilter() or self.pending
        return filtered and bool(rows) and self._newest_seen < rows[0].number

    @property
    def chosen(self) -> FeedRow | None:
        """The row under the cursor, the newest one while following."""
        return self._row(0 if self._at is None else self._place(self._at)) if self._rows else None

    def act(self, action_id: str, page: int) -> bool:
        """Move the cursor; at the newest row the tape follows again."""
        step = step_of(action_id, len(self._rows), page)
        if step is None:
            return False
        if action_id == "move_first":
            self.follow()
        elif self._rows:
            old = 0 if self._at is None else self._place(self._at)
            if old + step < 0 and self._at is not None:
                self._adopt()
                old = self._place(self._at)
            self._stand(max(0, min(old + step, len(self._rows) - 1)), page)
        return True

    def point(self, y: int, page: int) -> bool:
        """Put the cursor on the row that was drawn `y` lines under the first one; False when there is none."""
        if not (0 <= y < len(self._seen) and self._seen[y] >= 0):
            return False
        self._stand(self._seen[y], page)
        return True

    def lines(self, width: int, height: int, cascades: Sequence[Event], look: Look, *, focus: bool) -> list[Strip]:
        """The rows that are seen."""
        self._seen = []
        if not self._rows or height < 1:
            return []
        if len(self._strips) > MOST_STRIPS:
            self._strips.clear()
        first = 0 if self._top is None else self._place(self._top)
        waiting = [event for event in reversed(cascades) if first == 0 or event.end_ms < self._row(first - 1).ts_ms]
        at = -1 if self._at is None else self._place(self._at)
        over = look.palette.cursor if focus else look.palette.cursor_away
        drawn: list[Strip] = []
        for place in range(first, len(self._rows)):
            row = self._row(place)
            while waiting and waiting[0].end_ms >= row.ts_ms:
                drawn.append(_cascade(waiting.pop(0), width, look))
                self._seen.append(-1)
            if len(drawn) >= height and place > at:
                break
            strip = row_line(row, width, look).strip(look.palette.blank, over) if place == at else None
            drawn.append(strip or self._strip(row, width, look))
            self._seen.append(place)
            if place == at and len(drawn) > height:
                break
        # a cascade takes a line too: the cursor stays in sight
        hidden = max(0, self._seen.index(at) - height + 1) if at in self._seen else 0
        self._seen = self._seen[hidden : hidden + height]
        return drawn[hidden : hidden + height]

    def why_empty(self) -> str:
        """Why no row is shown."""
        if not self._feed.total:
            return "waiting for liquidations"
        words = filter_words(self.wanted)
        if self.pending:
            return f"none of the {len(self._feed.rows):,} rows at hand; looking back 24 h"
        return f"none in the last 24 h passes: {words}" if words else "none in the last 24 h"

    def _strip(self, row: FeedRow, width: int, look: Look) -> Strip:
        key = (row.number, width)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = row_line(row, width, look).strip(look.palette.blank)
        return strip

    def _adopt(self) -> None:
        """Hold what the feed has now."""
        self._rows = self._passing(self._feed.rows)

    def _passing(self, rows: Sequence[FeedRow]) -> Sequence[FeedRow]:
        if not self.pending:
            return rows
        return [row for row in rows if passes(row, self.wanted)]

    def _stand(self, place: int, page: int) -> None:
        if place == 0 and not self.newer:
            self.follow()
            return
        if self._at is None:
            self._newest_seen = self._feed.total - 1
        self._at = self._row(place).number
        top = 0 if self._top is None else self._place(self._top)
        top = min(max(top, place - max(1, page) + 1), place)
        self._top = self._row(top).number

    def _row(self, place: int) -> FeedRow:
        return self._rows[len(self._rows) - 1 - place]

    def _place(self, number: int) -> int:
        """Where the row of that number is, or the next older one that is shown."""
        count = len(self._rows)
        return max(0, min(count - _first_after(self._rows, number), count - 1))


def _first_after(rows: Sequence[FeedRow], number: int) -> int:
    """The index of the first row with a greater number."""
    return bisect_right(rows, number, key=lambda row: row.number)


def _cascade(event: Event, width: int, look: Look) -> Strip:
    palette, glyphs, line = look.palette, look.glyphs, Line(width)
    span = f"{figures.clock(event.start_ms, look.zone)}{glyphs.dash}{figures.clock(event.end_ms, look.zone)}"
    line.put(f" {glyphs.cascade} CASCADE {span} ", palette.error)
    if event.usd_micro is not None:
        line.put(f" {figures.usd_short(event.usd_micro)}", palette.error)
        if event.long_usd_micro is not None:
            long = event.long_usd_micro
            if 2 * long >= event.usd_micro:
                line.put(f"  {figures.share(long, event.usd_micro)} long", palette.long)
            else:
                line.put(f"  {figures.share(event.usd_micro - long, event.usd_micro)} short", palette.short)
    if event.move_pct is not None:
        name = coin_of(event.symbol or "")
        line.put(f"  {name} {figures.percent(event.move_pct, glyphs)}", palette.change(event.move_pct))
    if event.venues:
        line.put(f"  {' '.join(event.venues)}", palette.muted)
    return line.strip(palette.blank)
