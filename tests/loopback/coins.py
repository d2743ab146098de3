"""The coins of the loopback market, with the sizes that the venues give their contracts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coin:
    """One coin. `price` is the middle of its path in USD, `volume` its daily turnover in coins.

    `okx` and `htx` are the coins in one linear contract there; on Binance and Bybit it is one coin.
    `binance_quotes` names the quotes of its USD-M perpetuals; a coin that is `binance_only` has nothing but those.
    A `stock` is the token of one: a spot market of Bybit alone.
    """

    name: str
    price: float
    decimals: int
    volume: float
    okx: str = "1"
    htx: str = "1"
    binance_quotes: tuple[str, ...] = ("USDT",)
    binance_only: bool = False
    stock: bool = False


COINS = (
    Coin("BTC", 104_000.0, 2, 22_000.0, okx="0.01", htx="0.001"),
    Coin("ETH", 3_700.0, 2, 420_000.0, okx="0.1", htx="0.01"),
    Coin("SOL", 170.0, 2, 4_600_000.0, okx="1", htx="1"),
    Coin("XRP", 2.40, 4, 190_000_000.0, okx="100", htx="10"),
    Coin("BNB", 980.0, 2, 310_000.0, okx="0.01", htx="0.01"),
    Coin("DOGE", 0.172, 5, 1_500_000_000.0, okx="1000", htx="100"),
    Coin("ADA", 0.56, 4, 180_000_000.0, okx="100", htx="10"),
    Coin("TON", 2.05, 4, 21_000_000.0, okx="1", htx="1"),
    Coin("LINK", 15.6, 3, 9_000_000.0, okx="1", htx="0.1"),
    Coin("AVAX", 16.4, 3, 8_000_000.0, okx="1", htx="1"),
)


def many_coins(count: int) -> tuple[Coin, ...]:
    """The ten known coins and made-up ones (`C010`, `C011` ...), `count` in all."""
    extra = (Coin(f"C{i:03d}", round(0.5 + i * 0.37, 2), 4, 1_000_000.0) for i in range(len(COINS), count))
    return COINS[:count] + tuple(extra)


EXPIRY_MS = 1_924_588_800_000
"""2030-12-27 08:00 UTC, when the dated futures end."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A market of one venue. `kind`: spot, linear, inverse. `size`: a contract's coins (linear) or USD (inverse).

    `dated` is a future that ends at `EXPIRY_MS`, not a perpetual.
    """

    id: str
    coin: str
    quote: str
    kind: str
    size: str = "1"
    dated: bool = False

    @property
    def symbol(self) -> str:
        """The ccxt unified symbol."""
        settle = {"spot": "", "linear": f":{self.quote}", "inverse": f":{self.coin}"}[self.kind]
        return f"{self.coin}/{self.quote}{settle}" + ("-301227" if self.dated else "")
