"""Candles on cells: one column each or wider, two steps to a row."""

from __future__ import annotations

import math

from crashdesk.desk.chart.cells import CellGrid, Part
from crashdesk.desk.chart.scale import PriceScale
from crashdesk.desk.chart.window import Bars

NOTHING, WICK, BODY = 0, 1, 2

_THIN = (" ╷╻", "╵│╽", "╹╿┃")
"""[upper half][lower half] of a cell."""
_THIN_RISING_MONO = (" ╷╻", "╵│╽", "╹╿║")
_CENTRE = (" ╷▄", "╵│█", "▀██")
_CENTRE_RISING_MONO = (" ╷░", "╵│░", "░░░")
"""A wick that shares a cell with its wide body widens: better than a gap between the two."""
_ASCII = (" |#", "||#", "###")
_ASCII_RISING = (" |o", "||o", "ooo")
_SIDES = {"full": " ▄▀█", "left": " ▗▝▐", "right": " ▖▘▌"}
"""Body cells beside the wick by upper * 2 + lower half filled."""


def draw_candles(grid: CellGrid, bars: Bars, scale: PriceScale, left: int, *, ascii: bool, mono: bool) -> None:  # noqa: A002
    """Draw all bars with the plot's first column at `left`. Bars without finite prices are left out."""
    for index in range(len(bars)):
        prices = (bars.open[index], bars.high[index], bars.low[index], bars.close[index])
        if not all(map(math.isfinite, prices)):
            continue
        open_, high, low, close = prices
        rising = close >= open_
        halves = _halves(scale, max(high, open_, close), min(low, open_, close), max(open_, close), min(open_, close))
        if bars.unfinished and index == len(bars) - 1:
            glyphs, sides = _unfinished(bars.slot, rising=rising, ascii=ascii)
            part = Part.OPEN_UP if rising else Part.OPEN_DOWN
        else:
            glyphs, sides = _glyphs(bars.slot, rising=rising, ascii=ascii, mono=mono)
            part = Part.UP if rising else Part.DOWN
        column = left + bars.column(index)
        for row, upper, lower in halves:
            grid.put(column, row, glyphs[upper][lower], part)
            if sides and (upper == BODY or lower == BODY):
                filled = (upper == BODY) * 2 + (lower == BODY)
                for offset, shapes in sides:
                    grid.put(column + offset, row, shapes[filled], part)


def _halves(scale: PriceScale, high: float, low: float, top: float, bottom: float) -> list[tuple[int, int, int]]:
    """(row, upper half, lower half) of a candle, rows from the top down, kept inside the plot."""
    last = scale.rows * 2 - 1

    def half(price: float) -> int:
        return min(max(math.floor(scale.depth(price) * 2), 0), last)

    wick_top, wick_bottom, body_top, body_bottom = half(high), half(low), half(top), half(bottom)

    def at(place: int) -> int:
        if body_top <= place <= body_bottom:
            return BODY
        return WICK if wick_top <= place <= wick_bottom else NOTHING

    return [(row, at(row * 2), at(row * 2 + 1)) for row in range(wick_top // 2, wick_bottom // 2 + 1)]


def _glyphs(
    slot: int,
    *,
    rising: bool,
    ascii: bool,  # noqa: A002
    mono: bool,
) -> tuple[tuple[str, str, str], list[tuple[int, str]]]:
    """The characters of the middle column, and (offset, characters) of the body's other columns."""
    if ascii:
        glyphs = _ASCII_RISING if rising else _ASCII
        flat = " ooo" if rising else " ###"
        return glyphs, [(offset, flat) for offset in _full_offsets(slot)]
    hollow = mono and rising
    if slot < 3:
        return (_THIN_RISING_MONO if hollow else _THIN), []
    sides = [(offset, " ░░░" if hollow else _SIDES["full"]) for offset in _full_offsets(slot)]
    if slot % 2 and not hollow:
        edge = slot // 2
        sides += [(-edge, _SIDES["left"]), (edge, _SIDES["right"])]
    return (_CENTRE_RISING_MONO if hollow else _CENTRE), sides


def _unfinished(
    slot: int,
    *,
    rising: bool,
    ascii: bool,  # noqa: A002
) -> tuple[tuple[str, str, str], list[tuple[int, str]]]:
    """The same for the candle that still runs: dashed, or shaded where it is wide."""
    if ascii:
        body = ":" if rising else "%"
        return (f" '{body}", f"''{body}", body * 3), [(offset, f" {body * 3}") for offset in _full_offsets(slot)]
    if slot < 3:
        body = "╏" if rising else "┋"
        return (f" ╎{body}", f"╎╎{body}", body * 3), []
    body = "░" if rising else "▒"
    return (f" ╎{body}", f"╎╎{body}", body * 3), [(offset, f" {body * 3}") for offset in _full_offsets(slot)]


def _full_offsets(slot: int) -> list[int]:
    """Columns beside the middle one that the body covers: a gap of a column (even slot) or of two halves is left."""
    reach = body_reach(slot)
    return [offset for offset in range(-reach, reach + 1) if offset]


def body_reach(slot: int) -> int:
    """How many whole columns a body reaches to either side of its middle one."""
    return max(0, (slot - 2) // 2 if slot % 2 == 0 else slot // 2 - 1)
