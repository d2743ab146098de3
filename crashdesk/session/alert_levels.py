"""Rules on levels: the trader's own that name the rule, and the SMA200 of symbols with its cross by SMA50.

What happens in the same moment, at however many levels, is one alert.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import nan
from typing import NamedTuple

from crashdesk.config.alert_settings import AlertSettings, LevelEvent
from crashdesk.model.level import Level, TrendLine
from crashdesk.model.records import Liquidation
from crashdesk.model.timeframe import Timeframe
from crashdesk.session import alert_price_words as words
from crashdesk.session.alert_gate import Told
from crashdesk.session.alert_happenings import FRESH_MS
from crashdesk.session.alert_lines import LineWatch, Priced, priced
from crashdesk.session.daily import AverageCross, Daily
from crashdesk.session.level_past import Course, course_of
from crashdesk.session.state import MarketState
from crashdesk.session.trend import LONG


class _Place(NamedTuple):
    """What makes a level another one for its alert; its label may change, and its kind where that tells no side."""

    symbol: str
    price: float
    trend: TrendLine | None
    timeframe: Timeframe
    created_ms: int
    home: bool | None


class OwnLevelWatch:
    """The trader's own levels that name this rule. One that is new, or was moved, begins with what holds then."""

    def __init__(self, rule: AlertSettings) -> None:
        self._rule = rule
        self._levels: tuple[Level, ...] | None = None
        self._watched: dict[str, tuple[_Place, Level, LineWatch]] = {}

    def settle(self, state: MarketState) -> None:
        """Every level begins anew."""
        self._levels = None
        self._watched = {}
        self.due(state)

    def rows(self, _fresh: Sequence[Liquidation], _stale: Sequence[Liquidation]) -> bool:
        """Levels are of prices."""
        return False

    def due(self, state: MarketState) -> Told | None:
        """What happened at any of the levels."""
        if state.own_levels is not self._levels:
            self._take(state.own_levels)
        markets: dict[str, Priced | None] = {}
        told: list[Told] = []
        for _, level, watch in self._watched.values():
            if level.symbol not in markets:
                markets[level.symbol] = priced(state, level.symbol)
            market = markets[level.symbol]
            if market is not None:
                found = watch.look(course_of(level), level.timeframe, market)
                told += [Told(words.at_level(level, each, market), calm=each.late_ms > 0) for each in found]
        return words.as_one(told)

    def _take(self, levels: tuple[Level, ...]) -> None:
        kept: dict[str, tuple[_Place, Level, LineWatch]] = {}
        for level in levels:
            if level.alert != self._rule.name:
                continue
            place = _Place(
                level.symbol, level.price, level.trend, level.timeframe, level.created_ms, course_of(level).home
            )
            known = self._watched.get(level.id)
            watch = known[2] if known is not None and known[0] == place else LineWatch(self._rule)
            kept[level.id] = (place, level, watch)
        self._levels, self._watched = levels, kept


class AverageWatch:
    """SMA200 of the rule's symbols: tested in the day, breached and reclaimed by daily closes, crossed by SMA50."""

    def __init__(self, rule: AlertSettings) -> None:
        self._rule = rule
        self._lines: dict[str, LineWatch] = {}
        self._crosses: dict[str, _CrossWatch] = {}

    def settle(self, state: MarketState) -> None:
        """Every average begins anew."""
        self._lines = {symbol: LineWatch(self._rule) for symbol in self._rule.symbols}
        self._crosses = {symbol: _CrossWatch() for symbol in self._rule.symbols}
        self.due(state)

    def rows(self, _fresh: Sequence[Liquidation], _stale: Sequence[Liquidation]) -> bool:
        """Averages are of prices."""
        return False

    def due(self, state: MarketState) -> Told | None:
        """What happened at any of the averages."""
        told: list[Told] = []
        for symbol, line in self._lines.items():
            market = priced(state, symbol)
            if market is None:
                continue
            found = line.look(Course(partial(_average, market.daily), 0, home=True), Timeframe.D1, market)
            told += [Told(words.at_average(symbol, each, market), calm=each.late_ms > 0) for each in found]
            crosses = self._crosses[symbol].look(market)
            if LevelEvent.CROSS in self._rule.on:
                told += [words.averages_crossed(symbol, each, market) for each in crosses]
        return words.as_one(told)


def _average(daily: Daily | None, ts_ms: int) -> float:
    return daily.average_at(LONG, ts_ms) if daily is not None else nan


class _CrossWatch:
    """Which crossings of the two averages are known."""

    def __init__(self) -> None:
        self._known: tuple[object, Daily | None] = (None, None)
        self._closed_ms = 0

    def look(self, market: Priced) -> list[AverageCross]:
        """Those that days have made which ended since."""
        before, self._known = self._known, (market.key, market.daily)
        if market.daily is None or market.daily is before[1]:
            return []
        newest = market.daily.end_ms[-1]
        if market.key != before[0] or not self._closed_ms:
            self._closed_ms = max(newest, market.now_ms - FRESH_MS)
            return []
        after, self._closed_ms = self._closed_ms, max(newest, self._closed_ms)
        return [cross for cross in market.daily.crosses() if cross.end_ms > after]
