"""Venues: what each liquidated in the window shown, and how it is seen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from textual.strip import Strip

from crashdesk.brief.coverage import VenueRow
from crashdesk.desk import figures
from crashdesk.desk.line import Line
from crashdesk.desk.liquidations.rows import venue_name
from crashdesk.desk.liquidations.sums import NAME, ORDERS, SHARE, TOTAL, put_sums, split_bar
from crashdesk.desk.look import Look
from crashdesk.model.kinds import HealthState, Method
from crashdesk.model.marks import Gap

METHOD, SEEN, GAPS, AGE, ASIDE = 9, 6, 6, 6, 7


def venue_head(window: str, width: int, look: Look) -> Strip:
    """The heads of `venue_line`."""
    palette, line = look.palette, Line(width)
    line.left(" venue", NAME, palette.muted)
    for word, cells in ((window, TOTAL), ("long", SHARE)):
        line.right(word, cells, palette.muted)
    line.put("  " + "seen as".ljust(METHOD), palette.muted)
    for word, cells in (("conn", SEEN), ("gaps", GAPS), ("age", AGE), ("aside", ASIDE), ("orders", ORDERS)):
        if line.room >= cells:
            line.right(word, cells, palette.muted)
    return line.strip(palette.blank)


def venue_line(row: VenueRow, most: int, now_ms: int, width: int, look: Look) -> Line:
    """Sums, method, part connected, gaps, age of the last sign of life, rows set aside, orders, split."""
    palette, line, seen = look.palette, Line(width), row.coverage
    line.left(f" {venue_name(row.name, NAME - 2)}", NAME, palette.strong, look.glyphs.ellipsis)
    if seen is not None and not row.totals.orders and seen.method in {Method.NONE, Method.UNREACHABLE}:
        words = f"{seen.method}: {seen.detail}" if seen.detail else f"{seen.method}"
        line.left(words, line.room, palette.muted, look.glyphs.ellipsis)
        return line
    put_sums(line, row.totals, look)
    if seen is None:
        return line
    good = palette.text if seen.state is HealthState.OK else palette.warning
    line.space(2, palette.blank)
    method = "no access" if seen.method is Method.UNREACHABLE else str(seen.method)
    line.left(method, METHOD, good, look.glyphs.ellipsis)
    dot, last = look.glyphs.dot, seen.last_message_ms
    columns: Sequence[tuple[str, int, Style]] = (
        (part_words(row.connected), SEEN, palette.text if row.connected >= 1 else palette.warning),
        (f"{len(seen.gaps)}" if seen.gaps else dot, GAPS, palette.warning if seen.gaps else palette.muted),
        (dot if last is None else figures.age(now_ms - last), AGE, good),
        (f"{seen.set_aside:,}" if seen.set_aside else dot, ASIDE, palette.warning if seen.set_aside else palette.muted),
        (f"{row.totals.orders:,}" if row.totals.orders else dot, ORDERS, palette.text),
    )
    for text, cells, style in columns:
        if line.room >= cells:
            line.right(text, cells, style)
    line.space(2, palette.blank)
    split_bar(line, row.totals, most, look)
    return line


def part_words(part: float) -> str:
    """`100%` only when nothing is missing, `0%` only when all is: `99.8%`, `31%`, `<1%`."""
    percent = 100 * part
    if 0 < percent < 1:
        return "<1%"
    return f"{percent:.0f}%" if percent >= 100 or percent < 99 else f"{min(percent, 99.9):.1f}%"


def detail_words(row: VenueRow, window: str, now_ms: int, look: Look) -> list[str]:
    """All there is to say about a venue, in pieces."""
    seen = row.coverage
    if seen is None:
        return [f"{row.name}: nothing is known of its feed"]
    words = [f"{row.name}: {_METHODS[seen.method]}"]
    if seen.method is not Method.NONE:
        words.append(f"connected {part_words(row.connected)} of {window}")
    if seen.state is not HealthState.OK and seen.method is not Method.NONE:
        words.append(str(seen.state).replace("_", " "))
    if seen.detail:
        words.append(seen.detail)
    if seen.last_message_ms is not None:
        words.append(f"last sign of life {figures.age(now_ms - seen.last_message_ms)} ago")
    words += [_gap_words(gap, look) for gap in reversed(seen.gaps[-3:])]
    if seen.set_aside:
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in seen.reasons)
        words.append(f"{seen.set_aside:,} rows set aside" + (f" ({reasons})" if reasons else ""))
    return words


def _gap_words(gap: Gap, look: Look) -> str:
    start, end = (figures.clock(ms, look.zone) for ms in (gap.start_ms, gap.end_ms))
    return f"gap {start}{look.glyphs.dash}{end}" + (f" {gap.reason}" if gap.reason else "")


_METHODS = {
    Method.COMPLETE: "complete, every liquidation is published",
    Method.SAMPLED: "sampled, at most one order per symbol and second is published",
    Method.PARTIAL: "partial, a part of its liquidations is seen",
    Method.NONE: "none",
    Method.UNREACHABLE: "unreachable",
}
