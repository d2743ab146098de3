"""Pane 1: what falls."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.strip import Strip

from crashdesk.desk.line import Line, Piece, width_of
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.look import Look
from crashdesk.desk.messages import AskLine, ChooseSymbol
from crashdesk.desk.prices import compact_price
from crashdesk.desk.scroll import Scroll
from crashdesk.desk.tickers.columns import Placed, fitting, gaps
from crashdesk.desk.tickers.flash import Flash
from crashdesk.desk.tickers.head import head_line, order_words
from crashdesk.desk.tickers.order import TickerOrder
from crashdesk.session.views import DeskView, TickerRow

MARK = 2
"""Cells before the first column: the mark of the desk's symbol and a blank."""
FLASH_SECONDS = 0.45
WORDY = 96
"""Columns from which the note in the frame is a whole sentence."""

Drawn = tuple[TickerRow, tuple[object, ...], Strip]


class TickersPane(LinePane):
    """One row for every symbol: sorted when asked, filtered, chosen with Enter."""

    number = 1
    name_shown = "Tickers"

    def __init__(self, look: Look) -> None:
        super().__init__(look, id="tickers")
        self.order = TickerOrder()
        self.sorting_next = False
        self._view: DeskView | None = None
        self._rows: list[TickerRow] = []
        self._cursor = ""
        self._scroll = Scroll()
        self._flash = Flash()
        self._drawn: dict[str, Drawn] = {}
        self._widths = (0, 0)

    def show(self, view: DeskView) -> None:
        """Take the rows and the desk's symbol."""
        old, self._view = self._view, view
        if old is not None and old.tickers is view.tickers and old.symbol == view.symbol:
            if old.status.waiting != view.status.waiting or any(row.stale for row in self._rows):
                self.redraw()
            return
        if old is None or old.tickers is not view.tickers:
            if self._flash.update(view.tickers) and self.shown:
                self.set_timer(FLASH_SECONDS, self._unflash)
            self._arrange(view)
        self.redraw()

    def restyle(self, look: Look) -> None:
        """All rows anew."""
        self._drawn.clear()
        super().restyle(look)

    def pane_key(self, action_id: str) -> bool:
        """Move, sort, filter, choose."""
        before = self._scroll.at
        self._scroll.at = self._index()
        if self._scroll.act(action_id, len(self._rows), self.body_size[1] - 1):
            if self._rows:
                self._cursor = self._rows[self._scroll.at].symbol
            self.redraw()
            return True
        self._scroll.at = before
        return self._own_key(action_id)

    def raw_key(self, event: events.Key) -> bool:
        """The letter after the sort key."""
        if not self.sorting_next:
            return False
        self.sorting_next = False
        if event.character and self.order.sort_by(event.character):
            self._from_top()
        else:
            self.redraw()
        return True

    def click_cell(self, _x: int, y: int, *, double: bool) -> None:
        """Move the cursor to the row that was clicked; twice is Enter."""
        place = self._scroll.top + y - 1
        if y >= 1 and place < len(self._rows):
            self._cursor = self._rows[place].symbol
            self.redraw()
            if double:
                self.pane_key("choose")

    def caption(self) -> Sequence[Piece]:
        """How many, and the filter."""
        view, palette = self._view, self.look.palette
        if view is None or not view.tickers:
            return ()
        count = f"{len(view.tickers)} symbols "
        if self.order.query:
            return ((f"/{self.order.query} ", palette.accent), (f"{len(self._rows)} of {count}", palette.muted))
        return ((count, palette.muted),)

    def note(self) -> Sequence[Piece]:
        """How it is sorted."""
        palette = self.look.palette
        if self.sorting_next:
            words = "sort by: press a letter of the head, the same one again keeps it live"
            if self.size.width < WORDY:
                words = "press a letter of the head; again: live"
            return ((f" {words} ", palette.accent),)
        words = order_words(self.order, self.look)
        return ((f" {words} ", palette.muted if self.order.holds else palette.warning),) if words else ()

    def foot(self) -> Sequence[Piece]:
        """How many rows are below."""
        below = len(self._rows) - self._scroll.top - max(0, self.body_size[1] - 1)
        return ((f" {below} more ", self.look.palette.muted),) if below > 0 else ()

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """The head and the rows that are seen."""
        view, palette = self._view, self.look.palette
        if view is None or not self._rows:
            return [_nothing(view, self.order.query, width, self.look)]
        placed = fitting(width - MARK, *self._widths)
        spaces = gaps(placed, width - MARK)
        self._scroll.at = self._index()
        seen = self._scroll.fit(len(self._rows), height - 1)
        drawn = [self._head(placed, spaces, width)]
        for place in seen:
            row = self._rows[place]
            over = None
            if row.symbol == self._cursor:
                over = palette.cursor if self.has_focus else palette.cursor_away
            key = (placed, width, row.symbol == view.symbol, over, self._flash.of(row.symbol), self._age(row))
            known = self._drawn.get(row.symbol)
            if known is None or known[0] is not row or known[1] != key:
                known = (row, key, self._row(row, placed, spaces, width).strip(palette.blank, over))
                self._drawn[row.symbol] = known
            drawn.append(known[2])
        return drawn

    def _own_key(self, action_id: str) -> bool:
        match action_id:
            case "sort":
                self.sorting_next = True
                self.redraw()
            case "sort_reverse":
                self.order.reverse()
                self._from_top()
            case "filter":
                before = self.order.query
                self.post_message(
                    AskLine("filter", self.find, text=before, changed=self.find, left=lambda: self.find(before))
                )
            case "clear" if self.order.query or self.sorting_next:
                self.sorting_next = False
                self.find("")
            case "choose" if self._rows:
                self.post_message(ChooseSymbol(self._rows[self._index()].symbol))
            case _:
                return False
        return True

    def find(self, query: str) -> None:
        """Show only what is like `query`; empty shows all."""
        self.order.query = query.strip()
        self._refill()

    def _refill(self) -> None:
        if self._view is not None:
            self._arrange(self._view)
        self.redraw()

    def _from_top(self) -> None:
        """A new order is read from its beginning."""
        self._cursor = ""
        self._refill()

    def _arrange(self, view: DeskView) -> None:
        self._rows = self.order.rows(view.tickers, view.now_ms)
        if self._rows and not any(row.symbol == self._cursor for row in self._rows):
            self._cursor = self._rows[0].symbol
        names = max((width_of(row.base) for row in view.tickers), default=0)
        lasts = max((len(compact_price(row.last, row.price_decimals)) for row in view.tickers), default=0)
        self._widths = (min(names, 9), max(lasts, self._widths[1]) if lasts <= 14 else lasts)

    def _index(self) -> int:
        return next((place for place, row in enumerate(self._rows) if row.symbol == self._cursor), 0)

    def _age(self, row: TickerRow) -> int:
        return (self._view.now_ms - row.recv_ms) // 1_000 if row.stale and self._view else 0

    def _unflash(self) -> None:
        if self._flash.clear():
            self.redraw()

    def _head(self, placed: Sequence[Placed], spaces: Sequence[int], width: int) -> Strip:
        line = Line(width)
        line.space(MARK, self.look.palette.blank)
        letters = self.sorting_next or self.has_focus
        return head_line(line, placed, spaces, self.order, self.look, letters=letters)

    def _row(self, row: TickerRow, placed: Sequence[Placed], spaces: Sequence[int], width: int) -> Line:
        view, palette = self._view, self.look.palette
        now_ms = view.now_ms if view else row.recv_ms
        look = self.look
        line = Line(width)
        chosen = view is not None and row.symbol == view.symbol
        line.put(f"{look.glyphs.cursor} " if chosen else "  ", palette.accent)
        for (column, size), gap in zip(placed, spaces, strict=True):
            line.space(gap, palette.blank)
            flash = self._flash.of(row.symbol) if column.id == "last" else None
            if flash is None:
                column.draw(line, row, size, look, now_ms)
            else:
                line.space(size - len(flash.text), palette.blank)
                line.put(flash.text[: flash.start], palette.text)
                line.put(flash.text[flash.start :], palette.flash_gain if flash.rising else palette.flash_loss)
        if row.stale:
            return _dimmed(line, look)
        return line


def _nothing(view: DeskView | None, query: str, width: int, look: Look) -> Strip:
    """Why there is no row."""
    words = f"no symbol matches {query!r}" if query else ""
    words = words or (view.status.waiting if view else "") or "waiting for the first prices"
    line = Line(width)
    line.left(f" {words}", width, look.palette.muted, look.glyphs.ellipsis)
    return line.strip(look.palette.blank)


def _dimmed(line: Line, look: Look) -> Line:
    """The same line in the muted colour, but for what warns of its age."""
    palette = look.palette
    dim = Line(line.width)
    for text, style in line.written():
        dim.put(text, style if style is palette.warning else palette.muted)
    return dim
