"""Daily candles before the path begins, and hourly ones inside the last of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from random import Random

from crashdesk.model.timeframe import DAY_MS, HOUR_MS
from crashdesk.scenarios.bars import Bar
from crashdesk.scenarios.chance import chance, walk_home
from crashdesk.scenarios.description import Coin, DayPrice, Description, History

AVERAGE_DAYS = 200
_BELOW_HIGH = 0.996
_CLOSE_BELOW_HIGH = 0.985
_ABOVE_LOW = 1.016
_NO_HISTORY = History(())


def daily(name: str, description: Description, coin: Coin, until: int, then: int) -> list[Bar]:
    """Daily candles from the first day up to, not with, the day `until`, the last closing at `then` (ticks)."""
    prices = description.prices
    anchors = _anchors(description, coin, until, then)
    rng = chance(name, "days", coin.base_coin)
    first = prices.first_day - 1
    closes = _closes(coin, anchors, first, rng)
    return _with_wicks(coin, closes, prices.first_day, rng)


def average_fitted(bars: Sequence[Bar], coin: Coin, fixed_after: Sequence[int], average: float) -> list[Bar]:
    """The same days with closes moved so that the 200 closes ending with `fixed_after` (ticks) have mean `average`.

    Days of the description keep their close; those half-way between them move most. Raises ValueError when the days
    cannot bear it.
    """
    history = coin.history or _NO_HISTORY
    first = len(bars) - (AVERAGE_DAYS - len(fixed_after))
    anchors = {day for day, _ in history.closes} | {bars[-1].open_ms // DAY_MS}
    weights = _distances([bar.open_ms // DAY_MS in anchors for bar in bars], first)
    closes = [bar.close for bar in bars]
    goal = round(average * 10**coin.decimals) * AVERAGE_DAYS - sum(fixed_after)
    limits = [_close_limits(coin, history, bar.open_ms // DAY_MS) for bar in bars]
    free = [i for i, weight in enumerate(weights) if weight]
    for _ in range(200):
        missing = goal - sum(closes[first:])
        if not missing:
            return _reclosed(bars, coin, closes)
        whole = sum(weights)
        for rank, i in enumerate(free):
            step = missing * weights[i] // whole if abs(missing) >= whole else (rank < abs(missing)) * _sign(missing)
            closes[i] = min(max(closes[i] + step, limits[i][0]), limits[i][1])
    raise ValueError(f"{coin.base_coin}: no closes with a mean of {average} over {AVERAGE_DAYS} days")


def hourly(name: str, coin: Coin, days: Sequence[Bar]) -> list[Bar]:
    """24 candles for each daily one, touching its high and low and ending at its close."""
    rng = chance(name, "hours", coin.base_coin)
    return [hour for day in days for hour in _hours(day, rng)]


def _sign(value: int) -> int:
    return 1 if value > 0 else -1


def _anchors(description: Description, coin: Coin, until: int, then: int) -> list[DayPrice]:
    if coin.history:
        scale = 10**coin.decimals
        rows = [(day, price * scale) for day, price in coin.history.closes]
    else:
        rows = [(day, then * (1.0 + coin.stretch * (share - 1.0))) for day, share in description.prices.history]
    return [*rows, (until - 1, float(then))]


def _close_limits(coin: Coin, history: History, day: int) -> tuple[int, int]:
    """The lowest and highest close that a day may have, in ticks."""
    scale = 10**coin.decimals
    least, most = 1, 10**15
    if history.high:
        most = int(history.high[1] * scale * (1.0 if day == history.high[0] else _CLOSE_BELOW_HIGH))
    if history.low and day > history.low[0]:
        least = int(history.low[1] * scale * _ABOVE_LOW) + 1
    return least, most


def _closes(coin: Coin, anchors: Sequence[DayPrice], first: int, rng: Random) -> list[int]:
    """Daily closes from the day `first` on, through all anchors: straight lines and a walk between them."""
    deviation = coin.volatility_pct / 100.0 / sqrt(365.0)
    history = coin.history or _NO_HISTORY
    closes = [round(anchors[0][1])]
    for (day, price), (next_day, next_price) in pairwise(anchors):
        steps = next_day - day
        for i, noise in enumerate(walk_home(rng, steps, deviation), 1):
            straight = price + (next_price - price) * i / steps
            low, high = _close_limits(coin, history, day + i)
            closes.append(min(max(round(straight * (1.0 + noise)), low), high))
    if anchors[0][0] != first:
        raise ValueError(f"{coin.base_coin}: its history begins on day {anchors[0][0]}, not {first}")
    return closes


def _with_wicks(coin: Coin, closes: Sequence[int], first_day: int, rng: Random) -> list[Bar]:
    """Candles that open at the close before; their wicks grow with the coin's volatility."""
    wick = coin.volatility_pct / 100.0 / sqrt(365.0) * 0.8
    bars = []
    for i, close in enumerate(closes[1:]):
        high = round(max(closes[i], close) * (1.0 + wick * rng.random()))
        low = round(min(closes[i], close) * (1.0 - wick * rng.random()))
        usd = coin.turnover_usd * (0.5 + 0.6 * rng.random() + 8.0 * (high - low) / close)
        volume = round(usd / (close / 10**coin.decimals), 3)
        bars.append(_bounded(Bar((first_day + i) * DAY_MS, closes[i], high, low, close, volume, usd), coin))
    return bars


