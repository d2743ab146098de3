"""The long trend of one symbol from its closed UTC days: SMA200 and its breach, the high, the last lower low."""

from __future__ import annotations

from bisect import bisect_right
from math import inf
from typing import NamedTuple

from crashdesk.analytics.averages import sma
from crashdesk.model.timeframe import DAY_MS
from crashdesk.session.candles import CandleSeries, DailyCandles

LONG = 200


class LowerLows:
    """When a low was last undercut by a closed day. Of the days before a time only those count that no later one
    undercuts; they are kept, because that time moves on once a day.
    """

    def __init__(self, days: DailyCandles) -> None:
        self._days = days
        self._end = -1
        self._depths: list[float] = []
        self._opens: list[int] = []

    def last(self, low: float, before_ms: int) -> int | None:
        """Open of the last closed day that ended at or before `before_ms` and has a lower low; None without one."""
        end = bisect_right(self._days.open_ms, before_ms - DAY_MS)
        if end != self._end:
            self._look_back(end)
        place = bisect_right(self._depths, -low)
        return self._opens[place] if place < len(self._opens) else None

    def _look_back(self, end: int) -> None:
        lowest, depths, opens = inf, [], []
        for at in range(end - 1, -1, -1):
            low = self._days.low[at]
            if low < lowest:
                lowest = low
                depths.append(-low)  # ascending, as `bisect` wants it
                opens.append(self._days.open_ms[at])
        self._depths, self._opens, self._end = depths, opens, end


class Trend(NamedTuple):
    """What the closed days say. `breached` compares the last close with the mean of the 200 closes that end with it.

    `side_since_ms` is the close time of the day since which all closes lie on the present side of the average (None
    when the history does not show a crossing).
    """

    lower: LowerLows
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
        lower=LowerLows(days),
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


def highest(series: CandleSeries) -> tuple[float, int] | None:
    """(high, open of its candle) of the highest intraday high of a series; the earliest of equals."""
    if not len(series):
        return None
    top = max(series.high)
    return top, series.open_ms[series.high.index(top)]
