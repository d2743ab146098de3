"""A page of text over the desk: help, a brief."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from crashdesk.desk.line import Line, Piece
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.look import Look
from crashdesk.desk.scroll import Scroll
from crashdesk.session.views import DeskView

Page = Sequence[Sequence[Piece]]


class Reader(LinePane):
    """Scrolls through finished lines; Esc closes it."""

    number = 0

    def __init__(self, look: Look, title: str, page: Page) -> None:
        super().__init__(look, id="reader")
        self.name_shown = title
        self._page = page
        self._scroll = Scroll()

    def show(self, view: DeskView) -> None:
        """A page does not change with the market."""

    def pane_key(self, action_id: str) -> bool:
        """Scroll."""
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
        if len(self._page) <= rows:
            return ((" Esc closes ", self.look.palette.muted),)
        seen = min(len(self._page), self._scroll.top + rows)
        return ((f" {seen} of {len(self._page)} lines, Esc closes ", self.look.palette.muted),)

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """The lines that are seen."""
        drawn = []
        for pieces in self._page[self._scroll.top : self._scroll.top + height]:
            line = Line(width)
            line.space(1, self.look.palette.blank)
            for text, style in pieces:
                line.left(text, min(len(text), line.room), style, self.look.glyphs.ellipsis)
            drawn.append(line.strip(self.look.palette.blank))
        return drawn


def text_page(text: str, look: Look, width: int) -> Page:
    """Plain text as a page; long lines are folded at words, with the indent of their line."""
    page: list[list[Piece]] = []
    for line in text.splitlines():
        style = look.palette.strong if line and line == line.upper() and line[0].isalpha() else look.palette.text
        page += [[(part, style)] for part in _folded(line, width)]
    return page


def _folded(line: str, width: int) -> list[str]:
    parts = []
    indent = " " * min(len(line) - len(line.lstrip()), width // 2)
    while len(line) > width:
        cut = line.rfind(" ", len(indent) + 1, width + 1)
        cut = cut if cut > 0 else width
        parts.append(line[:cut])
        line = indent + line[cut:].lstrip()
    return [*parts, line]
