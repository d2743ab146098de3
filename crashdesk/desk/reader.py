"""A page of text over the desk: help, a brief."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from textual.strip import Strip

from crashdesk.desk.line import Line, Piece, width_of
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.look import Look
from crashdesk.desk.scroll import Scroll
from crashdesk.session.views import DeskView

Page = Sequence[Sequence[Piece]]
PageMaker = Callable[[Look], Page]
_SIDEWAYS = {"move_left": -8, "move_right": 8}
_IN_COLUMNS = re.compile(r"\S {2,}\S")


class Reader(LinePane):
    """Scrolls through finished lines; Esc closes it."""

    number = 0

    def __init__(self, look: Look, title: str, make: PageMaker) -> None:
        super().__init__(look, id="reader")
        self.name_shown = title
        self._make = make
        self._page = make(look)
        self._scroll = Scroll()
        self._left = 0

    def restyle(self, look: Look) -> None:
        """The same page in other colours."""
        self._page = self._make(look)
        super().restyle(look)

    def show(self, view: DeskView) -> None:
        """A page does not change with the market."""

    def pane_key(self, action_id: str) -> bool:
        """Scroll; sideways when a line is wider than the page."""
        if action_id in _SIDEWAYS:
            self._left = max(0, min(self._left + _SIDEWAYS[action_id], self._hidden))
            self.redraw()
            return True
        page = max(1, self.body_size[1])
        last = max(0, len(self._page) - page)
        self._scroll.at = self._scroll.top
        if not self._scroll.act(action_id, last + 1, page):
            return False
        self._scroll.top = self._scroll.at
        self.redraw()
        return True

    def foot(self) -> Sequence[Piece]:
        """Where in the page."""
        rows = self.body_size[1]
        words = ["Esc closes"]
        if self._hidden:
            words.insert(0, "left and right show the rest of the lines")
        if len(self._page) > rows:
            words.insert(0, f"{min(len(self._page), self._scroll.top + rows)} of {len(self._page)} lines")
        return ((f" {', '.join(words)} ", self.look.palette.muted),)

    @property
    def _hidden(self) -> int:
        """Cells of the widest line that lie outside of the page."""
        widest = max((width_of(pieces[0][0]) for pieces in self._page if len(pieces) == 1), default=0)
        return max(0, widest - (self.body_size[0] - 2))

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """The lines that are seen."""
        drawn = []
        for pieces in self._page[self._scroll.top : self._scroll.top + height]:
            line = Line(width)
            line.space(1, self.look.palette.blank)
            left = self._left if len(pieces) == 1 else 0
            for text, style in pieces:
                part = _from_cell(text, left, self.look.glyphs.ellipsis)
                line.left(part, min(len(part), line.room), style, self.look.glyphs.ellipsis)
            drawn.append(line.strip(self.look.palette.blank))
        return drawn


def text_page(text: str, width: int, look: Look) -> Page:
    """Plain text as a page; long lines are folded at words, with the indent of their line, a table's rows never."""
    page: list[list[Piece]] = []
    for line in text.splitlines():
        style = look.palette.strong if line and line == line.upper() and line[0].isalpha() else look.palette.text
        page += [[(part, style)] for part in ([line] if _IN_COLUMNS.search(line) else _folded(line, width))]
    return page


def _from_cell(text: str, left: int, ellipsis: str) -> str:
    """`text` without its first `left` characters; a word or figure that this would cut is left out."""
    rest = text[left:]
    if left == 0 or not rest or rest[0] == " " or text[left - 1] == " ":
        return rest
    cut = rest.find(" ")
    return ellipsis + " " * (cut - 1) + rest[cut:] if cut > 0 else ellipsis


def _folded(line: str, width: int) -> list[str]:
    parts = []
    indent = " " * min(len(line) - len(line.lstrip()), width // 2)
    while len(line) > width:
        cut = line.rfind(" ", len(indent) + 1, width + 1)
        cut = cut if cut > 0 else width
        parts.append(line[:cut])
        line = indent + line[cut:].lstrip()
    return [*parts, line]
