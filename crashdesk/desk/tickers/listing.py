"""Which rows of the tickers are listed, in which order, and where the cursor is."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.config.ticker_settings import ALL_GROUP
from crashdesk.desk.scroll import Scroll
from crashdesk.desk.tickers.groups import Groups
from crashdesk.desk.tickers.order import TickerOrder
from crashdesk.desk.tickers.removed import Removed
from crashdesk.desk.tickers.start import TickerStart
from crashdesk.session.views import DeskView, TickerRow


class Listing:
    """The rows of a group that match the filter, in order; the cursor stays on its symbol."""

    def __init__(self, start: TickerStart) -> None:
        self.order = TickerOrder()
        self.groups = Groups(start)
        self.removed = Removed()
        self.rows: list[TickerRow] = []
        self.count = 0
        """Rows of all groups."""
        self.cursor = ""
        self.scroll = Scroll()

    @property
    def group(self) -> str:
        """The name of the group that is shown; empty for all."""
        name = self.groups.shown.name
        return "" if name == ALL_GROUP else name

    def arrange(self, view: DeskView) -> None:
        """Take the rows of a picture."""
        kept = self.removed.kept(view.tickers)
        self.count = len(kept)
        self.rows = self.order.rows(kept, view.now_ms, self.groups.members(kept))
        if self.rows and not any(row.symbol == self.cursor for row in self.rows):
            self.cursor = self.rows[0].symbol

    @property
    def at(self) -> int:
        """The place of the cursor."""
        return next((place for place, row in enumerate(self.rows) if row.symbol == self.cursor), 0)

    @property
    def chosen(self) -> str:
        """The symbol under the cursor; only while there are rows."""
        return self.rows[self.at].symbol

    def move(self, action_id: str, page: int) -> bool:
        """Move the cursor as an action of the keymap says; False when it is no move."""
        before, self.scroll.at = self.scroll.at, self.at
        if not self.scroll.act(action_id, len(self.rows), page):
            self.scroll.at = before
            return False
        if self.rows:
            self.cursor = self.rows[self.scroll.at].symbol
        return True

    def point(self, y: int) -> bool:
        """Put the cursor on the row in that line; False when there is none."""
        place = self.scroll.top + y
        if not 0 <= place < len(self.rows):
            return False
        self.cursor = self.rows[place].symbol
        return True

    def seen(self, page: int) -> Sequence[TickerRow]:
        """The rows that `page` lines show."""
        self.scroll.at = self.at
        return [self.rows[place] for place in self.scroll.fit(len(self.rows), page)]

    def below(self, page: int) -> int:
        """How many rows are below those."""
        return len(self.rows) - self.scroll.top - max(0, page)
