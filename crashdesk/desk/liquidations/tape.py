"""The tape: liquidations newest first, standing still while the reader is down in it, cascades in their place."""

from __future__ import annotations

import math
from collections.abc import Sequence

from textual.strip import Strip

from crashdesk.desk import figures
from crashdesk.desk.bars import bar
from crashdesk.desk.line import Line
from crashdesk.desk.liquidations.totals import pair_name
from crashdesk.desk.look import Look
from crashdesk.desk.prices import fitted_price
from crashdesk.model.money import MICRO
from crashdesk.model.records import Event, Side
from crashdesk.session.views import FeedRow, FeedView

SIZES = (0, 10_000, 50_000, 100_000, 1_000_000)
"""Smallest liquidation shown, USD: what the size key goes through."""
TIER_ENDS = (10_000, 100_000, 1_000_000, 10_000_000)
"""USD at which the next tier of emphasis begins."""
VENUE, PAIR, PRICE = 8, 10, 9
"""Cells of the columns, a blank between them left out."""
_BAR_FROM, _BAR_TO = 3.0, 7.0
"""Powers of ten (USD) between which bars grow."""


class Tape:
    """The rows that pass the filters, where the reader stands, and what came since."""

    def __init__(self) -> None:
        self.least = SIZES[0]
        self.query = ""
        self._feed = FeedView((), 0)
        self._rows: list[FeedRow] = []
        self._at: int | None = None
        self._top: int | None = None
        self._newest_seen = 0
        self._strips: dict[tuple[int, int], Strip] = {}

    def take(self, feed: FeedView) -> None:
        """The newest rows. Where the reader stands does not move."""
        self._feed = feed
        self._filter()

    def next_size(self) -> None:
        """The next smallest size."""
        self.least = SIZES[(SIZES.index(self.least) + 1) % len(SIZES)]
        self._filter()

    def search(self, query: str) -> None:
        """Only symbols and venues that hold `query`."""
        self.query = query.strip().upper()
        self._filter()

    def forget_drawn(self) -> None:
        """Draw every row anew (other colours)."""
        self._strips.clear()

    @property
    def following(self) -> bool:
        """Whether the newest row is seen as it comes."""
        return self._at is None

    @property
    def newer(self) -> int:
        """Rows that came since the reader left the newest one."""
        if self._at is None or not self._rows or self._rows[0].number <= self._newest_seen:
            return 0
        return self._place(self._newest_seen)

    @property
    def chosen(self) -> FeedRow | None:
        """The row under the cursor, the newest one while following."""
        if not self._rows:
            return None
        return self._rows[0 if self._at is None else self._place(self._at)]

    def act(self, action_id: str, page: int) -> bool:
        """Move the cursor; at the newest row the tape follows again."""
        steps = {"move_up": -1, "move_down": 1, "page_up": -page, "page_down": page}
        steps |= {"move_first": -len(self._rows), "move_last": len(self._rows)}
        step = steps.get(action_id)
        if step is None:
            return False
        if self._rows:
            old = 0 if self._at is None else self._place(self._at)
            self._stand(max(0, min(old + step, len(self._rows) - 1)), page)
        return True

    def point(self, y: int, page: int) -> None:
        """Put the cursor on the row `y` below the first one seen."""
        place = (0 if self._top is None else self._place(self._top)) + y
        if 0 <= place < len(self._rows):
            self._stand(place, page)

    def lines(self, width: int, height: int, cascades: Sequence[Event], look: Look, *, focus: bool) -> list[Strip]:
        """The rows that are seen."""
        palette = look.palette
        if not self._rows:
            return [_words(self._why_empty(), width, look)]
        if len(self._strips) > 4_096:
            self._strips.clear()
        first = 0 if self._top is None else self._place(self._top)
        waiting = [event for event in reversed(cascades) if first == 0 or event.end_ms < self._rows[first - 1].ts_ms]
        at = None if self._at is None else self._place(self._at)
        drawn: list[Strip] = []
        for place in range(first, len(self._rows)):
            row = self._rows[place]
            while waiting and waiting[0].end_ms >= row.ts_ms:
                drawn.append(_cascade(waiting.pop(0), width, look))
            if len(drawn) >= height:
                break
            if place == at:
                drawn.append(
                    _row(row, width, look).strip(palette.blank, palette.cursor if focus else palette.cursor_away)
                )
                continue
            key = (row.number, width)
            strip = self._strips.get(key)
            if strip is None:
                strip = self._strips[key] = _row(row, width, look).strip(palette.blank)
            drawn.append(strip)
        return drawn[:height]

    def _stand(self, place: int, page: int) -> None:
        if place == 0:
            self._at = self._top = None
            return
        if self._at is None:
            self._newest_seen = self._rows[0].number
        self._at = self._rows[place].number
        top = 0 if self._top is None else self._place(self._top)
        top = min(max(top, place - max(1, page) + 1), place)
        self._top = self._rows[top].number

    def _place(self, index: int) -> int:
        """Where the row of that index is, or the next older one that is shown (newest first)."""
        low, high = 0, len(self._rows)
        while low < high:
            middle = (low + high) // 2
            if self._rows[middle].number > index:
                low = middle + 1
            else:
                high = middle
        return max(0, min(low, len(self._rows) - 1))

    def _filter(self) -> None:
        least, query = self.least * MICRO, self.query
        rows = reversed(self._feed.rows)
        if not least and not query:
            self._rows = list(rows)
            return
        self._rows = [
            row
            for row in rows
            if row.usd_micro >= least and (not query or query in row.symbol.upper() or query in row.venue.upper())
        ]

    def _why_empty(self) -> str:
        if self._feed.rows and self.least and not self.query:
            many = f"{len(self._feed.rows):,}"
            return f"none {size_words(self.least)} in the last {many} rows; the tab `largest` (h) goes back 24 h"
        if self._feed.rows:
            return f"none of the last {len(self._feed.rows):,} rows passes the filter (m sizes, / symbol)"
        return "waiting for liquidations"


