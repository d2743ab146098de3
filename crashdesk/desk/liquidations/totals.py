"""The table of rolling windows, the bars per minute, and what the sums rest on."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from crashdesk.desk import figures
from crashdesk.desk.bars import sparkline
from crashdesk.desk.line import Line
from crashdesk.desk.liquidations.filters import coin_of
from crashdesk.desk.liquidations.seen import is_seen, window_name
from crashdesk.desk.liquidations.venues import counts
from crashdesk.desk.look import Look
from crashdesk.model.columns import LargestLiquidation
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.model.words import pair_name
from crashdesk.session.views import LiquidationsView, WindowTotals

NAME, TOTAL, SIDE, ORDERS = 6, 9, 9, 10


def coverage_forms(view: LiquidationsView) -> tuple[str, ...]:
    """What the sums rest on, longest first: `observed, a floor: 3 of 5 venues, without gate, hyperliquid`."""
    if not view.coverage:
        return ()
    missing = [row.venue for row in view.coverage if not counts(view, row)]
    seen = f"{len(view.coverage) - len(missing)} of {len(view.coverage)} venues"
    whole = f"observed, a floor: {seen}"
    forms = (whole, f"a floor: {seen}", f"floor: {seen}", seen)
    return (f"{whole}, without {', '.join(missing)}", *forms) if missing else forms


def totals_lines(
    view: LiquidationsView, windows: Sequence[WindowTotals], width: int, look: Look, seen: int
) -> list[Strip]:
    """Head and one line for each of `windows`; `seen` is how long (ms) the recording has been going on."""
    if not is_seen(view):
        return [_head(width, look), *(_unseen(window, width, look) for window in windows)]
    lines = [_window(window, window_name(window, seen), view.shown, width, look) for window in windows]
    return [_head(width, look), *lines]


def few_windows(view: LiquidationsView) -> tuple[WindowTotals, ...]:
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


def _name(line: Line, name: str, look: Look, *, shown: bool) -> None:
    line.put(look.glyphs.cursor if shown else " ", look.palette.accent)
    line.right(name, NAME, look.palette.accent)


def _window(window: WindowTotals, name: str, shown: str, width: int, look: Look) -> Strip:
    palette, line, totals = look.palette, Line(width), window.totals
    _name(line, name, look, shown=window.name == shown)
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


def _unseen(window: WindowTotals, width: int, look: Look) -> Strip:
    """No feed was ever connected: nothing is known, which is not nothing."""
    palette, line = look.palette, Line(width)
    _name(line, window.name, look, shown=False)
    line.right(look.glyphs.dot, TOTAL, palette.muted)
    line.put("   no feed has been connected", palette.muted)
    return line.strip(palette.blank)


def _largest_forms(largest: LargestLiquidation) -> Sequence[str]:
    usd, coin = figures.usd_short(largest.usd_micro), coin_of(largest.symbol)
    return (largest_words(largest), f"{usd} {coin} {largest.venue}", f"{usd} {coin}")


def _first_that_fits(line: Line, forms: Sequence[str], look: Look) -> None:
    for form in forms:
        if line.put(f"  {form}", look.palette.text):
            return
