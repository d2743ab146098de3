"""A small market written to a recording: eight hours of quotes, candles and liquidations, seeded."""

from __future__ import annotations

import random
from pathlib import Path

from crashdesk.model.basket import Basket, Baskets
from crashdesk.model.records import (
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
    Session,
    Side,
    VenueHealth,
)
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.recording.writer import RecordingWriter

START = 1_762_200_000_000
COINS = {"BTC": 106_000.0, "ETH": 3_600.0, "TON": 2.0}
BASKETS = Baskets(
    "test baskets",
    "2025-11",
    "test",
    (Basket("Majors", ("BTC", "ETH"), (2.0, 1.0)), Basket("Social", ("TON",), (1.0,))),
)
SESSION = Session("tape", START, "test", "", "a test", (), ("okx", "bybit"))


def _candle(coin: str, timeframe: Timeframe, open_ms: int, price: float, *, closed: bool = True) -> Candle:
    return Candle(
        "okx", f"{coin}/USDT", timeframe, open_ms, price, price * 1.01, price * 0.99, price * 1.001, 5.0, closed=closed
    )


def opening(dice: random.Random) -> list[list[Record]]:
    """What is known when the recording starts."""
    days = START // DAY_MS * DAY_MS
    out: list[list[Record]] = []
    out.append([Instrument("okx", f"{c}/USDT", c, "USDT", MarketKind.SPOT, None, 2) for c in COINS])
    out.append([PriceSource(f"{c}/USDT", "okx", START) for c in COINS])
    out.append([VenueHealth("okx", Feed.LIQUIDATIONS, HealthState.OK, Method.PARTIAL, START, "", START, None)])
    for coin, price in COINS.items():
        out.append(
            [_candle(coin, Timeframe.D1, days - n * DAY_MS, price * dice.uniform(0.8, 1.2)) for n in range(230, 0, -1)]
        )
        start = START // (5 * MINUTE_MS) * 5 * MINUTE_MS
        five = [
            _candle(coin, Timeframe.M5, start - n * 5 * MINUTE_MS, price * dice.uniform(0.98, 1.02))
            for n in range(330, 0, -1)
        ]
        out.append(list(five))
    out.append([PublishedLevel("BTC/USDT", 105_000.0, "round", "round", "test", START - DAY_MS)])
    out.append([Note("n1", START - HOUR_MS, Precision.DAY, "macro", "a cause", "a paper", None)])
    return out


def write(path: Path, hours: float = 8, seed: int = 1) -> tuple[int, int]:
    """Write the recording; returns its first and last time."""
    dice = random.Random(seed)
    writer = RecordingWriter.open(path, SESSION, START, fsync=False)
    for records in opening(dice):
        writer.append(records, START)
    prices = dict(COINS)
    end = START + int(hours * HOUR_MS)
    for now in range(START + 5_000, end, 5_000):
        for coin in prices:
            prices[coin] = round(prices[coin] * dice.uniform(0.9995, 1.0005), 4)
        moved = [c for c in prices if dice.random() < 0.8]
        quotes = [Quote("okx", f"{c}/USDT", now - 300, prices[c], None, None, None, None, 1e6, None) for c in moved]
        if quotes:
            writer.append(quotes, now)
        if dice.random() < 0.5:
            writer.append([_liquidation(dice, now) for _ in range(dice.randrange(1, 5))], now)
        _rare(writer, dice, now, prices)
        if now % 1000 == 0 and dice.random() < 0.3:
            writer.tick(now + 1000)
    writer.close(end)
    return START, end


def _liquidation(dice: random.Random, now: int) -> Liquidation:
    late = dice.choice([0, 200, 1_000, 90_000, 3 * HOUR_MS, 23 * HOUR_MS, -20_000])
    coin = dice.choice(list(COINS))
    usd = int(dice.paretovariate(1.1) * 1_000_000_000)
    side = dice.choice([Side.LONG, Side.LONG, Side.SHORT])
    return Liquidation("okx", f"{coin}/USDT:USDT", now - late, side, COINS[coin], 1.0, usd, PriceBasis.BANKRUPTCY, "{}")


def _rare(writer: RecordingWriter, dice: random.Random, now: int, prices: dict[str, float]) -> None:
    five = 5 * MINUTE_MS
    if now % five == 0:
        writer.append([_candle(c, Timeframe.M5, now - five, p) for c, p in prices.items()], now)
    if now % DAY_MS == 0:
        writer.append([_candle(c, Timeframe.D1, now - DAY_MS, p) for c, p in prices.items()], now)
    if now % (10 * MINUTE_MS) == 0:
        writer.append([PerpStats("okx", "BTC/USDT:USDT", now, dice.uniform(-1e-4, 1e-4), None)], now)
        writer.append([_candle("BTC", Timeframe.D1, now // DAY_MS * DAY_MS, prices["BTC"], closed=False)], now)
    if now % (47 * MINUTE_MS) == 0:
        state = dice.choice([HealthState.OK, HealthState.RETRYING])
        writer.append([VenueHealth("okx", Feed.LIQUIDATIONS, state, Method.PARTIAL, now, "x", now, None)], now)
        writer.append([Gap("okx", Feed.LIQUIDATIONS, now - 60_000, now, "lost")], now)
        writer.append([Event(EventKind.CASCADE, now - 60_000, now, "a cascade", None, "BTC/USDT", 5, 4, -1.0)], now)
        writer.append([Note(f"n{now}", now, Precision.MINUTE, "news", "something", "wire", None)], now)
