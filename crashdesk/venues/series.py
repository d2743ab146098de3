"""Candles of one series: which revisions are news, what is closed, and days built from smaller candles."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from crashdesk.model.records import Candle
from crashdesk.model.timeframe import DAY_MS, Timeframe

Row = tuple[int, float, float, float, float, float]
"""Opening time (UTC ms), open, high, low, close, volume in base units."""

HOLE_TRIES = 3
_ABSURD_PRICE = 1e9
_MONDAY_MS = 4 * DAY_MS
"""1970-01-05, the first Monday."""


def rows_of(raw: object, set_aside: Callable[[str, int], None]) -> list[Row]:
    """The candles of one of ccxt's OHLCV answers that make sense, by time, each time once (the later one counts)."""
    rows: dict[int, Row] = {}
    bad = 0
    for entry in raw if isinstance(raw, list) else []:
        row = _row(entry)
        if row is None:
            bad += 1
        else:
            rows[row[0]] = row
    if bad:
        set_aside("candle that makes no sense", bad)
    return [rows[open_ms] for open_ms in sorted(rows)]


def _row(entry: object) -> Row | None:
    if not isinstance(entry, list | tuple) or len(entry) < 6:
        return None
    values = entry[1:5]
    if not all(isinstance(v, int | float) and math.isfinite(v) and 0 < v <= _ABSURD_PRICE for v in values):
        return None
    if not isinstance(entry[0], int | float) or not math.isfinite(entry[0]):
        return None
    first, high, low, last = (float(v) for v in values)
    if high < max(first, last) or low > min(first, last):
        return None
    volume = entry[5]
    usable = isinstance(volume, int | float) and math.isfinite(volume) and volume >= 0
    return int(entry[0]), first, high, low, last, float(volume) if usable else 0.0


def aligned(rows: Sequence[Row], timeframe: Timeframe) -> list[Row]:
    """Those that open where a UTC candle of this length opens (weeks on Monday)."""
    start = _start_of(timeframe)
    return [row for row in rows if (row[0] - start) % timeframe.ms == 0]


def _start_of(timeframe: Timeframe) -> int:
    return _MONDAY_MS if timeframe is Timeframe.W1 else 0


def build(rows: Sequence[Row], source: Timeframe, target: Timeframe, now_ms: int) -> list[Row]:
    """Longer candles from shorter ones, UTC-aligned (weeks from Monday).

    A finished one that lacks a part is left out: it would be wrong. The running one is built from the parts that have
    begun; its first part must be there.
    """
    start = _start_of(target)
    parts: dict[int, list[Row]] = {}
    for row in aligned(rows, source):
        parts.setdefault(row[0] - (row[0] - start) % target.ms, []).append(row)
    built = []
    for open_ms, inside in sorted(parts.items()):
        until = min(now_ms, open_ms + target.ms - 1)
        expected = (until - open_ms) // source.ms + 1
        if inside[0][0] != open_ms or len(inside) < expected - (until == now_ms):
            continue
        built.append(
            (
                open_ms,
                inside[0][1],
                max(row[2] for row in inside),
                min(row[3] for row in inside),
                inside[-1][4],
                math.fsum(row[5] for row in inside),
            )
        )
    return built


@dataclass(eq=False)
class Series:
    """What was last written of one series, so that only changes are written again."""

    venue: str
    symbol: str
    timeframe: Timeframe
    newest_ms: int | None = None
    _first_ms: int | None = None
    _written: dict[int, int] = field(default_factory=dict)
    _asked: dict[int, int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether no candle of it has ever been written."""
        return not self._written

    def hole_ms(self) -> int | None:
        """The opening time of the first candle missing between the first and the newest one that is still asked for.

        A candle that did not come `HOLE_TRIES` times is taken as one that the venue does not have (no trades, a halt).
        """
        if self.newest_ms is None or self._first_ms is None:
            return None
        steps = (self.newest_ms - self._first_ms) // self.timeframe.ms
        if len(self._written) > steps:
            return None
        return next((at for at in self._missing(self._first_ms) if self._asked.get(at, 0) < HOLE_TRIES), None)

    def asked_from(self, since_ms: int) -> None:
        """The venue has answered about everything from `since_ms` on: what is missing now was asked for once more."""
        if self.newest_ms is not None:
            for at in self._missing(since_ms):
                self._asked[at] = self._asked.get(at, 0) + 1

    def _missing(self, since_ms: int) -> Iterator[int]:
        first, newest, length = self._first_ms, self.newest_ms, self.timeframe.ms
        if first is not None and newest is not None:
            start = max(first, first + -(-(since_ms - first) // length) * length)
            yield from (at for at in range(start, newest, length) if at not in self._written)

    def news(self, rows: Sequence[Row], now_ms: int) -> list[Candle]:
        """The candles of an answer that are new or have changed. A candle is closed once its interval has passed."""
        out = []
        for row in rows:
            open_ms = row[0]
            if open_ms > now_ms:
                continue
            closed = open_ms + self.timeframe.ms <= now_ms
            mark = hash((row[1:], closed))
            if self._written.get(open_ms) == mark:
                continue
            self._written[open_ms] = mark
            self.newest_ms = max(open_ms, self.newest_ms or open_ms)
            self._first_ms = min(open_ms, self._first_ms or open_ms)
            out.append(Candle(self.venue, self.symbol, self.timeframe, *row, closed))
        return out
