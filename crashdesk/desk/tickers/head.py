"""The head of the tickers: titles, sort letters, the sign of the order."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from crashdesk.desk import figures
from crashdesk.desk.line import Line, Piece, width_of
from crashdesk.desk.look import Look
from crashdesk.desk.tickers.columns import Placed
from crashdesk.desk.tickers.listing import Listing
from crashdesk.desk.tickers.order import TickerOrder


def head_line(
    line: Line, placed: Sequence[Placed], spaces: Sequence[int], order: TickerOrder, look: Look, *, letters: bool
) -> Strip:
    """The rest of `line` as the head; `letters` marks the letters that sort. One that no longer holds has no sign."""
    palette, glyphs, sorting = look.palette, look.glyphs, order.sorting
    for (column, size), gap in zip(placed, spaces, strict=True):
        line.space(gap, palette.blank)
        sign = ""
        if sorting is not None and sorting.column is column and order.holds:
            sign = glyphs.fall if sorting.descending else glyphs.rise
        title = (column.title + sign)[:size]
        pad = size - width_of(title)
        line.space(0 if column.left else pad, palette.blank)
        before, letter, after = _split(title, column.letter)
        line.put(before, palette.muted)
        line.put(letter, palette.key if letters else palette.muted)
        line.put(after, palette.muted)
        line.space(pad if column.left else 0, palette.blank)
    return line.strip(palette.blank)


def _split(title: str, letter: str) -> tuple[str, str, str]:
    """The title around its sort letter."""
    place = title.lower().find(letter)
    return (title[:place], title[place], title[place + 1 :]) if place >= 0 else (title, "", "")


def order_words(order: TickerOrder, look: Look) -> str:
    """`by 24h▲, live`, or `by 24h▲ at 03:05` once the rows have moved since; empty when nothing is sorted."""
    sorting, glyphs = order.sorting, look.glyphs
    if sorting is None:
        return ""
    words = f"by {sorting.column.title}{glyphs.fall if sorting.descending else glyphs.rise}"
    if sorting.live:
        return f"{words}, live"
    if order.holds or order.sorted_ms is None:
        return words
    return f"{words} at {figures.hour_minute(order.sorted_ms, look.zone)}, s {sorting.column.letter} keeps it live"


def count_words(listing: Listing, look: Look) -> Sequence[Piece]:
    """The group, the filter, and how many symbols."""
    names = [listing.group] if listing.group else []
    names += [f"/{listing.order.query}"] if listing.order.query else []
    count = f"{listing.count} symbols "
    pieces = [(f"{name} ", look.palette.accent) for name in names]
    words = f"{look.glyphs.between} {len(listing.rows)} of {count}" if names else count
    return (*pieces, (words, look.palette.muted))
