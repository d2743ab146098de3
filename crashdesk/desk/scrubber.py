"""The whole recording in one or two lines: what was liquidated when, events, notes, gaps, and where the clock is."""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rich.style import Style
from textual import events
from textual.strip import Strip

from crashdesk.desk.glyphs import Glyphs
from crashdesk.desk.line import Line
from crashdesk.desk.line_pane import LineWidget
from crashdesk.desk.look import Look
from crashdesk.desk.messages import SeekTo
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.session.views import DeskView, ScrubberView


class Slices(NamedTuple):
    """The recording in as many slices as there are columns: heights (micro-dollars) and marks by column."""

    sums: tuple[int, ...]
    events: frozenset[int]
    notes: frozenset[int]
    gaps: frozenset[int]
    cascades: frozenset[int]
    begun: frozenset[int]
    """Where cascades begin."""
    bookmarks: Mapping[int, str]
    """Their names; of several in one column the last one's."""


def column_of(at_ms: int, view: ScrubberView, width: int) -> int:
    """The column of a time; the first or the last one for times outside of the recording."""
    span = max(1, view.end_ms - view.start_ms)
    return max(0, min(width - 1, (at_ms - view.start_ms) * width // span))


def time_of(column: int, view: ScrubberView, width: int) -> int:
    """The time (UTC ms) in the middle of a column; the very ends for the first and the last one."""
    if column <= 0:
        return view.start_ms
    if column >= width - 1:
        return view.end_ms
    return view.start_ms + (view.end_ms - view.start_ms) * (2 * column + 1) // (2 * width)


def slices_of(view: ScrubberView, width: int) -> Slices:
    """Sums and marks for `width` columns. A minute belongs to the column of its beginning."""
    sums = [0] * width
    for minute, micro in view.minutes:
        sums[column_of(minute * MINUTE_MS, view, width)] += micro
    return Slices(
        tuple(sums),
        _columns(view.events_ms, view, width),
        _columns(view.notes_ms, view, width),
        _spans(view.gaps, view, width),
        _spans(view.cascades, view, width),
        _columns((start for start, _ in view.cascades), view, width),
        {column_of(at, view, width): name for at, name in view.bookmarks if view.start_ms <= at <= view.end_ms},
    )


def heights(sums: tuple[int, ...], steps: int) -> list[int]:
    """0 for nothing, else 1 to `steps`, by the square root of the share in the largest sum, so that calm shows too."""
    most = max(sums, default=0)
    return [max(1, math.ceil(math.sqrt(value / most) * steps)) if value > 0 else 0 for value in sums]


def _columns(times: Iterable[int], view: ScrubberView, width: int) -> frozenset[int]:
    return frozenset(column_of(at, view, width) for at in times if view.start_ms <= at <= view.end_ms)


def _spans(spans: Iterable[tuple[int, int]], view: ScrubberView, width: int) -> frozenset[int]:
    found: set[int] = set()
    for start, end in spans:
        if end >= view.start_ms and start <= view.end_ms:
            found.update(range(column_of(start, view, width), column_of(end, view, width) + 1))
    return frozenset(found)


class Scrubber(LineWidget):
    """Bars in the upper line, marks in the lower one. In one line marks stand where nothing was liquidated, and that of
    a cascade where it began. Bookmarks have their names beside them where there is room. A click seeks, and so does
    dragging.
    """

    def __init__(self, look: Look) -> None:
        super().__init__(look, id="scrubber")
        self._view: ScrubberView | None = None
        self._position_ms = 0
        self._loop: tuple[int, int] | None = None
        self._dragged: int | None = None
        self._slices: tuple[ScrubberView, int, Slices] | None = None

    def show(self, view: DeskView) -> None:
        """Take the recording's outline and the clock."""
        old, before, loop = self._view, self._position_ms, self._loop
        self._view, self._position_ms, self._loop = view.scrubber, view.transport.position_ms, view.transport.loop
        width = max(1, self.size.width)
        same = old is view.scrubber and loop == self._loop
        at = column_of(self._position_ms, view.scrubber, width)
        if not same or column_of(before, view.scrubber, width) != at:
            self.redraw()

    def lines(self, width: int, height: int) -> list[Strip]:
        """One or two lines; further ones are blank."""
        palette = self.look.palette
        view = self._view
        if view is None or view.end_ms <= view.start_ms:
            return [Strip.blank(width, palette.bar)] * height
        if self._slices is None or self._slices[0] is not view or self._slices[1] != width:
            self._slices = (view, width, slices_of(view, width))
        slices = self._slices[2]
        at = column_of(self._position_ms, view, width)
        looped = _spans([self._loop], view, width) if self._loop is not None else frozenset[int]()
        lines = [self._bars(slices, at, width, looped if height == 1 else None)]
        if height > 1:
            lines.append(self._marks(slices, at, looped, width))
        return lines + [Strip.blank(width, palette.bar)] * (height - len(lines))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Seek to the time under the pointer, which may be dragged from there."""
        self.capture_mouse()
        self._seek(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Seek with the pointer while it is dragged."""
        if self._dragged is not None:
            self._seek(event.x)

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        """The end of dragging."""
        self.release_mouse()
        self._dragged = None

    def _seek(self, x: int) -> None:
        """To the time of a column, once."""
        width = max(1, self.size.width)
        column = min(max(x, 0), width - 1)
        if self._view is not None and self._view.end_ms > self._view.start_ms and column != self._dragged:
            self._dragged = column
            self.post_message(SeekTo(time_of(column, self._view, width)))

    def _bars(self, slices: Slices, at: int, width: int, looped: frozenset[int] | None) -> Strip:
        """The bars; with `looped` they are the only line, and marks and the looped columns stand in it, too."""
        marks = looped is not None
        palette, glyphs = self.look.palette, self.look.glyphs
        line = Line(width)
        for column, high in enumerate(heights(slices.sums, len(glyphs.spark))):
            char = glyphs.spark[high - 1] if high else " "
            style = palette.bar_loss if column <= at else palette.bar_muted
            if column in slices.gaps:
                char, style = glyphs.gap, palette.bar_stale
            elif marks and column in slices.bookmarks:
                char, style = glyphs.bookmark, palette.bar_key
            elif marks and (not high or column in slices.begun) and (mark := self._mark(slices, column, glyphs)):
                char, style = mark
            elif looped and column in looped:
                char, style = char if high else glyphs.track, palette.bar_key
            line.put(char, _at(style) if column == at else style)
        return line.strip(palette.bar)

    def _marks(self, slices: Slices, at: int, looped: frozenset[int], width: int) -> Strip:
        palette, glyphs = self.look.palette, self.look.glyphs
        line = Line(width)
        names = self._names(slices, at, width)
        for column in range(width):
            track = palette.bar_key if column in looped or column in names else palette.bar_muted
            char, style = self._mark(slices, column, glyphs) or (names.get(column, glyphs.track), track)
            if column == at:
                char, style = (char, _at(style)) if at in slices.bookmarks else (glyphs.track_at, palette.bar_key)
            line.put(char, style)
        return line.strip(palette.bar)

    def _names(self, slices: Slices, at: int, width: int) -> dict[int, str]:
        """Letters of names behind their bookmarks, by column; a name for which there is no room is left out."""
        letters: dict[int, str] = {}
        for column, name in slices.bookmarks.items():
            behind = range(column + 1, column + 1 + len(name))
            taken = any(c == at or c in letters or self._mark(slices, c, self.look.glyphs) for c in behind)
            if name.isascii() and behind.stop <= width and not taken:
                letters.update(zip(behind, name, strict=True))
        return letters

    def _mark(self, slices: Slices, column: int, glyphs: Glyphs) -> tuple[str, Style] | None:
        """The mark of a column: bookmarks before cascades before events before notes before gaps."""
        palette = self.look.palette
        if column in slices.bookmarks:
            return glyphs.bookmark, palette.bar_key
        if column in slices.cascades:
            return glyphs.cascade, palette.bar_loss
        if column in slices.events:
            return glyphs.event, palette.bar_loss
        if column in slices.notes:
            return glyphs.note, palette.bar_key
        if column in slices.gaps:
            return glyphs.gap, palette.bar_stale
        return None


def _at(style: Style) -> Style:
    return style + Style(reverse=True)
