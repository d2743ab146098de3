"""Candles as a venue gives them: the past at once, then each close, and now and then what still runs."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from crashdesk.model.records import Candle
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.scenarios.bars import Bar, candle, running
from crashdesk.scenarios.catalogue import Scenario
from crashdesk.scenarios.description import Description
from crashdesk.scenarios.market import CoinMarket
from crashdesk.scenarios.paths import BAR_MS, SLOT_MS

_AFTER_CLOSE_MS = 1_500
_AFTER_MINUTE_MS = 2_500
_AFTER_HOUR_MS = 3_500
_KEPT = (Timeframe.D1, Timeframe.H1, Timeframe.M5)


class CandleFeed:
    """Makes the batches of candles in the order of their coming.

    The leader's running 5-minute and daily candles are revised each minute, every coin's running day each hour.
    """

    def __init__(self, scenario: Scenario, description: Description, markets: Sequence[CoinMarket]) -> None:
        if scenario.end_ms % SLOT_MS not in (0, *range(_AFTER_HOUR_MS + 1, SLOT_MS)):
            raise ValueError(f"{scenario.name}: its slots of 5 s must begin with a minute, or in the second before")
        self._scenario = scenario
        self._venue = description.prices.venue
        self._history_ms = scenario.start_ms - description.prices.candles_5m_hours * HOUR_MS
        self._markets = markets
        self._leader = next(m for m in markets if m.coin.base_coin == description.prices.leader)

    def opening(self) -> Iterator[list[Candle]]:
        """All closed candles at the start, one series a batch, then the running days."""
        for market in self._markets:
            for timeframe in _KEPT:
                if past := self._past(market, timeframe):
                    yield past
        yield [self._running(market, Timeframe.D1, self._scenario.start_ms) for market in self._markets]
        yield [self._running(self._leader, Timeframe.M5, self._scenario.start_ms)]

    def between(self, after_ms: int, now_ms: int) -> Iterator[tuple[int, list[Candle]]]:
        """What comes in one slot: `after_ms` < time < `now_ms`."""
        minute_ms = (now_ms - 1) // MINUTE_MS * MINUTE_MS
        if minute_ms < after_ms:
            return
        if minute_ms % BAR_MS == 0:
            for timeframe in _KEPT:
                if minute_ms % timeframe.ms == 0 and (closed := self._closed(timeframe, minute_ms)):
                    yield minute_ms + _AFTER_CLOSE_MS + _KEPT.index(timeframe), closed
        else:
            yield (
                minute_ms + _AFTER_MINUTE_MS,
                [self._running(self._leader, timeframe, minute_ms) for timeframe in (Timeframe.M5, Timeframe.D1)],
            )
        if minute_ms % HOUR_MS == 0 and minute_ms % Timeframe.D1.ms:
            yield minute_ms + _AFTER_HOUR_MS, [self._running(m, Timeframe.D1, minute_ms) for m in self._markets]

    def _past(self, market: CoinMarket, timeframe: Timeframe) -> list[Candle]:
        start_ms = self._scenario.start_ms
        first_ms = self._history_ms if timeframe is Timeframe.M5 else 0
        return [
            candle(self._venue, market.coin, timeframe, bar)
            for bar in market.bars.get(timeframe, ())
            if bar.open_ms + timeframe.ms <= start_ms and bar.open_ms + timeframe.ms > first_ms
        ]

    def _closed(self, timeframe: Timeframe, now_ms: int) -> list[Candle]:
        """The candles that closed at `now_ms`, of all coins that have this timeframe."""
        return [
            candle(self._venue, market.coin, timeframe, _bar_at(market, timeframe, now_ms - timeframe.ms))
            for market in self._markets
            if timeframe in market.bars
        ]

    def _running(self, market: CoinMarket, timeframe: Timeframe, now_ms: int) -> Candle:
        """The candle that runs at `now_ms`, from its closed 5-minute candles and the prices since."""
        open_ms = now_ms // timeframe.ms * timeframe.ms
        fives = market.bars[Timeframe.M5]
        edge_ms = now_ms // BAR_MS * BAR_MS
        first, edge = ((ms - fives[0].open_ms) // BAR_MS for ms in (open_ms, edge_ms))
        seen: list[int] = []
        for bar in fives[first:edge]:
            seen += (bar.high, bar.low, bar.close)
        seen += self._prices(market.tape.slots, edge_ms, now_ms)
        whole = _bar_at(market, timeframe, open_ms)
        bar = running(fives[first].open, open_ms, seen, whole, now_ms, timeframe.ms)
        return candle(self._venue, market.coin, timeframe, bar, closed=False)

    def _prices(self, slots: array[int], from_ms: int, now_ms: int) -> array[int]:
        """The prices seen from `from_ms` to `now_ms`; before the scenario's start the price stands still."""
        start_ms = self._scenario.start_ms
        first = max(0, -((start_ms - from_ms) // SLOT_MS))
        return slots[first : max(0, (now_ms - start_ms) // SLOT_MS + 1)]


def _bar_at(market: CoinMarket, timeframe: Timeframe, open_ms: int) -> Bar:
    bars = market.bars[timeframe]
    return bars[(open_ms - bars[0].open_ms) // timeframe.ms]
