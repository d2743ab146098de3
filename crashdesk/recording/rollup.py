"""Roll-ups: minute bars and sums of liquidations, gathered as the records come, and added up again.

Nothing here knows of files: `session` keeps the same sums of the chunk that still runs.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter, itemgetter

from crashdesk.model.columns import (
    SIZE_STEPS_USD,
    BarSummary,
    InstrumentKey,
    LargestLiquidation,
    LiqKey,
    LiquidationColumns,
    LiquidationSummary,
    MinuteBar,
    SideSums,
)
from crashdesk.model.money import MICRO
from crashdesk.model.records import Liquidation, Quote, Side
from crashdesk.model.timeframe import MINUTE_MS

_RANK = attrgetter("rank")
_SIZE_STEPS = tuple(usd * MICRO for usd in SIZE_STEPS_USD)


def size_bucket(usd_micro: int) -> int:
    """The place of an order of so many micro-dollars among the size buckets, 0 for the smallest."""
    return bisect_right(_SIZE_STEPS, usd_micro)


class MinuteBars:
    """High, low and last of the prices seen of each instrument, by minute of `recv_ms`."""

    def __init__(self) -> None:
        self._bars: dict[InstrumentKey, list[list[float]]] = {}

    def __bool__(self) -> bool:
        return bool(self._bars)

    def add(self, recv_ms: int, quotes: Iterable[Quote]) -> None:
        """Fold quotes that came at `recv_ms`. A price that is no number is left out."""
        minute = recv_ms // MINUTE_MS
        bars = self._bars
        for quote in quotes:
            price = quote.last
            rows = bars.get((quote.venue, quote.symbol))
            if rows is None:
                rows = bars[quote.venue, quote.symbol] = []
            if price != price:
                continue
            if rows and rows[-1][0] == minute:
                row = rows[-1]
                if price > row[1]:
                    row[1] = price
                elif price < row[2]:
                    row[2] = price
                row[3] = price
            else:
                rows.append([minute, price, price, price])

    def bars(self) -> dict[InstrumentKey, tuple[MinuteBar, ...]]:
        """The bars of each instrument, oldest first."""
        return {
            key: tuple(MinuteBar(int(minute), high, low, close) for minute, high, low, close in rows)
            for key, rows in self._bars.items()
            if rows
        }

    def summary(self) -> dict[InstrumentKey, BarSummary]:
        """High, low and last of each instrument over everything added."""
        return {
            key: BarSummary(max(map(itemgetter(1), rows)), min(map(itemgetter(2), rows)), rows[-1][3])
            for key, rows in self._bars.items()
            if rows
        }


class LiquidationSums:
    """Sums of liquidations by venue, symbol and side, by minute of `ts_ms` and by size, with the largest one."""

    def __init__(self) -> None:
        self._sums: dict[LiqKey, list[int]] = {}
        self._minutes: dict[int, list[int]] = {}
        self._sizes = [[0, 0, 0] for _ in range(len(_SIZE_STEPS) + 1)]
        self._largest: LargestLiquidation | None = None
        self._first = self._last = 0

    def add(self, rows: Iterable[Liquidation]) -> None:
        """Fold liquidations; the order does not matter."""
        for row in rows:
            usd, ts_ms = row.usd_micro, row.ts_ms
            sums = self._sums.setdefault((row.venue, row.symbol, row.side), [0, 0])
            sums[0] += usd
            sums[1] += 1
            minute = self._minutes.setdefault(ts_ms // MINUTE_MS, [0, 0, 0])
            size = self._sizes[bisect_right(_SIZE_STEPS, usd)]
            is_short = row.side is Side.SHORT
            minute[is_short] += usd
            minute[2] += 1
            size[is_short] += usd
            size[2] += 1
            if self._largest is None or usd >= self._largest.usd_micro:
                self._take_largest(row)
            if ts_ms < self._first:
                self._first = ts_ms
            elif ts_ms > self._last:
                self._last = ts_ms

    def _take_largest(self, row: Liquidation) -> None:
        mine = LargestLiquidation(row.venue, row.symbol, row.side, row.price, row.usd_micro, row.ts_ms)
        if self._largest is None:
            self._first = self._last = row.ts_ms
            self._largest = mine
        else:
            self._largest = min(self._largest, mine, key=_RANK)

    def summary(self) -> LiquidationSummary | None:
        """The sums so far, None when nothing was added."""
        if self._largest is None:
            return None
        sums = {key: (usd, orders) for key, (usd, orders) in self._sums.items()}
        minutes = {minute: (long, short, orders) for minute, (long, short, orders) in sorted(self._minutes.items())}
        sizes = tuple((long, short, orders) for long, short, orders in self._sizes)
        return LiquidationSummary(sums, minutes, self._largest, self._first, self._last, sizes)


def add_summaries(a: LiquidationSummary | None, b: LiquidationSummary | None) -> LiquidationSummary | None:
    """The sums of both; those by size only when both have them."""
    if a is None or b is None:
        return a or b
    sums, minutes = dict(a.sums), dict(a.minutes)
    for key, (usd, orders) in b.sums.items():
        mine = sums.get(key, (0, 0))
        sums[key] = (mine[0] + usd, mine[1] + orders)
    for minute, (long, short, orders) in b.minutes.items():
        had = minutes.get(minute, (0, 0, 0))
        minutes[minute] = (had[0] + long, had[1] + short, had[2] + orders)
    largest = min(a.largest, b.largest, key=_RANK)
    bounds = min(a.first_ts_ms, b.first_ts_ms), max(a.last_ts_ms, b.last_ts_ms)
    sizes = None
    if a.sizes is not None and b.sizes is not None:
        sizes = tuple(map(_add_sums, a.sizes, b.sizes))
    return LiquidationSummary(sums, dict(sorted(minutes.items())), largest, *bounds, sizes)


def _add_sums(a: SideSums, b: SideSums) -> SideSums:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def add_bars(
    a: Mapping[InstrumentKey, BarSummary], b: Mapping[InstrumentKey, BarSummary]
) -> dict[InstrumentKey, BarSummary]:
    """The bars of two spans, `b` the later one."""
    bars = dict(a)
    for key, bar in b.items():
        had = bars.get(key)
        bars[key] = bar if had is None else BarSummary(max(had.high, bar.high), min(had.low, bar.low), bar.close)
    return bars


def add_minute_bars(
    a: dict[InstrumentKey, tuple[MinuteBar, ...]], b: dict[InstrumentKey, tuple[MinuteBar, ...]]
) -> dict[InstrumentKey, tuple[MinuteBar, ...]]:
    """The minute bars of two spans, `b` the later one; a minute that both have becomes one."""
    bars = dict(a)
    for key, rows in b.items():
        had = bars.get(key, ())
        if had and rows and had[-1].minute == rows[0].minute:
            x, y = had[-1], rows[0]
            joined = MinuteBar(x.minute, max(x.high, y.high), min(x.low, y.low), y.close)
            bars[key] = (*had[:-1], joined, *rows[1:])
        else:
            bars[key] = (*had, *rows)
    return bars


class LiquidationRows:
    """The liquidations themselves in columns, without raw payloads."""

    def __init__(self) -> None:
        self._keys: dict[LiqKey, int] = {}
        self._ts: array[int] = array("q")
        self._usd: array[int] = array("q")
        self._price: array[float] = array("d")
        self._amount: array[float] = array("d")
        self._key: array[int] = array("H")

    def add(self, rows: Iterable[Liquidation]) -> None:
        """Keep rows in the order of arrival."""
        keys = self._keys
        for row in rows:
            self._key.append(keys.setdefault((row.venue, row.symbol, row.side), len(keys)))
            self._ts.append(row.ts_ms)
            self._usd.append(row.usd_micro)
            self._price.append(row.price)
            self._amount.append(row.amount)

    def columns(self) -> LiquidationColumns:
        """All rows, in the order they came."""
        return LiquidationColumns(tuple(self._keys), self._ts, self._usd, self._price, self._amount, self._key)


def join_rows(parts: Sequence[LiquidationColumns]) -> LiquidationColumns:
    """The rows of several spans in one, span after span. With none, no rows."""
    numbers: dict[LiqKey, int] = {}
    ts, usd, key = array("q"), array("q"), array("H")
    price, amount = array("d"), array("d")
    for part in parts:
        mine = [numbers.setdefault(name, len(numbers)) for name in part.keys]
        ts += part.ts_ms
        usd += part.usd_micro
        price += part.price
        amount += part.amount
        key.extend(map(mine.__getitem__, part.key))
    return LiquidationColumns(tuple(numbers), ts, usd, price, amount, key)
