"""One row of the tickers as a line."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.desk.line import Line
from crashdesk.desk.look import Look
from crashdesk.desk.tickers.columns import Placed
from crashdesk.desk.tickers.flash import Changed
from crashdesk.session.views import TickerRow

MARK = 2
"""Cells before the first column: the mark of the desk's symbol, and that of venues that are apart."""


def row_line(
    line: Line,
    row: TickerRow,
    places: tuple[Sequence[Placed], Sequence[int]],
    look: Look,
    *,
    chosen: bool,
    flash: Changed | None,
    now_ms: int,
) -> Line:
    """`line` with the cells of `row` at their `places` (columns, blanks before them); muted when the row is stale."""
    palette, glyphs = look.palette, look.glyphs
    line.put(glyphs.cursor if chosen else " ", palette.accent)
    line.put(glyphs.apart if row.more.dislocated else " ", palette.warning)
    for (column, size), gap in zip(*places, strict=True):
        line.space(gap, palette.blank)
        if flash is None or column.id != "last":
            column.draw(line, row, size, look, now_ms)
            continue
        line.space(size - len(flash.text), palette.blank)
        loud = palette.flash_gain if flash.rising else palette.flash_loss
        for text, changed in flash.pieces:
            line.put(text, loud if changed else palette.text)
    return _dimmed(line, look) if row.stale else line


def _dimmed(line: Line, look: Look) -> Line:
    """The same line in the muted colour, but for what warns of its age."""
    palette = look.palette
    dim = Line(line.width)
    for text, style in line.written():
        dim.put(text, style if style is palette.warning else palette.muted)
    return dim
