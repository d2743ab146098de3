"""What follows from the closed days of instruments: it is found out once for the same days, whatever state asks."""

from __future__ import annotations

from collections import deque
from functools import cached_property

from crashdesk.model.columns import InstrumentKey
from crashdesk.session.candles import CandleSeries, closed_days
from crashdesk.session.daily import Daily, daily_of
from crashdesk.session.trend import Trend, highest, trend_of

_MOST_KEPT = 12  # of an instrument: a day each, some 10 kB for a history of 250 days


class Days:
    """The candles of a daily series up to the last one that is closed, and what they say once somebody asks."""

    def __init__(self, series: CandleSeries) -> None:
        """`series` must not change any more."""
        self._series = series

    def same(self, other: CandleSeries, end: int) -> bool:
        """Whether the first `end` candles of another series have the same times and prices, bit for bit."""
        mine = self._series
        return (
            len(mine) == end
            and mine.close[-1:] == other.close[end - 1 : end]  # the last day tells most of them apart
            and mine.close.tobytes() == other.close[:end].tobytes()
            and mine.closed == other.closed[:end]
            and mine.open_ms.tobytes() == other.open_ms[:end].tobytes()
            and mine.high.tobytes() == other.high[:end].tobytes()
            and mine.low.tobytes() == other.low[:end].tobytes()
        )

    @cached_property
    def trend(self) -> Trend | None:
        """The trend of the closed days; None without any."""
        return trend_of(closed_days(self._series))

    @cached_property
    def daily(self) -> Daily | None:
        """Their averages and ranges; None without any."""
        return daily_of(closed_days(self._series))

    @cached_property
    def high(self) -> tuple[float, int] | None:
        """(high, open of its candle) of the highest high."""
        return highest(self._series)


class KnownDays:
    """The days of instruments; of each the last few that were looked at are kept."""

    def __init__(self) -> None:
        self._known: dict[InstrumentKey, deque[Days]] = {}

    def of(self, key: InstrumentKey, series: CandleSeries) -> Days:
        """The days of an instrument's daily series."""
        end = series.closed.rfind(1) + 1
        known = self._known.setdefault(key, deque(maxlen=_MOST_KEPT))
        for days in known:
            if days.same(series, end):
                return days
        days = Days(series.until(end))
        known.append(days)
        return days
