"""Where things go on a chart: which bars, which prices, how wide the labels."""

import math
from collections.abc import Iterable
from typing import NamedTuple

from crashdesk.desk.chart.axis import Tick, price_ticks
from crashdesk.desk.chart.cells import Part
from crashdesk.desk.chart.engine import AXIS_ROWS
from crashdesk.desk.chart.request import ChartRequest, Span
from crashdesk.desk.chart.scale import PriceScale, scale_over
from crashdesk.desk.chart.volume import volume_rows
from crashdesk.desk.chart.window import Bars, bars_of
from crashdesk.desk.levels.words import level_price, short_name
from crashdesk.desk.prices import compact_price, exact_price
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.level_views import LevelRow
from crashdesk.session.views import ChartView

MIN_COLUMNS = 6
MIN_ROWS = 2
GUTTER_FROM = 44
"""A narrower chart has no level labels at its right."""

PERCENT_CELLS = 7
"""Room for the distance behind the price of a line that is being placed."""

AVERAGE_CELLS = len(" SMA200 15m")
"""Room for the name behind an average's value, with the timeframe where it is no day."""

LEVEL_REACH = 0.3
"""A level is brought into view when that widens the price range by at most this share of it."""


LAST_STEP = 0.125
"""A last price beyond the candles widens the price range by steps of this share of it: so the range does not hang on
the way that the price took, and few of its moves change it."""


class Layout(NamedTuple):
    """The frame of a chart: bars, scale, ticks and widths; `natural` are the prices it shows without a line placed.

    `candles` are the lowest and the highest price of the bars; None where they have none.
    """

    bars: Bars
    scale: PriceScale
    ticks: tuple[Tick, ...]
    label_width: int
    columns: int
    gutter: int
    volume_rows: int
    natural: Span
    candles: Span | None


def lay_out(request: ChartRequest) -> Layout | None:
    """The layout, or None when there is nothing to draw or no room for it."""
    rows = request.height - AXIS_ROWS
    gutter = _gutter(request)
    label_width = axis_mark(request) if gutter == 0 else 0
    layout: Layout | None = None
    for _ in range(2):
        columns = request.width - gutter - label_width - 1
        if columns < MIN_COLUMNS or rows < MIN_ROWS:
            return None
        bars = bars_of(request.view, columns, request.options.zoom, request.options.pan)
        candles = _candle_range(bars, request) if len(bars) else None
        natural = _price_range(bars, candles, request) if len(bars) else None
        if natural is None:
            return None
        below = volume_rows(rows, bars, wanted=request.options.volume)
        scale = scale_over(*_with_place(natural, request), rows - below, log=request.options.log)
        ticks = tuple(price_ticks(scale))
        label_width = max(label_width, *(len(tick.label) for tick in ticks), 1)
        plot_columns = request.width - gutter - label_width - 1
        layout = Layout(bars, scale, ticks, label_width, plot_columns, gutter, below, natural, candles)
    if layout is None or layout.columns < MIN_COLUMNS:
        return None
    return layout


def series_of(bars: Bars, part: Part) -> Iterable[float]:
    """The values that a line is drawn through."""
    match part:
        case Part.SMA200:
            return bars.sma200
        case Part.SMA50:
            return bars.sma50
        case Part.EMA200:
            return bars.ema200
        case _:
            return bars.close


def label_choices(row: LevelRow, decimals: int) -> tuple[str, ...]:
    """A level's label at the chart's edge, the longest first."""
    price, name = level_price(row, decimals), short_name(row)
    state = f" {row.state}" if row.state is not None else ""
    return f"{price} {name}{state}", f"{price} {name}", price


def _gutter(request: ChartRequest) -> int:
    """Columns for level labels, from what there is to say, at most a third of the width."""
    if request.width < GUTTER_FROM:
        return 0
    decimals = request.view.price_decimals
    wide = max((len(label_choices(row, decimals)[0]) for row in request.levels), default=0)
    price = len(exact_price(_largest(request.view), decimals))
    named = request.options.averages and request.view.timeframe is not Timeframe.D1
    mark = price + (max(PERCENT_CELLS, AVERAGE_CELLS) if named else PERCENT_CELLS)
    return min(max(wide, mark) + 2, request.width // 3)


def axis_mark(request: ChartRequest) -> int:
    """Columns of the last price, which stands on the axis when there are no labels at the right."""
    last = request.view.last
    return 0 if last is None else len(compact_price(last, request.view.price_decimals))


def _largest(view: ChartView) -> float:
    return max((price for price in view.high if math.isfinite(price)), default=view.last or 0.0)


def _candle_range(bars: Bars, request: ChartRequest) -> Span | None:
    prices = [*bars.high, *bars.low] if request.options.candles else bars.close
    finite = [price for price in prices if math.isfinite(price)]
    return (min(finite), max(finite)) if finite else None


def with_last(candles: Span | None, request: ChartRequest) -> Span | None:
    """The range of the candles, widened for the last price where it is shown; None without any price."""
    last = request.view.last
    if last is None or not math.isfinite(last) or request.options.pan != 0:
        return candles
    if candles is None:
        return last, last
    low, high = candles
    step = (high - low or abs(high) * 0.01) * LAST_STEP
    if not step or low <= last <= high:
        return candles
    beyond = math.ceil(max(last - high, low - last) / step) * step
    return (low, high + beyond) if last > high else (low - beyond, high)


def _price_range(bars: Bars, candles: Span | None, request: ChartRequest) -> Span | None:
    """Lowest and highest price to show, or None without any finite price."""
    span = with_last(candles, request)
    if span is None:
        return None
    low, high = span
    wanted = [value for part in request.options.averages for value in series_of(bars, part) if math.isfinite(value)]
    wanted += [row.price for row in request.levels if math.isfinite(row.price)]
    reach = (high - low) * LEVEL_REACH
    within = [price for price in wanted if low - reach <= price <= high + reach]
    return min([low, *within]), max([high, *within])


def place_reach(natural: Span) -> Span:
    """How far a line being placed widens the scale: by the height of what is shown, up and down.

    A price half typed (10 on the way to 105,000) must not squeeze the candles into a row.
    """
    low, high = natural
    return low - (high - low), high + (high - low)


def _with_place(natural: Span, request: ChartRequest) -> Span:
    """The prices to show with the line that is being placed."""
    low, high = natural
    bottom, top = place_reach(natural)
    price = request.place.price if request.place is not None else low
    return (min(low, price), max(high, price)) if bottom <= price <= top else natural
