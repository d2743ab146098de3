"""The treemap: every cell once, areas as the shares, tiles that stay where they are and can all be reached."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.desk.sectors.tiles import CELL_SHAPE, LEAN, Box, neighbour, tile_boxes

WAYS = ("move_left", "move_right", "move_up", "move_down")


def cells_of(box: Box) -> list[tuple[int, int]]:
    return [(x, y) for y in range(box.y, box.y + box.height) for x in range(box.x, box.x + box.width)]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.integers(1, 140), st.integers(1, 40))
def test_tiles_cover_every_cell_once(shares: list[float], width: int, height: int) -> None:
    boxes = tile_boxes(shares, width, height)
    seen = Counter(cell for box in boxes for cell in cells_of(box))
    assert seen == {(x, y): 1 for x in range(width) for y in range(height)}
    assert len(boxes) == len(shares)
    if len(shares) <= width * height:
        assert all(box.width >= 1 and box.height >= 1 for box in boxes)


@given(st.lists(st.integers(2, 10), min_size=1, max_size=12), st.integers(60, 240), st.integers(16, 60))
def test_areas_are_as_the_shares_within_the_rounding_of_edges(weights: list[int], width: int, height: int) -> None:
    whole = sum(weights)
    for weight, box in zip(weights, tile_boxes([w / whole for w in weights], width, height), strict=True):
        exact = width * height * weight / whole
        # each of the four edges lies at most half a cell from its exact place
        assert abs(box.width * box.height - exact) <= box.width + box.height + 1


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=16), st.integers(30, 200), st.integers(8, 60))
def test_every_tile_can_be_walked_to(shares: list[float], width: int, height: int) -> None:
    boxes = tile_boxes(shares, width, height)
    reached, edge = {0}, [0]
    while edge:
        edge = [there for at in edge for way in WAYS if (there := neighbour(boxes, at, way)) not in reached]
        reached.update(edge)
    assert reached == set(range(len(boxes)))


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=16), st.integers(30, 200), st.integers(8, 60))
def test_a_neighbour_touches_the_tile(shares: list[float], width: int, height: int) -> None:
    boxes = tile_boxes(shares, width, height)
    for at, here in enumerate(boxes):
        for way, (dx, dy) in zip(WAYS, ((-1, 0), (1, 0), (0, -1), (0, 1)), strict=True):
            there = neighbour(boxes, at, way)
            beyond = {(x + dx, y + dy) for x, y in cells_of(here)} - set(cells_of(here))
            rim = all(not (0 <= x < width and 0 <= y < height) for x, y in beyond)
            assert (there == at) == rim
            assert rim or beyond & set(cells_of(boxes[there]))


def test_the_published_example() -> None:
    """The worked example of the paper: 6, 6, 4, 3, 2, 2, 1 in a room of 6 by 4; the cells are fine enough for it."""
    fine = 100
    width, height = round(6 * fine * CELL_SHAPE * LEAN), 4 * fine
    boxes = tile_boxes([6 / 24, 6 / 24, 4 / 24, 3 / 24, 2 / 24, 2 / 24, 1 / 24], width, height)
    places = [
        tuple(round(v / unit, 1) for v, unit in zip(box, (width / 6, fine, width / 6, fine), strict=True))
        for box in boxes
    ]
    assert places == [
        (0.0, 0.0, 3.0, 2.0),
        (0.0, 2.0, 3.0, 2.0),
        (3.0, 0.0, 1.7, 2.3),
        (4.7, 0.0, 1.3, 2.3),
        (3.0, 2.3, 1.2, 1.7),
        (4.2, 2.3, 1.2, 1.7),
        (5.4, 2.3, 0.6, 1.7),
    ]


def test_equal_shares_lie_in_their_order_and_lead_to_neighbours() -> None:
    boxes = tile_boxes([0.25, 0.25, 0.25, 0.25], 80, 12)
    assert {box.width * box.height for box in boxes} == {240}
    assert boxes == sorted(boxes)
    for place in range(4):
        for there, back in (("move_right", "move_left"), ("move_down", "move_up")):
            other = neighbour(boxes, place, there)
            assert other == place or neighbour(boxes, other, back) == place


@pytest.mark.parametrize("count", [5, 8, 64])
def test_tiles_of_usual_size_are_near_the_best_shape(count: int) -> None:
    rng = Random(count)
    weights = [rng.uniform(1, 3) for _ in range(count)]
    boxes = tile_boxes([w / sum(weights) for w in weights], 150, 40)
    shapes = [box.width / box.height / (CELL_SHAPE * LEAN) for box in boxes]
    assert max(max(shape, 1 / shape) for shape in shapes) < 4
