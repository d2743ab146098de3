"""The tabs beside the tape: venues, coins, sizes, the largest rows; each a list with a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from textual.strip import Strip

from crashdesk.brief.coverage import VenueRow, part_of, place_shown, venue_rows
from crashdesk.desk.empty import said, said_line
from crashdesk.desk.line import Line
from crashdesk.desk.liquidations.rows import row_line
from crashdesk.desk.liquidations.seen import seen_ms
from crashdesk.desk.liquidations.sums import size_names, sums_head, sums_line
from crashdesk.desk.liquidations.venues import detail_words, venue_head, venue_line
from crashdesk.desk.look import Look
from crashdesk.desk.scroll import Scroll
from crashdesk.model.largest import LargestLiquidation
from crashdesk.session.liquidation_views import LiquidationsView, NamedTotals, SizeTotals
from crashdesk.session.views import DeskView

DETAIL_FROM, DETAIL_ROWS, MOST_DETAIL = 7, 2, 5
"""Rows from which the chosen venue is told of in words under the list, how many lines of them, and at most."""

Item = VenueRow | NamedTotals | SizeTotals | LargestLiquidation


class Tab(StrEnum):
    """What stands under the totals."""

    TAPE = "tape"
    VENUES = "venues"
    COINS = "coins"
    SIZES = "sizes"
    LARGEST = "largest"


class Tables:
    """The lists of the tabs; each keeps its own cursor."""

    def __init__(self) -> None:
        self._scrolls = {tab: Scroll() for tab in Tab}
        self._seen: range = range(0)
        self._page = 1

    def items(self, tab: Tab, view: LiquidationsView) -> Sequence[Item]:
        """What a tab lists."""
        match tab:
            case Tab.VENUES:
                return venue_rows(view)
            case Tab.COINS:
                return view.by_coin
            case Tab.SIZES:
                return view.by_size
        return view.largest if tab is Tab.LARGEST else ()

    def chosen(self, tab: Tab, view: LiquidationsView) -> Item | None:
        """The item under the cursor."""
        items = self.items(tab, view)
        return items[min(self._scrolls[tab].at, len(items) - 1)] if items else None

    def act(self, action_id: str, tab: Tab, view: LiquidationsView) -> bool:
        """Move the cursor; False when it is no move."""
        return self._scrolls[tab].act(action_id, len(self.items(tab, view)), self._page)

    def point(self, y: int, tab: Tab) -> bool:
        """Put the cursor on the line `y` under the head; False when there is no item."""
        if not 0 <= y < len(self._seen):
            return False
        self._scrolls[tab].at = self._seen[y]
        return True

    def lines(
        self, tab: Tab, desk: DeskView, now_ms: int, size: tuple[int, int], look: Look, *, focus: bool
    ) -> list[Strip]:
        """The head and the items that fit into `size` (columns, rows)."""
        view, (width, height) = desk.liquidations, size
        items = self.items(tab, view)
        spare = min(MOST_DETAIL, max(DETAIL_ROWS, height - len(items) - 2))
        details = spare if tab is Tab.VENUES and height >= DETAIL_FROM else 0
        self._page = max(1, height - 1 - details)
        self._seen = self._scrolls[tab].fit(len(items), self._page)
        at = self._scrolls[tab].at
        over = look.palette.cursor if focus else look.palette.cursor_away
        if not items:
            return said(f"no liquidation in {view.shown}", width, height, look)
        drawn = [self._head(tab, view, width, look)]
        for place, line in zip(self._seen, self._rows(tab, view, items, now_ms, width, look), strict=True):
            drawn.append(line.strip(look.palette.blank, over if place == at else None))
        chosen = items[at]
        if details and isinstance(chosen, VenueRow):
            words = said(", ".join(detail_words(chosen, _whole(desk), now_ms, look)), width, details, look)
            drawn += [said_line("", width, look)] * (height - len(words) - len(drawn))
            drawn += words
        return drawn

    def _head(self, tab: Tab, view: LiquidationsView, width: int, look: Look) -> Strip:
        match tab:
            case Tab.VENUES:
                return venue_head(view.shown, width, look)
            case Tab.LARGEST:
                return said_line(f"the {len(view.largest)} largest of {view.shown}", width, look)
        return sums_head("coin" if tab is Tab.COINS else "size", view.shown, width, look)

    def _rows(
        self, tab: Tab, view: LiquidationsView, items: Sequence[Item], now_ms: int, width: int, look: Look
    ) -> list[Line]:
        most = max((item.totals.total for item in items if not isinstance(item, LargestLiquidation)), default=1)
        names = size_names(view.by_size, look.glyphs.dash) if tab is Tab.SIZES else ()
        drawn = []
        for place in self._seen:
            match items[place]:
                case VenueRow() as row:
                    drawn.append(venue_line(row, most, now_ms, width, look))
                case NamedTotals(name=name, totals=totals):
                    drawn.append(sums_line(name, totals, most, width, look))
                case SizeTotals(totals=totals):
                    drawn.append(sums_line(names[place], totals, most, width, look))
                case LargestLiquidation() as largest:
                    drawn.append(row_line(largest, width, look))
        return drawn


def _whole(desk: DeskView) -> str:
    """What the connected share of the window shown is a part of."""
    view = desk.liquidations
    window = view.windows[place_shown(view)]
    return part_of(window.name, window.width_ms, seen_ms(desk))
