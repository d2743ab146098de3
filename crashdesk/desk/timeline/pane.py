"""The timeline: notes and events in the order of time, daily series above them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.style import Style
from textual.strip import Strip

from crashdesk.desk.empty import said
from crashdesk.desk.line import Line, Piece, clip, width_of
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.look import Look
from crashdesk.desk.messages import AskLine, OpenPage, Say, SeekTo
from crashdesk.desk.scroll import Scroll
from crashdesk.desk.timeline.items import Parts, folded, item_page, parts_of, text_of, time_words
from crashdesk.desk.timeline.notes import NoteKeeper
from crashdesk.desk.timeline.series import series_note, series_strip
from crashdesk.model.note import split_kind, typed_note
from crashdesk.model.text import clean
from crashdesk.session.views import DeskView, Mode, SeriesRow, TimelineItem

LIST_ROWS = 6
"""From this many rows on the pane is a list, one item to a line; with fewer, items flow in lines."""
KIND_WIDTH = 9
SERIES_SHARE = 4
"""A quarter of the rows may show daily series."""


class TimelinePane(LinePane):
    """Causes (✎) and events with the time that is known of them; a date without an hour is shown as a date."""

    number = 6
    name_shown = "Timeline"

    def __init__(self, look: Look, keeper: NoteKeeper) -> None:
        super().__init__(look, id="timeline")
        self._keeper = keeper
        self._view: DeskView | None = None
        self._given: tuple[TimelineItem, ...] | None = None
        self._series: tuple[SeriesRow, ...] = ()
        self._items: tuple[TimelineItem, ...] = ()
        self._chosen = ""
        self._gone_to = ""
        self._scroll = Scroll()
        self._seen: list[list[str]] = []
        self._hidden = 0

    def show(self, view: DeskView) -> None:
        """Take items and series; the cursor stays at the newest item until it is moved."""
        self._view = view
        if self._given is not view.timeline or self._series is not view.series:
            self._given, self._items = view.timeline, folded(view.timeline, self.look.glyphs.times)
            self._series = view.series
            self.redraw()

    def pane_key(self, action_id: str) -> bool:
        """Move from item to item; Enter goes to one or opens it; edit, delete, undo, redo of one's own notes."""
        match action_id:
            case "undo":
                return self._again("undone", self._keeper.undo())
            case "redo":
                return self._again("done again", self._keeper.redo())
            case "level_edit" | "level_delete":
                return self._change(action_id)
        items = self._items
        if not items:
            return False
        self._scroll.at = self._at(items)
        sideways = {"move_left": "move_up", "move_right": "move_down"}.get(action_id, action_id)
        if self._scroll.act(sideways, len(items), max(1, self.body_size[1])):
            self._choose(items, self._scroll.at)
            return True
        if action_id == "choose":
            self._open(items[self._scroll.at])
            return True
        return False

    def _open(self, item: TimelineItem) -> None:
        """In a replay to its time, when that is not the present one; else (or at the second time) all of it."""
        transport = self._view.transport if self._view is not None else None
        inside = transport is not None and transport.start_ms <= item.ts_ms <= transport.end_ms
        if transport is not None and transport.mode is Mode.REPLAY and inside and self._gone_to != item.id:
            self._gone_to = item.id
            self.post_message(SeekTo(item.ts_ms))
            return
        self._gone_to = ""
        self.post_message(OpenPage("Timeline", item_page(item, self.look)))

    def _change(self, action_id: str) -> bool:
        item = self._items[self._at(self._items)] if self._items else None
        note = self._keeper.get(item.id) if item is not None and item.mine else None
        if item is None or note is None:
            self.post_message(Say("only your own notes can be changed; `n` pins one"))
        elif action_id == "level_delete":
            self._keeper.delete(note.id)
            self.post_message(Say(f"note removed: {note.text}"))
        else:
            self.post_message(
                AskLine(f"note at {time_words(item, self.look)}:", self._edited(note.id), text=typed_note(note))
            )
        return True

    def _edited(self, note_id: str) -> Callable[[str], None]:
        def done(typed: str) -> None:
            kind, words = split_kind(clean(typed))
            note = self._keeper.get(note_id)
            if note is not None and words:
                self._keeper.put(note._replace(kind=kind.value, text=words))

        return done

    def _again(self, what: str, did: str | None) -> bool:
        self.post_message(
            Say(f"{what}: {did}" if did is not None else "no change of a note to take back or make again")
        )
        return True

    def note(self) -> Sequence[Piece]:
        """The first daily series, where the body has no room for it."""
        return (
            () if self._series_rows(self.body_size[1]) else series_note(self._series, self.look, self.size.width - 20)
        )

    def click_cell(self, _x: int, y: int, *, double: bool) -> None:
        """Choose the (first) item of the line; twice is Enter."""
        if y < len(self._seen) and self._seen[y]:
            self._chosen = self._seen[y][0]
            self.redraw()
            if double:
                self.pane_key("choose")

    def foot(self) -> Sequence[Piece]:
        """The address of the chosen item, how many items are out of sight."""
        items, palette = self._items, self.look.palette
        url = items[self._at(items)].url if items and self.has_focus else None
        more = [(f" {self._hidden} more ", palette.muted)] if self._hidden else []
        shown = [(f" {url} ", palette.accent)] if url and width_of(url) + 20 < self.size.width else []
        return (*shown, *more)

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """A list where there is room for one, else lines in which the items flow, the newest at the end."""
        items = self._items
        self._hidden = 0
        count = self._series_rows(height)
        above = [series_strip(row, self.look, width) for row in self._series[:count]]
        self._seen = [[] for _ in above]
        height -= count
        if not items:
            words = f"nothing yet: events appear here, {self.key('note')} pins a note at the time shown"
            return [*above, *said(words, width, height, self.look)]
        self._scroll.at = self._at(items)
        if height >= LIST_ROWS or height >= len(items):
            return [*above, *self._list(items, width, height)]
        return self._flow(items, width, height)

    def _series_rows(self, height: int) -> int:
        return min(len(self._series), height // SERIES_SHARE) if height >= LIST_ROWS + 2 else 0

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
            parts = parts_of(item, self.look)
            line.left(parts.time, 12, palette.muted)
            line.put(f"{parts.sign} ", parts.style)
            line.left(parts.kind, KIND_WIDTH, parts.style)
            tail = f"  {item.source}" if item.source and item.source not in item.text else ""
            line.put(clip(text_of(item, self.look), line.room - 1, self.look.glyphs.ellipsis), palette.text)
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
        parts = parts_of(item, self.look)
        head = _head(parts)
        line.put(" " if first else f" {glyphs.separator}", palette.border if not first else palette.blank)
        over = palette.cursor if self.has_focus and at == self._scroll.at else Style.null()
        text = clip(
            text_of(item, self.look),
            min(line.room - width_of(parts.time) - width_of(head) - 2, share[0]),
            glyphs.ellipsis,
        )
        line.put(f"{parts.time} ", palette.muted + over)
        line.put(head, parts.style + over)
        line.put(text, palette.text + over)

    def _words(self, item: TimelineItem, width: int) -> str:
        parts = parts_of(item, self.look)
        return clip(f"{parts.time} {_head(parts)}{text_of(item, self.look)}", width - 3, self.look.glyphs.ellipsis)


def _head(parts: Parts) -> str:
    return f"{parts.sign} {parts.kind}: " if parts.kind else f"{parts.sign} "
