"""A squarified treemap in whole cells.

After M. Bruls, K. Huizing and J. J. van Wijk, "Squarified Treemaps" (2000): the largest tiles first, in strips along
the shorter side of the room that is left, each strip as long as that makes its tiles squarer. Laid out in cells instead
of floats, because rounding finished rectangles can make a small tile vanish: here every edge lies at the cell nearest
to its exact place, unless a tile needs that cell to be seen at all.
"""

from collections.abc import Sequence
from math import fsum
from typing import NamedTuple

CELL_SHAPE = 2.0
"""A cell is about twice as high as wide."""
LEAN = 1.6
"""How much wider than high the best tile is: its words run across."""
_ACROSS, _DOWN = 0, 1


class Box(NamedTuple):
    """A tile's cells: column and row of its corner, width and height."""

    x: int
    y: int
    width: int
    height: int

    def holds(self, x: int, y: int) -> bool:
        """Whether a cell lies in it."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


class _Span(NamedTuple):
    """A run along one axis: in cells, and where it exactly lies."""

    start: int
    end: int
    exact_start: float
    exact_end: float

    @property
    def cells(self) -> int:
        return self.end - self.start

    @property
    def exact(self) -> float:
        return self.exact_end - self.exact_start


_Room = tuple[_Span, _Span]


def tile_boxes(shares: Sequence[float], width: int, height: int) -> list[Box]:
    """One box for each share, in their order, together covering `width` x `height` cells; none when there is no room.

    Areas are as the shares, edges to the nearest cell; a share that is worth less than a cell still gets one, and only
    with more shares than cells the smallest get an empty box. Equal shares keep their order, so equal input always
    lies the same.
    """
    if not shares or width < 1 or height < 1:
        return []
    whole = fsum(shares) or 1.0
    areas = [max(share / whole, 1 / (width * height)) for share in shares]
    order = sorted(range(len(areas)), key=lambda place: -areas[place])[: width * height]
    boxes = [Box(0, 0, 0, 0)] * len(areas)
    room: _Room = (_Span(0, width, 0.0, float(width)), _Span(0, height, 0.0, float(height)))
    left = [areas[place] for place in order]
    while left:
        count, axis = _strip(left, room)
        strip, room = _cut(room, axis, fsum(left[:count]) / fsum(left), len(left) - count)
        for place, box in zip(order, _row(strip, 1 - axis, left[:count]), strict=False):
            boxes[place] = box
        order, left = order[count:], left[count:]
    return boxes


def _strip(areas: Sequence[float], room: _Room) -> tuple[int, int]:
    """How many tiles come into the next strip, and the axis that it is cut off from."""
    wide = room[_ACROSS].exact >= room[_DOWN].exact * CELL_SHAPE * LEAN
    axis = _ACROSS if wide else _DOWN
    if room[axis].cells < 2:
        axis = 1 - axis
    side = room[1 - axis].cells
    # what does not fit into the cells behind the strip must be in it, and no more than one tile a cell
    least, most = max(1, len(areas) - (room[axis].cells - 1) * side), min(len(areas), side)
    long, deep = (span.exact * (CELL_SHAPE * LEAN if at == _DOWN else 1.0) for at, span in enumerate(room))
    along, thick = (deep, long) if axis == _ACROSS else (long, deep)
    unit = along * thick / fsum(areas)
    count = 1
    while count < most and (
        count < least or _worst(areas[: count + 1], unit, along) <= _worst(areas[:count], unit, along)
    ):
        count += 1
    return count, axis


def _worst(areas: Sequence[float], unit: float, along: float) -> float:
    """The worst ratio of sides in a strip of these tiles; they go from the largest to the smallest."""
    thickness = fsum(areas) * unit / along
    if thickness <= 0:
        return float("inf")
    longest, shortest = (area * unit / thickness for area in (areas[0], areas[-1]))
    return max(longest / thickness, thickness / shortest)


def _cut(room: _Room, axis: int, part: float, behind: int) -> tuple[_Room, _Room]:
    """The strip that is `part` of the room, and the room behind it, in which `behind` tiles must find a cell."""
    span, side = room[axis], room[1 - axis].cells
    edge = span.exact_start + part * span.exact if behind else span.exact_end
    cell = _between(edge, span.start + 1, span.end - -(-behind // side))
    first, rest = _Span(span.start, cell, span.exact_start, edge), _Span(cell, span.end, edge, span.exact_end)
    other = room[1 - axis]
    return ((first, other), (rest, other)) if axis == _ACROSS else ((other, first), (other, rest))


def _row(strip: _Room, axis: int, areas: Sequence[float]) -> list[Box]:
    """The boxes of a strip's tiles, one after the other along `axis`."""
    boxes = []
    while areas:
        tile, strip = _tile(strip, axis, areas[0] / fsum(areas), len(areas) - 1)
        boxes.append(tile)
        areas = areas[1:]
    return boxes


def _tile(strip: _Room, axis: int, part: float, behind: int) -> tuple[Box, _Room]:
    span = strip[axis]
    edge = span.exact_start + part * span.exact if behind else span.exact_end
    cell = _between(edge, span.start + 1, span.end - behind)
    rest = _Span(cell, span.end, edge, span.exact_end)
    other = strip[1 - axis]
    if axis == _ACROSS:
        return Box(span.start, other.start, cell - span.start, other.cells), (rest, other)
    return Box(other.start, span.start, other.cells, cell - span.start), (other, rest)


def _between(edge: float, least: int, most: int) -> int:
    return max(least, min(most, round(edge)))


def neighbour(boxes: Sequence[Box], at: int, action_id: str) -> int:
    """The tile on the other side of the edge that a move goes over, at the middle of that edge; `at` at the rim."""
    here = boxes[at]
    x, y = here.x + here.width // 2, here.y + here.height // 2
    match action_id:
        case "move_left":
            x = here.x - 1
        case "move_right":
            x = here.x + here.width
        case "move_up":
            y = here.y - 1
        case "move_down":
            y = here.y + here.height
    return next((place for place, box in enumerate(boxes) if box.holds(x, y)), at)
