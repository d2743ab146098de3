"""The messages of a surge of liquidations, made before it begins: sending them must cost next to nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from crashdesk.model.money import to_micro
from tests.loopback.coins import Coin
from tests.loopback.forced import Forced
from tests.loopback.venue import Venue

TICK_MS = 50
PARTS = (("okx", 0.45, 5), ("bybit", 0.45, 5), ("binanceusdm", 0.10, 1))
"""Venue, its share of the rows, rows of one message (for okx and bybit: of one contract)."""
TWINS = 0.1
"""Share of a burst's messages that hold a row twice."""


class Message(NamedTuple):
    """One message: the venue, the topic that it goes to (None: everybody who subscribed), its text."""

    venue: str
    topic: str | None
    text: str


class Tick(NamedTuple):
    """What is sent together, how many rows it is and what they come to in micro-dollars."""

    messages: tuple[Message, ...]
    rows: int
    usd_micro: int


class FrameMaker:
    """Forced orders of many contracts, heavy-tailed; no two messages hold an equal row."""

    def __init__(self, venues: Mapping[str, Venue], coins: Sequence[Coin], seed: int = 3) -> None:
        self._venues = venues
        self._coins = coins
        self._dice = random.Random(seed)
        self._made = 0

    async def steady(self, per_second: int, seconds: float, start_ms: int) -> list[Tick]:
        """A tick for each `TICK_MS`, dated by when it will be sent."""
        count = per_second * TICK_MS // 1000
        return [await self._tick(count, start_ms + k * TICK_MS) for k in range(int(seconds * 1000 / TICK_MS))]

    async def burst(self, rows: int, ts_ms: int) -> Tick:
        """All rows with one time; some messages hold a row twice, which is two orders."""
        return await self._tick(rows, ts_ms, together=20, twins=TWINS)

    async def _tick(self, rows: int, ts_ms: int, together: int = 1, twins: float = 0.0) -> Tick:
        sent: list[Message] = []
        usd_micro, left = 0, rows
        for name, share, size in PARTS:
            wanted = left if name == PARTS[-1][0] else round(rows * share)
            left -= wanted
            while wanted:
                one = self._orders(name, min(wanted, size * together if size > 1 else 1), ts_ms)
                if len(one) > 1 and self._dice.random() < twins:
                    one[-1] = one[0]
                wanted -= len(one)
                usd_micro += sum(to_micro(Decimal(str(o.size)) * Decimal(str(o.price))) for o in one)
                sent += [_message(name, payload) for payload in await self._venues[name].push([], one)]
        self._dice.shuffle(sent)
        return Tick(tuple(sent), rows, usd_micro)

    def _orders(self, venue: str, count: int, ts_ms: int) -> list[Forced]:
        coin = self._dice.choice(self._coins)
        return [self._order(coin, venue, ts_ms) for _ in range(count)]

    def _order(self, coin: Coin, venue: str, ts_ms: int) -> Forced:
        self._made += 1
        price = round(coin.price * (0.9 + self._made % 9_973 / 50_000), coin.decimals)
        step = Decimal(coin.okx if venue == "okx" else "0.001")
        usd = min(20_000_000.0, 300.0 * self._dice.paretovariate(0.9))
        size = (int(Decimal(str(usd / price)) / step) + 1 + self._made % 7) * step
        return Forced(coin.name, "long" if self._dice.random() < 0.9 else "short", price, float(size), ts_ms)


def _message(venue: str, payload: object) -> Message:
    topic = payload.get("topic") if isinstance(payload, dict) else None
    wrapped = {"stream": "!forceOrder@arr", "data": payload} if venue == "binanceusdm" else payload
    return Message(venue, topic, json.dumps(wrapped, ensure_ascii=False))
