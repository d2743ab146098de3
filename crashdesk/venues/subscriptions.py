"""How each venue's liquidation socket is subscribed, in the venue's own words. Data and small pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crashdesk.model.records import MarketKind

Exchange = Any
"""A ccxt.pro instance."""
Message = Mapping[str, object]
_LIQUIDATIONS = "liquidation-orders"


@dataclass(frozen=True, slots=True)
class Line:
    """One of a venue's connections. `topics` cover all contracts of `kind`; without any, each contract has its own.

    `steady` is a topic that speaks every few seconds whatever the market does: its silence tells a connection that is
    frozen behind answered pings from one without liquidations.
    """

    kind: MarketKind
    steady: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a venue is told, and how its liquidation messages are known.

    `message` makes the request of some topics with a number. A request is accepted as one, or each of its topics is
    (`answers_each`). A contract's own topic is `prefix` + its id; at most `batch` topics go into a request, and at most
    `characters` of them on one connection.
    """

    lines: tuple[Line, ...]
    url: Callable[[Exchange, MarketKind], str]
    message: Callable[[int, Sequence[str]], dict[str, object]]
    picks: Callable[[Message], bool]
    prefix: str = ""
    answers_each: bool = False
    batch: int = 100
    characters: int = 1_000_000


def _okx_url(exchange: Exchange, _: MarketKind) -> str:
    return str(exchange.get_url(_LIQUIDATIONS, "public"))


def _okx_message(number: int, topics: Sequence[str]) -> dict[str, object]:
    """A topic is `channel:name`; the liquidation channel takes types of instruments, the others instruments."""
    args = []
    for topic in topics:
        channel, _, name = topic.partition(":")
        args.append({"channel": channel, "instType" if channel == _LIQUIDATIONS else "instId": name})
    return {"op": "subscribe", "args": args}


def _okx_picks(message: Message) -> bool:
    arg = message.get("arg")
    return isinstance(arg, dict) and arg.get("channel") == _LIQUIDATIONS and "data" in message


def _binance_url(exchange: Exchange, kind: MarketKind) -> str:
    """ccxt numbers its connections behind `/ws`."""
    return str(exchange.get_ws_url(kind.value, exchange.get_future_ws_category("forceOrder"))) + "/0"


def _binance_message(number: int, topics: Sequence[str]) -> dict[str, object]:
    return {"method": "SUBSCRIBE", "params": list(topics), "id": number}


def _binance_picks(message: Message) -> bool:
    body = message.get("data", message)
    return isinstance(body, dict) and body.get("e") == "forceOrder"


def _bybit_url(exchange: Exchange, kind: MarketKind) -> str:
    return str(exchange.implode_hostname(exchange.urls["api"]["ws"]["public"][kind.value]))


def _bybit_message(number: int, topics: Sequence[str]) -> dict[str, object]:
    return {"op": "subscribe", "req_id": str(number), "args": list(topics)}


def _bybit_picks(message: Message) -> bool:
    topic = message.get("topic")
    return isinstance(topic, str) and topic.startswith("allLiquidation.")


def _deribit_url(exchange: Exchange, _: MarketKind) -> str:
    return str(exchange.urls["api"]["ws"])


def _deribit_message(number: int, topics: Sequence[str]) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": number, "method": "public/subscribe", "params": {"channels": list(topics)}}


def _deribit_picks(message: Message) -> bool:
    params = message.get("params")
    channel = params.get("channel") if isinstance(params, dict) else None
    return isinstance(channel, str) and channel.startswith("trades.")


OKX = Subscription(
    lines=(Line(MarketKind.LINEAR, "mark-price:BTC-USDT-SWAP", (f"{_LIQUIDATIONS}:SWAP", f"{_LIQUIDATIONS}:FUTURES")),),
    url=_okx_url,
    message=_okx_message,
    picks=_okx_picks,
    answers_each=True,
)
BINANCE_USDM = Subscription(
    lines=(Line(MarketKind.LINEAR, "btcusdt@markPrice", ("!forceOrder@arr",)),),
    url=_binance_url,
    message=_binance_message,
    picks=_binance_picks,
)
BINANCE_COINM = Subscription(
    lines=(Line(MarketKind.INVERSE, "btcusd_perp@markPrice", ("!forceOrder@arr",)),),
    url=_binance_url,
    message=_binance_message,
    picks=_binance_picks,
)
BYBIT = Subscription(
    lines=(Line(MarketKind.LINEAR, "tickers.BTCUSDT"), Line(MarketKind.INVERSE, "tickers.BTCUSD")),
    url=_bybit_url,
    message=_bybit_message,
    picks=_bybit_picks,
    prefix="allLiquidation.",
    characters=18_000,
)
"""The venue takes 21,000 characters of topics on one connection (API v5 documentation, "Connect")."""
DERIBIT = Subscription(
    lines=(Line(MarketKind.INVERSE, "deribit_price_index.btc_usd", ("trades.future.any.100ms",)),),
    url=_deribit_url,
    message=_deribit_message,
    picks=_deribit_picks,
)
