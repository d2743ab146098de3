"""The head of the tickers: titles, sort letters, the sign of the order."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from crashdesk.desk.line import Line, width_of
from crashdesk.desk.look import Look
from crashdesk.desk.tickers.columns import Placed
from crashdesk.desk.tickers.order import Sorting


def head_line(
    line: Line, placed: Sequence[Placed], spaces: Sequence[int], sorting: Sorting | None, look: Look, *, letters: bool
) -> Strip:
    """The rest of `line` as the head; `letters` marks the letters that sort."""
    palette, glyphs = look.palette, look.glyphs
    for (column, size), gap in zip(placed, spaces, strict=True):
        line.space(gap, palette.blank)
        sign = ""
        if sorting is not None and sorting.column is column:
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
