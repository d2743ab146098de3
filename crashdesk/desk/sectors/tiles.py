"""How tiles fill a rectangle of cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

CELL_SHAPE = 2.0
"""A cell is about twice as high as wide."""
LEAST_WIDTH = 17


class Box(NamedTuple):
    """A tile's cells: column and row of its corner, width and height."""

    x: int
    y: int
    width: int
    height: int


def tile_boxes(shares: Sequence[float], width: int, height: int) -> list[Box]:
    """One box for each share, in order, together filling `width` x `height`; none when there is no room.

    Tried are rows of tiles and halving again and again; taken is what is nearest to twice as wide as high to the eye.
    """
    if not shares or width < 1 or height < 1:
        return []
    weights = [max(share, 0.0) or 0.001 for share in shares]
    tried = [_rows(weights, rows, width, height) for rows in range(1, min(len(weights), height) + 1)]
    tried.append(_halves(weights, Box(0, 0, width, height)))
    return min(tried, key=lambda boxes: sum(_strain(box) for box in boxes))


def _halves(weights: Sequence[float], room: Box) -> list[Box]:
    """Split into two runs of about the same weight along the longer side, and each of them again."""
    if len(weights) == 1:
        return [room]
    total = sum(weights)
    cut = min(range(1, len(weights)), key=lambda place: abs(2 * sum(weights[:place]) - total))
    first, second = weights[:cut], weights[cut:]
    if room.width >= room.height * CELL_SHAPE * 1.5 or room.height < 2:
        one, two = _split([sum(first), sum(second)], room.width)
        rooms = Box(room.x, room.y, one, room.height), Box(room.x + one, room.y, two, room.height)
    else:
        one, two = _split([sum(first), sum(second)], room.height)
        rooms = Box(room.x, room.y, room.width, one), Box(room.x, room.y + one, room.width, two)
    return [*_halves(first, rooms[0]), *_halves(second, rooms[1])]


def _strain(box: Box) -> float:
    """How far a tile is from a good shape; too narrow for a name, or a single row, is far."""
    if box.width < 1 or box.height < 1:
        return 100.0
    shape = box.width / (box.height * CELL_SHAPE)
    strain = max(shape / 2, 2 / shape)
    return strain + max(0, LEAST_WIDTH - box.width) * 8.0 + (6.0 if box.height < 2 else 0.0)


def _rows(weights: Sequence[float], rows: int, width: int, height: int) -> list[Box]:
    groups = _grouped(weights, rows)
    sums = [sum(group) for group in groups]
    boxes: list[Box] = []
    y = 0
    for group, high in zip(groups, _split(sums, height), strict=True):
        x = 0
        for wide in _split(group, width):
            boxes.append(Box(x, y, wide, high))
            x += wide
        y += high
    return boxes


def _grouped(weights: Sequence[float], rows: int) -> list[list[float]]:
    """`rows` runs of about the same sum, none of them empty."""
    total, run = sum(weights), 0.0
    groups: list[list[float]] = [[]]
    for place, weight in enumerate(weights):
        left, needed = len(weights) - place, rows - len(groups)
        full = run + weight / 2 > total * len(groups) / rows
        if groups[-1] and needed and (full or left <= needed):
            groups.append([])
        groups[-1].append(weight)
        run += weight
    return groups


def _split(weights: Sequence[float], length: int) -> list[int]:
    """`length` cells in parts as the weights are, without a remainder."""
    total, run, before = sum(weights), 0.0, 0
    parts = []
    for weight in weights:
        run += weight
        edge = round(length * run / total)
        parts.append(edge - before)
        before = edge
    return parts


def neighbour(boxes: Sequence[Box], at: int, action_id: str) -> int:
    """The tile that lies next to `at` in the direction of a move; `at` itself at the edge."""
    here = boxes[at]
    match action_id:
        case "move_left":
            near = [place for place, box in enumerate(boxes) if box.x + box.width <= here.x and _rows_meet(box, here)]
        case "move_right":
            near = [place for place, box in enumerate(boxes) if box.x >= here.x + here.width and _rows_meet(box, here)]
        case "move_up":
            near = [place for place, box in enumerate(boxes) if box.y + box.height <= here.y]
        case "move_down":
            near = [place for place, box in enumerate(boxes) if box.y >= here.y + here.height]
        case _:
            return at
    return min(near, key=lambda place: _distance(boxes[place], here), default=at)


def _rows_meet(one: Box, other: Box) -> bool:
    return one.y < other.y + other.height and other.y < one.y + one.height


def _distance(one: Box, other: Box) -> float:
    dx = one.x + one.width / 2 - other.x - other.width / 2
    dy = (one.y + one.height / 2 - other.y - other.height / 2) * CELL_SHAPE
    return dx * dx + 4 * dy * dy
