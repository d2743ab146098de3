"""The tickers as a list: which rows a picture has, what the frame says of them, digits that flash."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from textual.strip import Strip

from crashdesk.desk.line import Piece, width_of
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.look import Look
from crashdesk.desk.messages import Remember
from crashdesk.desk.prices import compact_price
from crashdesk.desk.tickers.chooser import HINT, SHORT_HINT, ColumnChooser
from crashdesk.desk.tickers.flash import Flash
from crashdesk.desk.tickers.head import count_words, order_words
from crashdesk.desk.tickers.listing import Listing
from crashdesk.desk.tickers.start import TickerStart
from crashdesk.session.views import DeskView, TickerRow

WORDY, ROOMY = 96, 67
"""Columns from which the note in the frame is a whole sentence, from which it is more than its beginning."""

Drawn = tuple[TickerRow, tuple[object, ...], Strip]


class ListedPane(LinePane):
    """Takes pictures; what is drawn of them and what keys do is the subclass's."""

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
        self._head_drawn: tuple[tuple[object, ...], Strip] | None = None
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
        self._head_drawn = None
        super().restyle(look)

    def caption(self) -> Sequence[Piece]:
        """The group, how many, and the filter; while columns or an order are chosen only that, for room to say how."""
        if self._chooser is not None:
            return (("columns ", self.look.palette.accent),)
        if self.sorting_next:
            return (("sort ", self.look.palette.accent),)
        return count_words(self.listing, self.look) if self._view is not None and self._view.tickers else ()

    def note(self) -> Sequence[Piece]:
        """How it is sorted."""
        palette, wide = self.look.palette, self.size.width >= WORDY
        if self._chooser is not None:
            return ((f" {HINT if wide else SHORT_HINT} ", palette.accent),)
        if self.sorting_next:
            few = "press a letter of the head" + ("; again: live" if self.size.width >= ROOMY else "")
            words = "press a letter of the head, the same one again keeps it live" if wide else few
            return ((f" {words} ", palette.accent),)
        words = order_words(self.order, self.look)
        return ((f" {words} ", palette.muted if self.order.holds else palette.warning),) if words else ()

    def foot(self) -> Sequence[Piece]:
        """How many rows are below."""
        below = self.listing.below(self.body_size[1] - 1)
        return ((f" {below} more ", self.look.palette.muted),) if below > 0 and self._chooser is None else ()

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

    def _show_group(self) -> None:
        self.post_message(Remember("group", self.listing.groups.shown.name))
        self._from_top()

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
