"""Small pictures of one line: sparklines, bars, a position between two ends."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from crashdesk.desk.glyphs import Glyphs


def sparkline(values: Sequence[float], width: int, glyphs: Glyphs, *, floor: float | None = None) -> str:
    """`width` cells of `values` (the mean of those that share a cell), from `floor` or the least to the greatest."""
    if width <= 0 or not values:
        return ""
    cells = _resampled(values, width)
    low, high = min(cells) if floor is None else floor, max(cells)
    steps = glyphs.spark
    if high <= low:
        return steps[0] * len(cells)
    scale = (len(steps) - 1) / (high - low)
    return "".join(steps[round((value - low) * scale)] for value in cells)


def bar(part: float, width: int, glyphs: Glyphs) -> str:
    """A bar of `part` (0 to 1) of `width` cells; at least its thinnest mark when there is anything to show."""
    steps = glyphs.bar
    eighths = round(max(0.0, min(1.0, part)) * width * len(steps))
    whole, rest = divmod(max(1, eighths) if part > 0 else 0, len(steps))
    return steps[-1] * whole + (steps[rest - 1] if rest else "")


def track(low: float, at: float, high: float, width: int, glyphs: Glyphs) -> str:
    """`├──●────┤` of `width` cells: where `at` lies between `low` and `high`."""
    inner = width - 2
    if inner < 1:
        return ""
    share = 0.5 if high <= low else (at - low) / (high - low)
    place = round(max(0.0, min(1.0, share)) * (inner - 1))
    before, after = glyphs.track * place, glyphs.track * (inner - 1 - place)
    return f"{glyphs.track_left}{before}{glyphs.track_at}{after}{glyphs.track_right}"


def _resampled(values: Sequence[float], width: int) -> list[float]:
    count = len(values)
    if count <= width:
        return list(values)
    edges = [round(place * count / width) for place in range(width + 1)]
    return [sum(values[a:b]) / (b - a) for a, b in pairwise(edges)]
