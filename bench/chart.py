"""What a chart costs: a year with two averages and ten levels, drawn anew, and what moves over it."""

from __future__ import annotations

import math
import random
import statistics
import time
from array import array
from collections.abc import Callable, Sequence

from bench.place import Place
from bench.row import Row, row
from crashdesk.analytics.averages import sma_series
from crashdesk.config.themes import load_themes
from crashdesk.desk.chart.cells import StyleMap
from crashdesk.desk.chart.engine import preload
from crashdesk.desk.chart.options import AVERAGE_SETS, ChartOptions
from crashdesk.desk.chart.render import ChartRenderer
from crashdesk.desk.chart.request import ChartRequest, CrossMark
from crashdesk.desk.chart.styles import chart_styles
from crashdesk.desk.paint import make_palette
from crashdesk.model.level import LevelKind, LevelState
from crashdesk.model.timeframe import DAY_MS, Timeframe
from crashdesk.session.level_views import LevelRow
from crashdesk.session.views import ChartView

WIDTH, HEIGHT = 120, 32
YEAR, BEFORE, LEVELS = 365, 200, 10
FIRST_MS = 1_713_398_400_000
_SEED = 2025


def run(place: Place) -> Sequence[Row]:
    """Medians of process CPU, one process, after a warm-up."""
    preload()
    times = 20 if place.quick else 60
    view = year()
    rows: list[Row] = []
    how = (
        f"{YEAR} days, SMA200 and SMA50, {LEVELS} levels, volume, {WIDTH}x{HEIGHT}; median of {times}, strips included"
    )
    for name, candles, target in (("line", False, "<= 12"), ("candles", True, "<= 15")):
        request = ChartRequest(
            view, levels(view), WIDTH, HEIGHT, ChartOptions(candles=candles, averages=AVERAGE_SETS[1], zoom=YEAR)
        )
        rows.append(row(f"chart of a year as {name}, drawn anew", _anew(request, times), "ms CPU", target, note=how))
        log = request._replace(options=request.options._replace(log=True))
        rows.append(row("  the same on a logarithmic axis", _anew(log, times), "ms CPU"))
        rows += _moved(request, times)
    return rows


def _moved(request: ChartRequest, times: int) -> Sequence[Row]:
    """What is laid over the finished plot."""
    renderer, styles = ChartRenderer(), _styles()
    renderer.render(request, styles)
    view, plot = request.view, renderer.plot
    if plot is None or view.last is None:
        raise RuntimeError("no chart was drawn")
    prices = [view.last * (1 + step * 1e-5) for step in range(times)]
    last = _median(lambda at: renderer.render(request._replace(view=view._replace(last=prices[at])), styles), times)
    crosses = [CrossMark(plot.bars.open_ms[-1 - at % len(plot.bars)], prices[at]) for at in range(times)]
    cross = _median(lambda at: renderer.render(request._replace(cross=crosses[at]), styles), times)
    same = _median(lambda _at: renderer.render(request, styles), times)
    if renderer.draws != 1:
        raise RuntimeError(f"the plot was drawn {renderer.draws} times where once is enough")
    return (
        row("  the last price moves", last, "ms CPU", "<= 1"),
        row("  the crosshair moves", cross, "ms CPU", "<= 1"),
        row("  the same picture again", same, "ms CPU", "0", note="only the last price's row is made"),
    )


def _anew(request: ChartRequest, times: int) -> float:
    styles = _styles()
    ChartRenderer().render(request, styles)
    return _median(lambda _at: ChartRenderer().render(request, styles), times)


def _median(act: Callable[[int], object], times: int) -> float:
    """ms of process CPU."""
    found = []
    for at in range(times):
        start = time.process_time_ns()
        act(at)
        found.append((time.process_time_ns() - start) / 1e6)
    return statistics.median(found)


def year() -> ChartView:
    """Days of a seeded random walk: a year, and what its longest average needs before it."""
    dice, price = random.Random(_SEED), 80_000.0
    columns: list[array[float]] = [array("d") for _ in range(5)]
    for _ in range(BEFORE + YEAR):
        first, price = price, price * math.exp(dice.gauss(0.0003, 0.025))
        candle = (first, max(first, price) * 1.01, min(first, price) * 0.99, price, dice.lognormvariate(9, 0.5))
        for column, value in zip(columns, candle, strict=True):
            column.append(value)
    close, count = columns[3], BEFORE + YEAR
    return ChartView(
        symbol="BTC/USDT",
        venue="okx",
        timeframe=Timeframe.D1,
        price_decimals=2,
        revision=1,
        open_ms=array("q", (FIRST_MS + day * DAY_MS for day in range(count))),
        open=columns[0],
        high=columns[1],
        low=columns[2],
        close=close,
        volume=columns[4],
        open_last=True,
        sma200=sma_series(close, 200),
        sma50=sma_series(close, 50),
        ema200=array("d", [math.nan]) * count,
        last=close[-1],
        sma200_daily=None,
        sma200_breached=None,
        breached_since_ms=None,
    )


def levels(view: ChartView) -> tuple[LevelRow, ...]:
    """Levels spread over the year's prices."""
    low, high = min(view.low[-YEAR:]), max(view.high[-YEAR:])
    prices = [low + (high - low) * (place + 0.5) / LEVELS for place in range(LEVELS)]
    return tuple(
        LevelRow(None, view.symbol, price, LevelKind.SUPPORT, "", "found", LevelState.UNTOUCHED, None, None, None)
        for price in prices
    )


def _styles() -> StyleMap:
    return chart_styles(make_palette(load_themes(None)[0]["midnight"]))
