"""Candle series as the market revised them: columns in order of open time, the newest revision of each candle."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import compress
from typing import NamedTuple

from crashdesk.model.columns import CandleColumns, InstrumentKey
from crashdesk.model.records import Candle
from crashdesk.model.timeframe import DAY_MS, Timeframe

SeriesKey = tuple[str, str, Timeframe]
"""Venue, symbol, timeframe."""


def _doubles() -> array[float]:
    return array("d")


@dataclass(slots=True)
class CandleSeries:
    """One series. `revision` grows with any change, `closed_revision` only when a closed candle is added or changed."""

    open_ms: array[int] = field(default_factory=lambda: array("q"))
    open: array[float] = field(default_factory=_doubles)
    high: array[float] = field(default_factory=_doubles)
    low: array[float] = field(default_factory=_doubles)
    close: array[float] = field(default_factory=_doubles)
    volume: array[float] = field(default_factory=_doubles)
    closed: bytearray = field(default_factory=bytearray)
    revision: int = 0
    closed_revision: int = 0

    def __len__(self) -> int:
        return len(self.open_ms)

    def load(self, columns: CandleColumns) -> None:
        """Take a whole series at once (restoring); its arrays are this series' own from now on."""
        self.open_ms, self.open, self.high = columns.open_ms, columns.open, columns.high
        self.low, self.close, self.volume = columns.low, columns.close, columns.volume
        self.closed = bytearray(columns.closed)
        self.revision += 1
        self.closed_revision += 1

    def revise(self, candle: Candle) -> None:
        """Add a candle or replace its earlier revision."""
        at = len(self.open_ms)
        if at and candle.open_ms <= self.open_ms[-1]:
            at = bisect_left(self.open_ms, candle.open_ms)
        if at < len(self.open_ms) and self.open_ms[at] == candle.open_ms:
            self.open[at], self.high[at], self.low[at] = candle.open, candle.high, candle.low
            self.close[at], self.volume[at] = candle.close, candle.volume
            touched_closed = bool(self.closed[at]) or candle.closed
            self.closed[at] = candle.closed
        else:
            self.open_ms.insert(at, candle.open_ms)
            self.open.insert(at, candle.open)
            self.high.insert(at, candle.high)
            self.low.insert(at, candle.low)
            self.close.insert(at, candle.close)
            self.volume.insert(at, candle.volume)
            self.closed.insert(at, candle.closed)
            touched_closed = candle.closed
        self.revision += 1
        if touched_closed:
            self.closed_revision += 1

    def until(self, end: int) -> CandleSeries:
        """A series of its own with times, highs, lows and closes of the first `end` candles."""
        return CandleSeries(
            open_ms=self.open_ms[:end],
            high=self.high[:end],
            low=self.low[:end],
            close=self.close[:end],
            closed=self.closed[:end],
        )

    def closed_before(self, end_ms: int, length_ms: int) -> int | None:
        """Index of the newest closed candle that ended at or before `end_ms`, None if there is none."""
        at = bisect_right(self.open_ms, end_ms - length_ms) - 1
        while at >= 0 and not self.closed[at]:
            at -= 1
        return at if at >= 0 else None


class DailyCandles(NamedTuple):
    """The closed UTC days of a series, oldest first: only candles that open at 00:00 UTC count as days."""

    open_ms: array[int]
    high: array[float]
    low: array[float]
    close: array[float]


def closed_days(series: CandleSeries) -> DailyCandles:
    """The closed UTC days of a daily series (a venue's "1d" may open at another hour: such candles are no UTC day)."""
    end = series.closed.rfind(1) + 1
    part = series if end == len(series) else series.until(end)
    times, closed = part.open_ms, part.closed
    days = DailyCandles(times, part.high, part.low, part.close)
    if all(closed) and not any(map(DAY_MS.__rmod__, times)):
        return days
    keep = [bool(done) and open_ms % DAY_MS == 0 for open_ms, done in zip(times, closed, strict=True)]
    prices = [array("d", compress(column, keep)) for column in days[1:]]
    return DailyCandles(array("q", compress(times, keep)), *prices)


class CandleBook:
    """All candle series of a recording."""

    def __init__(self) -> None:
        self._series: dict[SeriesKey, CandleSeries] = {}
        self._revisions: dict[InstrumentKey, int] = {}

    def load(self, columns: CandleColumns) -> None:
        """Take a whole series at once (restoring)."""
        series = CandleSeries()
        series.load(columns)
        self._series[(columns.venue, columns.symbol, columns.timeframe)] = series
        self._revised((columns.venue, columns.symbol))

    def revise(self, candle: Candle) -> None:
        """Fold one revision."""
        key = (candle.venue, candle.symbol, candle.timeframe)
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = CandleSeries()
        series.revise(candle)
        self._revised((candle.venue, candle.symbol))

    def _revised(self, key: InstrumentKey) -> None:
        self._revisions[key] = self._revisions.get(key, 0) + 1

    def revision(self, key: InstrumentKey) -> int:
        """Grows with any change of a series of an instrument."""
        return self._revisions.get(key, 0)

    def get(self, venue: str, symbol: str, timeframe: Timeframe) -> CandleSeries | None:
        """The series, or None when no candle of it came."""
        return self._series.get((venue, symbol, timeframe))
