"""One seeded market for all benches of disk and folding, so that nobody wins by easy data.

Prices lie on ticks, six fields are quoted (last, bid, ask, high, low, volume), and there are two tempers: calm, where
part of the market moves by a tick or two between polls, and crash, where nearly all of it moves by many.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10

from crashdesk.model.records import Instrument, Liquidation, MarketKind, PriceBasis, Quote, Session, Side

START_MS = 1_762_128_000_000
"""2025-11-03 00:00:00 UTC."""
VENUE = "okx"
POLL_MS = 2_000
SESSION = Session("bench", START_MS, "crashdesk bench", "", "a seeded market", (), (VENUE,))


@dataclass(frozen=True, slots=True)
class Temper:
    """How a market moves from poll to poll: the share of symbols that trade, the step in fractions, the drift."""

    name: str
    trading: float
    step: float
    drift: float


CALM = Temper("calm", 0.6, 0.00008, 0.0)
CRASH = Temper("crash", 0.97, 0.0009, -0.00002)
EVERY = Temper("all change", 1.0, 0.0009, 0.0)


@dataclass(slots=True)
class _Coin:
    symbol: str
    decimals: int
    price: float
    high: float
    low: float
    volume: float
    spread: int

    def trade(self, dice: random.Random, temper: Temper, now_ms: int) -> Quote:
        tick = 10.0**-self.decimals
        moved = self.price * (1 + dice.gauss(temper.drift, temper.step))
        self.price = max(tick, round(moved, self.decimals))
        self.high, self.low = max(self.high, self.price), min(self.low, self.price)
        self.volume += abs(dice.lognormvariate(0, 1.5)) * 2_000
        below = dice.randint(0, self.spread) * tick
        return Quote(
            VENUE,
            self.symbol,
            now_ms - dice.randint(20, 900),
            self.price,
            round(self.price - below, self.decimals),
            round(self.price - below + self.spread * tick, self.decimals),
            self.high,
            self.low,
            round(self.volume, 2),
            None,
        )


class Market:
    """Coins whose prices go their way; the same way for the same seed."""

    def __init__(self, symbols: int, seed: int = 1) -> None:
        self._dice = random.Random(seed)
        self._coins = [self._coin(k) for k in range(symbols)]

    def _coin(self, k: int) -> _Coin:
        price = 10 ** self._dice.uniform(-4, 5)
        decimals = max(0, 4 - floor(log10(price)))
        price = round(price, decimals)
        spread = self._dice.choice((1, 1, 1, 2, 5))
        high, low = round(price * 1.03, decimals), round(price * 0.97, decimals)
        return _Coin(f"C{k:03}/USDT", decimals, price, high, low, 10 ** self._dice.uniform(5, 9), spread)

    def instruments(self) -> list[Instrument]:
        """The markets."""
        return [
            Instrument(VENUE, coin.symbol, coin.symbol.partition("/")[0], "USDT", MarketKind.SPOT, None, coin.decimals)
            for coin in self._coins
        ]

    def polls(self, count: int, temper: Temper, start_ms: int = START_MS) -> Iterator[tuple[int, list[Quote]]]:
        """(time, quotes that changed) of each poll, the first one whole."""
        for k in range(count):
            now_ms = start_ms + k * POLL_MS
            trading = [coin for coin in self._coins if k == 0 or self._dice.random() < temper.trading]
            yield now_ms, [coin.trade(self._dice, temper, now_ms) for coin in trading]


def liquidations(count: int, span_ms: int, seed: int = 2) -> Sequence[Liquidation]:
    """Forced orders over `span_ms` in the order of their coming: heavy-tailed, bunched, a little out of time order."""
    dice = random.Random(seed)
    venues = ("binance", "bybit", "htx", "okx")
    rows = []
    for k in range(count):
        ts_ms = START_MS + k * span_ms // count // 500 * 500 - dice.randint(0, 400)
        symbol = f"C{min(int(dice.expovariate(0.06)), 63):03}/USDT:USDT"
        price = round(10 ** dice.uniform(-1, 5), 2)
        usd_micro = round(dice.paretovariate(0.9) * 200 * 1_000_000)
        side = Side.LONG if dice.random() < 0.91 else Side.SHORT
        amount = usd_micro / 1_000_000 / price
        rows.append(
            Liquidation(dice.choice(venues), symbol, ts_ms, side, price, amount, usd_micro, PriceBasis.FILL, "{}")
        )
    return rows
