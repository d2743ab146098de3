"""Which candles must be asked for, so that closes can breach levels that name an alert, and when once more."""

from collections.abc import Callable, Iterable, Set
from typing import NamedTuple

from crashdesk.config.alert_settings import AlertSettings, level_rule
from crashdesk.model.control import WantCandles
from crashdesk.model.level import Level
from crashdesk.model.timeframe import MINUTE_MS, Timeframe

AGAIN_MS = 2 * MINUTE_MS
"""A recorder that was started anew knows no wishes, and one that hears very many forgets the oldest."""


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


class DueWishes(NamedTuple):
    """What is to be asked for now, for the first time and `again`."""

    new: set[WantCandles]
    again: set[WantCandles]


class CandleWishes:
    """Tells each wish at once, and all that still hold each `AGAIN_MS`."""

    def __init__(self) -> None:
        self._asked: set[WantCandles] = set()
        self._again_ms: int | None = None

    def due(self, wanted: Set[WantCandles], shown: Set[WantCandles], now_ms: int) -> DueWishes:
        """What is to be asked for at `now_ms`; the wishes `shown` were asked for by another when they were new."""
        new = set(wanted - self._asked)
        self._asked |= new
        if self._again_ms is None or now_ms < self._again_ms:
            self._again_ms = self._again_ms or now_ms + AGAIN_MS
            return DueWishes(new, set())
        self._again_ms, self._asked = now_ms + AGAIN_MS, set(wanted)
        return DueWishes(new, set(wanted | shown) - new)
