"""What was liquidated by price, as bars beside the price axis: one for each row of the chart, long, then short."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from crashdesk.desk import figures
from crashdesk.desk.chart.scale import PriceScale
from crashdesk.desk.line import Line
from crashdesk.desk.look import Look
from crashdesk.session.liquidation_views import ProfileBin

BAR, GAP = 7, 1
"""Cells of a bar, and between the bars and the labels of the axis."""
PROFILE_FROM = 84
"""Columns of the pane's body from which there is room for the profile beside the chart."""
HEADING = "liq 24h"


def row_sums(bins: Sequence[ProfileBin], scale: PriceScale) -> list[tuple[float, float]]:
    """(long, short) micro-dollars of each row of a chart; a bin that lies in several rows is shared by its height."""
    sums = [[0.0, 0.0] for _ in range(scale.rows)]
    for low, high, long, short in bins:
        top, bottom = scale.depth(high), scale.depth(low)
        for row in range(max(0, int(top)), min(scale.rows, int(bottom) + 1)):
            part = (min(bottom, row + 1) - max(top, row)) / (bottom - top) if bottom > top else 0.0
            if part > 0:
                sums[row][0] += part * long
                sums[row][1] += part * short
    return [(long, short) for long, short in sums]


class ProfileColumn:
    """The bars of the newest profile, drawn again only when it, the scale or the look changed."""

    def __init__(self) -> None:
        self._bins: tuple[ProfileBin, ...] = ()
        self._drawn: tuple[tuple[ProfileBin, ...], PriceScale, int, Look, list[Strip]] | None = None
        self._rows: list[tuple[Strip, Strip, Strip]] = []

    def take(self, bins: tuple[ProfileBin, ...]) -> bool:
        """The newest profile; whether it is another one."""
        changed, self._bins = bins is not self._bins, bins
        return changed

    def width(self, columns: int, *, wanted: bool) -> int:
        """Cells that the profile takes of a pane's body of `columns`; 0 when there is nothing to show or no room."""
        return BAR + GAP if wanted and self._bins and columns >= PROFILE_FROM else 0

    def why_not(self, columns: int) -> str:
        """Why a profile that is wanted is not shown in a pane's body of `columns`; empty when it is."""
        if not self._bins:
            return "nothing of this coin was liquidated in the last 24 h, as far as is seen"
        room = PROFILE_FROM - columns
        return f"the profile by price needs {room} more columns: z zooms the chart" if room > 0 else ""

    def beside(self, chart: Sequence[Strip], scale: PriceScale, look: Look) -> list[Strip]:
        """The strips of a chart, axes and all, with the profile before them."""
        old = self._drawn
        fits = old is not None and old[0] is self._bins and old[1:3] == (scale, len(chart)) and old[3] is look
        if old is None or not fits:
            old = self._drawn = (self._bins, scale, len(chart), look, self._draw(scale, len(chart), look))
        known, self._rows = self._rows, []
        for y, (bars, row) in enumerate(zip(old[4], chart, strict=True)):
            # a row whose bars say the same, beside the same row of the chart, stays the very same strip
            if y < len(known) and known[y][1] is row and known[y][0] == bars:
                self._rows.append(known[y])
            else:
                self._rows.append((bars, row, Strip([*bars, *row], BAR + GAP + row.cell_length)))
        return [strip for _, _, strip in self._rows]

    def _draw(self, scale: PriceScale, height: int, look: Look) -> list[Strip]:
        """A bar for each row of the plot, under them what the bars are and how much the longest one stands for.

        The amount has a piece of bar before it, so that it is not read as the sum of all.
        """
        sums = row_sums(self._bins, scale)
        most = max((long + short for long, short in sums), default=0.0)
        lines = [_bar(long, short, most, look) for long, short in sums]
        usd = figures.usd_short(round(most)) if most else ""
        full = f"{look.glyphs.bar[-1]}{usd}" if 0 < len(usd) < BAR + GAP else usd
        for words in (HEADING, full):
            line = Line(BAR + GAP)
            line.put(words, look.palette.muted)
            lines.append(line)
        lines += [Line(BAR + GAP) for _ in range(height - len(lines))]
        return [line.strip(look.palette.blank) for line in lines[:height]]


def _bar(long: float, short: float, most: float, look: Look) -> Line:
    line, total = Line(BAR + GAP), long + short
    if total <= 0:
        return line
    cells = max(1, round(BAR * total / most))
    first = round(cells * long / total)
    line.put(look.glyphs.bar[-1] * first, look.palette.long)
    line.put(look.glyphs.bar_other * (cells - first), look.palette.short)
    return line
