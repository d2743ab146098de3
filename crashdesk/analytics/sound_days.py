"""Daily candles that can be reckoned with."""

from __future__ import annotations

from math import isfinite

from crashdesk.model.level import DailyBars

ABSURD = 5.0
"""A high so many times above both the day's close and the one before (a low so far under them) is a misprint."""


def sound_days(days: DailyBars) -> DailyBars:
    """The days that are possible, oldest first, one a day: of two the later in the list, as a candle is revised.

    Left out are prices that are no numbers above 0, a close outside its own range, and absurd highs and lows.
    """
    by_day = {open_ms: (open_ms, *prices) for open_ms, *prices in zip(*days, strict=True)}
    kept: list[tuple[int, float, float, float]] = []
    before: float | None = None
    for open_ms in sorted(by_day):
        _, high, low, close = by_day[open_ms]
        if not (isfinite(high) and 0 < low <= close <= high):
            continue
        closes = (close, close if before is None else before)
        if high <= ABSURD * max(closes) and low >= min(closes) / ABSURD:
            kept.append((open_ms, high, low, close))
            before = close
    columns = zip(*kept, strict=True) if kept else ((), (), (), ())
    return DailyBars(*(tuple(column) for column in columns))