def _bounded(bar: Bar, coin: Coin) -> Bar:
    """The candle with its wicks inside the published high and low, touching them on their days."""
    history, scale, day = coin.history or _NO_HISTORY, 10**coin.decimals, bar.open_ms // DAY_MS
    high, low = bar.high, bar.low
    top, bottom = max(bar.open, bar.close), min(bar.open, bar.close)
    if history.high:
        peak = round(history.high[1] * scale)
        high = peak if day == history.high[0] else max(top, min(high, int(peak * _BELOW_HIGH)))
    if history.low:
        floor = round(history.low[1] * scale)
        if day == history.low[0]:
            low = floor
        elif day > history.low[0]:
            low = min(bottom, max(low, int(floor * _ABOVE_LOW)))
    return Bar(bar.open_ms, bar.open, high, low, bar.close, bar.volume, bar.usd)


def _reclosed(bars: Sequence[Bar], coin: Coin, closes: Sequence[int]) -> list[Bar]:
    result, previous = [], bars[0].open
    for bar, close in zip(bars, closes, strict=True):
        high, low = max(bar.high, previous, close), min(bar.low, previous, close)
        result.append(_bounded(Bar(bar.open_ms, previous, high, low, close, bar.volume, bar.usd), coin))
        previous = close
    return result


def _distances(anchored: Sequence[bool], first: int) -> list[int]:
    """Days to the nearest anchor for each day from `first` on, 0 before."""
    at = [i for i, is_anchor in enumerate(anchored) if is_anchor]
    return [0 if i < first else min(abs(i - j) for j in at) for i in range(len(anchored))]


def _hours(day: Bar, rng: Random) -> list[Bar]:
    spread = (day.high - day.low) / day.close
    closes, previous = [], day.open
    for i, noise in enumerate(walk_home(rng, 24, spread / 8.0), 1):
        price = round((day.open + (day.close - day.open) * i / 24) * (1.0 + noise))
        closes.append(min(max(price, day.low), day.high))
    hours = []
    for i, close in enumerate(closes):
        high = min(day.high, round(max(previous, close) * (1.0 + spread * 0.1 * rng.random())))
        low = max(day.low, round(min(previous, close) * (1.0 - spread * 0.1 * rng.random())))
        share = round(day.volume / 24, 3)
        hours.append(Bar(day.open_ms + i * HOUR_MS, previous, high, low, close, share, day.usd / 24))
        previous = close
    top = max(range(24), key=lambda i: hours[i].high)
    bottom = min(range(24), key=lambda i: hours[i].low)
    return [
        Bar(
            hour.open_ms,
            hour.open,
            day.high if i == top else hour.high,
            day.low if i == bottom else hour.low,
            hour.close,
            hour.volume,
            hour.usd,
        )
        for i, hour in enumerate(hours)
    ]
