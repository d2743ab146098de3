"""Pane 6: why. Notes and events in the order of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.style import Style
from textual.strip import Strip

from crashdesk.desk import figures
from crashdesk.desk.line import Line, Piece, clip, width_of
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.look import Look
from crashdesk.desk.messages import SeekTo
from crashdesk.desk.scroll import Scroll
from crashdesk.model.records import EventKind, Precision
from crashdesk.session.views import DeskView, TimelineItem

LIST_ROWS = 6
"""From this many rows on the pane is a list, one item to a line; with fewer, items flow in lines."""
_EVENTS = frozenset(kind.value for kind in EventKind)


def folded(items: Sequence[TimelineItem], times: str) -> tuple[TimelineItem, ...]:
    """Events that say the same become one, at the newest's time, with how often it came: `... ×48`. Notes all stay."""
    counts = Counter((item.kind, item.text) for item in items)
    left = counts.copy()
    kept = []
    for item in items:
        key = (item.kind, item.text)
        if item.kind not in _EVENTS or counts[key] == 1:
            kept.append(item)
            continue
        left[key] -= 1
        if left[key] == 0:
            kept.append(item._replace(text=f"{item.text} {times}{counts[key]}"))
    return tuple(kept)


class TimelinePane(LinePane):
    """Causes (✎) and events with the time that is known of them; a date without an hour is shown as a date."""

    number = 6
    name_shown = "Timeline"

    def __init__(self, look: Look) -> None:
        super().__init__(look, id="timeline")
        self._given: tuple[TimelineItem, ...] | None = None
        self._items: tuple[TimelineItem, ...] = ()
        self._chosen = ""
        self._scroll = Scroll()
        self._seen: list[list[str]] = []
        self._hidden = 0

    def show(self, view: DeskView) -> None:
        """Take the items; the cursor stays at the newest one until it is moved."""
        if self._given is not view.timeline:
            self._given, self._items = view.timeline, folded(view.timeline, self.look.glyphs.times)
            self.redraw()

    def pane_key(self, action_id: str) -> bool:
        """Move from item to item; Enter goes to its time in a replay."""
        items = self._items
        if not items:
            return False
        self._scroll.at = self._at(items)
        sideways = {"move_left": "move_up", "move_right": "move_down"}.get(action_id, action_id)
        if self._scroll.act(sideways, len(items), max(1, self.body_size[1])):
            self._choose(items, self._scroll.at)
            return True
        if action_id == "choose":
            self.post_message(SeekTo(items[self._scroll.at].ts_ms))
            return True
        return False

    def click_cell(self, _x: int, y: int, *, double: bool) -> None:
        """Choose the (first) item of the line; twice is Enter."""
        if y < len(self._seen) and self._seen[y]:
            self._chosen = self._seen[y][0]
            self.redraw()
            if double:
                self.pane_key("choose")

    def foot(self) -> Sequence[Piece]:
        """How many items are out of sight."""
        return ((f" {self._hidden} more ", self.look.palette.muted),) if self._hidden else ()

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """A list where there is room for one, else lines in which the items flow, the newest at the end."""
        items, palette = self._items, self.look.palette
        self._hidden = 0
        self._seen = []
        if not items:
            line = Line(width)
            words = " nothing yet: events appear here, n pins a note at the time shown"
            line.left(words, width, palette.muted, self.look.glyphs.ellipsis)
            return [line.strip(palette.blank)]
        self._scroll.at = self._at(items)
        if height >= LIST_ROWS or height >= len(items):
            return self._list(items, width, height)
        return self._flow(items, width, height)

    def _at(self, items: Sequence[TimelineItem]) -> int:
        return next((place for place, item in enumerate(items) if item.id == self._chosen), len(items) - 1)

    def _choose(self, items: Sequence[TimelineItem], place: int) -> None:
        self._chosen = "" if place == len(items) - 1 else items[place].id
        self.redraw()

    def _list(self, items: Sequence[TimelineItem], width: int, height: int) -> list[Strip]:
        palette = self.look.palette
        seen = self._scroll.fit(len(items), height)
        self._hidden = len(items) - len(seen)
        drawn = []
        for place in seen:
            item, line = items[place], Line(width)
            line.space(1, palette.blank)
            time, sign, style = self._parts(item)
            line.left(time, 12, palette.muted)
            line.put(f"{sign} ", style)
            tail = f"  {item.source}" if item.source and item.source not in item.text else ""
            line.put(clip(item.text, line.room - 1, self.look.glyphs.ellipsis), palette.text)
            line.put(tail, palette.muted)
            over = palette.cursor if self.has_focus and place == self._scroll.at else None
            drawn.append(line.strip(palette.blank, over))
            self._seen.append([item.id])
        return drawn

    def _flow(self, items: Sequence[TimelineItem], width: int, height: int) -> list[Strip]:
        """Lines filled backwards from the newest item, or from the cursor when it is further back."""
        palette = self.look.palette
        last = max(self._scroll.at, min(len(items) - 1, self._scroll.at + 2 * height))
        rows: list[list[int]] = [[]]
        room = width
        place = last
        while place >= 0:
            need = width_of(self._words(items[place], width)) + 3
            if need > room and rows[0]:
                if len(rows) == height:
                    break
                rows.insert(0, [])
                room = width
            rows[0].insert(0, place)
            room -= need
            place -= 1
        self._hidden = place + 1 + len(items) - 1 - last
        drawn = []
        for row in rows:
            line = Line(width)
            for order, at in enumerate(row):
                self._put(line, items[at], at, first=order == 0, share=(width, len(row)))
            drawn.append(line.strip(palette.blank))
            self._seen.append([items[at].id for at in row])
        return drawn

    def _put(self, line: Line, item: TimelineItem, at: int, *, first: bool, share: tuple[int, int]) -> None:
        palette, glyphs = self.look.palette, self.look.glyphs
        time, sign, style = self._parts(item)
        line.put(" " if first else f" {glyphs.separator}", palette.border if not first else palette.blank)
        over = palette.cursor if self.has_focus and at == self._scroll.at else Style.null()
        text = clip(item.text, min(line.room - width_of(time) - 4, share[0]), glyphs.ellipsis)
        line.put(f"{time} ", palette.muted + over)
        line.put(f"{sign} ", style + over)
        line.put(text, palette.text + over)

    def _words(self, item: TimelineItem, width: int) -> str:
        time, sign, _ = self._parts(item)
        return clip(f"{time} {sign} {item.text}", width - 3, self.look.glyphs.ellipsis)

    def _parts(self, item: TimelineItem) -> tuple[str, str, Style]:
        """Time as exact as it is known, glyph, and its style."""
        palette, glyphs, zone = self.look.palette, self.look.glyphs, self.look.zone
        day = figures.month_day(item.ts_ms, zone)
        time = f"{day} {figures.hour_minute(item.ts_ms, zone)}" if item.precision is Precision.MINUTE else day
        if item.precision is Precision.WEEK:
            time = f"week {day}"
        if item.kind not in _EVENTS:
            return time, glyphs.note, palette.accent
        if item.kind == EventKind.CASCADE:
            return time, glyphs.cascade, palette.error
        if item.kind == EventKind.LEVEL:
            return time, glyphs.level, palette.warning
        return time, glyphs.event, palette.warning
