"""What follows from the closed days of instruments: it is found out once for the same days, whatever state asks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from crashdesk.model.columns import InstrumentKey
from crashdesk.session.candles import CandleSeries, DailyCandles, closed_days
from crashdesk.session.daily import Daily, daily_of
from crashdesk.session.trend import Trend, trend_of

_MOST_KEPT = 3  # of an instrument: a day of a recording has two midnights at most
V = TypeVar("V")


class _Recent(Generic[V]):
    """What was made last of the days of each instrument."""

    def __init__(self, make: Callable[[DailyCandles], V]) -> None:
        self._make = make
        self._known: dict[InstrumentKey, deque[tuple[DailyCandles, V]]] = {}

    def of(self, key: InstrumentKey, days: DailyCandles) -> V:
        known = self._known.setdefault(key, deque(maxlen=_MOST_KEPT))
        for same, made in known:
            if same == days:
                return made
        made = self._make(days)
        known.append((days, made))
        return made


class KnownDays:
    """Trends and daily figures; None of an instrument without closed days."""

    def __init__(self) -> None:
        self._trends: _Recent[Trend | None] = _Recent(trend_of)
        self._daily: _Recent[Daily | None] = _Recent(daily_of)

    def trend(self, key: InstrumentKey, series: CandleSeries | None) -> Trend | None:
        """The trend of an instrument's daily series."""
        return self._trends.of(key, closed_days(series)) if series is not None else None

    def daily(self, key: InstrumentKey, series: CandleSeries | None) -> Daily | None:
        """The averages and ranges of an instrument's daily series."""
        return self._daily.of(key, closed_days(series)) if series is not None else None
