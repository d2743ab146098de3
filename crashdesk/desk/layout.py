"""Where everything stands: pure arithmetic on the size of the terminal."""

from collections.abc import Mapping
from typing import NamedTuple

from textual.geometry import Region

from crashdesk.config.layouts import DESK, PaneLayout
from crashdesk.config.layouts import PANES as PANES
from crashdesk.desk.boxes import placed

WIDE, HIGH = 100, 31
"""Columns and rows from which a zoomed pane has the room alone; below, the figures that are always shown stay."""
MINI_ROWS = 3
READER_WIDTH = 126
"""A brief's tables with their frame."""
_ALWAYS = {"liquidations", "levels"}
"""What has its place in the lines of `mini` while one of these panes is not seen."""


class Arrangement(NamedTuple):
    """What the layout depends on besides the size."""

    focus: str = "tickers"
    zoomed: bool = False
    scrubber: bool = False
    suggestions: int = 0
    reader: bool = False
    layout: PaneLayout = DESK


def plan(width: int, height: int, want: Arrangement) -> Mapping[str, Region]:
    """The region of every part that is shown, by name: panes, status, mini, scrubber, bottom, suggestions, reader."""
    parts: dict[str, Region] = {"status": Region(0, 0, width, 1)}
    if height < 2 or width < 1:
        return parts
    bottom = height - 1
    parts["bottom"] = Region(0, bottom, width, 1)
    if want.scrubber and height >= 8:
        rows = 2 if height >= 44 else 1
        bottom -= rows
        parts["scrubber"] = Region(0, bottom, width, rows)
    room = Region(0, 1, width, max(0, bottom - 1))
    parts |= _panes(room, want)
    if want.reader:
        parts["reader"] = _centred(room, READER_WIDTH)
    if want.suggestions:
        rows = min(want.suggestions + 2, room.height)
        parts["suggestions"] = Region(0, height - 1 - rows, width, rows)
    return parts


def _panes(room: Region, want: Arrangement) -> dict[str, Region]:
    if room.height < 3:
        return {}
    large = room.width >= WIDE and room.height >= HIGH - 3
    parts = {want.focus: room} if want.zoomed else placed(want.layout, room, want.focus)
    if (want.zoomed and large) or parts.keys() >= _ALWAYS or room.height < MINI_ROWS + 5:
        return parts
    upper = Region(room.x, room.y, room.width, room.height - MINI_ROWS)
    parts = {want.focus: upper} if want.zoomed else placed(want.layout, upper, want.focus)
    return parts | {"mini": Region(room.x, upper.bottom, room.width, MINI_ROWS)}


def _centred(room: Region, widest: int) -> Region:
    width = min(room.width, widest)
    rows = room.height - (2 if room.height > 30 else 0)
    return Region(room.x + (room.width - width) // 2, room.y + (room.height - rows) // 2, width, rows)
