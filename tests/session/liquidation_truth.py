"""Liquidations for tests: chunks rolled up by hand, and every figure of the windows by brute force over a list."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import floor, log

from crashdesk.model.columns import (
    CHUNK_MS,
    PROFILE_BIN,
    SIZE_STEPS_USD,
    Chunk,
    LargestLiquidation,
    LiqKey,
    LiquidationColumns,
    LiquidationDetails,
    LiquidationSummary,
    SideSums,
)
from crashdesk.model.records import Liquidation, Side
from crashdesk.model.timeframe import DAY_MS
from crashdesk.session.liquidation_views import FeedFilter, FeedRow, NamedTotals, SizeTotals, Totals
from crashdesk.session.tape import FEED_ROWS

Received = tuple[int, Liquidation]
"""(recv_ms, row)."""


def rank(row: Liquidation) -> tuple[int, int, str, str, str]:
    return -row.usd_micro, row.ts_ms, row.venue, row.symbol, row.side.value


def as_largest(row: Liquidation) -> LargestLiquidation:
    return LargestLiquidation(row.venue, row.symbol, row.side, row.price, row.usd_micro, row.ts_ms)


def inside(rows: Sequence[Received], now_ms: int, width_ms: int) -> list[Liquidation]:
    return [row for _, row in rows if now_ms - width_ms < row.ts_ms <= now_ms]


def sums(rows: Sequence[Liquidation]) -> dict[LiqKey, list[int]]:
    found: dict[LiqKey, list[int]] = {}
    for row in rows:
        entry = found.setdefault((row.venue, row.symbol, row.side), [0, 0])
        entry[0] += row.usd_micro
        entry[1] += 1
    return found


def totals(rows: Sequence[Liquidation]) -> Totals:
    long = sum(row.usd_micro for row in rows if row.side is Side.LONG)
    whole = sum(row.usd_micro for row in rows)
    return Totals(whole, long, whole - long, len(rows))


def groups(rows: Sequence[Liquidation]) -> tuple[tuple[NamedTotals, ...], tuple[NamedTotals, ...]]:
    """By venue and by coin."""
    return _named(rows, lambda row: row.venue), _named(rows, lambda row: row.symbol.partition("/")[0])


def _named(rows: Sequence[Liquidation], name_of: Callable[[Liquidation], str]) -> tuple[NamedTotals, ...]:
    names = {name_of(row) for row in rows}
    made = [NamedTotals(name, totals([row for row in rows if name_of(row) == name])) for name in names]
    return tuple(sorted(made, key=lambda one: (-one.totals.total, one.name)))


def sizes(rows: Sequence[Liquidation]) -> tuple[SizeTotals, ...]:
    bounds = [0, *SIZE_STEPS_USD, 10**30]
    return tuple(
        SizeTotals(low, totals([row for row in rows if low <= row.usd_micro / 1_000_000 < high]))
        for low, high in pairwise(bounds)
    )


def largest(rows: Sequence[Liquidation], most: int) -> tuple[LargestLiquidation, ...]:
    return tuple(as_largest(row) for row in sorted(rows, key=rank)[:most])


def bins(rows: Sequence[Liquidation]) -> dict[int, SideSums]:
    found: dict[int, SideSums] = {}
    for row in rows:
        place = floor(log(row.price) / PROFILE_BIN)
        long, short, orders = found.get(place, (0, 0, 0))
        usd = row.usd_micro
        found[place] = (long + usd, short, orders + 1) if row.side is Side.LONG else (long, short + usd, orders + 1)
    return found


def feed(rows: Sequence[Received], now_ms: int, wanted: FeedFilter) -> tuple[FeedRow, ...]:
    passing = [
        FeedRow(n, row.ts_ms, row.venue, row.symbol, row.side, row.price, row.usd_micro)
        for n, (_, row) in enumerate(rows)
        if row.ts_ms > now_ms - DAY_MS
        and row.usd_micro >= wanted.least_usd * 1_000_000
        and wanted.side in (None, row.side)
        and (wanted.venue is None or wanted.venue.lower() == row.venue)
        and (wanted.coin is None or row.symbol.startswith(f"{wanted.coin.upper()}/"))
    ]
    return tuple(passing[-FEED_ROWS:])


def columns(rows: Sequence[Liquidation]) -> LiquidationColumns:
    keys = list(dict.fromkeys((r.venue, r.symbol, r.side) for r in rows))
    return LiquidationColumns(
        tuple(keys),
        array("q", [r.ts_ms for r in rows]),
        array("q", [r.usd_micro for r in rows]),
        array("d", [r.price for r in rows]),
        array("d", [r.amount for r in rows]),
        array("H", [keys.index((r.venue, r.symbol, r.side)) for r in rows]),
    )


def _details(rows: Sequence[Liquidation]) -> LiquidationDetails:
    markets = dict.fromkeys((r.venue, r.symbol) for r in rows)
    profile = {key: bins([r for r in rows if (r.venue, r.symbol) == key]) for key in markets}
    return LiquidationDetails(largest(rows, 20), profile)


def _side_sums(found: Totals) -> SideSums:
    return found.long, found.short, found.orders


def chunk(number: int, rows: Sequence[Liquidation], *, detailed: bool = True) -> Chunk:
    """The roll-up of rows received in one chunk; without details as older recordings have it."""
    minutes = {
        minute: _side_sums(totals([r for r in rows if r.ts_ms // 60_000 == minute]))
        for minute in sorted({r.ts_ms // 60_000 for r in rows})
    }
    times = [r.ts_ms for r in rows]
    summary = LiquidationSummary(
        {key: (usd, orders) for key, (usd, orders) in sums(rows).items()},
        minutes,
        largest(rows, 1)[0],
        min(times),
        max(times),
        tuple(_side_sums(one.totals) for one in sizes(rows)) if detailed else None,
    )
    load: Callable[[], LiquidationDetails] | None = (lambda: _details(rows)) if detailed else None
    return Chunk(number, summary, {}, lambda: columns(rows), dict, load)


def chunks(rows: Sequence[Received], *, detailed: bool = True) -> tuple[Chunk, ...]:
    """The roll-ups of all rows."""
    by_number: dict[int, list[Liquidation]] = {}
    for recv_ms, row in rows:
        by_number.setdefault(recv_ms // CHUNK_MS, []).append(row)
    return tuple(chunk(number, held, detailed=detailed) for number, held in by_number.items())
