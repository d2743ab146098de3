"""Quotes: each 5 s those coins whose price or volume is another than before."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.model.records import Quote
from crashdesk.model.timeframe import DAY_MS, Timeframe
from crashdesk.scenarios.bars import Bar
from crashdesk.scenarios.catalogue import Scenario
from crashdesk.scenarios.market import CoinMarket
from crashdesk.scenarios.paths import BAR_MS

_BARS = DAY_MS // BAR_MS


class QuoteFeed:
    """Makes the quotes of one slot after the other.

    A quote carries what a venue states: the last price and the traded volume. Bid and ask are not known, and 24h high,
    low and change are what the desk works out itself.
    """

    def __init__(self, scenario: Scenario, venue: str, markets: Sequence[CoinMarket]) -> None:
        self._start_ms = scenario.start_ms
        self._venue = venue
        self._symbols = [f"{market.coin.base_coin}/USDT" for market in markets]
        self._scales = [10**market.coin.decimals for market in markets]
        self._tapes = [market.tape.slots for market in markets]
        self._bars = [market.bars[Timeframe.M5] for market in markets]
        self._next = (scenario.start_ms - self._bars[0][0].open_ms) // BAR_MS
        self._next_ms = self._bars[0][self._next].open_ms + BAR_MS
        self._volumes = [_volume(bars, self._next) for bars in self._bars]
        self._shown = [-1] * len(markets)

    def opening(self) -> list[Quote]:
        """All coins at the start."""
        return self._quotes(0, self._start_ms, fresh=True)

    def at(self, k: int, now_ms: int) -> list[Quote]:
        """What changed in slot `k`. Slots must come in order."""
        fresh = now_ms >= self._next_ms
        if fresh:
            self._next += 1
            self._next_ms += BAR_MS
            self._volumes = [_volume(bars, self._next) for bars in self._bars]
        return self._quotes(k, now_ms, fresh)

    def _quotes(self, k: int, now_ms: int, fresh: bool) -> list[Quote]:
        venue, symbols, scales, volumes, shown = self._venue, self._symbols, self._scales, self._volumes, self._shown
        found = []
        for i, tape in enumerate(self._tapes):
            ticks = tape[k]
            if ticks != shown[i] or fresh:
                shown[i] = ticks
                price = ticks / scales[i]
                found.append(Quote(venue, symbols[i], now_ms, price, None, None, None, None, volumes[i], None))
        return found


def _volume(bars: Sequence[Bar], upto: int) -> float:
    """USD traded in the 24 h of candles before the index `upto`, whole dollars."""
    total = 0.0
    for bar in bars[max(0, upto - _BARS) : upto]:
        total += bar.usd
    return float(round(total))
