"""One reading of a scenario's stream: what the tests compute their figures from, and a digest of everything."""

from __future__ import annotations

import hashlib
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crashdesk.model.records import (
    Candle,
    Event,
    Instrument,
    Liquidation,
    Note,
    PriceSource,
    PublishedLevel,
    Quote,
    Record,
    Side,
    VenueHealth,
)
from crashdesk.model.timeframe import Timeframe

SAMPLED_EACH = 397


@dataclass
class Collected:
    """What came, kept small. `orders` are (ts_ms, USD micro, long?) columns; `tape` (time, price) of each symbol."""

    times: array[int] = field(default_factory=lambda: array("q"))
    revisions: dict[tuple[str, Timeframe], list[tuple[int, Candle]]] = field(default_factory=dict)
    tape: dict[str, tuple[array[int], array[float]]] = field(default_factory=dict)
    last_quote: dict[str, Quote] = field(default_factory=dict)
    bare: bool = True
    order_ts: array[int] = field(default_factory=lambda: array("q"))
    order_usd: array[int] = field(default_factory=lambda: array("q"))
    order_long: bytearray = field(default_factory=bytearray)
    order_venue: dict[str, int] = field(default_factory=dict)
    late: int = 0
    mixed: int = 0
    largest: Liquidation | None = None
    binance_seconds: set[tuple[str, int]] = field(default_factory=set)
    binance_orders: int = 0
    sample: list[Liquidation] = field(default_factory=list)
    instruments: list[Instrument] = field(default_factory=list)
    sources: list[PriceSource] = field(default_factory=list)
    levels: list[PublishedLevel] = field(default_factory=list)
    notes: list[tuple[int, Note]] = field(default_factory=list)
    health: list[tuple[int, VenueHealth]] = field(default_factory=list)
    events: list[tuple[int, Event]] = field(default_factory=list)
    order_place: list[str] = field(default_factory=list)
    """Venue of each order, the very same text each time."""
    digest: str = ""

    def closed(self, symbol: str, timeframe: Timeframe) -> list[Candle]:
        """The closed candles of a series, sorted."""
        return sorted((c for _, c in self.revisions[symbol, timeframe] if c.closed), key=lambda c: c.open_ms)


def collect(stream: Iterable[tuple[int, Sequence[Record]]], limit: int | None = None) -> Collected:
    """Read the stream (its first `limit` batches)."""
    seen, sha = Collected(), hashlib.sha256()
    for count, (now_ms, records) in enumerate(stream):
        if count == limit:
            break
        seen.times.append(now_ms)
        seen.mixed += len({type(record) for record in records}) != 1
        _TAKE[type(records[0])](seen, now_ms, records)
        sha.update(f"{now_ms}:".encode())
        sha.update(";".join(map(_text, records)).encode())
    seen.digest = sha.hexdigest()
    return seen


def _text(record: Record) -> str:
    match record:
        case Quote():
            return f"{record.venue}{record.symbol}{record.ts_ms},{record.last!r},{record.volume_24h_usd!r}"
        case Liquidation():
            return f"{record.symbol}{record.ts_ms},{record.price!r},{record.amount!r},{record.usd_micro},{record.raw}"
        case _:
            return repr(record)


def _quotes(seen: Collected, now_ms: int, records: Sequence[Quote]) -> None:
    for quote in records:
        seen.last_quote[quote.symbol] = quote
        times, prices = seen.tape.setdefault(quote.symbol, (array("q"), array("d")))
        times.append(now_ms)
        prices.append(quote.last)
        unknown = (quote.bid, quote.ask, quote.high_24h, quote.low_24h, quote.change_24h_pct)
        seen.bare &= unknown == (None,) * 5 and quote.ts_ms == now_ms


def _liquidations(seen: Collected, now_ms: int, records: Sequence[Liquidation]) -> None:
    for row in records:
        if len(seen.order_ts) % SAMPLED_EACH == 0:
            seen.sample.append(row)
        seen.order_ts.append(row.ts_ms)
        seen.order_usd.append(row.usd_micro)
        seen.order_long.append(row.side is Side.LONG)
        seen.order_place.append(sys.intern(row.venue))
        seen.order_venue[row.venue] = seen.order_venue.get(row.venue, 0) + 1
        seen.late += row.ts_ms > now_ms
        if row.venue == "binanceusdm":
            seen.binance_orders += 1
            seen.binance_seconds.add((row.symbol, row.ts_ms // 1000))
        if seen.largest is None or row.usd_micro > seen.largest.usd_micro:
            seen.largest = row


def _candles(seen: Collected, now_ms: int, records: Sequence[Candle]) -> None:
    for candle in records:
        seen.revisions.setdefault((candle.symbol, candle.timeframe), []).append((now_ms, candle))


_TAKE = {
    Quote: _quotes,
    Liquidation: _liquidations,
    Candle: _candles,
    Instrument: lambda seen, now, records: seen.instruments.extend(records),
    PriceSource: lambda seen, now, records: seen.sources.extend(records),
    PublishedLevel: lambda seen, now, records: seen.levels.extend(records),
    Note: lambda seen, now, records: seen.notes.extend((now, note) for note in records),
    Event: lambda seen, now, records: seen.events.extend((now, event) for event in records),
    VenueHealth: lambda seen, now, records: seen.health.extend((now, feed) for feed in records),
}
