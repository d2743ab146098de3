"""The marks that move: last price, crosshair, what is being placed; laid over copies of the rows they touch."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC

from crashdesk.desk import figures
from crashdesk.desk.chart.cells import CANDLE_PARTS, Part, Row
from crashdesk.desk.chart.places import bar_of, cell_of
from crashdesk.desk.chart.request import ChartRequest, CrossMark, PlaceMark, Plot, TrendMark
from crashdesk.desk.chart.trends import trend_cells
from crashdesk.desk.prices import compact_price
from crashdesk.model.level import TrendLine
from crashdesk.model.timeframe import DAY_MS

_CROSS, _CROSS_ASCII = ("│", "─", "┼"), ("|", "-", "+")


class Overlay:
    """Rows of a plot that are drawn over; the plot itself stays as it is."""

    def __init__(self, plot: Plot) -> None:
        self.plot = plot
        self.rows: dict[int, Row] = {}

    def row(self, y: int) -> Row:
        """The copy of row `y`."""
        if y not in self.rows:
            self.rows[y] = self.plot.grid.copy_row(y)
        return self.rows[y]

    def put(self, x: int, y: int, char: str, part: Part, *, over_candles: bool = False) -> None:
        """One cell; by default candles stay."""
        chars, parts = self.row(y)
        if over_candles or parts[x] not in CANDLE_PARTS:
            chars[x], parts[x] = char, part

    def write(self, x: int, y: int, text: str, part: Part) -> None:
        """A text over whatever is there; cells beyond the row are left out."""
        chars, parts = self.row(y)
        for at, char in enumerate(text, start=x):
            if 0 <= at < len(chars):
                chars[at], parts[at] = char, part

    def label(self, y: int, text: str, part: Part) -> None:
        """A label in the gutter, or its price over the price axis when there is no gutter.

        Words of a level's label that stood there move behind it, as far as they fit whole.
        """
        plot = self.plot
        if not plot.gutter:
            self.axis_price(y, text.strip("<◀▶> ").split(" ")[0], part)
            return
        chars, parts = self.row(y)
        start = plot.left + plot.columns
        end = start + plot.gutter
        words = [(text, part)] if len(text) <= plot.gutter else [(text.split(" ")[0], part)]
        words += _words("".join(chars[start:end]), parts[start:end])
        chars[start:] = [" "] * plot.gutter
        parts[start:] = [Part.BLANK] * plot.gutter
        at = start
        for word, its_part in words:
            if at + len(word) > end:
                break
            self.write(at, y, word, its_part)
            at += len(word) + 1

    def label_time(self, x: int, text: str) -> None:
        """A time over the labels of the time axis; one that it would cut goes whole."""
        y = self.plot.grid.height - 1
        chars, parts = self.row(y)
        for found in re.finditer(r"\S+( \S+)*", "".join(chars)):
            if found.start() < x + len(text) and found.end() > x:
                chars[found.start() : found.end()] = " " * (found.end() - found.start())
                parts[found.start() : found.end()] = [Part.BLANK] * (found.end() - found.start())
        self.write(x, y, text, Part.CROSS_LABEL)

    def axis_price(self, y: int, price: str, part: Part) -> None:
        """A price over the axis; one that does not fit is left out."""
        if len(price) < self.plot.left:
            self.write(0, y, price.rjust(self.plot.left - 1), part)


def moving_marks(plot: Plot, request: ChartRequest) -> list[tuple[int, Row]]:
    """The rows that are drawn over, finished."""
    over, view, plain = Overlay(plot), request.view, request.options.ascii
    if request.cross is not None:
        _cross(over, request.cross, request)
    if view.last is not None and math.isfinite(view.last) and request.options.pan == 0 and plot.scale.holds(view.last):
        text = compact_price(view.last, view.price_decimals)
        over.label(plot.scale.row(view.last), ("<" if plain else "◀") + text, Part.LAST)
    if request.trend is not None:
        _trend(over, request.trend, plain=plain)
    if request.place is not None:
        _place(over, request.place, plain=plain)
    return list(over.rows.items())


def _place(over: Overlay, place: PlaceMark, *, plain: bool) -> None:
    """The row of the line being placed; outside of the scale only its words, at the edge that is nearer."""
    plot = over.plot
    row = min(max(plot.scale.row(place.price), 0), plot.scale.rows - 1)
    over.label(row, place.text, Part.PLACE_LABEL)
    if plot.scale.holds(place.price):
        for column in range(plot.left, plot.left + plot.columns):
            over.put(column, row, "-" if plain else "━", Part.PLACE)


def _cross(over: Overlay, cross: CrossMark, request: ChartRequest) -> None:
    """A line down through the candle and one across at the price, each with its value at the axis."""
    plot, view = over.plot, request.view
    down, across, both = _CROSS_ASCII if request.options.ascii else _CROSS
    index = bar_of(plot, cross.ts_ms)
    row = plot.scale.row(cross.price) if plot.scale.holds(cross.price) else None
    if row is not None:
        for x in range(plot.left, plot.left + plot.columns):
            over.put(x, row, across, Part.CROSS)
        over.label(row, compact_price(cross.price, view.price_decimals), Part.CROSS_LABEL)
    if index is None:
        return
    x = plot.left + plot.bars.column(index)
    for y in range(plot.rows):
        over.put(x, y, down, Part.CROSS)
    if row is not None:
        over.put(x, row, both, Part.CROSS_LABEL, over_candles=True)
    zone = UTC if view.timeframe.ms >= DAY_MS else request.options.zone
    at = plot.bars.open_ms[index]
    words = figures.month_day(at, zone)
    words += f" {figures.hour_minute(at, zone)}" if view.timeframe.ms < DAY_MS else ""
    start = min(max(plot.left, x - len(words) // 2), plot.left + plot.columns - len(words))
    over.label_time(max(0, start - 1), f" {words} ")


def _trend(over: Overlay, mark: TrendMark, *, plain: bool) -> None:
    """The line through both points with the points on it, and its words at the height of the second one."""
    plot = over.plot
    start, end = sorted((mark.first, mark.second))
    if start.ts_ms < end.ts_ms:
        for x, y, char in trend_cells(plot, TrendLine(start, end), ascii=plain):
            over.put(x, y, char, Part.PLACE)
    for point in (mark.first, mark.second):
        cell = cell_of(plot, point)
        if cell is not None:
            over.put(*cell, "o" if plain else "●", Part.PLACE, over_candles=True)
    over.label(min(max(plot.scale.row(mark.second.price), 0), plot.scale.rows - 1), mark.text, Part.PLACE_LABEL)


def _words(text: str, parts: Sequence[Part]) -> list[tuple[str, Part]]:
    return [(match.group(), parts[match.start()]) for match in re.finditer(r"\S+", text)]
