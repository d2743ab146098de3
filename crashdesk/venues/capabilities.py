"""What each venue can do, as data: for the worker, and for the user as `crashdesk venues`. Imports no ccxt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crashdesk.model.records import MarketKind, Method, PriceBasis


class Reach(StrEnum):
    """How a kind of data is asked for: all symbols in one call, one call a symbol, or not at all."""

    BULK = "bulk"
    PER_SYMBOL = "per symbol"
    NONE = "none"


class Way(StrEnum):
    """How liquidations reach the public."""

    WEBSOCKET = "websocket"
    REST = "rest"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Capability:
    """One venue. `exchange` is the ccxt id; a venue that is not `wired` is named but not asked.

    `true_24h` are the kinds of markets whose ticker measures change, high and low against 24 hours ago.
    `utc_days` tells whether daily candles open at 00:00 UTC. `note` is one sentence for the user.
    """

    exchange: str
    title: str
    wired: bool
    kinds: tuple[MarketKind, ...]
    true_24h: tuple[MarketKind, ...]
    utc_days: bool
    funding: Reach
    open_interest: Reach
    liquidations: Way
    method: Method
    basis: PriceBasis | None
    note: str


_SPOT, _LINEAR, _INVERSE = MarketKind.SPOT, MarketKind.LINEAR, MarketKind.INVERSE

_ROWS = (
    Capability(
        exchange="okx",
        title="OKX",
        wired=True,
        kinds=(_SPOT, _LINEAR, _INVERSE),
        true_24h=(_SPOT, _LINEAR, _INVERSE),
        utc_days=True,
        funding=Reach.BULK,
        open_interest=Reach.BULK,
        liquidations=Way.WEBSOCKET,
        method=Method.PARTIAL,
        basis=PriceBasis.BANKRUPTCY,
        note="The venue says its public feed does not carry every liquidation; valued at the bankruptcy price.",
    ),
    Capability(
        exchange="binance",
        title="Binance spot",
        wired=True,
        kinds=(_SPOT,),
        true_24h=(_SPOT,),
        utc_days=True,
        funding=Reach.NONE,
        open_interest=Reach.NONE,
        liquidations=Way.NONE,
        method=Method.NONE,
        basis=None,
        note="Spot: nothing to liquidate; the perpetuals are binanceusdm.",
    ),
    Capability(
        exchange="binanceusdm",
        title="Binance USD-M",
        wired=True,
        kinds=(_LINEAR,),
        true_24h=(_LINEAR,),
        utc_days=True,
        funding=Reach.BULK,
        open_interest=Reach.PER_SYMBOL,
        liquidations=Way.WEBSOCKET,
        method=Method.SAMPLED,
        basis=PriceBasis.FILL,
        note="At most one order per symbol per second is published; valued at filled quantity × average price.",
    ),
    Capability(
        exchange="binancecoinm",
        title="Binance COIN-M",
        wired=True,
        kinds=(_INVERSE,),
        true_24h=(),
        utc_days=True,
        funding=Reach.NONE,
        open_interest=Reach.NONE,
        liquidations=Way.WEBSOCKET,
        method=Method.SAMPLED,
        basis=PriceBasis.FILL,
        note="Liquidations alone: at most one order per symbol per second; valued at contracts × face in USD.",
    ),
    Capability(
        exchange="bybit",
        title="Bybit",
        wired=True,
        kinds=(_SPOT, _LINEAR, _INVERSE),
        true_24h=(_SPOT, _LINEAR, _INVERSE),
        utc_days=True,
        funding=Reach.BULK,
        open_interest=Reach.BULK,
        liquidations=Way.WEBSOCKET,
        method=Method.COMPLETE,
        basis=PriceBasis.BANKRUPTCY,
        note="Every liquidation since February 2025, pushed each 500 ms; valued at the bankruptcy price.",
    ),
    Capability(
        exchange="htx",
        title="HTX",
        wired=True,
        kinds=(_SPOT, _LINEAR),
        true_24h=(),
        utc_days=False,
        funding=Reach.PER_SYMBOL,
        open_interest=Reach.PER_SYMBOL,
        liquidations=Way.REST,
        method=Method.PARTIAL,
        basis=PriceBasis.BANKRUPTCY,
        note="Liquidations are asked for per watched contract, not market-wide; UTC days are built from 4h candles.",
    ),
    Capability(
        exchange="kraken",
        title="Kraken",
        wired=True,
        kinds=(_SPOT,),
        true_24h=(),
        utc_days=True,
        funding=Reach.NONE,
        open_interest=Reach.NONE,
        liquidations=Way.NONE,
        method=Method.NONE,
        basis=None,
        note="Spot; its ticker's change is against today's open, so the 24h change comes from candles.",
    ),
    Capability(
        exchange="gate",
        title="Gate",
        wired=True,
        kinds=(_LINEAR, _INVERSE),
        true_24h=(),
        utc_days=True,
        funding=Reach.NONE,
        open_interest=Reach.NONE,
        liquidations=Way.REST,
        method=Method.COMPLETE,
        basis=PriceBasis.FILL,
        note="Asked for liquidations alone, every perpetual, in windows of an hour; valued at filled quantity × fill "
        "price.",
    ),
    Capability(
        exchange="bitfinex",
        title="Bitfinex",
        wired=True,
        kinds=(_SPOT, _LINEAR),
        true_24h=(),
        utc_days=True,
        funding=Reach.NONE,
        open_interest=Reach.NONE,
        liquidations=Way.REST,
        method=Method.COMPLETE,
        basis=PriceBasis.FILL,
        note="Asked for liquidations alone, every pair in dollars, twice a minute; executions count, triggers do not.",
    ),
    Capability(
        exchange="deribit",
        title="Deribit",
        wired=True,
        kinds=(_LINEAR, _INVERSE),
        true_24h=(),
        utc_days=True,
        funding=Reach.NONE,
        open_interest=Reach.NONE,
        liquidations=Way.WEBSOCKET,
        method=Method.COMPLETE,
        basis=PriceBasis.FILL,
        note="Liquidations alone: forced trades of futures, each fill a row; options are left out.",
    ),
    Capability(
        exchange="hyperliquid",
        title="Hyperliquid",
        wired=False,
        kinds=(_SPOT, _LINEAR),
        true_24h=(),
        utc_days=True,
        funding=Reach.NONE,
        open_interest=Reach.NONE,
        liquidations=Way.NONE,
        method=Method.NONE,
        basis=None,
        note="No public market-wide feed.",
    ),
)


def capability_rows() -> tuple[Capability, ...]:
    """Every venue known, wired ones first."""
    return _ROWS


def unseen_rows() -> tuple[Capability, ...]:
    """The venues with contracts whose liquidations this version sees nothing of."""
    return tuple(
        row
        for row in _ROWS
        if (not row.wired or row.liquidations is Way.NONE) and not {_LINEAR, _INVERSE}.isdisjoint(row.kinds)
    )


def capability_of(exchange: str) -> Capability | None:
    """The row of a ccxt id, None when it is unknown."""
    return next((row for row in _ROWS if row.exchange == exchange), None)
