"""Where everything stands: pure arithmetic on the size of the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from textual.geometry import Region

PANES = ("tickers", "sectors", "liquidations", "chart", "levels", "timeline")
"""The panes in the order of their numbers."""

WIDE, HIGH = 100, 31
"""Columns and rows from which all six panes are shown at once; below, one at a time."""
TALL = 36
"""Rows from which a narrow terminal shows two panes, one over the other."""
MINI_ROWS = 3
READER_WIDTH = 126
"""A brief's tables with their frame."""
_COMPANION = {"tickers": "liquidations"}


class Arrangement(NamedTuple):
    """What the layout depends on besides the size."""

    focus: str = "tickers"
    zoomed: bool = False
    scrubber: bool = False
    suggestions: int = 0
    reader: bool = False


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
    if room.width >= WIDE and room.height >= HIGH - 3:
        return {want.focus: room} if want.zoomed else _six(room)
    parts: dict[str, Region] = {}
    if room.height >= MINI_ROWS + 5:
        room = Region(room.x, room.y, room.width, room.height - MINI_ROWS)
        parts["mini"] = Region(room.x, room.bottom, room.width, MINI_ROWS)
    if room.height >= TALL and not want.zoomed:
        upper = room.height * 3 // 5
        other = _COMPANION.get(want.focus, "tickers")
        parts[want.focus] = Region(room.x, room.y, room.width, upper)
        parts[other] = Region(room.x, room.y + upper, room.width, room.height - upper)
    else:
        parts[want.focus] = room
    return parts


def _six(room: Region) -> dict[str, Region]:
    """Two columns: what falls and who is forced out above, chart and levels below; why along the foot."""
    timeline = max(3, min(9, round(room.height * 0.12)))
    rest = room.height - timeline
    below = max(9, round(rest * 0.38))
    above = rest - below
    sectors = max(5, min(16, round(above * 0.4)))
    tickers = above - sectors
    left = round(room.width * 0.555)
    right = room.width - left
    x, y = room.x, room.y
    return {
        "tickers": Region(x, y, left, tickers),
        "sectors": Region(x, y + tickers, left, sectors),
        "liquidations": Region(x + left, y, right, above),
        "chart": Region(x, y + above, left, below),
        "levels": Region(x + left, y + above, right, below),
        "timeline": Region(x, y + rest, room.width, timeline),
    }


def _centred(room: Region, widest: int) -> Region:
    width = min(room.width, widest)
    rows = room.height - (2 if room.height > 30 else 0)
    return Region(room.x + (room.width - width) // 2, room.y + (room.height - rows) // 2, width, rows)
