"""The table of rolling windows, the bars per minute, and what the sums rest on."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from crashdesk.brief.coverage import place_shown, seen_by_window, window_name
from crashdesk.desk import figures
from crashdesk.desk.bars import sparkline
from crashdesk.desk.line import Line, width_of
from crashdesk.desk.liquidations.seen import is_seen, seen_ms, seen_words
from crashdesk.desk.look import Look
from crashdesk.model.kinds import HealthState
from crashdesk.model.largest import LargestLiquidation
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.model.words import coin_of, pair_name
from crashdesk.session.liquidation_views import LiquidationsView, WindowTotals
from crashdesk.session.views import DeskView

NAME, TOTAL, SIDE, ORDERS = 6, 9, 9, 10
_NOT_LOST = (HealthState.OK, HealthState.STARTING, HealthState.STOPPED)
SMALL = 9
"""Rows of the pane under which all windows and the bars per minute give way to the tape."""


def coverage_forms(view: LiquidationsView) -> tuple[str, ...]:
    """What the sums rest on, longest first: `observed, a floor: 3 of 5 venues, 1 lost, without gate, hyperliquid`.

    A feed that was seen in the window and has no connection now is lost.
    """
    if not view.coverage or not view.windows:
        return ()
    behind = seen_by_window(view)[place_shown(view)]
    lost = sum(row.venue in behind.venues and row.state not in _NOT_LOST for row in view.coverage)
    count, gone = f"{len(behind.venues)} of {len(view.coverage)}", f", {lost} lost" if lost else ""
    seen = f"{count} venues{gone}"
    whole = f"observed, a floor: {seen}"
    forms = (whole, f"a floor: {seen}", f"floor: {seen}", seen, f"{count}{gone}")
    return (f"{whole}, without {', '.join(behind.missing)}", *forms) if behind.missing else forms


def coverage_note(view: DeskView, room: int) -> str:
    """What the sums rest on and for how long, in as many words as fit into `room` cells; empty when none do."""
    totals = view.liquidations
    seen = seen_words(totals, seen_ms(view)) if is_seen(totals) else ""
    said = (", ".join(part for part in (form, seen) if part) for form in coverage_forms(totals))
    return next((words for words in said if width_of(words) <= room), "")


class WindowTable:
    """The rolling windows and the bars per minute, drawn again only when they changed; `names` are those drawn."""

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()
        self._drawn: tuple[LiquidationsView, tuple[int, ...], list[Strip]] | None = None

    def forget_drawn(self) -> None:
        """Draw them anew (other colours)."""
        self._drawn = None

    def lines(self, view: DeskView, width: int, height: int, look: Look) -> list[Strip]:
        """Head, windows and bars; two windows and no bars in a pane of little `height`."""
        totals, seen = view.liquidations, seen_ms(view)
        young = sum(seen < window.width_ms for window in totals.windows)
        key = (width, height, young, view.now_ms // MINUTE_MS)
        if self._drawn is None or self._drawn[0] is not totals or self._drawn[1] != key:
            windows = totals.windows if height >= SMALL else _few(totals)
            lines = [_head(width, look), *(_line(window, totals, seen, width, look) for window in windows)]
            self.names = tuple(window.name for window in windows)
            if height >= SMALL:
                lines.append(minutes_line(totals, view.now_ms, width, look))
            self._drawn = (totals, key, lines)
        return self._drawn[2]


def _few(view: LiquidationsView) -> tuple[WindowTotals, ...]:
    """The shortest window and the one shown, where there is room for two only."""
    others = [window for window in view.windows[1:] if window.name == view.shown]
    return (*view.windows[:1], *(others or view.windows[3:4]))


def minutes_line(view: LiquidationsView, now_ms: int, width: int, look: Look) -> Strip:
    """Liquidated USD per minute over the last minutes that fit, oldest first; a minute without any is empty."""
    palette, line = look.palette, Line(width)
    room, last = max(0, width - 21), now_ms // MINUTE_MS
    known = {minute: long + short for minute, long, short in view.minutes[-room:]} if room else {}
    first = max(last - room + 1, view.minutes[0][0]) if view.minutes else last + 1
    dense = [known.get(minute, 0) for minute in range(first, last + 1)]
    line.put("  per minute ", palette.muted)
    line.put(sparkline(dense, room, look.glyphs, floor=0), palette.long)
    line.put(f" {len(dense)} min", palette.muted)
    return line.strip(palette.blank)


def largest_words(largest: LargestLiquidation) -> str:
    """`$33.96M BTC-USDT htx`."""
    return f"{figures.usd_short(largest.usd_micro)} {pair_name(largest.symbol)} {largest.venue}"


def _head(width: int, look: Look) -> Strip:
    palette, line = look.palette, Line(width)
    line.space(NAME + 1, palette.blank)
    line.right("total", TOTAL, palette.muted)
    line.right("long", SIDE + 1, palette.muted)
    line.space(5, palette.blank)
    if line.room >= SIDE + 1:
        line.right("short", SIDE + 1, palette.muted)
    if line.room >= ORDERS:
        line.right("orders", ORDERS, palette.muted)
    line.put("  largest", palette.muted)
    return line.strip(palette.blank)


def _line(window: WindowTotals, view: LiquidationsView, seen: int, width: int, look: Look) -> Strip:
    palette, line, totals = look.palette, Line(width), window.totals
    line.put(look.glyphs.cursor if window.name == view.shown else " ", palette.accent)
    line.right(window_name(window, seen), NAME, palette.accent)
    if not is_seen(view):
        # nothing is known, which is not nothing
        line.right(look.glyphs.dot, TOTAL, palette.muted)
        line.put("   no feed has been connected", palette.muted)
        return line.strip(palette.blank)
    line.right(figures.usd_short(totals.total), TOTAL, palette.strong)
    line.right(figures.usd_short(totals.long), SIDE + 1, palette.long)
    line.right(figures.share(totals.long, totals.total), 5, palette.long)
    if line.room >= SIDE + 1:
        line.right(figures.usd_short(totals.short), SIDE + 1, palette.short)
    if line.room >= ORDERS:
        line.right(f"{totals.orders:,}", ORDERS, palette.text)
    if window.largest is not None:
        _first_that_fits(line, _largest_forms(window.largest), look)
    return line.strip(palette.blank)


def _largest_forms(largest: LargestLiquidation) -> Sequence[str]:
    usd, coin = figures.usd_short(largest.usd_micro), coin_of(largest.symbol)
    return (largest_words(largest), f"{usd} {coin} {largest.venue}", f"{usd} {coin}")


def _first_that_fits(line: Line, forms: Sequence[str], look: Look) -> None:
    for form in forms:
        if line.put(f"  {form}", look.palette.text):
            return
