"""The perpetual contracts of a scenario: how each venue names and measures them."""

from __future__ import annotations

from dataclasses import dataclass

from crashdesk.model.records import Instrument, MarketKind, PriceBasis
from crashdesk.scenarios.description import Coin, Description

OKX, BINANCE, BYBIT, HTX, GATE, HYPERLIQUID = "okx", "binanceusdm", "bybit", "htx", "gate", "hyperliquid"
_MICRO_DECIMALS = 6
_CONTRACT_USD = 1_100
_LOT_USD = 110
BASIS = {
    OKX: PriceBasis.BANKRUPTCY,
    BINANCE: PriceBasis.FILL,
    BYBIT: PriceBasis.BANKRUPTCY,
    HTX: PriceBasis.ORDER,
    GATE: PriceBasis.FILL,
    HYPERLIQUID: PriceBasis.FILL,
}
"""What the price in a venue's liquidation row is."""


@dataclass(frozen=True, slots=True)
class Perp:
    """One perpetual of one venue.

    Orders are whole lots of 10**lot base units, prices whole ticks of 10**-decimals, so that lots × ticks ×
    `micro` is the exact notional in micro-dollars. A contract is 10**contract base units.
    """

    venue: str
    coin: str
    symbol: str
    native: str
    decimals: int
    lot: int
    contract: int

    @property
    def quote(self) -> str:
        """What it is priced in."""
        return self.symbol.rpartition(":")[2]

    @property
    def micro(self) -> int:
        """Micro-dollars of one lot at a price of one tick."""
        return int(10 ** (_MICRO_DECIMALS - self.decimals + self.lot))


def perps(description: Description) -> list[Perp]:
    """Every perpetual that liquidations come from, venue by venue."""
    return [
        _perp(venue, coin)
        for venue in (share.venue for share in description.liquidations.venues)
        for coin in description.coins
        if coin.orders and venue in coin.venues
    ]


def instruments(description: Description) -> list[Instrument]:
    """The market table: the spot market of each coin on the price venue, then the perpetuals."""
    venue = description.prices.venue
    spot = [
        Instrument(venue, f"{c.base_coin}/USDT", c.base_coin, "USDT", MarketKind.SPOT, None, c.decimals)
        for c in description.coins
    ]
    swaps = [
        Instrument(p.venue, p.symbol, p.coin, p.quote, MarketKind.LINEAR, power(p.contract), p.decimals)
        for p in perps(description)
    ]
    return spot + swaps


def power(exponent: int) -> float:
    """10**exponent as the nearest float."""
    return float(10**exponent) if exponent >= 0 else 1.0 / 10**-exponent


def _perp(venue: str, coin: Coin) -> Perp:
    name = coin.base_coin
    contract = _largest_power(coin, _CONTRACT_USD)
    native, lot = f"{name}USDT", min(0, _largest_power(coin, _LOT_USD))
    if venue == OKX:
        native, lot = f"{name}-USDT-SWAP", contract - 2
    elif venue in (HTX, GATE):
        native, contract = f"{name}-USDT" if venue == HTX else f"{name}_USDT", contract - 1
        lot = contract
    else:
        contract = 0
    if coin.decimals - lot > _MICRO_DECIMALS:
        raise ValueError(f"{venue} {name}: a lot at one tick is less than a micro-dollar")
    quote = "USDC" if venue == HYPERLIQUID else "USDT"
    return Perp(venue, name, f"{name}/{quote}:{quote}", native, coin.decimals, lot, contract)


def _largest_power(coin: Coin, usd: int) -> int:
    """The largest k for which 10**k coins are worth at most `usd`."""
    exponent = -8
    while 10 ** (exponent + 9) * coin.last <= usd * 10 ** (coin.decimals + 8):
        exponent += 1
    return exponent
