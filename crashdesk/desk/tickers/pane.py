"""Pane 1: what falls."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.strip import Strip

from crashdesk.desk.empty import no_tickers, said, without_network
from crashdesk.desk.line import Line
from crashdesk.desk.messages import AskCommand, AskLine, ChooseSymbol, Remember, Tell
from crashdesk.desk.tickers.chooser import ColumnChooser
from crashdesk.desk.tickers.columns import Placed, fitting, gaps
from crashdesk.desk.tickers.head import head_line
from crashdesk.desk.tickers.listed import ListedPane
from crashdesk.desk.tickers.row import MARK, row_line


class TickersPane(ListedPane):
    """One row for every symbol of a group: sorted when asked, filtered, chosen with Enter."""

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

    def click_cell(self, x: int, y: int, *, double: bool) -> None:
        """Move the cursor to the row that was clicked; twice is Enter. A click on the head sorts.

        While columns are chosen, the one that was clicked is on or off.
        """
        if self._chooser is not None:
            if y >= 1 and not double:
                self._chooser.click(y - 1)
                self._use_columns(self._chooser.columns)
            return
        if y == 0:
            self._click_head(x)
        elif self.listing.point(y - 1):
            self.redraw()
            if double:
                self.pane_key("choose")

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """The head and the rows that are seen, or the columns that are chosen."""
        view, palette = self._view, self.look.palette
        placed = fitting(width - MARK, *self._widths, self.columns)
        spaces = gaps(placed, width - MARK)
        self._places = (placed, spaces)
        if self._chooser is not None:
            names = {column.id for column, _ in placed}
            listed = self._chooser.lines(width, height - 1, self.look, names)
            return [self._head(placed, spaces, width), *listed]
        listing = self.listing
        if view is None or not listing.rows:
            words = (no_tickers(view, listing.order.query, listing.group, self.key), without_network(view))
            why = said(words[0], width, height, self.look)
            return [*why, *(said(words[1], width, height - len(why), self.look) if words[1] else ())]
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

    def _click_head(self, x: int) -> None:
        """Sort by the column at `x`; once more, as with its letter, keeps the order live."""
        end = MARK
        for (column, cells), gap in zip(*self._places, strict=True):
            end += gap + cells
            if x < end:
                self.sorting_next = False
                if self.order.sort_by(column.letter, self.columns):
                    self._from_top()
                return

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

    def _head(self, placed: Sequence[Placed], spaces: Sequence[int], width: int) -> Strip:
        letters = self.sorting_next or self.has_focus
        key = (tuple(placed), width, self.order.sorting, self.order.holds, letters)
        if self._head_drawn is None or self._head_drawn[0] != key:
            line = Line(width)
            line.space(MARK, self.look.palette.blank)
            self._head_drawn = (key, head_line(line, placed, spaces, self.order, self.look, letters=letters))
        return self._head_drawn[1]
