"""Pane 3: who is being forced out."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from crashdesk.desk.empty import no_liquidations, said, silent_venue
from crashdesk.desk.line import Piece
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.liquidations.controls import Chosen, changed_filter, chosen_of, priced_symbol
from crashdesk.desk.liquidations.filters import EXAMPLE, filter_words, known_of, read_filter
from crashdesk.desk.liquidations.head import TabSpan, tabs_line
from crashdesk.desk.liquidations.tables import Tab, Tables
from crashdesk.desk.liquidations.tape import Tape
from crashdesk.desk.liquidations.totals import WindowTable, coverage_note
from crashdesk.desk.look import Look
from crashdesk.desk.messages import AskLine, ChooseSymbol, Say, Tell
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.session.liquidation_views import FeedFilter, FeedView, LiquidationsView
from crashdesk.session.views import DeskView

FRAME_CELLS = 24
"""Columns of the top line that the pane's name, corners, rules and blanks take."""


class LiquidationsPane(LinePane):
    """Totals by window, USD per minute, and the tape or another tab under them."""

    number = 3
    name_shown = "Liquidations"

    def __init__(self, look: Look) -> None:
        super().__init__(look, id="liquidations")
        self.tape = Tape()
        self.tables = Tables()
        self.tab = Tab.TAPE
        self._view: DeskView | None = None
        self._feed: FeedView | None = None
        self._now_ms = 0
        self._window = ""
        self._windows = WindowTable()
        self._under = 0
        self._tabs_at: list[TabSpan] = []

    def show(self, view: DeskView) -> None:
        """Take totals, tape and cascades."""
        old, self._view = self._view, view
        self._now_ms = view.now_ms
        if old is None or old.liquidations.shown != view.liquidations.shown:
            self._window = view.liquidations.shown
        if self._feed is not view.feed:
            self._feed = view.feed
            self.tape.take(view.feed)
        elif old is not None and self._same(old, view):
            return
        self.redraw()

    def tick(self, now_ms: int) -> None:
        """The age of what a venue last said."""
        self._now_ms = max(self._now_ms, now_ms)
        if self.tab is Tab.VENUES:
            self.redraw()

    def restyle(self, look: Look) -> None:
        """All rows anew."""
        self.tape.forget_drawn()
        self._windows.forget_drawn()
        super().restyle(look)

    def pane_key(self, action_id: str) -> bool:
        """Move in the list, filter it, change tab and window, choose a row's coin or venue."""
        view = self._view
        if view is not None and self._moved(action_id, view.liquidations):
            self.redraw()
            return True
        changed = changed_filter(self.tape.wanted, action_id, self._chosen())
        if changed is not None:
            self.filter(changed)
            return True
        match action_id:
            case "feed_tabs":
                self.tab = list(Tab)[(list(Tab).index(self.tab) + 1) % len(Tab)]
            case "feed_window" if view is not None:
                names = [window.name for window in view.liquidations.windows]
                place = names.index(self._window) if self._window in names else -1
                self._turn_window(names[(place + 1) % len(names)] if names else "")
            case "filter":
                self._ask_filter()
            case "clear" if self.tape.wanted != FeedFilter() or not self.tape.following:
                self.tape.follow()
                self.filter(FeedFilter())
            case "choose":
                self._choose(self._chosen())
            case _:
                return False
        self.redraw()
        return True

    def filter(self, wanted: FeedFilter) -> None:
        """Show only what passes: of the rows at hand now, of the last 24 h when the session has looked."""
        self.tab = Tab.TAPE
        self._preview(wanted)
        self.post_message(Tell(lambda link: link.select_feed(wanted)))

    def click_cell(self, x: int, y: int, *, double: bool) -> None:
        """Choose a window, a tab or a row; twice is Enter."""
        if 0 < y <= len(self._windows.names):
            self._turn_window(self._windows.names[y - 1])
        elif y == self._under - 1:
            self.tab = next((span.tab for span in self._tabs_at if span.start <= x < span.end), self.tab)
        elif y >= self._under:
            row = y - self._under
            hit = self.tape.point(row, self._page) if self.tab is Tab.TAPE else self.tables.point(row - 1, self.tab)
            if hit and double:
                self.pane_key("choose")
        self.redraw()

    def note(self) -> Sequence[Piece]:
        """What the sums rest on, as many words as there is room for."""
        view = self._view
        words = coverage_note(view, self.size.width - FRAME_CELLS) if view is not None else ""
        return ((f" {words} ", self.look.palette.muted),) if words else ()

    def foot(self) -> Sequence[Piece]:
        """Rows that came since the reader moved down."""
        tape = self.tape
        if self.tab is not Tab.TAPE or not tape.newer:
            return ()
        more = " or more" if tape.newer_is_floor else ""
        words = f" {self.look.glyphs.newer} +{tape.newer:,}{more} new, {self.key('move_first')} shows them "
        return ((words, self.look.palette.warning),)

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """Totals, bars per minute, tabs, and what the tab shows."""
        view, look = self._view, self.look
        if view is None or not view.liquidations.windows:
            return said(no_liquidations(view), width, height, look)
        filtered = filter_words(self.tape.wanted)
        looking = f" {look.glyphs.ellipsis}" if self.tape.pending else ""
        note = (filtered or "all") + looking if self.tab is Tab.TAPE else view.liquidations.shown
        tabs, self._tabs_at = tabs_line(self.tab, note, width, look, loud=bool(filtered) or self.tab is not Tab.TAPE)
        drawn = [*self._windows.lines(view, width, height, look), tabs]
        self._under = len(drawn)
        size = (width, height - len(drawn))
        if self.tab is Tab.TAPE:
            rows = self.tape.lines(*size, view.cascades, look, focus=self.has_focus)
            return drawn + (rows or said(self._why_empty(view), *size, look))
        return drawn + self.tables.lines(self.tab, view, self._now_ms, size, look, focus=self.has_focus)

    @property
    def _page(self) -> int:
        return max(1, self.body_size[1] - self._under)

    def _same(self, old: DeskView, new: DeskView) -> bool:
        return (
            old.liquidations is new.liquidations
            and old.cascades is new.cascades
            and old.status.waiting == new.status.waiting
            and old.now_ms // MINUTE_MS == new.now_ms // MINUTE_MS
            and (self.tab is not Tab.VENUES or old.now_ms // 1_000 == new.now_ms // 1_000)
        )

    def _why_empty(self, view: DeskView) -> str:
        if not view.feed.total:
            return no_liquidations(view)
        wanted = self.tape.wanted
        clears = f"; {self.key('clear')} clears the filter" if wanted != FeedFilter() else ""
        return self.tape.why_empty() + silent_venue(view.liquidations, wanted.venue) + clears

    def _moved(self, action_id: str, totals: LiquidationsView) -> bool:
        if self.tab is Tab.TAPE:
            return self.tape.act(action_id, self._page)
        return self.tables.act(action_id, self.tab, totals)

    def _preview(self, wanted: FeedFilter) -> None:
        self.tape.want(wanted)
        self.redraw()

    def _ask_filter(self) -> None:
        """Type the filter; rows at hand follow what is typed, the rest when it is taken."""
        before, known = self.tape.wanted, known_of(self._view)
        self.tab = Tab.TAPE

        def done(text: str) -> None:
            try:
                self.filter(read_filter(text, known))
            except ValueError as error:
                self._preview(before)
                self.post_message(Say(str(error), severity="warning"))

        self.post_message(
            AskLine(
                f"filter ({EXAMPLE})",
                done,
                text=f"{filter_words(before)} ".lstrip(),
                changed=lambda text: self._preview(read_filter(text, known, typing=True)),
                left=lambda: self._preview(before),
            )
        )

    def _turn_window(self, name: str) -> None:
        self._window = name
        self.post_message(Tell(lambda link: link.select_window(name)))

    def _chosen(self) -> Chosen:
        view = self._view
        if view is None or self.tab is Tab.TAPE:
            return chosen_of(self.tape.chosen)
        return chosen_of(self.tables.chosen(self.tab, view.liquidations))

    def _choose(self, chosen: Chosen) -> None:
        """A coin becomes the desk's, a venue or a size the tape's filter."""
        view = self._view
        if chosen.symbol is not None and view is not None:
            self.post_message(ChooseSymbol(priced_symbol(chosen.symbol, view.tickers)))
        elif chosen.venue is not None:
            self.filter(self.tape.wanted._replace(venue=chosen.venue))
        elif chosen.least_usd is not None:
            self.filter(self.tape.wanted._replace(least_usd=chosen.least_usd))
