"""The base of every pane: a framed block of lines that redraws only what changed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from crashdesk.config.key_names import show_key
from crashdesk.config.keymap import Keymap
from crashdesk.desk.glyphs import ASCII
from crashdesk.desk.line import Line, Piece, plain_strip, width_of
from crashdesk.desk.look import Look
from crashdesk.session.views import DeskView

WHEEL_ROWS = 3


@runtime_checkable
class KeyTaker(Protocol):
    """The app that routes keys through the keymap."""

    def route(self, event: events.Key) -> None:
        """Take a key."""
        ...


class LineWidget(Widget):
    """Draws lines that a subclass makes; compares them with those on the screen and repaints the ones that differ.

    A subclass gives `lines(width, height)`. Nothing is made while the widget has no room or is not `shown`.
    """

    ALLOW_SELECT = False

    def __init__(self, look: Look, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.look = look
        self.shown = True
        self._lines: list[Strip] = []
        self._drawn_for = (0, 0)

    @abstractmethod
    def lines(self, width: int, height: int) -> list[Strip]:
        """`height` strips of `width` cells each."""

    def restyle(self, look: Look) -> None:
        """Draw everything anew with other colours, glyphs or zone."""
        self.look = look
        self._drawn_for = (0, 0)
        self.redraw()

    def repaint(self) -> None:
        """Paint every line again, also those that did not change: the terminal may have lost them."""
        self._drawn_for, self._lines = (0, 0), []
        self.redraw()

    def reveal(self, *, shown: bool) -> None:
        """Told by the layout whether there is a place for this widget; a hidden one does no work."""
        if shown != self.shown:
            self.shown = shown
            self.call_next(self.redraw)

    def redraw(self) -> None:
        """Make the lines again and repaint those that changed."""
        width, height = self.size
        if not self.shown or width < 1 or height < 1:
            self._drawn_for = (0, 0)
            return
        fresh, old = self.lines(width, height), self._lines
        if self.look.glyphs is ASCII:
            fresh = [plain_strip(strip) for strip in fresh]
        regions = _adopt(old, fresh, width)
        self._lines = fresh
        if self._drawn_for != (width, height):
            self._drawn_for = (width, height)
            self.refresh()
            return
        if regions:
            self.refresh(*regions)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The finished strips inside `crop`. Overrides Textual's styles cache: frame and colours are in the strips."""
        if self._drawn_for != tuple(self.size):
            self.redraw()
        lines = self._lines[crop.y : crop.bottom]
        if len(lines) < crop.height:
            blank = Strip.blank(self.size.width, self.look.palette.desktop)
            lines += [blank] * (crop.height - len(lines))
        if crop.x == 0 and crop.width == self.size.width:
            return lines
        return [line.crop(crop.x, crop.right) for line in lines]

    def on_resize(self, _event: events.Resize) -> None:
        """A new size: every line anew."""
        self.redraw()


