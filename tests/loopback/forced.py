"""A forced order before a venue has put it into its own words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Forced:
    """One liquidation as it truly is.

    `side` is the side of the POSITION that was liquidated, "long" or "short". `size` is in coins (linear) or USD
    (inverse), `price` in USD, `ts_ms` UTC (None: the server's now). `net` says it OKX's way for one-way positions:
    `posSide` "net", and the order's side tells. `dated`: in the future that ends, not the
    perpetual. `last_fill`: the share of the last fill (Binance's `l` of `z`).
    """

    coin: str
    side: str
    price: float
    size: float
    ts_ms: int | None = None
    kind: str = "linear"
    quote: str = "USDT"
    net: bool = False
    dated: bool = False
    last_fill: float = 0.3

    @property
    def usd(self) -> float:
        """Its value in USD."""
        return self.size if self.kind == "inverse" else self.size * self.price

    @property
    def order_side(self) -> str:
        """The side of the order that closes the position: a long is sold."""
        return "sell" if self.side == "long" else "buy"
