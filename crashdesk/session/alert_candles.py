"""Which candles must be asked for, so that closes can breach levels that name an alert."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from crashdesk.config.alert_settings import AlertSettings, level_rule
from crashdesk.model.control import WantCandles
from crashdesk.model.level import Level
from crashdesk.model.timeframe import Timeframe


def candles_wanted(
    levels: Iterable[Level], rules: Iterable[AlertSettings], is_quoted: Callable[[str], bool]
) -> set[WantCandles]:
    """One wish a symbol and timeframe; none for the days of a symbol that is quoted, which come anyway."""
    named = tuple(rules)
    watched = (level for level in levels if level.alert and level_rule(level.alert, named) is not None)
    return {
        WantCandles(level.symbol, level.timeframe)
        for level in watched
        if level.timeframe is not Timeframe.D1 or not is_quoted(level.symbol)
    }
