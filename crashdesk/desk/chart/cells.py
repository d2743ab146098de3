"""A grid of character cells, each with the part of the chart it belongs to, and its way into Textual strips."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from itertools import groupby

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


class Part(IntEnum):
    """What a cell shows; the theme gives each part its style. The numbers travel through plotext as colour codes."""

    BLANK = 0
    AXIS = 1
    TICK = 2
    LINE = 3
    SMA200 = 4
    SMA50 = 5
    EMA200 = 6
    UP = 7
    DOWN = 8
    LAST = 9
    PLACE = 10
    LEVEL_LINE = 11
    SUPPORT = 12
    RESISTANCE = 13
    TARGET = 14
    STOP = 15
    ROUND = 16
    AVERAGE = 17
    HINT = 18
    GRID = 19
    PLACE_LABEL = 20
    CASCADE = 21
    CROSS = 22
    CROSS_LABEL = 23
    NOTE = 24
    VOLUME_UP = 25
    VOLUME_DOWN = 26
    FOUND = 27
    OPEN_UP = 28
    OPEN_DOWN = 29
    OPEN_LINE = 30


CANDLE_PARTS = frozenset({Part.UP, Part.DOWN, Part.OPEN_UP, Part.OPEN_DOWN})
"""What no mark may hide."""


StyleMap = Mapping[Part, Style]
Row = tuple[list[str], list[Part]]


class CellGrid:
    """`height` rows of `width` cells. Every character put into it must be one column wide."""

    __slots__ = ("chars", "height", "parts", "width")

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.chars: list[list[str]] = [[" "] * width for _ in range(height)]
        self.parts: list[list[Part]] = [[Part.BLANK] * width for _ in range(height)]

    def put(self, column: int, row: int, char: str, part: Part) -> None:
        """One cell; outside of the grid nothing happens."""
        if 0 <= row < self.height and 0 <= column < self.width:
            self.chars[row][column] = char
            self.parts[row][column] = part

    def write(self, column: int, row: int, text: str, part: Part) -> None:
        """A text from `column` on, cut at the edges; a character that is not one cell wide becomes a question mark."""
        if not text.isascii():
            text = "".join(char if cell_len(char) == 1 else "?" for char in text)
        for offset, char in enumerate(text):
            self.put(column + offset, row, char, part)

    def is_blank(self, column: int, row: int) -> bool:
        """True when nothing but background (or the faint grid) is there."""
        return self.parts[row][column] in (Part.BLANK, Part.GRID)

    def copy_row(self, row: int) -> Row:
        """The cells of a row, to be drawn over."""
        return self.chars[row].copy(), self.parts[row].copy()

    def text(self, row: int) -> str:
        """A row's characters."""
        return "".join(self.chars[row])


def strip_of(row: Row, styles: StyleMap) -> Strip:
    """A row as a strip, neighbouring cells of one part joined into one segment."""
    chars, parts = row
    segments: list[Segment] = []
    start = 0
    for part, run in groupby(parts):
        end = start + sum(1 for _ in run)
        segments.append(Segment("".join(chars[start:end]), styles[part]))
        start = end
    return Strip(segments, len(chars))
