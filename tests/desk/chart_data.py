"""Chart views made by hand."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence

from crashdesk.model.level import LevelKind, LevelState
from crashdesk.model.timeframe import DAY_MS, Timeframe
from crashdesk.session.level_views import LevelRow
from crashdesk.session.views import ChartView

FIRST_MS = 1_755_734_400_000
"""2025-08-21 00:00 UTC."""

Ohlc = tuple[float, float, float, float]


def chart_of(candles: Sequence[Ohlc], *, decimals: int = 2, last: float | None = None, **changes: object) -> ChartView:
    """Daily candles from 2025-08-21 on, without averages."""
    columns = [array("d", [candle[i] for candle in candles]) for i in range(4)]
    nothing = array("d", [math.nan] * len(candles))
    view = ChartView(
        symbol="BTC/USDT",
        venue="okx",
        timeframe=Timeframe.D1,
        price_decimals=decimals,
        revision=1,
        open_ms=array("q", [FIRST_MS + i * DAY_MS for i in range(len(candles))]),
        open=columns[0],
        high=columns[1],
        low=columns[2],
        close=columns[3],
        volume=array("d", [0.0] * len(candles)),
        open_last=False,
        sma200=nothing,
        sma50=nothing,
        ema200=nothing,
        last=last,
        sma200_daily=None,
        sma200_breached=None,
        breached_since_ms=None,
    )
    return view._replace(**changes)  # type: ignore[arg-type]


def flat_candles(count: int, price: float = 100.0, height: float = 0.02) -> list[Ohlc]:
    """A saw: rising and falling in turn, `height` of the price high."""
    out = []
    for i in range(count):
        low, high = price * (1 - height), price * (1 + height)
        out.append((low, high, low, high) if i % 2 else (high, high, low, low))
    return out


def level(price: float, kind: LevelKind = LevelKind.ROUND, label: str = "", level_id: str | None = None) -> LevelRow:
    """A level that nothing has touched."""
    source = "mine" if level_id else "report"
    return LevelRow(level_id, "BTC/USDT", price, kind, label, source, LevelState.UNTOUCHED, None, 1.0, 0.5)
