"""A small deterministic market: prices as a function of time, and the candles, funding and open interest of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from pathlib import Path
from random import Random
from typing import Any, Protocol

from crashdesk.model.clock import SystemClock
from tests.loopback.coins import COINS, Coin
from tests.loopback.paths import DAY_MS, STEP_MS, STEPS, Paths
from tests.loopback.realdata import RealCandles

FUNDING_MS = 8 * 3_600_000
_EPOCH_DAY = 19_723  # 2024-01-01: the first day with candles, unless the clock stands before it
_LEAST_DAYS = 600
_SPREAD = {"okx": 0.0, "binance": 0.4e-4, "binanceusdm": 0.6e-4, "bybit": -0.5e-4, "htx": 1.2e-4, "kraken": -0.9e-4}


class Clock(Protocol):
    """Where the time comes from."""

    def now_ms(self) -> int:
        """UTC milliseconds."""
        ...


@dataclass(frozen=True, slots=True)
class Bar:
    """A candle; `open_ms` UTC, `volume` in coins, `done` when its end has passed."""

    open_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    done: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The last 24 hours of one market; `volume` in coins."""

    last: float
    open: float
    high: float
    low: float
    volume: float


class Market:
    """Prices of `coins` at the time of `clock`.

    `spread=True` puts each venue a little off the common price, so that venues differ as they do in life; real candles
    are always served as recorded. `lacking` are candles that the venues do not give: (length, opening time) in ms.
    """

    def __init__(
        self,
        coins: Sequence[Coin] = COINS,
        clock: Clock | None = None,
        realdata: Path | None = None,
        *,
        spread: bool = False,
    ) -> None:
        self.coins = tuple(coins)
        self.clock: Clock = clock or SystemClock()
        self._real = RealCandles(realdata) if realdata else None
        self.lacking: set[tuple[int, int]] = set()
        self._spread = spread and self._real is None
        self._paths = Paths(self.coins, self._real)
        self._decimals = {coin.name: coin.decimals for coin in self.coins}
        self._pins: dict[str, list[tuple[int, float]]] = {}

    @classmethod
    def with_binance_frames(cls, path: Path, clock: Clock | None = None) -> Market:
        """A market whose Binance USD-M instruments are the symbols that a file of `forceOrder` frames names."""
        prices: dict[str, float] = {}
        quotes: dict[str, set[str]] = {}
        for frame in read_frames(path):
            order = frame["data"]["o"]
            base, quote = _split(order["s"])
            prices[base] = float(order["ap"])
            quotes.setdefault(base, set()).add(quote)
        known = {coin.name: coin for coin in COINS}
        coins = [
            replace(known[base], binance_quotes=tuple(sorted({"USDT"} | quotes[base])))
            if base in known
            else Coin(base, price, 8, 1e6, binance_quotes=tuple(sorted(quotes[base])), binance_only=True)
            for base, price in prices.items()
        ]
        rest = [coin for coin in COINS if coin.name not in prices]
        return cls([*coins, *rest], clock=clock)

    @property
    def common_coins(self) -> tuple[Coin, ...]:
        """The coins that every venue lists."""
        return tuple(coin for coin in self.coins if not coin.binance_only and not coin.stock)

    @property
    def stocks(self) -> tuple[Coin, ...]:
        """The tokens of stocks."""
        return tuple(coin for coin in self.coins if coin.stock)

    @property
    def first_ms(self) -> int:
        """Where the history starts."""
        return min(_EPOCH_DAY, self.clock.now_ms() // DAY_MS - _LEAST_DAYS) * DAY_MS

    def decimals(self, coin: str) -> int:
        """Digits after the point of the coin's price."""
        return self._decimals[coin]

    def set_price(self, coin: str, price: float) -> None:
        """Holds the coin at `price` from now on, on every venue."""
        self._pins.setdefault(coin, []).append((self.clock.now_ms(), price))

    def free_price(self, coin: str) -> None:
        """Forgets what `set_price` did: the coin is back on its path."""
        self._pins.pop(coin, None)

    def last(self, coin: str, venue: str = "") -> float:
        """The price now."""
        now = self.clock.now_ms()
        return self._span(coin, venue, now, now)[3]

    def day(self, coin: str, venue: str = "") -> Day:
        """The last 24 hours."""
        now = self.clock.now_ms()
        first, high, low, last = self._span(coin, venue, now - DAY_MS, now)
        return Day(last, first, high, low, self._volume(coin, now - DAY_MS, now))

    def open_of_day(self, coin: str, venue: str = "", offset_ms: int = 0) -> float:
        """The price at the start of the day that opens at `offset_ms` after midnight UTC."""
        start = (self.clock.now_ms() - offset_ms) // DAY_MS * DAY_MS + offset_ms
        return self._span(coin, venue, start, start)[0]

    def bars(self, coin: str, venue: str, length_ms: int, start_ms: int, end_ms: int, offset_ms: int = 0) -> list[Bar]:
        """Candles that open in [start_ms, end_ms), oldest first; the running one is there, unfinished."""
        now = self.clock.now_ms()
        first = max(start_ms, self.first_ms)
        first = -((offset_ms - first) // length_ms) * length_ms + offset_ms
        opens = (at for at in range(first, min(end_ms, now + 1), length_ms) if (length_ms, at) not in self.lacking)
        return [self._bar(coin, venue, length_ms, at, now) for at in opens]

    def funding(self, coin: str, venue: str) -> float:
        """The funding rate of the running eight hours, as a share (0.0001 = 0.01 %)."""
        return round(Random(f"{coin} {venue} funding {self.clock.now_ms() // FUNDING_MS}").uniform(-0.0001, 0.0002), 6)

    def funding_ms(self) -> int:
        """The next funding time."""
        return (self.clock.now_ms() // FUNDING_MS + 1) * FUNDING_MS

    def open_interest(self, coin: str, venue: str) -> float:
        """Open interest in coins; it drifts from hour to hour."""
        hour = self.clock.now_ms() // 3_600_000
        base = next(c.volume for c in self.coins if c.name == coin)
        return round(base * (0.5 + 0.1 * Random(f"{coin} {venue} interest {hour}").random()), 3)

    def _bar(self, coin: str, venue: str, length_ms: int, open_ms: int, now: int) -> Bar:
        end = open_ms + length_ms
        if self._real and end <= now and (row := self._real.exact(coin, length_ms, open_ms)):
            return Bar(open_ms, row.open, row.high, row.low, row.close, row.volume, True)
        first, high, low, last = self._span(coin, venue, open_ms, min(end, now))
        return Bar(open_ms, first, high, low, last, self._volume(coin, open_ms, min(end, now)), end <= now)

    def _span(self, coin: str, venue: str, start: int, end: int) -> tuple[float, float, float, float]:
        """Open, high, low and close of [start, end], held prices included."""
        pins = self._pins.get(coin, [])
        before = [price for at, price in pins if at <= start]
        inside = [(at, price) for at, price in pins if start < at <= end]
        values = [before[-1]] if before else self._path(coin, start, inside[0][0] if inside else end, venue)
        values += [price for _, price in inside]
        return values[0], max(values), min(values), values[-1]

    def _path(self, coin: str, start: int, end: int, venue: str) -> list[float]:
        """The path's corners in [start, end], rounded as the coin is quoted."""
        values: list[float] = []
        for number in range(start // DAY_MS, (end if end == start else end - 1) // DAY_MS + 1):
            day, zero = self._paths.day(coin, number), number * DAY_MS
            left, right = max(0.0, (start - zero) / STEP_MS), min(float(STEPS), (end - zero) / STEP_MS)
            inner = day[floor(left) + 1 : ceil(right)]
            values += [_at(day, left), *inner, _at(day, right)]
        high, low = max(values), min(values)
        factor, digits = 1.0 + (_SPREAD.get(venue, 0.0) if self._spread else 0.0), self._decimals[coin]
        return [round(value * factor, digits) for value in (values[0], high, low, values[-1])]

    def _volume(self, coin: str, start: int, end: int) -> float:
        total = 0.0
        for number in range(start // DAY_MS, (end if end == start else end - 1) // DAY_MS + 1):
            zero = number * DAY_MS
            share = (min(end, zero + DAY_MS) - max(start, zero)) / DAY_MS
            total += self._paths.volume(coin, number) * max(0.0, share)
        return round(total, 4)


def read_frames(path: Path) -> Iterator[dict[str, Any]]:
    """The `forceOrder` frames of a file, one JSON object a line, in the combined stream's shape."""
    with path.open(encoding="utf-8") as handle:
        for line in handle:
            if line.strip():
                yield json.loads(line)


def _split(symbol: str) -> tuple[str, str]:
    for quote in ("USDT", "USDC", "FDUSD", "BUSD"):
        if symbol.endswith(quote):
            return symbol.removesuffix(quote), quote
    raise ValueError(f"no quote currency known in {symbol}")


def _at(day: Sequence[float], steps: float) -> float:
    whole = min(int(steps), STEPS - 1)
    return day[whole] + (day[whole + 1] - day[whole]) * (steps - whole)
