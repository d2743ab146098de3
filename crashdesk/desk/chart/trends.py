"""Sloped lines over the plot: straight in time and price, so curved on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Iterator

from crashdesk.desk.chart.places import column_of, depth_at, exact_time_at
from crashdesk.desk.chart.request import Plot
from crashdesk.model.level import TrendLine

_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Bits of a Braille cell: [half of its width][quarter of its height]."""
_BRAILLE = 0x2800
_FLAT = 0.3
"""Rows a column from which a line of plain characters leans."""

Cell = tuple[int, int, str]
"""Column, row and character."""


def trend_cells(plot: Plot, line: TrendLine, *, ascii: bool) -> Iterator[Cell]:  # noqa: A002
    """The cells of a line from its start on to the right edge, where it lies in the plot."""
    first = max(plot.left, math.floor(min(column_of(plot, line.start.ts_ms), 1e9)))
    columns = range(first, plot.left + plot.columns)
    return _plain(plot, line, columns) if ascii else _fine(plot, line, columns)


def edge_price(plot: Plot, line: TrendLine) -> float:
    """A line's price at the newest bar shown."""
    return line.price_at(plot.bars.open_ms[-1])


def _fine(plot: Plot, line: TrendLine, columns: range) -> Iterator[Cell]:
    """Two steps to a column, four to a row."""
    bits: dict[tuple[int, int], int] = {}
    last = plot.scale.rows * 4
    before: int | None = None
    for x in columns:
        for half in (0, 1):
            depth = _depth(plot, line, x + 0.25 + half / 2)
            if not math.isfinite(depth):
                before = None
                continue
            at = math.floor(min(max(depth * 4, -1.0), last))
            start = at if before is None or before == at else before + (1 if at > before else -1)
            for dot in range(min(start, at), max(start, at) + 1):
                if 0 <= dot < last:
                    bits[x, dot // 4] = bits.get((x, dot // 4), 0) | _DOTS[half][dot % 4]
            before = at
    return ((x, y, chr(_BRAILLE + mask)) for (x, y), mask in bits.items())


def _plain(plot: Plot, line: TrendLine, columns: range) -> Iterator[Cell]:
    """One character a column, more where the line is steep."""
    for x in columns:
        left, right = _depth(plot, line, x), _depth(plot, line, x + 1)
        if not (math.isfinite(left) and math.isfinite(right)):
            continue
        lean = right - left
        char = "-" if abs(lean) < _FLAT else "/" if lean < 0 else "\\"
        steep = abs(lean) >= 1
        top, bottom = (min(left, right), max(left, right)) if steep else ((left + right) / 2,) * 2
        rows = range(max(0, math.floor(top)), min(plot.scale.rows - 1, math.floor(bottom)) + 1)
        yield from ((x, y, char) for y in rows)


def _depth(plot: Plot, line: TrendLine, x: float) -> float:
    price = line.price_at(round(exact_time_at(plot, x)))
    return depth_at(plot, price)
