"""Price paths: one UTC day of a coin is 288 steps of five minutes, made from the day's number alone.

So the price at an instant never depends on when the server was started, and a restarted server tells the same story.
"""

from __future__ import annotations

import math
from array import array
from random import Random

from tests.loopback.coins import Coin
from tests.loopback.realdata import RealCandles, Row

STEP_MS = 300_000
DAY_MS = 86_400_000
STEPS = DAY_MS // STEP_MS
_WAVES = ((173, 0.22), (61, 0.10), (17, 0.06), (5, 0.035), (2, 0.02))
_DAY_SIGMA = 0.022


class Paths:
    """The days of all coins, made on demand and kept."""

    def __init__(self, coins: tuple[Coin, ...], real: RealCandles | None = None) -> None:
        self._coins = {coin.name: coin for coin in coins}
        self._real = real
        self._days: dict[tuple[str, int], array[float]] = {}
        self._waves: dict[tuple[str, int, int], float] = {}

    def day(self, coin: str, number: int) -> array[float]:
        """289 prices: the day's start, then the end of each five minutes. `number` counts UTC days since 1970."""
        key = (coin, number)
        found = self._days.get(key)
        if found is None:
            found = self._days[key] = self._make(coin, number)
        return found

    def volume(self, coin: str, number: int) -> float:
        """Coins traded in that UTC day."""
        real = self._real.day(coin, number) if self._real else None
        if real is not None:
            return real.volume
        return self._coins[coin].volume * (0.7 + 0.6 * Random(f"{coin} volume {number}").random())

    def _make(self, coin: str, number: int) -> array[float]:
        real = self._real.day(coin, number) if self._real else None
        if real is None:
            scale = self._scale(coin, number)
            return array("d", self._synthetic(coin, number, scale))
        hours = self._real.hours(coin, number) if self._real else None
        if hours is None:
            return array("d", _through(real, STEPS, Random(f"{coin} day {number}"), _DAY_SIGMA))
        values = [hours[0].open]
        for hour, row in enumerate(hours):
            values += _through(row, STEPS // 24, Random(f"{coin} hour {number} {hour}"), _DAY_SIGMA / 5)[1:]
        return array("d", values)

    def _scale(self, coin: str, number: int) -> float:
        """Joins the made-up path to the real one at its two ends."""
        edge = self._real.edge(coin, number) if self._real else None
        if edge is None:
            return 1.0
        day, price = edge
        return price / self._level(coin, day)

    def _synthetic(self, coin: str, number: int, scale: float) -> list[float]:
        rng = Random(f"{coin} day {number}")
        start, end = math.log(self._level(coin, number) * scale), math.log(self._level(coin, number + 1) * scale)
        walk, at = [0.0], 0.0
        for _ in range(STEPS):
            at += rng.gauss(0.0, _DAY_SIGMA / math.sqrt(STEPS))
            walk.append(at)
        slope = (end - start - at) / STEPS
        return [math.exp(start + step + slope * i) for i, step in enumerate(walk)]

    def _level(self, coin: str, number: int) -> float:
        """The price at the first instant of a day: slow waves around the coin's middle."""
        total = 0.0
        for period, height in _WAVES:
            cell, inside = divmod(number, period)
            share = inside / period
            share = share * share * (3 - 2 * share)
            total += height * (
                (1 - share) * self._wave(coin, period, cell) + share * self._wave(coin, period, cell + 1)
            )
        return self._coins[coin].price * math.exp(total)

    def _wave(self, coin: str, period: int, cell: int) -> float:
        key = (coin, period, cell)
        found = self._waves.get(key)
        if found is None:
            found = self._waves[key] = max(-2.0, min(2.0, Random(f"{coin} wave {period} {cell}").gauss(0.0, 1.0)))
        return found


def _through(row: Row, steps: int, rng: Random, sigma: float) -> list[float]:
    """A path of `steps` steps from the row's open to its close that touches its high and low and never leaves them."""
    walk, at = [0.0], 0.0
    for _ in range(steps):
        at += rng.gauss(0.0, sigma / math.sqrt(steps))
        walk.append(at)
    slope = (math.log(row.close / row.open) - at) / steps
    values = [row.open * math.exp(step + slope * i) for i, step in enumerate(walk)]
    values = [min(row.high, max(row.low, value)) for value in values]
    inner = range(1, steps)
    top = max(inner, key=values.__getitem__)
    bottom = min((i for i in inner if i != top), key=values.__getitem__)
    values[top], values[bottom] = row.high, row.low
    values[0], values[-1] = row.open, row.close
    return values
