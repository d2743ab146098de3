"""A recording with every kind of record that a desk folds: thirty hours, bursts, two sessions, a clock that is set."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from crashdesk.model.level import Level, LevelKind
from crashdesk.model.note import NoteKind
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
    RowsSetAside,
    Session,
    Side,
    VenueHealth,
)
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.focus import Own
from tests.session import market_tape

START = market_tape.START + 7 * MINUTE_MS + 123
HOURS = 30
COINS = {"BTC": 106_000.0, "ETH": 3_600.0, "TON": 2.0}
VENUES = ("okx", "bybit", "htx")
_KEPT_CANDLES = ((Timeframe.D1, 230), (Timeframe.H1, 60), (Timeframe.M5, 330))
OWN = Own(
    levels=(
        Level("l1", "BTC/USDT", 106_200.0, LevelKind.SUPPORT, "mine", START - DAY_MS, START - DAY_MS),
        Level("l2", "ETH/USDT", 3_590.0, LevelKind.LINE, "", START + 2 * HOUR_MS, START + 2 * HOUR_MS),
    ),
    notes=(
        Note("o1", START + 3 * HOUR_MS, Precision.MINUTE, "mine", "looked up", "", None),
        Note("o2", START + 9 * HOUR_MS, Precision.MINUTE, NoteKind.BOOKMARK.value, "A", "", None),
    ),
)


def write(path: Path, seed: int = 7, hours: float = HOURS) -> None:
    """Write it; a second session goes on with the file after two thirds of the time, minutes later."""
    dice = random.Random(seed)
    prices = dict(COINS)
    broken = START + int(hours * HOUR_MS * 2 / 3)
    _session(path, dice, prices, START, broken, VENUES[:2])
    _session(path, dice, prices, broken + 11 * MINUTE_MS, START + int(hours * HOUR_MS), VENUES)


def _session(
    path: Path, dice: random.Random, prices: dict[str, float], first: int, last: int, venues: tuple[str, ...]
) -> None:
    header = Session("kinds", first, "test", "", "all kinds", ("a test",), venues)
    writer = RecordingWriter.open(path, header, first, fsync=False)
    for records in _opening(dice, first, venues):
        writer.append(records, first)
    now = first
    while now < last:
        now += dice.choice([0, 1, 200, 5_000, 15_000, 40_000, 60_000])
        # somebody sets the clock back for a frame: the recording keeps its own order
        told = now - 3_000 if dice.random() < 0.02 else now
        for records in _frames(dice, told, prices, venues):
            writer.append(records, told)
        if dice.random() < 0.05:
            writer.tick(told)
        if dice.random() < 0.003:
            now += dice.choice([7, 25]) * MINUTE_MS
    writer.close(last)


def _opening(dice: random.Random, now: int, venues: Sequence[str]) -> Iterator[list[Record]]:
    for venue in venues:
        yield [Instrument(venue, f"{c}/USDT", c, "USDT", MarketKind.SPOT, None, 2) for c in COINS]
        yield [Instrument(venue, f"{c}/USDT:USDT", c, "USDT", MarketKind.LINEAR, 0.01, 2) for c in COINS]
        yield [VenueHealth(venue, feed, HealthState.STARTING, Method.PARTIAL, now, "", None, None) for feed in Feed]
    for coin, price in COINS.items():
        for timeframe, count in _KEPT_CANDLES:
            newest = now // timeframe.ms * timeframe.ms
            yield [
                _candle(venues[0], coin, timeframe, newest - n * timeframe.ms, price * dice.uniform(0.9, 1.1))
                for n in range(count, 0, -1)
            ]
    yield [PublishedLevel("BTC/USDT", 105_000.0, "round", "round", "test", now - DAY_MS)]
    yield [Note("n0", now - HOUR_MS, Precision.DAY, "macro", "a cause", "a paper", None)]


def _candle(venue: str, coin: str, timeframe: Timeframe, open_ms: int, price: float, *, closed: bool = True) -> Candle:
    return Candle(
        venue, f"{coin}/USDT", timeframe, open_ms, price, price * 1.01, price * 0.99, price * 1.001, 5, closed=closed
    )


def _frames(dice: random.Random, now: int, prices: dict[str, float], venues: Sequence[str]) -> Iterator[list[Record]]:
    moved = [coin for coin in prices if dice.random() < 0.7]
    for coin in moved:
        prices[coin] = round(prices[coin] * dice.uniform(0.999, 1.001), 4)
    venue = dice.choice(venues)
    if moved:
        yield [_quote(dice, venue, coin, now, prices[coin]) for coin in moved]
    if dice.random() < 0.4:
        many = 300 if dice.random() < 0.02 else dice.randrange(1, 6)
        yield [_liquidation(dice, dice.choice(venues), now) for _ in range(many)]
    if dice.random() < 0.25:
        yield from _rare(dice, now, prices, venue)


def _quote(dice: random.Random, venue: str, coin: str, now: int, price: float) -> Quote:
    some = dice.random() < 0.5
    return Quote(
        venue,
        f"{coin}/USDT",
        now - dice.randrange(2_000),
        price,
        price * 0.9999 if some else None,
        price * 1.0001 if some else None,
        price * 1.1 if some else None,
        price * 0.9 if some else None,
        1e6 * dice.random(),
        dice.uniform(-9, 9) if some else None,
    )


def _liquidation(dice: random.Random, venue: str, now: int) -> Liquidation:
    late = dice.choice([0, 0, 0, 200, 1_000, 90_000, 3 * HOUR_MS, 23 * HOUR_MS, 25 * HOUR_MS, -20_000])
    coin = dice.choice(list(COINS))
    usd = min(int(dice.paretovariate(1.1) * 1_000_000_000), 10**15)
    side = dice.choice([Side.LONG, Side.LONG, Side.SHORT])
    price = COINS[coin] * dice.uniform(0.98, 1.02)
    return Liquidation(venue, f"{coin}/USDT:USDT", now - late, side, price, 1.0, usd, PriceBasis.BANKRUPTCY, "{}")


def _rare(dice: random.Random, now: int, prices: dict[str, float], venue: str) -> Iterator[list[Record]]:
    coin = dice.choice(list(prices))
    timeframe = dice.choice([Timeframe.M5, Timeframe.M5, Timeframe.H1, Timeframe.D1])
    opened = now // timeframe.ms * timeframe.ms
    state, feed = dice.choice(list(HealthState)), dice.choice(list(Feed))
    kind = dice.choice(list(EventKind))
    begun = now - dice.choice([0, 60_000, HOUR_MS])
    made: list[Record] = [
        _candle(venue, coin, timeframe, opened - timeframe.ms, prices[coin]),
        _candle(venue, coin, timeframe, opened, prices[coin], closed=False),
        PerpStats(venue, f"{coin}/USDT:USDT", now, dice.uniform(-1e-4, 1e-4), None),
        PerpStats(venue, f"{coin}/USDT:USDT", now, None, 1e9 * dice.random()),
        VenueHealth(venue, feed, state, dice.choice(list(Method)), now, "why", now - 5_000, now + 9_000),
        Gap(venue, feed, now - 90_000, now, "lost"),
        RowsSetAside(venue, Feed.LIQUIDATIONS, "no price", now % 1_000),
        PriceSource(f"{coin}/USDT", venue, now),
        PublishedLevel(f"{coin}/USDT", round(prices[coin], 1), "line", "found", "test", now),
        Note(f"n{now // HOUR_MS}", now, Precision.MINUTE, dice.choice(["news", "hack", "macro"]), "x", "w", None),
        Event(kind, begun // 60_000 * 60_000, now, "it goes on", venue, f"{coin}/USDT", 5, 4, -1.0, 9, (venue,)),
        Instrument(venue, f"X{now // HOUR_MS}/USDT", "X", "USDT", MarketKind.SPOT, None, 4),
    ]
    yield [dice.choice(made)]
