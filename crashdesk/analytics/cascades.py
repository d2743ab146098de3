"""Cascades: spans in which far more than usual was liquidated, on one side, while the price moved.

The definition (there is no standard one). Time runs in whole seconds of the clock at which records came; the window
is now - W <= ts < now by the orders' own times. A cascade begins when, in the window,

- the sum S is at least the level: k times the median of the windows of whole minutes that ended in the 24 h before the
  window began, and at least the floor (where the median is 0 the floor alone is the level). Windows with a minute in
  which nothing was recorded are no part of the median; with fewer than 30 of them nothing is called a cascade;
- one side has at least the share `one_sided` of S;
- the price of the coin with the largest sum whose price is known has moved against that side by more than
  `sigmas`·σ·√W: ln(p / p0), p0 the close of the last whole minute before the window, W reckoned from there, σ the root
  mean square of the minute log returns over the 24 h before (at least 30). Longs are liquidated by falling prices.

Half the level, spread evenly over W, is the pace. The start is the window's first order of the run-up: from its second
on, every span up to now brings at least the pace. The end is the last order up to whose second every span since the
start (or in the window) brought the pace. The cascade goes on while S is at least half the level of its beginning and
its side has at least half of S. When the level is reached again while its end still lies in the window, it is the same
wave that goes on. Total, side, orders and venues are over start <= ts <= end; the move is from the minute's close
before the start to the price furthest against the side: of the closes of the run-up's minutes, and of the prices each
second until the end.

Late rows count where they belong as long as the cascade goes on. Rows older than the window (history that is fetched
at a start or after a gap) change the median only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from crashdesk.analytics.cascade_flow import SECOND_MS, Flow
from crashdesk.analytics.cascade_prices import PriceTracks
from crashdesk.model.cascade import CascadeSettings
from crashdesk.model.money import MICRO
from crashdesk.model.records import Event, EventKind, Liquidation, Side
from crashdesk.model.words import usd_short

UPDATE_MS = 5_000
"""A cascade that goes on is told again this often at most."""
GOES_ON = 0.5
"""The share of the level, and of the window's sum by its side, under which a cascade ends."""


class _Wave(NamedTuple):
    """A cascade while it is followed. Seconds are those of `ts_ms`, `level` is in micro-dollars."""

    side: Side
    symbol: str
    level: float
    start_ms: int
    end_second: int
    price_before: float
    price_furthest: float

    @property
    def start_second(self) -> int:
        return self.start_ms // SECOND_MS


