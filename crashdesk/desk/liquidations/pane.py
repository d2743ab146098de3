"""Pane 3: who is being forced out."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from textual.strip import Strip

from crashdesk.desk.line import Line, Piece
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.liquidations.seen import is_seen, seen_ms, seen_words
from crashdesk.desk.liquidations.tabs import coin_lines, largest_lines, venue_lines
from crashdesk.desk.liquidations.tape import Tape, size_words
from crashdesk.desk.liquidations.totals import coverage_words, minutes_line, totals_lines
from crashdesk.desk.look import Look
from crashdesk.desk.messages import AskLine, ChooseSymbol
from crashdesk.session.views import DeskView, FeedView, LiquidationsView, TickerRow

SMALL = 9
"""Rows under which the chart per minute gives way to the tape."""


SHORT_NOTE = 62
"""Columns under which the note in the frame is shortened."""


class Tab(StrEnum):
    """What stands under the totals."""

    TAPE = "tape"
    VENUES = "venues"
    COINS = "coins"
    LARGEST = "largest"


class LiquidationsPane(LinePane):
    """Totals by window, USD per minute, and the tape or another tab under them."""

    number = 3
    name_shown = "Liquidations"

    def __init__(self, look: Look) -> None:
        super().__init__(look, id="liquidations")
        self.tape = Tape()
        self.tab = Tab.TAPE
        self._view: DeskView | None = None
        self._feed: FeedView | None = None
        self._above: tuple[tuple[LiquidationsView, int, int, int], list[Strip]] | None = None
        self._tape_at = 0

    def show(self, view: DeskView) -> None:
        """Take totals, tape and cascades."""
        old, self._view = self._view, view
        if self._feed is not view.feed:
            self._feed = view.feed
            self.tape.take(view.feed)
        elif old is not None and _same(old, view):
            return
        self.redraw()

    def restyle(self, look: Look) -> None:
        """All rows anew."""
        self.tape.forget_drawn()
        self._above = None
        super().restyle(look)

    def pane_key(self, action_id: str) -> bool:
        """Move in the tape, filter it, change tabs, choose a row's symbol."""
        if self.tab is Tab.TAPE and self.tape.act(action_id, max(1, self.body_size[1] - self._tape_at)):
            self.redraw()
            return True
        match action_id:
            case "minimum_size":
                self.tape.next_size()
            case "feed_tabs":
                tabs = list(Tab)
                self.tab = tabs[(tabs.index(self.tab) + 1) % len(tabs)]
            case "filter":
                before = self.tape.query
                self.post_message(
                    AskLine(
                        "filter", self._search, text=before, changed=self._search, left=lambda: self._search(before)
                    )
                )
            case "clear" if self.tape.query or not self.tape.following:
                self.tape.search("")
                self.tape.act("move_first", 1)
            case "choose":
                self._choose()
            case _:
                return False
        self.redraw()
        return True

    def click_cell(self, _x: int, y: int, *, double: bool) -> None:
        """Put the cursor on a row of the tape; twice is Enter."""
        if self.tab is Tab.TAPE and y >= self._tape_at:
            self.tape.point(y - self._tape_at, max(1, self.body_size[1] - self._tape_at))
            self.redraw()
            if double:
                self.pane_key("choose")

    def note(self) -> Sequence[Piece]:
        """What the sums rest on."""
        view = self._view
        if view is None:
            return ()
        words = coverage_words(view.liquidations, short=self.size.width < SHORT_NOTE)
        seen = seen_words(view.liquidations, seen_ms(view)) if is_seen(view.liquidations) else ""
        said = ", ".join(part for part in (words, seen) if part)
        return ((f" {said} ", self.look.palette.muted),) if said else ()

    def foot(self) -> Sequence[Piece]:
        """Rows that came since the reader moved down."""
        if self.tab is not Tab.TAPE or not self.tape.newer:
            return ()
        return ((f" {self.look.glyphs.newer} +{self.tape.newer:,} new, g shows them ", self.look.palette.warning),)

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """Totals, chart per minute, tabs, and what the tab shows."""
        view = self._view
        if view is None or not view.liquidations.windows:
            line = Line(width)
            words = (view.status.waiting if view else "") or "waiting for liquidations"
            line.left(f" {words}", width, self.look.palette.muted, self.look.glyphs.ellipsis)
            return [line.strip(self.look.palette.blank)]
        drawn = [*self._totals(view.liquidations, width, height, seen_ms(view)), self._tabs(width)]
        self._tape_at = len(drawn)
        room = height - len(drawn)
        match self.tab:
            case Tab.TAPE:
                drawn += self.tape.lines(width, room, view.cascades, self.look, focus=self.has_focus)
            case Tab.VENUES:
                drawn += venue_lines(view.liquidations, width, self.look)
            case Tab.COINS:
                drawn += coin_lines(view.liquidations, width, self.look)
            case Tab.LARGEST:
                drawn += largest_lines(view.liquidations, width, self.look)
        return drawn

    def _totals(self, totals: LiquidationsView, width: int, height: int, seen: int) -> list[Strip]:
        key = (totals, width, height, sum(seen < window.width_ms for window in totals.windows))
        if self._above is None or self._above[0][0] is not totals or self._above[0][1:] != key[1:]:
            lines = totals_lines(totals, width, self.look, seen)
            if height < SMALL:
                lines = [lines[0], lines[1], lines[-1]]
            else:
                lines.append(minutes_line(totals, width, self.look))
            self._above = (key, lines)
        return self._above[1]

    def _tabs(self, width: int) -> Strip:
        palette, glyphs = self.look.palette, self.look.glyphs
        line = Line(width)
        line.put(glyphs.across, palette.border)
        for tab in Tab:
            line.put(f" {tab} ", palette.title_focus if tab is self.tab else palette.muted)
        words = []
        if self.tab is Tab.TAPE:
            words = [size_words(self.tape.least), *([f"/{self.tape.query.lower()}"] if self.tape.query else [])]
        note = f" {' '.join(words)} " if words else ""
        line.put(glyphs.across * max(0, line.room - len(note) - 1), palette.border)
        line.put(note, palette.accent if self.tape.least or self.tape.query else palette.muted)
        line.put(glyphs.across, palette.border)
        return line.strip(palette.blank)

    def _search(self, query: str) -> None:
        self.tape.search(query)
        self.redraw()

    def _choose(self) -> None:
        row, view = self.tape.chosen, self._view
        if row is None or view is None:
            return
        self.post_message(ChooseSymbol(_priced(row.symbol, view.tickers)))


def _same(old: DeskView, new: DeskView) -> bool:
    return (
        old.liquidations is new.liquidations
        and old.cascades is new.cascades
        and old.status.waiting == new.status.waiting
    )


def _priced(symbol: str, tickers: Sequence[TickerRow]) -> str:
    """The symbol under which the coin of a liquidation is priced here, or its own."""
    base = symbol.partition("/")[0]
    return next((row.symbol for row in tickers if row.symbol == symbol or row.base == base), symbol)
