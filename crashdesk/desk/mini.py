"""What stays visible on a small terminal: liquidated sums, the nearest level above and below."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from crashdesk.brief.coverage import window_name
from crashdesk.desk import figures
from crashdesk.desk.bars import sparkline
from crashdesk.desk.levels.words import level_price
from crashdesk.desk.line import Line
from crashdesk.desk.line_pane import LineWidget
from crashdesk.desk.liquidations.seen import is_seen, seen_ms, seen_words
from crashdesk.desk.look import Look
from crashdesk.desk.prices import compact_price
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS
from crashdesk.session.level_views import LadderView, LevelRow
from crashdesk.session.liquidation_views import LiquidationsView, WindowTotals
from crashdesk.session.views import DeskView

_SHOWN = ("1h", "24h")


class MiniBar(LineWidget):
    """Three lines: two windows of liquidations, and the symbol between its nearest levels."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, id="mini")
        self._liquidations: LiquidationsView | None = None
        self._ladder: LadderView | None = None
        self._seen = 0

    def show(self, view: DeskView) -> None:
        """Take sums and levels."""
        seen, self._seen = self._seen, seen_ms(view)
        same_age = seen // MINUTE_MS == self._seen // MINUTE_MS or self._seen >= DAY_MS
        if self._liquidations is view.liquidations and self._ladder is view.ladder and same_age:
            return
        self._liquidations, self._ladder = view.liquidations, view.ladder
        self.redraw()

    def lines(self, width: int, height: int) -> list[Strip]:
        """The three lines."""
        drawn = [*self._sums(width), self._levels(width)]
        blank = Strip.blank(width, self.look.palette.blank)
        return (drawn + [blank] * height)[:height]

    def _sums(self, width: int) -> list[Strip]:
        view, palette = self._liquidations, self.look.palette
        windows = [window for window in view.windows if window.name in _SHOWN] if view else []
        if view is None or not windows:
            line = Line(width)
            line.put(" waiting for liquidations", palette.muted)
            return [line.strip(palette.blank), Strip.blank(width, palette.blank)]
        return [self._window(window, view, width) for window in windows]

    def _window(self, window: WindowTotals, view: LiquidationsView, width: int) -> Strip:
        palette, line, totals = self.look.palette, Line(width), window.totals
        line.put(" liq ", palette.muted)
        if not is_seen(view):
            line.right(window.name, 4, palette.accent)
            line.put(f" {self.look.glyphs.dot}  no feed of liquidations has been connected", palette.muted)
            return line.strip(palette.blank)
        line.right(window_name(window, self._seen), 4, palette.accent)
        line.right(figures.usd_short(totals.total), 9, palette.strong)
        line.put(" long ", palette.muted)
        line.right(f"{figures.usd_short(totals.long)} {figures.share(totals.long, totals.total)}", 13, palette.long)
        line.put("  short ", palette.muted)
        line.right(figures.usd_short(totals.short), 8, palette.short)
        line.right(f"{totals.orders:,}", 10, palette.text)
        line.put(" orders", palette.muted)
        if self._seen < window.width_ms:
            line.put(f"  {seen_words(view, self._seen)}", palette.muted)
            return line.strip(palette.blank)
        room = line.room - 2
        if room >= 8:
            minutes = view.minutes[-room:] if window.name == "1h" else view.minutes
            line.put("  " + sparkline([a + b for _, a, b in minutes], room, self.look.glyphs, floor=0), palette.long)
        return line.strip(palette.blank)

    def _levels(self, width: int) -> Strip:
        ladder, palette, glyphs = self._ladder, self.look.palette, self.look.glyphs
        line = Line(width)
        if ladder is None or ladder.last is None:
            line.put(" waiting for a price of the desk's symbol", palette.muted)
            return line.strip(palette.blank)
        above = [row for row in ladder.rows if row.price > ladder.last]
        below = [row for row in ladder.rows if row.price <= ladder.last]
        line.put(f" {ladder.symbol.partition('/')[0]} ", palette.muted)
        line.put(compact_price(ladder.last, ladder.price_decimals), palette.strong)
        for sign, rows in ((glyphs.rise, above[-1:]), (glyphs.fall, below[:1])):
            self._level(line, sign, rows, ladder.price_decimals)
        return line.strip(palette.blank)

    def _level(self, line: Line, sign: str, rows: Sequence[LevelRow], decimals: int) -> None:
        palette, glyphs = self.look.palette, self.look.glyphs
        if not rows:
            line.put(f"  {sign} no level", palette.muted)
            return
        row = rows[0]
        line.put(f"  {sign} ", palette.levels[row.kind])
        if line.put(level_price(row, decimals), palette.text):
            line.put(f" {row.label or row.source}", palette.muted)
            line.put(f" {figures.percent(row.distance_pct, glyphs)}", palette.change(row.distance_pct))
