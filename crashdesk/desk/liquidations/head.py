"""What stands over the list: the line of the tabs."""

from typing import NamedTuple

from textual.strip import Strip

from crashdesk.desk.line import Line
from crashdesk.desk.liquidations.tables import Tab
from crashdesk.desk.look import Look


class TabSpan(NamedTuple):
    """The columns of a tab's name, from `start` up to `end`."""

    start: int
    end: int
    tab: Tab


def tabs_line(now: Tab, note: str, width: int, look: Look, *, loud: bool) -> tuple[Strip, list[TabSpan]]:
    """The tabs with `note` at the right end; only the one shown where there is no room for all and the note."""
    palette, across = look.palette, look.glyphs.across
    line, spans = Line(width), []
    room = width - len(note) - 5
    line.put(across, palette.border)
    for tab in list(Tab) if sum(len(tab) + 2 for tab in Tab) <= room else [now]:
        spans.append(TabSpan(line.used, line.used + len(tab) + 2, tab))
        line.put(f" {tab} ", palette.title_focus if tab is now else palette.muted)
    line.put(across * max(0, room + 2 - line.used), palette.border)
    line.put(f" {note} ", palette.accent if loud else palette.muted)
    line.put(across * line.room, palette.border)
    return line.strip(palette.blank), spans
