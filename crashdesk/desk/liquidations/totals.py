"""The table of rolling windows and the bar chart per minute."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from crashdesk.desk import figures
from crashdesk.desk.bars import sparkline
from crashdesk.desk.line import Line
from crashdesk.desk.liquidations.seen import is_seen, window_name
from crashdesk.desk.look import Look
from crashdesk.model.columns import LargestLiquidation
from crashdesk.model.records import Method
from crashdesk.session.views import LiquidationsView, WindowTotals

NAME, TOTAL, SIDE, ORDERS = 4, 10, 9, 10


def pair_name(symbol: str) -> str:
    """`BTC-USDT` of `BTC/USDT:USDT`."""
    return symbol.partition(":")[0].replace("/", "-")


def coverage_words(view: LiquidationsView, *, short: bool = False) -> str:
    """What the sums rest on: `observed, a floor: 3 of 5 venues`, or shorter."""
    if not view.coverage:
        return ""
    seen = sum(row.method not in {Method.NONE, Method.UNREACHABLE} and row.connected_share > 0 for row in view.coverage)
    observed = "a floor" if short else "observed, a floor"
    return f"{observed}: {seen} of {len(view.coverage)} venues"


def totals_lines(view: LiquidationsView, width: int, look: Look, seen: int) -> list[Strip]:
    """Head and one line for each window; `seen` is how long (ms) the recording has been going on."""
    if not view.windows:
        return []
    if not is_seen(view):
        return [_head(width, look), *(_unseen(window, width, look) for window in view.windows)]
    lines = [_window(window, window_name(window, seen), width, look) for window in view.windows]
    return [_head(width, look), *lines]


def minutes_line(view: LiquidationsView, width: int, look: Look) -> Strip:
    """Liquidated USD per minute over the last minutes that fit, oldest first."""
    palette, line = look.palette, Line(width)
    room = width - 21
    minutes = view.minutes[-room:] if room > 0 else ()
    line.put("  per minute ", palette.muted)
    drawn = sparkline([long + short for _, long, short in minutes], max(0, room), look.glyphs, floor=0)
    line.put(drawn, palette.long)
    line.put(f" {len(minutes)} min", palette.muted)
    return line.strip(palette.blank)


def largest_words(largest: LargestLiquidation) -> str:
    """`$33.96M BTC-USDT htx`."""
    return f"{figures.usd_short(largest.usd_micro)} {pair_name(largest.symbol)} {largest.venue}"


def _head(width: int, look: Look) -> Strip:
    palette, line = look.palette, Line(width)
    line.space(NAME, palette.blank)
    line.right("total", TOTAL, palette.muted)
    line.right("long", SIDE + 1, palette.muted)
    line.space(5, palette.blank)
    if line.room >= SIDE + 1:
        line.right("short", SIDE + 1, palette.muted)
    if line.room >= ORDERS:
        line.right("orders", ORDERS, palette.muted)
    line.put("  largest", palette.muted)
    return line.strip(palette.blank)


def _window(window: WindowTotals, name: str, width: int, look: Look) -> Strip:
    palette, line, totals = look.palette, Line(width), window.totals
    line.right(name, NAME, palette.accent)
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
    line.right(window.name, NAME, palette.accent)
    line.right(look.glyphs.dot, TOTAL, palette.muted)
    line.put("   no feed has been connected", palette.muted)
    return line.strip(palette.blank)


def _largest_forms(largest: LargestLiquidation) -> Sequence[str]:
    usd = figures.usd_short(largest.usd_micro)
    base = largest.symbol.partition("/")[0]
    return (largest_words(largest), f"{usd} {base} {largest.venue}", f"{usd} {base}")


def _first_that_fits(line: Line, forms: Sequence[str], look: Look) -> None:
    for form in forms:
        if line.put(f"  {form}", look.palette.text):
            return