def size_words(least: int) -> str:
    """`≥ $10k`, or `all sizes`."""
    return f"from {figures.usd_short(least * MICRO).replace('.0', '')}" if least else "all sizes"


def _tier(usd_micro: int, look: Look) -> int:
    usd = usd_micro / MICRO
    return min(sum(usd >= end for end in TIER_ENDS), len(look.palette.tiers) - 1)


def _row(row: FeedRow, width: int, look: Look) -> Line:
    palette, line = look.palette, Line(width)
    side = palette.long if row.side is Side.LONG else palette.short
    style = palette.tiers[_tier(row.usd_micro, look)]
    line.put(f" {figures.clock(row.ts_ms, look.zone)} ", palette.muted)
    line.left(venue_name(row.venue, VENUE), VENUE + 1, palette.muted, look.glyphs.ellipsis)
    line.left(_pair(row.symbol), PAIR + 1, palette.text, look.glyphs.ellipsis)
    line.put("LONG  " if row.side is Side.LONG else "short ", side)
    if width >= 58:
        line.right(fitted_price(row.price, PRICE, look.glyphs), PRICE, palette.text)
    line.right(figures.usd_whole(row.usd_micro), 12, style)
    line.space(1, palette.blank)
    usd = max(1.0, row.usd_micro / MICRO)
    part = (math.log10(usd) - _BAR_FROM) / (_BAR_TO - _BAR_FROM)
    line.put(bar(max(part, 0.001), max(0, min(24, line.room - 1)), look.glyphs), side)
    return line


def _pair(symbol: str) -> str:
    """`BTC-USDT`; a longer one without its quote, so that the coin is never cut."""
    name = pair_name(symbol)
    return name if len(name) <= PAIR else symbol.partition("/")[0]


def venue_name(venue: str, width: int) -> str:
    """The venue's name in at most `width` cells (8 or more), so that two venues never look the same."""
    return venue if len(venue) <= width else _VENUES.get(venue, venue[:width])


_VENUES = {
    "binanceusdm": "bin-usdm",
    "binancecoinm": "bin-coin",
    "hyperliquid": "hyperliq",
    "krakenfutures": "krak-fut",
    "kucoinfutures": "kuc-fut",
}


def _cascade(event: Event, width: int, look: Look) -> Strip:
    palette, glyphs, line = look.palette, look.glyphs, Line(width)
    span = f"{figures.clock(event.start_ms, look.zone)}{glyphs.dash}{figures.clock(event.end_ms, look.zone)}"
    line.put(f" {glyphs.cascade} CASCADE {span} ", palette.error)
    if event.usd_micro is not None:
        line.put(f" {figures.usd_short(event.usd_micro)}", palette.error)
        if event.long_usd_micro is not None:
            line.put(f"  {figures.share(event.long_usd_micro, event.usd_micro)} long", palette.long)
    if event.move_pct is not None:
        name = (event.symbol or "").partition("/")[0]
        line.put(f"  {name} {figures.percent(event.move_pct, glyphs)}", palette.change(event.move_pct))
    if event.venue:
        line.put(f"  {event.venue}", palette.muted)
    return line.strip(palette.blank)


def _words(text: str, width: int, look: Look) -> Strip:
    line = Line(width)
    line.left(f" {text}", width, look.palette.muted, look.glyphs.ellipsis)
    return line.strip(look.palette.blank)
