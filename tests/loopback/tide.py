"""A steady stream of made-up forced orders over all venues, for rehearsals by hand and end-to-end tests."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from tests.loopback.coins import Coin
from tests.loopback.forced import Forced
from tests.loopback.server import LoopbackVenues

TELLING = ("okx", "binanceusdm", "bybit", "htx", "binancecoinm", "deribit", "gate", "bitfinex")
_FACES = {"binancecoinm": 100, "deribit": 10}
"""USD of one contract where the tide goes into inverse Bitcoin contracts."""
_MOST_PER_MESSAGE = 4


@dataclass
class Tide:
    """Emits `per_second` forced orders; four of five are longs, sizes have a heavy tail."""

    server: LoopbackVenues
    per_second: float
    seed: int = 1
    emitted: int = 0
    _rng: Random = field(init=False)

    def __post_init__(self) -> None:
        self._rng = Random(self.seed)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            count = self._rng.randint(1, _MOST_PER_MESSAGE)
            await self.emit(count)
            await asyncio.sleep(count / self.per_second)

    async def emit(self, count: int) -> list[Forced]:
        """One burst of one venue and coin. Returns the rows as they truly are."""
        venue = self._rng.choice([name for name in TELLING if name in self.server.venues])
        coins = self.server.market.common_coins
        coin = coins[0] if venue in _FACES else self._rng.choice(coins)
        rows = [self._one(venue, coin) for _ in range(count)]
        await self.server.liquidate(venue, *rows)
        self.emitted += count
        return rows

    def _one(self, venue: str, coin: Coin) -> Forced:
        market = self.server.market
        price = round(market.last(coin.name, venue) * self._rng.uniform(0.997, 1.001), coin.decimals)
        usd = min(5_000_000.0, 500.0 * self._rng.paretovariate(0.9))
        side = "long" if self._rng.random() < 0.8 else "short"
        if venue in _FACES:
            face = _FACES[venue]
            worth = float(max(1, int(usd) // face) * face)
            return Forced(coin.name, side, price, worth, market.clock.now_ms(), kind="inverse")
        step = Decimal({"okx": coin.okx, "htx": coin.htx, "gate": coin.okx}.get(venue, "0.001"))
        size = max(1, int(Decimal(str(usd / price)) / step)) * step
        net = venue == "okx" and self._rng.random() < 0.2
        return Forced(coin.name, side, price, float(size), market.clock.now_ms(), net=net)
