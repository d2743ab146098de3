"""Foreign liquidations and candles as a recording: frames in the order in which a desk would have got them."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, NamedTuple

from crashdesk.cli.importing.bars import Bar
from crashdesk.cli.importing.orders import Order
from crashdesk.model.records import (
    Batch,
    Candle,
    Feed,
    HealthState,
    Instrument,
    Liquidation,
    MarketKind,
    Method,
    PriceSource,
    Quote,
    Record,
    RowsSetAside,
    VenueHealth,
)
from crashdesk.model.timeframe import Timeframe

if TYPE_CHECKING:
    from crashdesk.analytics.cascade_watch import CascadeWatch

_SECOND_MS = 1_000
_OPENING_MS = 1_000
"""What was known before the first row comes so much earlier."""
_LATE = 1 << 30
"""The place of what comes behind the opening."""
Market = tuple[str, str]
"""Venue and symbol."""
Due = tuple[int, int, Record]
"""When it comes, its place among what comes at one time, the record."""


class Material(NamedTuple):
    """What was read. `details` says of each venue where its liquidations come from; `refused` are counts by reason."""

    orders: Sequence[Order]
    bars: Sequence[Bar]
    details: Mapping[str, str]
    candle_details: Mapping[str, str]
    refused: Mapping[tuple[str, Feed, str], int]

    def venues(self) -> tuple[str, ...]:
        """Venues in the order of preference for prices: those of candles first."""
        return tuple(
            dict.fromkeys([*(bar.candle.venue for bar in self.bars), *(order.row.venue for order in self.orders)])
        )

    def start_ms(self) -> int:
        """The recording begins with the first liquidation; without any, when the first of the finest candles closed."""
        first = min((order.row.ts_ms for order in self.orders), default=None)
        if first is None:
            finest = finest_of(self.bars).values()
            least = min(finest, key=lambda timeframe: timeframe.ms)
            first = min(_close_ms(bar.candle) for bar in self.bars if bar.candle.timeframe is least)
        return first - _OPENING_MS


def finest_of(bars: Sequence[Bar]) -> dict[Market, Timeframe]:
    """The shortest candles of each market: their closes are its prices."""
    finest: dict[Market, Timeframe] = {}
    for bar in bars:
        key, timeframe = (bar.candle.venue, bar.candle.symbol), bar.candle.timeframe
        if key not in finest or timeframe.ms < finest[key].ms:
            finest[key] = timeframe
    return finest


def frames(material: Material, watch: CascadeWatch) -> Iterator[Batch]:
    """The recording. Liquidations come with the last one of their second, candles when they close, with their closes as
    quotes; candles that closed before the recording begins come with its beginning. Cascades are those that `watch`
    finds.
    """
    start_ms = material.start_ms()
    opening: list[Record] = [*_instruments(material), *_sources(material, start_ms), *_health(material, start_ms)]
    opening += [RowsSetAside(*key, rows) for key, rows in material.refused.items()]
    due: list[Due] = [(start_ms, place, record) for place, record in enumerate(opening)]
    due += _market(material, start_ms)
    rows = sorted((row for row, _ in material.orders), key=attrgetter("ts_ms"))
    due += _ends(material, max(*(recv_ms for recv_ms, _, _ in due), *(row.ts_ms for row in rows[-1:])))
    due.sort(key=itemgetter(0, 1))
    orders = ((row.ts_ms, _LATE + 2, row) for row in rows)
    for _, together in groupby(heapq.merge(due, orders, key=itemgetter(0, 1)), key=_frame):
        came = list(together)
        recv_ms, records = came[-1][0], [record for _, _, record in came]
        yield Batch(0, recv_ms, (*records, *watch.fold(recv_ms, records)))


def _frame(due: Due) -> tuple[int, int]:
    """What comes in one frame: orders of one second, with the last of them, else what comes at one time."""
    recv_ms, place, _ = due
    return (recv_ms // _SECOND_MS, place) if place == _LATE + 2 else (recv_ms, 0)


def _market(material: Material, start_ms: int) -> Iterator[Due]:
    finest = finest_of(material.bars)
    first: dict[Market, Candle] = {}
    for bar in material.bars:
        candle = bar.candle
        close_ms, key = _close_ms(candle), (candle.venue, candle.symbol)
        yield max(close_ms, start_ms), _LATE, candle
        if candle.timeframe is not finest[key]:
            continue
        if close_ms > start_ms:
            yield close_ms, _LATE + 1, _quote(candle)
        elif key not in first or candle.open_ms > first[key].open_ms:
            first[key] = candle
    for candle in first.values():
        yield start_ms, _LATE + 1, _quote(candle)


def _close_ms(candle: Candle) -> int:
    return candle.open_ms + candle.timeframe.ms


def _quote(candle: Candle) -> Quote:
    """The price at the end of a candle: all that is known is that it was the last one."""
    none = None
    return Quote(candle.venue, candle.symbol, _close_ms(candle), candle.close, none, none, none, none, none, none)


def _instruments(material: Material) -> Iterator[Instrument]:
    decimals: dict[Market, int] = {}
    seen = [(bar.candle.venue, bar.candle.symbol, bar.decimals) for bar in material.bars]
    seen += [(order.row.venue, order.row.symbol, order.decimals) for order in material.orders]
    for venue, symbol, places in seen:
        decimals[venue, symbol] = max(places, decimals.get((venue, symbol), 0))
    for (venue, symbol), places in decimals.items():
        base, _, rest = symbol.partition("/")
        quote, _, settle = rest.partition(":")
        kind = MarketKind.SPOT if not settle else MarketKind.INVERSE if settle == base else MarketKind.LINEAR
        # amounts were imported in coins: a contract of one coin; of an inverse one its USD face
        yield Instrument(venue, symbol, base, quote, kind, 1.0 if settle else None, places)


def _sources(material: Material, start_ms: int) -> Iterator[PriceSource]:
    speaks: dict[str, str] = {}
    for bar in material.bars:
        speaks.setdefault(bar.candle.symbol, bar.candle.venue)
    for symbol, venue in speaks.items():
        yield PriceSource(symbol, venue, start_ms)


def _health(material: Material, start_ms: int) -> Iterator[VenueHealth]:
    ok, no = HealthState.OK, None
    for venue, detail in material.candle_details.items():
        yield VenueHealth(venue, Feed.CANDLES, ok, no, start_ms, detail, start_ms, no)
    for venue, detail in material.details.items():
        yield VenueHealth(venue, Feed.LIQUIDATIONS, ok, Method.PARTIAL, start_ms, detail, start_ms, no)


def _ends(material: Material, end_ms: int) -> Iterator[Due]:
    """After its last row a venue's liquidations are unknown, however long the recording goes on, to `end_ms`."""
    last: dict[str, int] = {}
    for row, _ in material.orders:
        last[row.venue] = max(row.ts_ms, last.get(row.venue, 0))
    for venue, last_ms in last.items():
        state, detail = HealthState.STOPPED if last_ms < end_ms else HealthState.OK, material.details[venue]
        health = VenueHealth(venue, Feed.LIQUIDATIONS, state, Method.PARTIAL, last_ms, detail, last_ms, None)
        yield last_ms, _LATE + 3, health


def liquidated(rows: Sequence[Liquidation]) -> tuple[int, int, int]:
    """(orders, long, short in micro-dollars)."""
    long = sum(row.usd_micro for row in rows if row.side == "long")
    return len(rows), long, sum(row.usd_micro for row in rows) - long
