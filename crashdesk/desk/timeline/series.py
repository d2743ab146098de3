"""A daily series in one line: last entry, sums, the run of its values."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from crashdesk.desk import figures
from crashdesk.desk.bars import sparkline
from crashdesk.desk.line import Line, Piece, width_of
from crashdesk.desk.look import Look
from crashdesk.model.words import plain_figure
from crashdesk.session.views import SeriesRow

NAME_WIDTH = 16
FIGURE_WIDTH = 16
LEAST_SPARK = 8


def series_strip(row: SeriesRow, look: Look, width: int) -> Strip:
    """`ETF flows   −946 M$ 11-03   5d −1,700   21d +2,300   ▂▃▁` of `width` cells; what has no room is left out."""
    palette, glyphs, line = look.palette, look.glyphs, Line(width)
    line.space(1, palette.blank)
    line.left(row.title, min(NAME_WIDTH, width // 3), palette.title, glyphs.ellipsis)
    if row.last is None or row.last_ms is None:
        line.put("  no entry yet at this time", palette.muted)
        return line.strip(palette.blank)
    line.right(_figure(row.last, row, look), FIGURE_WIDTH, palette.strong)
    line.put(f" {figures.month_day(row.last_ms, look.zone)}", palette.muted)
    for name, total in (("5", row.sum_5), ("21", row.sum_21)):
        shown = glyphs.dot if total is None else _figure(total, row._replace(unit=""), look)
        line.pieces(((f"  sum {name} ", palette.muted), (shown, palette.text)))
    room = min(line.room - 3, len(row.values))
    if room >= min(LEAST_SPARK, len(row.values)) and room > 1:
        line.put("  " + sparkline(row.values, room, glyphs), palette.accent)
    return line.strip(palette.blank)


def series_note(rows: Sequence[SeriesRow], look: Look, width: int) -> Sequence[Piece]:
    """The first series that has an entry, for a frame with `width` cells of room."""
    row = next((one for one in rows if one.last is not None and one.last_ms is not None), None)
    if row is None or row.last is None or row.last_ms is None:
        return ()
    palette = look.palette
    pieces: list[Piece] = [
        (f" {row.title} ", palette.muted),
        (f"{_figure(row.last, row, look)} ", palette.text),
        (f"{figures.month_day(row.last_ms, look.zone)} ", palette.muted),
    ]
    if row.sum_5 is not None:
        pieces.append((f"sum 5 {_figure(row.sum_5, row._replace(unit=''), look)} ", palette.muted))
    pieces.append((sparkline(row.values[-20:], 20, look.glyphs) + " ", palette.accent))
    while pieces and sum(width_of(text) for text, _ in pieces) > width:
        pieces.pop()
    return pieces if len(pieces) > 1 else ()


def _figure(value: float, row: SeriesRow, look: Look) -> str:
    text = plain_figure(value).replace("-", look.glyphs.minus)
    return f"{text} {row.unit}".rstrip()
