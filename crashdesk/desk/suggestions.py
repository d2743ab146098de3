"""The list over the command line."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual import events
from textual.strip import Strip

from crashdesk.desk.line import Line
from crashdesk.desk.line_pane import KeyTaker, LineWidget
from crashdesk.desk.look import Look

MOST = 10


class Choice(NamedTuple):
    """One line of the list; `run` None can't be chosen (it says why). `preview` runs when the cursor comes to it.

    `named` tells that what is typed names this one, not just something like it. `fill` is typed in its stead: it needs
    more words.
    """

    title: str
    detail: str
    run: Callable[[], None] | None
    preview: Callable[[], None] | None = None
    named: bool = False
    fill: str = ""


class Suggestions(LineWidget):
    """A framed list with a cursor; `moved` tells that the user put it where it is."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, id="suggestions")
        self.choices: Sequence[Choice] = ()
        self.at = 0
        self.moved = False

    def offer(self, choices: Sequence[Choice]) -> None:
        """Another list; the cursor goes to its first line."""
        self.choices = choices
        self.at, self.moved = 0, False
        self.redraw()

    def move(self, step: int) -> None:
        """Move the cursor."""
        if self.choices:
            self.at, self.moved = (self.at + step) % len(self.choices), True
            self.redraw()

    def on_click(self, event: events.Click) -> None:
        """A click on a line is Enter on it."""
        event.stop()
        place = self._first + event.y - 1
        if 0 < event.y <= self.rows and place < len(self.choices):
            self.move(place - self.at)
            if isinstance(self.app, KeyTaker):
                self.app.route(events.Key("enter", None))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.move(-1)

    @property
    def _first(self) -> int:
        """The first line that is seen."""
        return max(0, self.at - self.rows + 1)

    @property
    def rows(self) -> int:
        """Lines that are shown at once."""
        return min(len(self.choices), MOST)

    @property
    def chosen(self) -> Choice | None:
        """The choice under the cursor."""
        return self.choices[self.at] if self.at < len(self.choices) else None

    def lines(self, width: int, height: int) -> list[Strip]:
        """Frame and choices."""
        palette, glyphs = self.look.palette, self.look.glyphs
        if width < 4:
            return [Strip.blank(width, palette.blank)] * height
        edge = palette.border_focus
        top, bottom = Line(width), Line(width)
        top.put(glyphs.top_left + glyphs.across * (width - 2) + glyphs.top_right, edge)
        bottom.put(glyphs.bottom_left + glyphs.across * (width - 2) + glyphs.bottom_right, edge)
        shown = range(self._first, self._first + self.rows)
        rows = [self._row(self.choices[place], place, width) for place in shown]
        rows += [Strip.blank(width, palette.blank)] * (height - 2 - len(rows))
        return [top.strip(palette.blank), *rows[: height - 2], bottom.strip(palette.blank)][:height]

    def _row(self, choice: Choice, place: int, width: int) -> Strip:
        palette, glyphs = self.look.palette, self.look.glyphs
        inner = Line(width - 2)
        inner.put(f"{glyphs.cursor} " if place == self.at else "  ", palette.accent)
        inner.left(choice.title, 26, palette.strong if choice.run else palette.warning, glyphs.ellipsis)
        inner.space(1, palette.blank)
        inner.left(choice.detail, inner.room, palette.muted, glyphs.ellipsis)
        body = inner.strip(palette.blank, palette.cursor if place == self.at else None)
        edge = Segment(glyphs.down, palette.border_focus)
        return Strip([edge, *body, edge], width)
