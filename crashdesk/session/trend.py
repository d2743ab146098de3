"""The long trend of one symbol from its closed UTC days: SMA200 and its breach, the high, the last lower low."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from crashdesk.analytics.averages import sma
from crashdesk.model.timeframe import DAY_MS
from crashdesk.session.candles import CandleSeries, DailyCandles

LONG = 200
_STEP = 32


class Trend(NamedTuple):
    """What the closed days say. `breached` compares the last close with the mean of the 200 closes that end with it.

    `side_since_ms` is the close time of the day since which all closes lie on the present side of the average (None
    when the history does not show a crossing).
    """

    days: DailyCandles
    sma200: float | None
    breached: bool | None
    side_since_ms: int | None


def trend_of(days: DailyCandles) -> Trend | None:
    """What closed days say; None without any."""
    if not days.close:
        return None
    average = sma(days.close, LONG)
    breached = days.close[-1] < average if average is not None else None
    return Trend(
        days=days,
        sma200=average,
        breached=breached,
        side_since_ms=_side_since(days, breached),
    )


def _side_since(days: DailyCandles, below: bool | None) -> int | None:
    if below is None:
        return None
    for end in range(len(days.close) - 1, LONG - 1, -1):
        average = sma(days.close[end - LONG : end], LONG)
        if average is not None and (days.close[end - 1] < average) != below:
            return days.open_ms[end] + DAY_MS
    return None


def lowest_since(days: DailyCandles, low: float, before_ms: int) -> int | None:
    """Open of the last closed day that ended at or before `before_ms` and has a lower low; None if there is none."""
    end = bisect_right(days.open_ms, before_ms - DAY_MS)
    while end > 0:
        part = days.low[max(0, end - _STEP) : end]
        if min(part) < low:
            at = max(i for i, one in enumerate(part) if one < low)
            return days.open_ms[end - len(part) + at]
        end -= len(part)
    return None


def highest(series: CandleSeries) -> tuple[float, int] | None:
    """(high, open of its candle) of the highest intraday high of a series; the earliest of equals."""
    if not len(series):
        return None
    top = max(series.high)
    return top, series.open_ms[series.high.index(top)]
