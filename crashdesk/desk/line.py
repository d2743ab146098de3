"""One line of cells, written from left to right and never wider than its pane."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from crashdesk.desk.glyphs import to_ascii

Piece = tuple[str, Style]
"""Text and how it looks."""


def width_of(text: str) -> int:
    """Cells that `text` takes."""
    return len(text) if text.isascii() else _wide(text)


_wide = lru_cache(maxsize=8_192)(cell_len)
"""Glyphs and signs come again with every frame; straight from the cache they cost no more than ASCII."""


def clip(text: str, width: int, ellipsis: str) -> str:
    """`text` cut to `width` cells, ending in the ellipsis if something is missing; figures go whole or not at all."""
    if width <= 0:
        return ""
    if width_of(text) <= width:
        return text
    if width == 1:
        return ellipsis
    head = set_cell_size(text, width - 1)
    kept, _, partial = head.rpartition(" ")
    if any(c.isdigit() for c in partial) and not text[len(head) : len(head) + 1].isspace():
        head = kept
    return head.rstrip() + ellipsis


class Line:
    """A line in the making. Pieces that don't fit whole are left out, so no figure is ever cut into a wrong one."""

    __slots__ = ("_segments", "used", "width")

    def __init__(self, width: int) -> None:
        self.width = width
        self.used = 0
        self._segments: list[Segment] = []

    @property
    def room(self) -> int:
        """Cells left."""
        return self.width - self.used

    def put(self, text: str, style: Style) -> bool:
        """Write `text` if it fits whole; False when it was left out."""
        cells = len(text) if text.isascii() else _wide(text)  # as `width_of`, which is called too often here
        if self.used + cells > self.width:
            return False
        if cells:
            self.used += cells
            segments = self._segments
            if segments and segments[-1].style is style:
                segments[-1] = Segment(segments[-1].text + text, style)
            else:
                segments.append(Segment(text, style))
        return True

    def pieces(self, pieces: Iterable[Piece]) -> bool:
        """Write all pieces or none of them."""
        kept = list(pieces)
        if sum(width_of(text) for text, _ in kept) > self.room:
            return False
        for text, style in kept:
            self.put(text, style)
        return True

    def left(self, text: str, width: int, style: Style, ellipsis: str = "…") -> None:
        """Words in a column of `width` cells, flush left, cut with an ellipsis."""
        width = min(width, self.room)
        shown = clip(text, width, ellipsis)
        self.put(shown + " " * (width - width_of(shown)), style)

    def right(self, text: str, width: int, style: Style) -> None:
        """A figure in a column of `width` cells, flush right; left out when it is too wide for the column."""
        cells = width_of(text)
        if cells > width:
            self.space(width, style)
            return
        self.put(" " * (width - cells) + text, style)

    def space(self, cells: int, style: Style) -> None:
        """Blank cells, as many as fit."""
        cells = min(cells, self.room)
        if cells > 0:
            self.put(" " * cells, style)

    def until(self, column: int, style: Style) -> None:
        """Blank cells up to `column`."""
        self.space(column - self.used, style)

    def written(self) -> list[Piece]:
        """The pieces so far."""
        return [(segment.text, segment.style or Style.null()) for segment in self._segments]

    def strip(self, fill: Style, over: Style | None = None) -> Strip:
        """The finished line, padded with `fill`; `over` (a background, say) is laid over all of it."""
        self.space(self.room, fill)
        strip = Strip(self._segments, self.used)
        return strip if over is None else _laid_over(strip, over)


def plain_strip(strip: Strip) -> Strip:
    """The same line in ASCII: what comes from outside (notes, names) may hold other characters."""
    if all(segment.text.isascii() for segment in strip):
        return strip
    return Strip([Segment(to_ascii(text), style) for text, style, _ in strip], strip.cell_length)


def _laid_over(strip: Strip, over: Style) -> Strip:
    return Strip([Segment(text, style + over if style else over) for text, style, _ in strip], strip.cell_length)
