"""One line of price under watch, own level or average: whether the price touched it, which closes crossed it.

A line is touched when the price comes within half an ATR of it (its state is then `testing`), or passes it between two
prices. That is told once, and again after the price has clearly left (a quarter of the band beyond it). Prices of two
venues are never held against each other, nor prices before and after history came in: after such a change what holds is
taken as told. What happened while nothing was recorded is found when it goes on, and marked as late.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from crashdesk.config.alert_settings import AlertSettings, LevelEvent
from crashdesk.model.columns import InstrumentKey
from crashdesk.model.level import LevelState
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS, Timeframe
from crashdesk.session.alert_happenings import FRESH_MS
from crashdesk.session.alert_sums import Once
from crashdesk.session.daily import Daily
from crashdesk.session.level_past import BAND_ATR, Closes, Course, crossings
from crashdesk.session.state import MarketState

_LEFT = 1.25
CLOSE_LATE_MS = 15 * MINUTE_MS
"""A close that is known so much later was not watched: candles come within seconds, of a slow venue within minutes."""


class Priced(NamedTuple):
    """A symbol at its price venue: its last price and when that came, its closed days, the closes of a timeframe.

    After `late_ms` without a price the next one tells of what was not watched.
    """

    key: InstrumentKey
    last: float
    at_ms: int
    now_ms: int
    late_ms: int
    decimals: int
    daily: Daily | None
    closes: Callable[[Timeframe], Closes]

    @property
    def atr(self) -> float | None:
        """Wilder's ATR after the last closed day."""
        return self.daily.atrs[-1][1] if self.daily is not None and self.daily.atrs else None


def priced(state: MarketState, symbol: str) -> Priced | None:
    """What is known of a symbol's price; None when it was not quoted in the last 24 h."""
    key = state.price_key(symbol)
    if key is None:
        return None
    at_ms, quote = state.quotes[key]
    instrument = state.instruments.get(key)
    return Priced(
        key,
        quote.last,
        at_ms,
        state.now_ms,
        max(FRESH_MS, state.stale_ms(key[0])),
        instrument.price_decimals if instrument else 2,
        state.levels.daily(key),
        lambda timeframe: state.levels.closes(key, timeframe),
    )


class Happened(NamedTuple):
    """What happened at a line whose price was `level` then; `over` is the side on which `price` lies.

    A touch that passed the line has `through`. `late_ms` is how long ago it was, or how long no price was seen before
    it; 0: it was watched. `at_ms` is when.
    """

    event: LevelEvent
    level: float
    price: float
    over: bool
    at_ms: int
    through: bool = False
    late_ms: int = 0


class _Seen(NamedTuple):
    """The last look at a line: the price there was, the line's own, the days it was measured by."""

    key: InstrumentKey
    last: float
    at_ms: int
    line: float
    daily: Daily | None


class LineWatch:
    """What was seen of one line. The first look finds nothing: what holds then is known."""

    def __init__(self, rule: AlertSettings) -> None:
        self._on = rule.on
        self._once = Once(rule)
        self._seen: _Seen | None = None
        self._key: InstrumentKey | None = None
        self._closes: Closes | None = None
        self._closed_ms = 0

    def look(self, course: Course, timeframe: Timeframe, market: Priced) -> list[Happened]:
        """What is new at the line, the oldest first."""
        found = self._closed(course, market, timeframe)
        touch = self._touched(course, market)
        return [*found, touch] if touch is not None else found

    def _closed(self, course: Course, market: Priced, timeframe: Timeframe) -> list[Happened]:
        closes = market.closes(timeframe)
        newest = closes.end_ms[-1] if closes.end_ms else 0
        if market.key != self._key:
            # a close is known some seconds after it was made: one that is just due is still to come
            self._key, self._closed_ms = market.key, max(newest, market.now_ms - FRESH_MS)
        elif closes is not self._closes and newest > self._closed_ms:
            after, self._closed_ms = self._closed_ms, newest
            self._closes = closes
            _, changes = crossings(course, closes)
            made = [_crossed(course, closes, change.since_ms, change.state, market) for change in changes]
            return [each for each in made if each.at_ms > after and each.event in self._on]
        self._closes = closes
        return []

    def _touched(self, course: Course, market: Priced) -> Happened | None:
        line, atr, before = course.price_at(market.now_ms), market.atr, self._seen
        if atr is None or line != line:
            self._seen = None
            return None
        if before is not None and before.key == market.key and before.at_ms == market.at_ms:
            return None
        self._seen = _Seen(market.key, market.last, market.at_ms, line, market.daily)
        away = abs(market.last - line)
        near = away <= BAND_ATR * atr
        if before is None or before.key != market.key or not _grew(before, market.daily):
            self._once.settle(holds=near)
            return None
        through = (before.last - before.line) * (market.last - line) < 0
        # a price that comes out of the band on the other side belongs to the touch that was told: armed again after it
        new = self._once.passes(holds=near or through, left=False, now_ms=market.now_ms)
        if away > _LEFT * BAND_ATR * atr:
            self._once.rearm()
        if not new or LevelEvent.TOUCH not in self._on:
            return None
        unseen_ms = market.at_ms - before.at_ms
        late_ms = unseen_ms if unseen_ms > market.late_ms else 0
        over = market.last > line
        return Happened(LevelEvent.TOUCH, line, market.last, over, market.at_ms, through, late_ms)


def _crossed(course: Course, closes: Closes, end_ms: int, state: LevelState, market: Priced) -> Happened:
    close, level = closes.close[list(closes.end_ms).index(end_ms)], course.price_at(end_ms)
    event = LevelEvent.BREACH if state is LevelState.BREACHED else LevelEvent.RECLAIM
    age_ms = market.now_ms - end_ms
    return Happened(event, level, close, close >= level, end_ms, late_ms=age_ms if age_ms > CLOSE_LATE_MS else 0)


def _grew(before: _Seen, now: Daily | None) -> bool:
    """Whether nothing but days that ended since has come, as they do when a day ends or a recorder goes on."""
    known = before.daily
    if known is None or now is None or known is now:
        return known is now
    newer = now.end_ms[len(known.end_ms) :]
    return now.end_ms[: len(known.end_ms)] == known.end_ms and (not newer or newer[0] > before.at_ms - DAY_MS)