class LinePane(LineWidget, can_focus=True):
    """A focusable pane: a frame with number, title and a note on the right, and a body of lines.

    A subclass gives `show(view)` (take the parts it draws, compare them by identity, `redraw()` when they changed),
    `body(width, height)`, and where it has keys of its own `pane_key(action_id)`.
    """

    number = 0
    name_shown = ""
    keymap: Keymap | None = None

    def __init__(self, look: Look, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(look, id=id)
        self._framed: list[tuple[Strip, Segment, Strip]] = []
        self._edges: dict[str, tuple[tuple[object, ...], Strip]] = {}

    def key(self, action_id: str) -> str:
        """How the first key of an action is shown; of one without a key its name on the command line."""
        actions = self.keymap.actions if self.keymap is not None else ()
        keys = next((action.keys for action in actions if action.id == action_id), ())
        return show_key(keys[0]) if keys else f":{action_id.replace('_', ' ')}"

    @abstractmethod
    def show(self, view: DeskView) -> None:
        """Take a new picture; do nothing when none of the drawn parts changed."""

    @abstractmethod
    def body(self, width: int, height: int) -> Sequence[Strip]:
        """At most `height` strips of `width` cells each, without the frame."""

    def pane_key(self, action_id: str) -> bool:
        """Do what an action of the keymap means in this pane; False when it means nothing here."""
        return False

    def raw_key(self, _event: events.Key) -> bool:
        """Take a key before the keymap is asked, in a state where the pane waits for one; False to leave it."""
        return False

    def click_cell(self, x: int, y: int, *, double: bool) -> None:
        """A click on a cell of the body; a second one on the same place is `double`."""

    def tick(self, now_ms: int) -> None:
        """A second went by on the desk's clock (live): ages may have changed. `now_ms` is UTC ms."""

    def caption(self) -> Sequence[Piece]:
        """What stands behind the title, in the frame."""
        return ()

    def note(self) -> Sequence[Piece]:
        """What stands at the right end of the frame's top line, if there is room."""
        return ()

    def foot(self) -> Sequence[Piece]:
        """What stands at the right end of the frame's bottom line, if there is room."""
        return ()

    @property
    def body_size(self) -> tuple[int, int]:
        """Columns and rows inside the frame."""
        width, height = self.size
        return max(0, width - 2), max(0, height - 2)

    def lines(self, width: int, height: int) -> list[Strip]:
        """Frame and body."""
        palette, glyphs = self.look.palette, self.look.glyphs
        if width < 3 or height < 3:
            return [Strip.blank(width, palette.blank)] * height
        inner = height - 2
        body = list(self.body(width - 2, inner))[:inner]
        body += [Strip.blank(width - 2, palette.blank)] * (inner - len(body))
        edge = Segment(glyphs.down, palette.border_focus if self.has_focus else palette.border)
        known, self._framed = self._framed, []
        for y, strip in enumerate(body):
            # a row that says the same keeps its frame
            if y < len(known) and _says_same(known[y], strip, edge, width):
                self._framed.append(known[y])
            else:
                self._framed.append((strip, edge, Strip([edge, *strip, edge], width)))
        return [self._top(width), *(framed for _, _, framed in self._framed), self._bottom(width)]

    def on_key(self, event: events.Key) -> None:
        """Every key goes through the keymap; heard by the screen instead, what a pane then posts would end there."""
        event.stop()
        if isinstance(self.app, KeyTaker):
            self.app.route(event)

    def on_click(self, event: events.Click) -> None:
        """Rows of the body."""
        x, y = event.x - 1, event.y - 1
        columns, rows = self.body_size
        if 0 <= x < columns and 0 <= y < rows:
            self.click_cell(x, y, double=event.chain > 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves as the keys do."""
        event.stop()
        for _ in range(WHEEL_ROWS):
            self.pane_key("move_down")

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves as the keys do."""
        event.stop()
        for _ in range(WHEEL_ROWS):
            self.pane_key("move_up")

    def on_focus(self, _event: events.Focus) -> None:
        """The frame shows the focus."""
        self.call_next(self.redraw)

    def on_blur(self, _event: events.Blur) -> None:
        """The frame shows the focus."""
        self.call_next(self.redraw)

    def _top(self, width: int) -> Strip:
        caption, note = tuple(self.caption()), tuple(self.note())
        made_of = (width, self.look, self.has_focus, self.number, self.name_shown, caption, note)
        return self._edge("top", made_of, lambda: self._top_line(width, caption, note))

    def _bottom(self, width: int) -> Strip:
        foot = tuple(self.foot())
        made_of = (width, self.look, self.has_focus, foot)
        return self._edge("bottom", made_of, lambda: self._bottom_line(width, foot))

    def _edge(self, name: str, made_of: tuple[object, ...], make: Callable[[], Strip]) -> Strip:
        """A line of the frame; the very same one while it is made of the same."""
        known = self._edges.get(name)
        if known is None or known[0] != made_of:
            known = self._edges[name] = (made_of, make())
        return known[1]

    def _top_line(self, width: int, caption: Sequence[Piece], note: Sequence[Piece]) -> Strip:
        palette, glyphs = self.look.palette, self.look.glyphs
        edge = palette.border_focus if self.has_focus else palette.border
        line = Line(width)
        line.put(glyphs.top_left + glyphs.across, edge)
        line.put(f" {self.number} " if self.number else " ", palette.key)
        line.put(f"{self.name_shown} ", palette.title_focus if self.has_focus else palette.title)
        if caption:
            line.pieces(((glyphs.across + " ", edge), *caption))
        _close(line, note, edge, glyphs.across, glyphs.top_right)
        return line.strip(palette.blank)

    def _bottom_line(self, width: int, foot: Sequence[Piece]) -> Strip:
        palette, glyphs = self.look.palette, self.look.glyphs
        edge = palette.border_focus if self.has_focus else palette.border
        line = Line(width)
        line.put(glyphs.bottom_left, edge)
        _close(line, foot, edge, glyphs.across, glyphs.bottom_right)
        return line.strip(palette.blank)


def _says_same(framed: tuple[Strip, Segment, Strip], strip: Strip, edge: Segment, width: int) -> bool:
    return (framed[0] is strip or framed[0] == strip) and framed[1] == edge and framed[2].cell_length == width


def _close(line: Line, right: Sequence[Piece], edge: Style, across: str, corner: str) -> None:
    """Fill up to the corner, with `right` before it if it fits."""
    taken = sum(width_of(text) for text, _ in right) + (2 if right else 0)
    rule = line.room - 1 - taken
    if rule < 1:
        right, taken, rule = (), 0, line.room - 1
    line.put(across * max(0, rule), edge)
    if right:
        line.pieces(right)
        line.put(across * 2, edge)
    line.put(corner, edge)


def _adopt(old: Sequence[Strip], fresh: list[Strip], width: int) -> list[Region]:
    """Runs of lines that differ, as regions; an equal line is replaced by the old one, whose rendering is cached."""
    regions: list[Region] = []
    start: int | None = None
    for y, strip in enumerate(fresh):
        if y < len(old) and (old[y] is strip or old[y] == strip):
            fresh[y] = old[y]
            if start is not None:
                regions.append(Region(0, start, width, y - start))
                start = None
        elif start is None:
            start = y
    if start is not None:
        regions.append(Region(0, start, width, len(fresh) - start))
    return regions
