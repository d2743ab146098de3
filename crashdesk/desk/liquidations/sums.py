"""Lines of sums: what was liquidated of a coin, at a venue, in a size, split into long and short."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from textual.strip import Strip

from crashdesk.desk import figures
from crashdesk.desk.line import Line
from crashdesk.desk.liquidations.filters import amount_words
from crashdesk.desk.look import Look
from crashdesk.session.liquidation_views import SizeTotals, Totals

NAME, TOTAL, SHARE, ORDERS = 13, 9, 6, 10
LEAST_BAR, MOST_BAR = 4, 40


def sums_head(name: str, window: str, width: int, look: Look) -> Strip:
    """The heads of `sums_line`; `window` is the one that the sums are of."""
    palette, line = look.palette, Line(width)
    line.left(f" {name}", NAME, palette.muted)
    line.right(window, TOTAL, palette.muted)
    line.right("long", SHARE, palette.muted)
    line.right("orders", ORDERS, palette.muted)
    line.put("  long, then short", palette.muted)
    return line.strip(palette.blank)


def sums_line(name: str, totals: Totals, most: int, width: int, look: Look) -> Line:
    """Name, total, share that was long, orders, and a bar as long as the total is of `most` (micro-dollars)."""
    palette, line = look.palette, Line(width)
    line.left(f" {name}", NAME, palette.strong, look.glyphs.ellipsis)
    put_sums(line, totals, look)
    line.right(f"{totals.orders:,}" if totals.orders else look.glyphs.dot, ORDERS, palette.text)
    line.space(2, palette.blank)
    split_bar(line, totals, most, look)
    return line


def put_sums(line: Line, totals: Totals, look: Look) -> None:
    """Total and the share that was long."""
    palette = look.palette
    line.right(figures.usd_short(totals.total) if totals.orders else look.glyphs.dot, TOTAL, palette.text)
    line.right(figures.share(totals.long, totals.total), SHARE, palette.long)


def split_bar(line: Line, totals: Totals, most: int, look: Look) -> None:
    """Long and short one behind the other, told apart by their shape too; in the room that is left."""
    cells = min(MOST_BAR, line.room - 1)
    if cells < LEAST_BAR or totals.total <= 0 or most <= 0:
        return
    both = max(1, round(cells * totals.total / most))
    long = round(both * totals.long / totals.total)
    line.put(look.glyphs.bar[-1] * long, look.palette.long)
    line.put(look.glyphs.bar_other * (both - long), look.palette.short)


def size_names(sizes: Sequence[SizeTotals], dash: str) -> list[str]:
    """`under $10k`, `$10k–$50k`, `from $1M`: one for each bucket, smallest first."""
    ends = [f"${amount_words(size.least_usd)}" for size in sizes]
    names = [f"{a}{dash}{b}" if a != "$0" else f"under {b}" for a, b in pairwise(ends)]
    return [*names, *(f"from {end}" for end in ends[-1:])]
