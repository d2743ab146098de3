"""Pane 1: what falls."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from textual import events
from textual.strip import Strip

from crashdesk.desk.line import Line, Piece, width_of
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.look import Look
from crashdesk.desk.messages import AskCommand, AskLine, ChooseSymbol, Remember, Tell
from crashdesk.desk.prices import compact_price
from crashdesk.desk.tickers.chooser import HINT, SHORT_HINT, ColumnChooser
from crashdesk.desk.tickers.columns import Placed, fitting, gaps
from crashdesk.desk.tickers.flash import Flash
from crashdesk.desk.tickers.head import count_words, head_line, order_words
from crashdesk.desk.tickers.listing import Listing
from crashdesk.desk.tickers.row import MARK, nothing, row_line
from crashdesk.desk.tickers.start import TickerStart
from crashdesk.session.views import DeskView, TickerRow

WORDY = 96
"""Columns from which the note in the frame is a whole sentence."""

Drawn = tuple[TickerRow, tuple[object, ...], Strip]


class TickersPane(LinePane):
    """One row for every symbol of a group: sorted when asked, filtered, chosen with Enter."""

    number = 1
    name_shown = "Tickers"

    def __init__(self, look: Look, start: TickerStart | None = None) -> None:
        super().__init__(look, id="tickers")
        start = start or TickerStart()
        self.listing = Listing(start)
        self.order = self.listing.order
        self.columns = start.columns
        self.sorting_next = False
        self._chooser: ColumnChooser | None = None
        self._view: DeskView | None = None
        self._flash = Flash()
        self._flashing = False
        self._drawn: dict[str, Drawn] = {}
        self._widths = (0, 0)

    def show(self, view: DeskView) -> None:
        """Take the rows and the desk's symbol."""
        old, self._view = self._view, view
        if old is not None and old.tickers is view.tickers and old.symbol == view.symbol:
            if old.status.waiting != view.status.waiting or self._ages or any(row.stale for row in self.listing.rows):
                self.redraw()
            return
        if old is None or old.tickers is not view.tickers:
            if self._flash.update(view.tickers, view.now_ms, monotonic()) and self.shown:
                self._wait_for_flash()
            self._arrange(view)
        self.redraw()

    def restyle(self, look: Look) -> None:
        """All rows anew."""
        self._drawn.clear()
        super().restyle(look)

    def pane_key(self, action_id: str) -> bool:
        """Move, sort, filter, choose."""
        if self._chooser is not None:
            return False
        if self.listing.move(action_id, self.body_size[1] - 1):
            self.redraw()
            return True
        return self._own_key(action_id)

    def raw_key(self, event: events.Key) -> bool:
        """The letter after the sort key; every key while columns are chosen."""
        if self._chooser is not None:
            return self._choose_columns(self._chooser, event)
        if not self.sorting_next:
            return False
        self.sorting_next = False
        if event.character and self.order.sort_by(event.character, self.columns):
            self._from_top()
        else:
            self.redraw()
        return True

    def click_cell(self, _x: int, y: int, *, double: bool) -> None:
        """Move the cursor to the row that was clicked; twice is Enter. A column that was clicked is on or off."""
        if self._chooser is not None:
            if y >= 1 and not double:
                self._chooser.click(y - 1)
                self._use_columns(self._chooser.columns)
            return
        if y >= 1 and self.listing.point(y - 1):
            self.redraw()
            if double:
                self.pane_key("choose")

    def caption(self) -> Sequence[Piece]:
        """The group, how many, and the filter."""
        if self._chooser is not None:
            return (("columns ", self.look.palette.accent),)
        return count_words(self.listing, self.look) if self._view is not None and self._view.tickers else ()

    def note(self) -> Sequence[Piece]:
        """How it is sorted."""
        palette, wide = self.look.palette, self.size.width >= WORDY
        if self._chooser is not None:
            return ((f" {HINT if wide else SHORT_HINT} ", palette.accent),)
        if self.sorting_next:
            words = "sort by: press a letter of the head, the same one again keeps it live"
            return ((f" {words if wide else 'press a letter of the head; again: live'} ", palette.accent),)
        words = order_words(self.order, self.look)
        return ((f" {words} ", palette.muted if self.order.holds else palette.warning),) if words else ()

    def foot(self) -> Sequence[Piece]:
        """How many rows are below."""
        below = self.listing.below(self.body_size[1] - 1)
        return ((f" {below} more ", self.look.palette.muted),) if below > 0 and self._chooser is None else ()

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """The head and the rows that are seen, or the columns that are chosen."""
        view, palette = self._view, self.look.palette
        placed = fitting(width - MARK, *self._widths, self.columns)
        spaces = gaps(placed, width - MARK)
        if self._chooser is not None:
            names = {column.id for column, _ in placed}
            listed = self._chooser.lines(width, height - 1, self.look, names)
            return [self._head(placed, spaces, width), *listed]
        listing = self.listing
        if view is None or not listing.rows:
            return [nothing(view, listing.order.query, listing.group, width, self.look)]
        drawn = [self._head(placed, spaces, width)]
        for row in listing.seen(height - 1):
            over = None
            if row.symbol == listing.cursor:
                over = palette.cursor if self.has_focus else palette.cursor_away
            flash, chosen = self._flash.of(row.symbol), row.symbol == view.symbol
            key = (placed, width, chosen, over, flash, self._age(row))
            known = self._drawn.get(row.symbol)
            if known is None or known[0] is not row or known[1] != key:
                line = row_line(
                    Line(width), row, (placed, spaces), self.look, chosen=chosen, flash=flash, now_ms=view.now_ms
                )
                known = (row, key, line.strip(palette.blank, over))
                self._drawn[row.symbol] = known
            drawn.append(known[2])
        return drawn

    def find(self, query: str) -> None:
        """Show only what is like `query`; empty shows all."""
        self.order.query = query.strip()
        self._refill()

    def show_group(self, name: str) -> None:
        """Show a group, the next time too; another name changes nothing."""
        if self.listing.groups.choose(name):
            self._show_group()

    def drop(self, symbol: str) -> None:
        """Show a symbol no more."""
        if self._view is not None:
            self.listing.removed.remove(symbol, self._view.now_ms)
            self._refill()

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
                asked = AskLine("filter", self.find, text=before, changed=self.find, left=lambda: self.find(before))
                self.post_message(asked)
            case "clear" if self.order.query or self.sorting_next:
                self.sorting_next = False
                self.find("")
            case "choose" if self.listing.rows:
                self.post_message(ChooseSymbol(self.listing.chosen))
            case "group_next" | "group_previous":
                rows = self._view.tickers if self._view else ()
                self.listing.groups.step(1 if action_id == "group_next" else -1, rows)
                self._show_group()
            case "columns":
                self._chooser = ColumnChooser(self.columns)
                self.redraw()
            case "symbol_remove" if self.listing.rows:
                self.post_message(AskCommand(f"RM {self.listing.chosen}"))
            case _:
                return False
        return True

    def _show_group(self) -> None:
        self.post_message(Remember("group", self.listing.groups.shown.name))
        self._from_top()

    def _choose_columns(self, chooser: ColumnChooser, event: events.Key) -> bool:
        if event.key.startswith("ctrl+"):
            return False
        if event.key in {"enter", "escape"}:
            self._chooser = None
            columns = chooser.columns if event.key == "enter" else chooser.before
            if event.key == "enter" and columns != chooser.before:
                self.post_message(Remember("columns", " ".join(columns)))
            self._use_columns(columns)
        elif chooser.key(event.key):
            self._use_columns(chooser.columns)
        return True

    def _use_columns(self, columns: tuple[str, ...]) -> None:
        if columns != self.columns:
            self.columns = columns
            self.order.keep_columns(columns)
            self.post_message(Tell(lambda link: link.select_columns(columns)))
        self.redraw()

    def _refill(self) -> None:
        if self._view is not None:
            self._arrange(self._view)
        self.redraw()

    def _from_top(self) -> None:
        """A new order is read from its beginning."""
        self.listing.cursor = ""
        self._refill()

    def _arrange(self, view: DeskView) -> None:
        self.listing.arrange(view)
        names = max((width_of(row.base) for row in view.tickers), default=0)
        lasts = max((len(compact_price(row.last, row.price_decimals)) for row in view.tickers), default=0)
        self._widths = (min(names, 9), max(lasts, self._widths[1]) if lasts <= 14 else lasts)

    @property
    def _ages(self) -> bool:
        """Whether the time that goes by is seen."""
        return "age" in self.columns

    def _age(self, row: TickerRow) -> int:
        """What is seen of a row's age, in tenths of a second."""
        return (self._view.now_ms - row.recv_ms) // 100 if self._view and (self._ages or row.stale) else 0

    def _wait_for_flash(self) -> None:
        """One timer for whatever flashes next."""
        end_s = self._flash.next_end_s
        if end_s is not None and not self._flashing:
            self._flashing = True
            self.set_timer(max(0.01, end_s - monotonic()), self._unflash)

    def _unflash(self, at_s: float | None = None) -> None:
        self._flashing = False
        if self._flash.expire(monotonic() if at_s is None else at_s):
            self.redraw()
        self._wait_for_flash()

    def _head(self, placed: Sequence[Placed], spaces: Sequence[int], width: int) -> Strip:
        line = Line(width)
        line.space(MARK, self.look.palette.blank)
        letters = self.sorting_next or self.has_focus
        return head_line(line, placed, spaces, self.order, self.look, letters=letters)
