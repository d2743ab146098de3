"""A picture's grounds as few rectangles: what is seen stays the same. And what is black."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import Static

from crashdesk.desk.picture import export_svg
from crashdesk.desk.picture_grounds import merged_grounds

COLUMNS, ROWS = 8, 5
CELL, LINE = 12.2, 24.4

colours = st.sampled_from(["#111111", "#222222"])
screens = st.lists(st.lists(colours, min_size=COLUMNS, max_size=COLUMNS), min_size=ROWS, max_size=ROWS)


def _svg(screen: list[list[str]]) -> str:
    rects = [
        f'<rect fill="{colour}" x="{column * CELL:.4g}" y="{row * LINE + 1.5:.5g}" width="12.2" height="24.65" '
        'shape-rendering="crispEdges"/>'
        for row, line in enumerate(screen)
        for column, colour in enumerate(line)
    ]
    return f'<svg><g>{"".join(rects)}<text x="1">a</text></g></svg>'


def _colour_at(svg: str, x: float, y: float) -> set[str]:
    found = re.findall(r'<rect fill="([^"]*)" x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)"', svg)
    return {
        fill
        for fill, left, top, width, height in found
        if float(left) <= x < float(left) + float(width) and float(top) <= y < float(top) + float(height)
    }


@given(screens)
def test_every_cell_keeps_its_ground(screen: list[list[str]]) -> None:
    merged = merged_grounds(_svg(screen))
    for row, line in enumerate(screen):
        for column, colour in enumerate(line):
            assert _colour_at(merged, (column + 0.5) * CELL, (row + 0.5) * LINE) == {colour}
    assert '<text x="1">a</text>' in merged


def test_one_colour_is_one_rectangle() -> None:
    assert merged_grounds(_svg([["#111111"] * COLUMNS] * ROWS)).count("<rect") == 1


class Words(App[None]):
    """Words in the terminal's own colours."""

    def compose(self) -> ComposeResult:
        yield Static(Text("words", Style(color="black", bgcolor="red")))


async def test_the_terminals_black_is_black() -> None:
    app = Words(ansi_color=True)
    async with app.run_test(size=(20, 3)) as pilot:
        await pilot.pause()
        svg = export_svg(app)
    name = re.search(r'<text class="([^"]*)"[^>]*>words</text>', svg)
    assert name is not None
    assert f".{name[1]} {{ fill: #000000" in svg
