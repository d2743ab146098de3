"""Two charts in one pane: beside each other where it is wide, below each other where it is high."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from crashdesk.desk.look import Look
from crashdesk.model.timeframe import Timeframe

BESIDE_FROM = 100
BELOW_FROM = 22
TIMEFRAMES = (Timeframe.M5, Timeframe.M15, Timeframe.H1, Timeframe.H4, Timeframe.D1, Timeframe.W1)
"""What the timeframe keys go through."""

Second = tuple[str, Timeframe]
"""Symbol and timeframe of the second chart."""


def shares(width: int, height: int) -> tuple[Region, Region] | None:
    """The parts of a body for the first and the second chart; None when there is room for one only."""
    if width >= BESIDE_FROM:
        left = width // 2
        return Region(0, 0, left, height), Region(left + 1, 0, width - left - 1, height)
    if height >= BELOW_FROM:
        upper = height - height // 2
        return Region(0, 0, width, upper), Region(0, upper, width, height - upper)
    return None


def joined(first: Sequence[Strip], second: Sequence[Strip], at: tuple[Region, Region], look: Look) -> list[Strip]:
    """Both charts' strips as those of the whole body."""
    one, other = _filled(first, at[0], look), _filled(second, at[1], look)
    if at[1].y:
        return [*one, *other]
    edge = Segment(look.glyphs.down, look.palette.border)
    width = at[1].right
    return [Strip([*a, edge, *b], width) for a, b in zip(one, other, strict=True)]


def _filled(strips: Sequence[Strip], region: Region, look: Look) -> list[Strip]:
    blank = Strip.blank(region.width, look.palette.blank)
    return [*strips[: region.height], *[blank] * (region.height - len(strips))]


def next_second(first: Second, second: Second | None) -> Second | None:
    """What the key makes of the second chart: none, the same symbol in the next timeframe, and on until all were."""
    symbol, shown = first
    now = second[1] if second is not None else shown
    place = TIMEFRAMES.index(now) if now in TIMEFRAMES else 0
    following = TIMEFRAMES[(place + 1) % len(TIMEFRAMES)]
    return None if following is shown and second is not None else (second[0] if second else symbol, following)
