"""Records for the tests of the recording."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from crashdesk.model.columns import Chunk, Restore
from crashdesk.model.records import (
    Batch,
    Candle,
    Event,
    EventKind,
    Feed,
    Gap,
    HealthState,
    Instrument,
    Liquidation,
    MarketKind,
    Method,
    Note,
    PerpStats,
    Precision,
    PriceBasis,
    PriceSource,
    PublishedLevel,
    Quote,
    Record,
    RowsSetAside,
    Session,
    Side,
    VenueHealth,
)
from crashdesk.model.timeframe import Timeframe
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter

START = 1_762_128_000_000
VENUES = ("binance", "okx")
SYMBOLS = ("BTC/USDT", "ETH/USDT:USDT", "币安人生/USDT")


def session(name: str = "r1", at_ms: int = START) -> Session:
    return Session(name, at_ms, "crashdesk test", "", "Live", ("source a", "source b"), VENUES)


def quote(venue: str = "binance", symbol: str = "BTC/USDT", ts_ms: int = START, last: float = 106200.5) -> Quote:
    return Quote(venue, symbol, ts_ms, last, last * 0.999, last * 1.001, 110000.0, None, 1.23e10, -3.4)


def liquidation(ts_ms: int = START, price: float = 106000.1, amount: float = 0.25, **changes: object) -> Liquidation:
    values: dict[str, object] = {
        "venue": "okx",
        "symbol": "BTC/USDT",
        "ts_ms": ts_ms,
        "side": Side.LONG,
        "price": price,
        "amount": amount,
        "usd_micro": round(price * amount * 1e6),
        "basis": PriceBasis.BANKRUPTCY,
        "raw": '{"sz":"25","bkPx":"106000.1"}',
    }
    return Liquidation(**{**values, **changes})  # type: ignore[arg-type]


def candle(open_ms: int, close: float = 1.5, timeframe: Timeframe = Timeframe.M1, symbol: str = "BTC/USDT") -> Candle:
    return Candle("binance", symbol, timeframe, open_ms, 1.0, 2.0, 0.5, close, 1234.5, closed=True)


def health(since_ms: int, state: HealthState = HealthState.OK, venue: str = "okx") -> VenueHealth:
    return VenueHealth(venue, Feed.TICKERS, state, Method.PARTIAL, since_ms, "fine", since_ms, None)


def one_of_each(at_ms: int) -> list[Record]:
    return [
        Instrument("binance", "BTC/USDT", "BTC", "USDT", MarketKind.SPOT, None, 2),
        Instrument("okx", "ETH/USDT:USDT", "ETH", "USDT", MarketKind.LINEAR, 0.1, 2),
        quote(ts_ms=at_ms),
        quote("okx", SYMBOLS[2], at_ms - 7, 1e-9),
        PerpStats("okx", "ETH/USDT:USDT", at_ms, 0.0001, None),
        PerpStats("okx", "ETH/USDT:USDT", at_ms, None, 5.5e9),
        candle(at_ms - 60_000),
        candle(at_ms),
        candle(at_ms - 86_400_000, timeframe=Timeframe.D1),
        liquidation(at_ms),
        liquidation(at_ms - 5000, side=Side.SHORT, usd_micro=33_958_700_000_000, raw='{"名":"x"}'),
        Note("n1", at_ms, Precision.DAY, "macro", 'Powell: "not a foregone conclusion"', "Fed", None),
        PublishedLevel("BTC/USDT", 105000.0, "support", "tested", "report", at_ms),
        Event(EventKind.CASCADE, at_ms - 1000, at_ms, "cascade", "okx", "BTC/USDT", 5, 4, -1.25),
        Event(EventKind.WORKER, at_ms, at_ms, "started"),
        health(at_ms),
        Gap("okx", Feed.LIQUIDATIONS, at_ms - 9, at_ms, "socket closed"),
        RowsSetAside("okx", Feed.TICKERS, "no price", 3),
        PriceSource("BTC/USDT", "binance", at_ms),
    ]


def day(seed: int, start_ms: int, steps: int, step_ms: int = 5_000) -> Iterator[tuple[int, list[Record]]]:
    """A small random market: (now, records) step by step."""
    chance = random.Random(seed)
    prices = {(venue, symbol): 100.0 for venue in VENUES for symbol in SYMBOLS}
    for step in range(steps):
        now = start_ms + step * step_ms
        rows: list[Record] = []
        for (venue, symbol), price in prices.items():
            if chance.random() < 0.7:
                price = prices[venue, symbol] = round(price * (1 + chance.gauss(0, 0.001)), 2)
                rows.append(quote(venue, symbol, now - chance.randrange(900), price))
        for _ in range(chance.randrange(4)):
            ts = now - chance.randrange(400_000)
            side = chance.choice(list(Side))
            rows.append(
                liquidation(ts, round(chance.uniform(90, 110), 2), chance.randrange(1, 10**6) / 1000, side=side)
            )
        if step % 12 == 0:
            minute = now // 60_000 * 60_000
            rows += [candle(minute - 60_000, close=chance.random()), candle(minute, close=chance.random())]
        if step % 30 == 0:
            rows.append(Event(EventKind.CASCADE, now, now, f"event {step}"))
            rows.append(health(now, chance.choice(list(HealthState))))
        yield now, rows


def write_day(path: Path, steps: int, seed: int = 1, start_ms: int = START, step_ms: int = 5_000) -> list[Record]:
    """A recording of `day`; the records in the order of the frames."""
    written: list[Record] = []
    writer = RecordingWriter.open(path, session(at_ms=start_ms), start_ms - 10, fsync=False)
    for now, rows in day(seed, start_ms, steps, step_ms):
        writer.append(rows, now)
        written += rows
        writer.tick(now + step_ms // 2)
    writer.close(start_ms + steps * step_ms)
    return written


def kill(writer: RecordingWriter) -> None:
    """Let go of the file without a word, as the system does when a process is killed."""
    writer.let_go()


def play(path: Path) -> list[Batch]:
    reader = RecordingReader.open(path)
    try:
        return [batch for _, batch in reader.batches(reader.first_offset)]
    finally:
        reader.close()


def records(path: Path) -> list[Record]:
    return [record for batch in play(path) for record in batch.records]


def all_chunks(point: Restore) -> list[Chunk]:
    """The chunks of a checkpoint, those that are summed up in hours as well."""
    return [*(chunk for hour in point.hours for chunk in hour.load_chunks()), *point.chunks]
