"""A chart of 400 days and the ladder of levels beside it."""

from __future__ import annotations

import math
import random
from array import array

from crashdesk.model.level import LevelKind, LevelState
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS, Timeframe
from crashdesk.session.level_views import LadderView, LevelRow
from crashdesk.session.views import (
    ChartView,
)
from tests.desk.sample_market import MIDNIGHT_MS, NOW_MS


def chart_view(symbol: str = "BTC/USDT", count: int = 400) -> ChartView:
    """Daily candles with the high of October, the slide after it, and averages made the plain way."""
    rng = random.Random(29)
    closes: list[float] = []
    price = 92_000.0
    for place in range(count):
        aim = 92_000 + 30_000 * (place / count) + 9_000 * math.sin(place / 31)
        price += (aim - price) * 0.06 + price * rng.gauss(0, 0.017)
        closes.append(price)
    bend = 106_583.0 / closes[-2]
    closes = [c * (1 + (bend - 1) * (i / count) ** 6) for i, c in enumerate(closes)]
    closes[-1] = 106_200.0
    opens = [closes[0], *closes[:-1]]
    highs = [max(o, c) * (1 + abs(rng.gauss(0, 0.008))) for o, c in zip(opens, closes, strict=True)]
    lows = [min(o, c) * (1 - abs(rng.gauss(0, 0.008))) for o, c in zip(opens, closes, strict=True)]
    times = [MIDNIGHT_MS - (count - 1 - i) * DAY_MS for i in range(count)]
    return ChartView(
        symbol=symbol,
        venue="okx",
        timeframe=Timeframe.D1,
        price_decimals=0,
        revision=1,
        open_ms=array("q", times),
        open=array("d", opens),
        high=array("d", highs),
        low=array("d", lows),
        close=array("d", closes),
        volume=array("d", [rng.lognormvariate(9, 0.4) for _ in closes]),
        open_last=True,
        sma200=_average(closes, 200),
        sma50=_average(closes, 50),
        ema200=_average(closes, 150),
        last=106_200.0,
        sma200_daily=109_800.0,
        sma200_breached=True,
        breached_since_ms=MIDNIGHT_MS,
    )


def _average(values: list[float], span: int) -> array[float]:
    return array(
        "d", [sum(values[i - span + 1 : i + 1]) / span if i >= span - 1 else math.nan for i in range(len(values))]
    )


def ladder_view(symbol: str = "BTC/USDT", last: float = 106_200.0) -> LadderView:
    atr = 3_642.4

    def row(
        price: float,
        kind: LevelKind,
        label: str,
        source: str,
        state: LevelState | None,
        since: int | None,
        level_id: str | None = None,
    ) -> LevelRow:
        return LevelRow(
            level_id,
            symbol,
            price,
            kind,
            label,
            source,
            state,
            since,
            (price / last - 1) * 100,
            abs(price - last) / atr,
        )

    return LadderView(
        symbol,
        0,
        last,
        atr,
        (
            row(126_200, LevelKind.RESISTANCE, "all-time high", "report", LevelState.UNTOUCHED, None),
            row(110_000, LevelKind.ROUND, "round", "report", LevelState.UNTOUCHED, None),
            row(109_800, LevelKind.AVERAGE, "SMA200", "SMA200", LevelState.BREACHED, MIDNIGHT_MS),
            row(105_000, LevelKind.LINE, "line", "mine", LevelState.TESTING, NOW_MS - 10 * MINUTE_MS, "L1"),
            row(100_000, LevelKind.ROUND, "round", "report", LevelState.UNTOUCHED, None),
            row(94_200, LevelKind.SUPPORT, "Fairlead support", "Fairlead", LevelState.UNTOUCHED, None),
        ),
    )