class CascadeDetector:
    """Finds cascades as orders and prices come. `prices` is fed by the caller."""

    def __init__(self, settings: CascadeSettings, prices: PriceTracks) -> None:
        self._settings = settings
        self._prices = prices
        self.flow = Flow(settings.window_ms)
        self._wave: _Wave | None = None  # the one that goes on, or that still lies in the window
        self._goes_on = False
        self._told: Event | None = None
        self._told_ms = 0

    def add(self, rows: Iterable[Liquidation]) -> None:
        """Orders that came together, in any order."""
        wave = self._wave
        since = (wave.start_second, wave.start_ms) if wave is not None else None
        for row in rows:
            self.flow.add(row, since)

    def advance(self, now_ms: int) -> Event | None:
        """The clock is at `now_ms`, a whole second: what is to be told of a cascade that begins, goes on or ended."""
        wave, flow = self._wave, self.flow
        flow.advance(now_ms // SECOND_MS, wave.start_second if wave is not None else None)
        if wave is not None and not self._goes_on and wave.end_second < flow.window[0]:
            self._wave = wave = None
        if self._goes_on and wave is not None:
            return self._follow(wave, now_ms)
        return self._look(now_ms)

    def _look(self, now_ms: int) -> Event | None:
        """Whether one begins, or the last one goes on."""
        level = self._level()
        if level is None or self.flow.total < level:
            return None
        long = self.flow.long
        side = Side.LONG if 2 * long >= self.flow.total else Side.SHORT
        if self._share(side) < self._settings.one_sided:
            return None
        symbol = self._moved(side, now_ms)
        if symbol is None:
            return None
        last = self._wave
        if last is not None and last.side is side:
            self._goes_on = True
            return self._follow(last, now_ms)
        not_before = last.end_second + 1 if last is not None else 0
        wave = self._begin(side, symbol, level, not_before, now_ms)
        if wave is None:
            return None
        self._wave, self._goes_on, self._told = wave, True, None
        return self._tell(wave, now_ms)

    def _level(self) -> float | None:
        """What the window must reach, micro-dollars; None while it is under the floor or too little is known."""
        floor = self._settings.floor_usd * MICRO
        usual = self.flow.usual() if self.flow.total >= floor else None
        return None if usual is None else max(floor, self._settings.factor * usual)

    def _share(self, side: Side) -> float:
        total = self.flow.total
        if not total:
            return 0.0
        return (self.flow.long if side is Side.LONG else total - self.flow.long) / total

    def _moved(self, side: Side, now_ms: int) -> str | None:
        """The symbol whose price has moved far enough against `side`."""
        since_ms = self.flow.window[0] * SECOND_MS
        for coin in self.flow.span(*self.flow.window).coins:
            symbol = self._prices.symbol_of(coin)
            strength = self._prices.strength(symbol, since_ms, now_ms) if symbol is not None else None
            if strength is not None:
                against = -strength if side is Side.LONG else strength
                return symbol if against > self._settings.sigmas else None
        return None

    def _pace(self, level: float) -> float:
        """Half the level spread over the window, micro-dollars a second."""
        return GOES_ON * level * SECOND_MS / self._settings.window_ms

    def _begin(self, side: Side, symbol: str, level: float, not_before: int, now_ms: int) -> _Wave | None:
        first = self.flow.first_from(self._pace(level), not_before)
        if first is None:
            return None
        second, start_ms = first
        end = self.flow.last_to(self._pace(level), second)
        before = self._prices.before(symbol, start_ms)
        furthest = self._prices.furthest(symbol, start_ms, now_ms, falling=side is Side.LONG)
        if before is None or furthest is None:
            return None
        return _Wave(side, symbol, level, start_ms, second if end is None else end, before, furthest)

    def _follow(self, wave: _Wave, now_ms: int) -> Event | None:
        flow = self.flow
        end = flow.last_to(self._pace(wave.level), wave.start_second)
        if end is not None and end > wave.end_second:
            price = self._prices.now(wave.symbol, now_ms) or wave.price_furthest
            furthest = (min if wave.side is Side.LONG else max)(price, wave.price_furthest)
            self._wave = wave = wave._replace(end_second=end, price_furthest=furthest)
        self._goes_on = flow.total >= GOES_ON * wave.level and self._share(wave.side) >= GOES_ON
        if self._goes_on and now_ms - self._told_ms < UPDATE_MS:
            return None
        return self._tell(wave, now_ms)

    def _tell(self, wave: _Wave, now_ms: int) -> Event | None:
        """The record of a cascade as it is now; None when that was told already."""
        span = self.flow.span(wave.start_second, wave.end_second + 1)
        move = 100.0 * (wave.price_furthest / wave.price_before - 1.0)
        event = Event(
            kind=EventKind.CASCADE,
            start_ms=wave.start_ms,
            end_ms=span.last_ms,
            text="",
            symbol=wave.symbol,
            usd_micro=span.total,
            long_usd_micro=span.long,
            move_pct=move,
            orders=span.orders,
            venues=span.venues,
        )
        event = event._replace(text=cascade_text(event))
        if event == self._told:
            return None
        self._told, self._told_ms = event, now_ms
        return event


def cascade_text(event: Event) -> str:
    """`cascade $61.30M, 96% long, BTC -1.9%, htx okx bybit`. Figures that are unknown are left out."""
    parts = []
    if event.usd_micro is not None:
        parts.append(usd_short(event.usd_micro))
        if event.long_usd_micro is not None and event.usd_micro:
            share = event.long_usd_micro / event.usd_micro
            parts.append(f"{share:.0%} long" if share >= 0.5 else f"{1 - share:.0%} short")
    if event.move_pct is not None and event.symbol:
        parts.append(f"{event.symbol.partition('/')[0]} {event.move_pct:+.1f}%")
    if event.venues:
        parts.append(" ".join(event.venues))
    return f"cascade {', '.join(parts)}"
