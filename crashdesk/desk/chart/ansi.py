"""Reads the coloured text that plotext builds: colour numbers become the parts of the chart they were given for."""

from __future__ import annotations

import re

from crashdesk.desk.chart.cells import CellGrid, Part

_RUN = re.compile(r"\x1b\[([0-9;]*)m|([^\x1b\n]+)|(\n)")
_FOREGROUND = "38;5;"


def read_colours(text: str, grid: CellGrid) -> None:
    """Fill `grid` with a plotext matrix whose foreground colours are `Part` numbers.

    Understands what the matrix writes: reset (0), `38;5;N` and backgrounds, which are left out. A colour that is no
    part of ours is plotext's own default and becomes an axis. Text beyond the grid is ignored.
    """
    part = Part.BLANK
    column = row = 0
    for code, run, line_end in _RUN.findall(text):
        if line_end:
            column, row = 0, row + 1
            if row >= grid.height:
                return
        elif run:
            width = min(len(run), grid.width - column)
            if width > 0:
                shown = run[:width]
                grid.chars[row][column : column + width] = shown
                grid.parts[row][column : column + width] = _parts(shown, part)
            column += len(run)
        elif code.startswith(_FOREGROUND):
            part = _part(int(code[len(_FOREGROUND) :].split(";")[0]))
        elif code in ("", "0"):
            part = Part.BLANK


def _parts(run: str, part: Part) -> list[Part]:
    if part is Part.BLANK or " " not in run:
        return [part] * len(run)
    return [Part.BLANK if char == " " else part for char in run]


def _part(number: int) -> Part:
    return Part(number) if number in Part._value2member_map_ else Part.AXIS
