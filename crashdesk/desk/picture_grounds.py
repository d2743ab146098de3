"""The grounds of a picture's cells as few rectangles: Textual writes one for every run of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_RECT = r'<rect fill="([^"]*)" x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)" shape-rendering="crispEdges"/>'
_ONE = re.compile(_RECT)
_ALL = re.compile(rf"(?:{_RECT}\s*)+")
_NEAR = 0.3
"""Two rows overlap by a quarter of a unit."""


class _Ground(NamedTuple):
    """A rectangle, in units of the picture."""

    fill: str
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


def merged_grounds(svg: str) -> str:
    """`svg` with one rectangle where neighbours of one colour make one, and nothing that is seen changed."""
    return _ALL.sub(lambda found: _written(_rows_joined(_runs_joined(_grounds(found.group())))), svg)


def _grounds(text: str) -> Iterator[_Ground]:
    for fill, *numbers in _ONE.findall(text):
        yield _Ground(fill, *map(float, numbers))


def _runs_joined(grounds: Iterable[_Ground]) -> Iterator[_Ground]:
    """Those that touch in a row, made one."""
    last: _Ground | None = None
    for ground in grounds:
        if last and (last.fill, last.y) == (ground.fill, ground.y) and abs(last.right - ground.x) < _NEAR:
            last = last._replace(width=ground.right - last.x)
            continue
        if last:
            yield last
        last = ground
    if last:
        yield last


def _rows_joined(grounds: Iterable[_Ground]) -> Iterable[_Ground]:
    """Those that stand over one another with the same edges, made one."""
    joined: list[_Ground] = []
    open_at: dict[tuple[str, float, float], int] = {}
    for ground in grounds:
        edges = ground.fill, round(ground.x, 1), round(ground.width, 1)
        place = open_at.get(edges)
        if place is not None and abs(joined[place].bottom - ground.y) < _NEAR:
            joined[place] = joined[place]._replace(height=ground.bottom - joined[place].y)
        else:
            open_at[edges] = len(joined)
            joined.append(ground)
    return joined


def _written(grounds: Iterable[_Ground]) -> str:
    rects = "".join(
        f'<rect fill="{one.fill}" x="{one.x:g}" y="{one.y:g}" width="{one.width:g}" height="{one.height:g}"/>'
        for one in grounds
    )
    return f'<g shape-rendering="crispEdges">{rects}</g>'
