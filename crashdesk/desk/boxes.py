"""Boxes in boxes: a layout's panes get their regions, as many of them as there is room for."""

import math
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from textual.geometry import Region, Size

from crashdesk.config.layouts import Box, PaneBox, PaneLayout, SplitBox, panes_of

MINIMUM = {
    "tickers": Size(56, 8),
    "sectors": Size(40, 6),
    "liquidations": Size(44, 12),
    "chart": Size(48, 9),
    "levels": Size(40, 7),
    "timeline": Size(40, 3),
}
"""The least columns and rows with which a pane is worth its place."""
STACKED_ROWS = 18
"""The least rows of a pane where columns had to go over one another: a few good panes, not many bad ones."""
_KEPT = ("tickers", "liquidations", "chart", "levels", "sectors", "timeline")
"""Where there is no room for all, the later ones go first."""
_TINY = 1e-9


class Part(NamedTuple):
    """A claim to a part of a length. `most` None: no bound."""

    weight: float
    least: int
    most: int | None = None


def placed(layout: PaneLayout, room: Region, focus: str) -> dict[str, Region]:
    """The regions of the panes that are seen: they fill the room, none under its minimum but one that is alone.

    Columns for which the room is too narrow go over one another. Panes that do not fit are left out, the focused one
    never; it has the whole room when the layout has no place for it.
    """
    names = set(panes_of(layout.root))
    if focus not in names:
        return {focus: room}
    box, stacked = _narrowed(layout.root, room.width)
    floor = STACKED_ROWS if stacked else 0
    for name in reversed(_KEPT):
        if minimum(box, floor=floor).height <= room.height:
            break
        if name != focus and name in names and len(names) > 1:
            names.remove(name)
            box = _only(box, names) or box
    regions: dict[str, Region] = {}
    _put(box, room, floor, regions)
    return regions


def minimum(box: Box, *, across: bool | None = None, floor: int = 0) -> Size:
    """The least size of a box that stands in columns (`across`) or rows; no pane has fewer rows than `floor`."""
    if isinstance(box, PaneBox):
        size = MINIMUM[box.pane]
        size = Size(size.width, max(size.height, floor))
        if box.least is None or across is None:
            return size
        return Size(box.least, size.height) if across else Size(size.width, max(box.least, floor))
    sizes = [minimum(inner, across=box.across, floor=floor) for inner in box.boxes]
    widths, heights = [size.width for size in sizes], [size.height for size in sizes]
    width, height = (sum(widths), max(heights)) if box.across else (max(widths), sum(heights))
    if box.least is not None and across:
        # the width that is written down for a side is enough for panes over one another, columns in it need theirs
        return Size(max(box.least, width) if _has_columns(box) else box.least, height)
    if box.least is not None and across is not None:
        return Size(width, max(height, box.least))
    return Size(width, height)


def _has_columns(box: Box) -> bool:
    return isinstance(box, SplitBox) and (box.across or any(_has_columns(inner) for inner in box.boxes))


def shares(length: int, parts: Sequence[Part]) -> list[int]:
    """`length` in whole cells by weights, within the bounds; what all bounds leave over goes to the heaviest part.

    The minima must not be more than `length` in all.
    """
    fixed: dict[int, int] = {}
    while len(fixed) < len(parts):
        free = {at: part for at, part in enumerate(parts) if at not in fixed}
        wanted = _by_weight(length - sum(fixed.values()), free)
        bounded = {at: _bounded(wanted[at], part) for at, part in free.items()}
        excess = sum(bounded.values()) - sum(wanted.values())
        if abs(excess) <= _TINY:
            return _rounded(length, [fixed.get(at, bounded.get(at, 0)) for at in range(len(parts))])
        # as flexible boxes do: first those that would be too small, when these take more than the others leave
        hit = {at: int(size) for at, size in bounded.items() if (size - wanted[at]) * excess > 0}
        fixed |= hit
    heaviest = max(range(len(parts)), key=lambda at: parts[at].weight)
    fixed[heaviest] += length - sum(fixed.values())
    return [fixed[at] for at in range(len(parts))]


def _by_weight(length: int, free: dict[int, Part]) -> dict[int, float]:
    whole = sum(part.weight for part in free.values())
    return {at: length * part.weight / whole for at, part in free.items()}


def _bounded(size: float, part: Part) -> float:
    most = math.inf if part.most is None else max(part.most, part.least)
    return max(part.least, min(size, most))


def _rounded(length: int, sizes: Sequence[float]) -> list[int]:
    """Whole cells: borders are rounded, so that nothing is lost between them."""
    borders, at = [0], 0.0
    for size in sizes[:-1]:
        at += size
        borders.append(math.floor(at + 0.5 + _TINY))
    borders.append(length)
    return [end - start for start, end in pairwise(borders)]


def _narrowed(box: Box, width: int) -> tuple[Box, bool]:
    """The box without columns that do not fit into `width`, and whether any had to go over one another."""
    if isinstance(box, PaneBox) or minimum(box).width <= width:
        return box, False
    inner = [_narrowed(one, width) for one in box.boxes]
    boxes = tuple(_upright(one) if box.across else one for one, _ in inner)
    return box._replace(across=False, boxes=boxes), box.across or any(turned for _, turned in inner)


def _upright(box: Box) -> Box:
    """A box of a column in a row: its bounds were columns."""
    return box._replace(least=None, most=None)


def _only(box: Box, names: Collection[str]) -> Box | None:
    """The box with these panes alone; None when none of them is in it."""
    if isinstance(box, PaneBox):
        return box if box.pane in names else None
    boxes = tuple(kept for inner in box.boxes if (kept := _only(inner, names)) is not None)
    return box._replace(boxes=boxes) if boxes else None


def _put(box: Box, room: Region, floor: int, regions: dict[str, Region]) -> None:
    if isinstance(box, PaneBox):
        regions[box.pane] = room
        return
    leasts = [minimum(inner, across=box.across, floor=floor) for inner in box.boxes]
    length = room.width if box.across else room.height
    parts = [
        Part(inner.weight, least.width if box.across else least.height, inner.most)
        for inner, least in zip(box.boxes, leasts, strict=True)
    ]
    sizes = [length] if len(parts) == 1 else shares(length, parts)
    at = room.x if box.across else room.y
    for inner, size in zip(box.boxes, sizes, strict=True):
        where = Region(at, room.y, size, room.height) if box.across else Region(room.x, at, room.width, size)
        _put(inner, where, floor, regions)
        at += size
