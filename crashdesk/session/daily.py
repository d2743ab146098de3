"""What the closed UTC days of a symbol say about levels: averages and ATR of every day, and when averages crossed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import fsum, nan
from typing import NamedTuple

from crashdesk.analytics.averages import sma_series, wilder_atr
from crashdesk.model.level import DailyBars
from crashdesk.model.timeframe import DAY_MS
from crashdesk.session.candles import DailyCandles
from crashdesk.session.trend import LONG

SHORT = 50
ATR_LENGTH = 14
_ATRS = 4


class AverageCross(NamedTuple):
    """The close (UTC ms) at which the shorter average came out on the other side of the longer one."""

    end_ms: int
    golden: bool


class Daily(NamedTuple):
    """Closed days, and for the close of each the averages that end with it (NaN while there are too few days).

    `atrs` are those after the last few days: (close time, ATR), oldest first.
    """

    days: DailyBars
    end_ms: tuple[int, ...]
    sma200: Sequence[float]
    sma50: Sequence[float]
    atrs: tuple[tuple[int, float], ...]

    def average_at(self, length: int, ts_ms: int) -> float:
        """The average in force at a time: that after the newest close at or before it. NaN when there is none."""
        at = bisect_right(self.end_ms, ts_ms) - 1
        return (self.sma200 if length == LONG else self.sma50)[at] if at >= 0 else nan

    @property
    def atr(self) -> float | None:
        """The ATR after the newest day."""
        return self.atrs[-1][1] if self.atrs else None

    def atr_at(self, ts_ms: int) -> float | None:
        """The ATR in force at a time; before the first known one that one."""
        known = [atr for end_ms, atr in self.atrs if end_ms <= ts_ms]
        return known[-1] if known else self.atrs[0][1] if self.atrs else None

    def crosses(self) -> tuple[AverageCross, ...]:
        """When the 50-day average crossed the 200-day one, oldest first."""
        found = []
        over: bool | None = None
        for end_ms, long, short in zip(self.end_ms, self.sma200, self.sma50, strict=True):
            if long != long or short == long:
                continue
            if over is not None and (short > long) != over:
                found.append(AverageCross(end_ms, short > long))
            over = short > long
        return tuple(found)


def daily_of(closed: DailyCandles) -> Daily | None:
    """What closed days say; None without any."""
    if not closed.close:
        return None
    days = DailyBars(tuple(closed.open_ms), tuple(closed.high), tuple(closed.low), tuple(closed.close))
    ends = tuple(open_ms + DAY_MS for open_ms in days.open_ms)
    atrs = []
    for count in range(max(0, len(ends) - _ATRS) + 1, len(ends) + 1):
        atr = wilder_atr(days.high[:count], days.low[:count], days.close[:count], ATR_LENGTH)
        if atr is not None:
            atrs.append((ends[count - 1], atr))
    return Daily(days, ends, _averages(days.close), sma_series(days.close, SHORT), tuple(atrs))


def _averages(close: Sequence[float]) -> list[float]:
    """The 200-day average of each day, exactly rounded: on which side a close lies must not hang on a rounding."""
    few = min(LONG - 1, len(close))
    return [nan] * few + [fsum(close[end - LONG : end]) / LONG for end in range(LONG, len(close) + 1)]
