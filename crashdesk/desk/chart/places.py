"""Cells of a finished plot to time and price, and back. Columns and rows count from the picture's upper left corner."""

from __future__ import annotations

import math

from crashdesk.desk.chart.request import Plot
from crashdesk.model.level import Point


def bar_at(plot: Plot, x: int) -> int | None:
    """The index of the bar in whose slot column `x` lies; None beside the bars."""
    index = (x - plot.left) // plot.bars.slot
    return index if 0 <= index < len(plot.bars) else None


def bar_of(plot: Plot, ts_ms: int) -> int | None:
    """The index of the bar that holds a time (UTC ms); None when it is not shown."""
    index = (ts_ms - plot.bars.origin_ms) // plot.bars.step_ms
    return index if 0 <= index < len(plot.bars) else None


def time_at(plot: Plot, x: int) -> int:
    """The time (UTC ms) at which the bar of column `x` begins; beside the bars the time goes on at the same steps."""
    return plot.bars.origin_ms + (x - plot.left) // plot.bars.slot * plot.bars.step_ms


def exact_time_at(plot: Plot, x: float) -> float:
    """The time of a point between columns: the inverse of `column_of`."""
    middle = (plot.bars.slot - 1) // 2 + 0.5
    return plot.bars.origin_ms + (x - plot.left - middle) / plot.bars.slot * plot.bars.step_ms


def column_of(plot: Plot, ts_ms: float) -> float:
    """Where a time lies across: a bar's beginning is the middle of its middle column. May lie outside of the plot."""
    middle = (plot.bars.slot - 1) // 2 + 0.5
    return plot.left + (ts_ms - plot.bars.origin_ms) / plot.bars.step_ms * plot.bars.slot + middle


def price_at(plot: Plot, y: int) -> float | None:
    """The price in the middle of row `y`; None on a row that shows none."""
    return plot.scale.price(y + 0.5) if 0 <= y < plot.scale.rows else None


def row_of(plot: Plot, price: float) -> int | None:
    """The row that shows a price; None when it is outside of the scale."""
    return plot.scale.row(price) if plot.scale.holds(price) else None


def place_at(plot: Plot, x: int, y: int) -> Point | None:
    """Time and price of a cell; None outside of the prices."""
    price = price_at(plot, y)
    if price is None or not plot.left <= x < plot.left + plot.columns:
        return None
    return Point(time_at(plot, x), price)


def cell_of(plot: Plot, point: Point) -> tuple[int, int] | None:
    """(column, row) of a time and a price: the middle column of the time's bar; None outside of the plot."""
    index = (point.ts_ms - plot.bars.origin_ms) // plot.bars.step_ms
    x, y = plot.left + plot.bars.column(index), row_of(plot, point.price)
    return (x, y) if y is not None and plot.left <= x < plot.left + plot.columns else None


def depth_at(plot: Plot, price: float) -> float:
    """Rows from the upper edge down to a price; NaN for one that no scale can show."""
    return plot.scale.depth(price) if math.isfinite(price) and (price > 0 or not plot.scale.log) else math.nan
