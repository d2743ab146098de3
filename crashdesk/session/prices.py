"""Prices of the past: from closed candles of the price venue and from what was seen, whichever is newer."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from math import isnan

from crashdesk.model.columns import CHUNK_MS, InstrumentKey
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS, Timeframe
from crashdesk.session.bars import ObservedBars
from crashdesk.session.candles import CandleBook, CandleSeries

_FINE = (Timeframe.M1, Timeframe.M5, Timeframe.M15, Timeframe.H1)
_SLACK_MS = 5 * MINUTE_MS
SPARK_POINTS = 48


class PastPrices:
    """Answers about the last day of one recording."""

    def __init__(self, candles: CandleBook, bars: ObservedBars) -> None:
        self._candles = candles
        self._bars = bars

    def price_at(self, key: InstrumentKey, at_ms: int, within_ms: int | None = None) -> float | None:
        """The close of the newest bar (closed candle or seen minute) that ended at or before `at_ms`.

        None when none ended within its own length and five minutes before (`within_ms` if that is less). At equal ends
        the seen minute wins.
        """
        best = self._bars.close_before(key, at_ms)
        for timeframe in _FINE:
            series = self._candles.get(*key, timeframe)
            at = series.closed_before(at_ms, timeframe.ms) if series is not None else None
            if series is None or at is None:
                continue
            end = series.open_ms[at] + timeframe.ms
            if end > at_ms - timeframe.ms - _SLACK_MS and (best is None or end > best[0]):
                best = (end, series.close[at])
        return best[1] if best and (within_ms is None or best[0] >= at_ms - within_ms) else None

    def range_24h(self, key: InstrumentKey, minute_ms: int) -> tuple[float, float] | None:
        """(low, high) over the candles (5m or 1h) inside the 24 h to the minute `minute_ms`, or over what was seen.

        None when neither reaches back to the start of the 24 h: a shorter range is not passed off as a day's.
        """
        start = minute_ms - DAY_MS
        for timeframe in (Timeframe.M5, Timeframe.H1):
            series = self._candles.get(*key, timeframe)
            if series is None or not len(series) or series.open_ms[0] > start + timeframe.ms:
                continue
            if series.open_ms[-1] + 2 * timeframe.ms < minute_ms:
                continue  # nobody keeps it fresh any more
            first = bisect_left(series.open_ms, start)
            if first < len(series):
                return min(series.low[first:]), max(series.high[first:])
        if self._bars.chunk_close(key, -(-start // CHUNK_MS)) is not None:
            return self._bars.extremes_24h(key, minute_ms)
        return None

    def with_seen(self, key: InstrumentKey, span: tuple[float, float], now_ms: int) -> tuple[float, float]:
        """`span` (low, high) widened by what was seen in the last 24 h."""
        seen = self._bars.extremes_24h(key, now_ms)
        return (min(span[0], seen[0]), max(span[1], seen[1])) if seen else span

    def spark(self, key: InstrumentKey, now_ms: int) -> tuple[float, ...]:
        """Prices at the half hours of the last 24 h, oldest first; half hours without a price are left out."""
        step = DAY_MS // SPARK_POINTS
        last = now_ms // step
        times = range((last - SPARK_POINTS + 1) * step, last * step + 1, step)
        seen = self._bars.chunk_closes(key, range(times[0] // CHUNK_MS - 1, last * step // CHUNK_MS, step // CHUNK_MS))
        if not isnan(sum(seen)):
            return seen
        fine = [
            (series, timeframe.ms)
            for timeframe in (Timeframe.M5, Timeframe.H1)
            if (series := self._candles.get(*key, timeframe)) is not None
        ]
        if not fine:
            return tuple([close for close in seen if close == close])  # not those that are NaN
        unseen = sum(map(isnan, seen))
        if not any(map(isnan, seen[unseen:])):
            # the recording began later: what lacks is in front
            front = self._five_minutes(key, times[:unseen])
            seen = (*front, *seen[unseen:]) if front is not None else seen
        points = [_half_hour(fine, at_ms) if isnan(close) else close for at_ms, close in zip(times, seen, strict=True)]
        return tuple([p for p in points if p is not None])

    def _five_minutes(self, key: InstrumentKey, times: range) -> array[float] | None:
        """The closes at evenly spaced times, if there is a closed candle of five minutes for each of them."""
        series = self._candles.get(*key, Timeframe.M5)
        if series is None:
            return None
        length = Timeframe.M5.ms
        first = bisect_left(series.open_ms, times[0] - length)
        at = slice(first, first + (len(times) - 1) * times.step // length + 1, times.step // length)
        opens, closed = series.open_ms[at], series.closed[at]
        whole = opens == array("q", [at_ms - length for at_ms in times]) and all(closed)
        return series.close[at] if whole else None

    def last_bar_close(self, key: InstrumentKey, now_ms: int) -> float | None:
        """The last price seen in the five minutes before the present ones."""
        return self._bars.chunk_close(key, now_ms // CHUNK_MS - 1)

    def bars_before(self, key: InstrumentKey, now_ms: int) -> list[tuple[int, float, float]]:
        """(start, low, high) of the 5-minute bars that ended in the last two days, oldest first.

        As they were seen, else closed candles; what neither knows is left out.
        """
        chunk = now_ms // CHUNK_MS
        oldest = chunk - 2 * DAY_MS // CHUNK_MS
        fine: dict[int, tuple[float, float]] = {}
        series = self._candles.get(*key, Timeframe.M5)
        if series is not None:
            for at in range(bisect_left(series.open_ms, oldest * CHUNK_MS), len(series)):
                if series.closed[at]:
                    fine[series.open_ms[at] // CHUNK_MS] = (series.low[at], series.high[at])
        found = []
        for index in range(oldest, chunk):
            bar = self._bars.chunk_range(key, index) or fine.get(index)
            if bar is not None:
                found.append((index * CHUNK_MS, *bar))
        return found

    def minute_closes(self, key: InstrumentKey, start_ms: int) -> list[tuple[int, float]]:
        """(start, last price) of the minutes of the 5-minute bar that starts at `start_ms` in which one was seen."""
        return self._bars.minute_closes(key, start_ms // CHUNK_MS)


def _half_hour(fine: Iterable[tuple[CandleSeries, int]], at_ms: int) -> float | None:
    """The close of the candle that ended at a half hour; `fine` are series with the lengths of their candles."""
    for series, length in fine:
        at = series.closed_before(at_ms, length)
        if at is not None and series.open_ms[at] > at_ms - 2 * length:
            return series.close[at]
    return None
