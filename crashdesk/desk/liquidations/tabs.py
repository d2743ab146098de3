"""The other tabs of the liquidations pane: by venue with its coverage, by coin, the largest."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from crashdesk.desk import figures
from crashdesk.desk.bars import bar
from crashdesk.desk.line import Line
from crashdesk.desk.liquidations.totals import pair_name
from crashdesk.desk.look import Look
from crashdesk.desk.prices import MOST_DECIMALS, compact_price
from crashdesk.model.records import HealthState, Side
from crashdesk.session.views import CoverageRow, LiquidationsView, NamedTotals, Totals

NO_TOTALS = Totals(0, 0, 0, 0)


def venue_lines(view: LiquidationsView, width: int, look: Look) -> list[Strip]:
    """Venues by USD of 24 h, then those that give nothing; how each one is seen."""
    covered = {row.venue: row for row in view.coverage}
    names = [named.name for named in view.by_venue]
    others = [NamedTotals(row.venue, NO_TOTALS) for row in view.coverage if row.venue not in names]
    most = max((named.totals.total for named in view.by_venue), default=1)
    drawn = [_head("venue", "how it is seen", width, look)]
    for named in (*view.by_venue, *others):
        line = _sums(named, look, width)
        row = covered.get(named.name)
        if row is not None:
            _coverage(line, row, look)
        else:
            _share_bar(line, named.totals.total / max(1, most), look)
        drawn.append(line.strip(look.palette.blank))
    return drawn


def coin_lines(view: LiquidationsView, width: int, look: Look) -> list[Strip]:
    """Coins by USD of 24 h."""
    most = max((named.totals.total for named in view.by_coin), default=1)
    drawn = [_head("coin", "", width, look)]
    for named in view.by_coin:
        line = _sums(named, look, width)
        _share_bar(line, named.totals.total / max(1, most), look)
        drawn.append(line.strip(look.palette.blank))
    return drawn


def largest_lines(view: LiquidationsView, width: int, look: Look) -> list[Strip]:
    """The largest liquidation of each window."""
    palette, drawn = look.palette, []
    for window in view.windows:
        line, largest = Line(width), window.largest
        line.right(window.name, 4, palette.accent)
        if largest is None:
            line.put("  none", palette.muted)
        else:
            side = palette.long if largest.side is Side.LONG else palette.short
            line.right(figures.usd_whole(largest.usd_micro), 14, palette.strong)
            line.put(f"  {'LONG' if largest.side is Side.LONG else 'short'}  ", side)
            line.put(f"{pair_name(largest.symbol)}  {largest.venue}", palette.text)
            line.put(f"  at {compact_price(largest.price, MOST_DECIMALS)}", palette.text)
            line.put(f"  {figures.clock(largest.ts_ms, look.zone)}", palette.muted)
        drawn.append(line.strip(palette.blank))
    return drawn


def _head(name: str, last: str, width: int, look: Look) -> Strip:
    palette, line = look.palette, Line(width)
    line.left(f" {name}", 13, palette.muted)
    line.right("24h total", 10, palette.muted)
    line.right("long", 6, palette.muted)
    line.right("orders", 10, palette.muted)
    line.put(f"  {last}", palette.muted)
    return line.strip(palette.blank)


def _sums(named: NamedTotals, look: Look, width: int) -> Line:
    palette, line, totals = look.palette, Line(width), named.totals
    line.left(f" {named.name}", 13, palette.strong, look.glyphs.ellipsis)
    line.right(figures.usd_short(totals.total) if totals.orders else look.glyphs.dot, 10, palette.text)
    line.right(figures.share(totals.long, totals.total), 6, palette.long)
    line.right(f"{totals.orders:,}" if totals.orders else look.glyphs.dot, 10, palette.text)
    line.space(2, palette.blank)
    return line


def _share_bar(line: Line, part: float, look: Look) -> None:
    line.put(bar(part, max(0, min(30, line.room - 1)), look.glyphs), look.palette.long)


def _coverage(line: Line, row: CoverageRow, look: Look) -> None:
    palette = look.palette
    good = row.state is HealthState.OK
    pieces: Sequence[str] = (
        f"{row.method}",
        f", connected {100 * row.connected_share:.0f}%",
        f", {len(row.gaps)} gap{'s' if len(row.gaps) != 1 else ''}" if row.gaps else "",
        f", {row.set_aside} rows set aside" if row.set_aside else "",
        f", {row.detail}" if row.detail else "",
    )
    for piece in pieces:
        line.put(piece, palette.text if good else palette.warning)
