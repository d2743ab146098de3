"""Values to places, and round values between two others."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor, log10
from typing import NamedTuple

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


class Scale(NamedTuple):
    """Values from `low` to `high` lie at places from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value lies."""
        span = self.high - self.low
        part = (value - self.low) / span if span else 0.5
        return self.start + part * (self.end - self.start)


def round_values(low: float, high: float, most: int) -> Iterator[float]:
    """At most `most` + 1 multiples of 1, 2, 2.5 or 5 times a power of ten from `low` to `high`, lowest first."""
    step = round_step((high - low) / most) if high > low else 0.0
    if not step:
        return
    for count in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1):
        yield count * step


def round_step(least: float) -> float:
    """The smallest such step that is not smaller than `least`."""
    power: float = 10.0 ** floor(log10(least))
    return next(one * power for one in _ROUND if one * power >= least * (1 - 1e-9))
