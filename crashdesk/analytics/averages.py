"""Averages and ranges over a few hundred candles, in plain Python (pandas costs more to import than to do without)."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from math import fsum, nan


def sma(values: Sequence[float], length: int) -> float | None:
    """Arithmetic mean of the last `length` values; None when there are fewer. Exactly rounded (fsum)."""
    if length <= 0 or len(values) < length:
        return None
    return fsum(values[-length:]) / length


def sma_series(values: Sequence[float], length: int) -> array[float]:
    """The simple moving average at every value, NaN where there are fewer than `length` before it."""
    out = array("d", [nan]) * len(values)
    if 0 < length <= len(values):
        # a running sum of doubles drifts by less than 1e-9 of a price over a few thousand candles: good enough to draw
        total = fsum(values[:length])
        out[length - 1] = total / length
        for i in range(length, len(values)):
            total += values[i] - values[i - length]
            out[i] = total / length
    return out


def ema_series(values: Sequence[float], length: int) -> array[float]:
    """Exponential moving average, alpha = 2 / (length + 1), seeded with the simple mean of the first `length`."""
    out = array("d", [nan]) * len(values)
    if 0 < length <= len(values):
        alpha = 2.0 / (length + 1)
        level = fsum(values[:length]) / length
        out[length - 1] = level
        for i in range(length, len(values)):
            level += alpha * (values[i] - level)
            out[i] = level
    return out


def true_ranges(high: Sequence[float], low: Sequence[float], close: Sequence[float]) -> list[float]:
    """Wilder's true range of each candle but the first: max(high, previous close) - min(low, previous close)."""
    return [max(high[i], close[i - 1]) - min(low[i], close[i - 1]) for i in range(1, len(close))]


def wilder_atr(high: Sequence[float], low: Sequence[float], close: Sequence[float], length: int = 14) -> float | None:
    """Average true range with Wilder's smoothing (New Concepts in Technical Trading Systems, 1978), in price units.

    The first value is the mean of the first `length` true ranges, then atr += (tr - atr) / length. None when there are
    not `length` + 1 candles.
    """
    ranges = true_ranges(high, low, close)
    if length <= 0 or len(ranges) < length:
        return None
    level = fsum(ranges[:length]) / length
    for value in ranges[length:]:
        level += (value - level) / length
    return level
