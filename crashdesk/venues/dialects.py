"""What ccxt must be told for each wired exchange: options, parameters, page sizes. Data, so that nothing asks names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crashdesk.model.records import Liquidation, MarketKind
from crashdesk.venues import subscriptions
from crashdesk.venues.backfill import deribit_trades
from crashdesk.venues.normalise import binance, bitfinex, bybit, deribit, gate, htx, okx
from crashdesk.venues.normalise.rows import Contract, Refusal
from crashdesk.venues.paging.bitfinex import BitfinexPager
from crashdesk.venues.paging.gate import GatePager
from crashdesk.venues.paging.htx import HtxPager
from crashdesk.venues.paging.pages import Pager
from crashdesk.venues.subscriptions import Subscription

Params = Mapping[str, str]
Normaliser = Callable[..., list[Liquidation | Refusal]]
"""(message or page, Context) to rows."""
Backfill = Callable[[Any, Iterable[Contract], int, int], Awaitable[tuple[list[object], bool]]]
"""(exchange, contracts, from, to) to a page that the normaliser reads, and whether nothing is missing in it."""


@dataclass(frozen=True, slots=True)
class TickerCall:
    """One `fetch_tickers` call: the kinds of markets that it covers and its parameters."""

    kinds: tuple[MarketKind, ...]
    params: Params


@dataclass(frozen=True, slots=True)
class Dialect:
    """One exchange. `market_types` is ccxt's `options["fetchMarkets"]["types"]`, `market_params` go with the request.

    `tickers` is empty for a venue that is asked for its liquidations alone: it is no source of prices and candles.

    `coin_volumes` names the field of a ticker's raw payload that is its 24h volume in base units, for kinds of markets
    where ccxt's `quoteVolume` is not the quote currency's. `interest_field` is the field of a funding row's raw payload
    that is the open interest in USD, for venues that tell both in one answer. `usd_candles` are the kinds of markets
    whose candles count volume in USD. Liquidations come by `subscription` (what it missed, by `backfill`) or by
    `pager`; `spot_positions` tells that those of margin positions in spot pairs are among them.
    """

    market_types: object
    tickers: tuple[TickerCall, ...]
    page: int
    market_params: Params = field(default_factory=dict)
    funding_params: Params = field(default_factory=dict)
    interest_field: str | None = None
    coin_volumes: Mapping[MarketKind, str] = field(default_factory=dict)
    usd_candles: tuple[MarketKind, ...] = ()
    normaliser: Normaliser | None = None
    subscription: Subscription | None = None
    backfill: Backfill | None = None
    pager: Pager | None = None
    spot_positions: bool = False


_SPOT, _LINEAR, _INVERSE = MarketKind.SPOT, MarketKind.LINEAR, MarketKind.INVERSE

DIALECTS: Mapping[str, Dialect] = {
    "okx": Dialect(
        market_types=["spot", "swap", "future"],
        tickers=(TickerCall((_SPOT,), {"type": "spot"}), TickerCall((_LINEAR, _INVERSE), {"type": "swap"})),
        page=300,
        coin_volumes={_LINEAR: "volCcy24h", _INVERSE: "volCcy24h"},
        normaliser=okx.rows,
        subscription=subscriptions.OKX,
    ),
    "binance": Dialect(
        market_types=["spot"],
        tickers=(TickerCall((_SPOT,), {"type": "spot"}),),
        page=1000,
    ),
    "binanceusdm": Dialect(
        market_types=["linear"],
        tickers=(TickerCall((_LINEAR,), {}),),
        page=1000,
        normaliser=binance.rows,
        subscription=subscriptions.BINANCE_USDM,
    ),
    "binancecoinm": Dialect(
        market_types=["inverse"],
        tickers=(),
        page=1000,
        normaliser=binance.rows,
        subscription=subscriptions.BINANCE_COINM,
    ),
    "deribit": Dialect(
        market_types=[],
        market_params={"currency": "any", "kind": "future"},
        tickers=(),
        page=1000,
        normaliser=deribit.rows,
        subscription=subscriptions.DERIBIT,
        backfill=deribit_trades,
    ),
    "bybit": Dialect(
        market_types=["spot", "linear", "inverse"],
        tickers=(
            TickerCall((_SPOT,), {"type": "spot"}),
            TickerCall((_LINEAR,), {"type": "swap", "subType": "linear"}),
            TickerCall((_INVERSE,), {"type": "swap", "subType": "inverse"}),
        ),
        page=1000,
        funding_params={"type": "swap", "subType": "linear"},
        interest_field="openInterestValue",
        coin_volumes={_INVERSE: "turnover24h"},
        usd_candles=(_INVERSE,),
        normaliser=bybit.rows,
        subscription=subscriptions.BYBIT,
    ),
    "htx": Dialect(
        market_types={"spot": True, "linear": True, "inverse": False},
        tickers=(
            TickerCall((_SPOT,), {"type": "spot"}),
            TickerCall((_LINEAR,), {"type": "swap", "subType": "linear"}),
        ),
        page=1000,
        normaliser=htx.rows,
        pager=HtxPager(),
    ),
    "kraken": Dialect(
        market_types=["spot"],
        tickers=(TickerCall((_SPOT,), {}),),
        page=720,
    ),
    "gate": Dialect(
        market_types=["swap"],
        tickers=(),
        page=0,
        normaliser=gate.rows,
        pager=GatePager(),
    ),
    "bitfinex": Dialect(
        market_types=None,
        tickers=(),
        page=0,
        normaliser=bitfinex.rows,
        pager=BitfinexPager(),
        spot_positions=True,
    ),
}


def is_priced(exchange: str) -> bool:
    """Whether an exchange is a source of prices, not of liquidations alone; one that nobody knows counts as one."""
    dialect = DIALECTS.get(exchange)
    return dialect is None or bool(dialect.tickers)
