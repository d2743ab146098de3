"""Deribit: instruments, the trades history, and the trades of all futures on a socket, forced ones flagged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from tests.loopback.coins import EXPIRY_MS, Listed
from tests.loopback.forced import Forced
from tests.loopback.market import Market
from tests.loopback.venue import Query, Reply, Socket, Venue, plain

ALL_TRADES = "trades.future.any.100ms"
_PAGE, _MOST = 10, 1000
_CURRENCIES = ("BTC", "ETH", "USDC", "USDT", "EURR")
_ROOT = "/api/v2/public/"


class Deribit(Venue):
    """The inverse BTC and ETH perpetuals, a dated future, and linear ones against USDC.

    Each forced order is one trade whose taker was liquidated. `flag` says it another way: M, the maker was, and the
    direction is the other side's.
    """

    name = "deribit"

    def __init__(self, market: Market) -> None:
        super().__init__(market)
        self.trades: list[dict[str, object]] = []
        self.flag = "T"

    def listing(self) -> Iterable[Listed]:
        """Perpetuals and a future."""
        for name in ("BTC", "ETH"):
            yield Listed(f"{name}-PERPETUAL", name, "USD", "inverse", "10" if name == "BTC" else "1")
        yield Listed("BTC-27DEC30", "BTC", "USD", "inverse", "10", dated=True)
        for coin in self.market.common_coins:
            yield Listed(f"{coin.name}_USDC-PERPETUAL", coin.name, "USDC", "linear", "0.0001")

    def rest(self, path: str, query: Query) -> Reply:
        """Errors come with HTTP 400 and a code, as there."""
        match path.removeprefix(_ROOT):
            case "get_instruments":
                wanted = self.listed if query.get("kind", "future") == "future" else ()
                return self._result([self._instrument(one) for one in wanted])
            case "get_last_trades_by_currency_and_time":
                return self._history(query)
        return Reply({"jsonrpc": "2.0", "error": {"message": "Method not found", "code": -32601}}, 400)

    def empty(self, path: str) -> object:
        """No rows."""
        return {"jsonrpc": "2.0", "result": {"trades": [], "has_more": False} if "trades" in path else []}

    def refusal(self, status: int) -> object:
        """Deribit's code for too many requests; the rest are plain pages."""
        if status == 429:
            return {"jsonrpc": "2.0", "error": {"message": "too_many_requests", "code": 10028}}
        return "<html><body><h1>Forbidden</h1></body></html>"

    async def received(self, socket: Socket, text: str) -> None:
        """public/subscribe: the answer names the channels that were taken, those it does not know are left out."""
        try:
            message = json.loads(text)
            number, method, params = message["id"], message["method"], message["params"]
        except (ValueError, KeyError, TypeError):
            await socket.send({"jsonrpc": "2.0", "error": {"message": "Invalid Request", "code": -32600}})
            return
        if socket.silent:
            return
        if method != "public/subscribe":
            await socket.send(
                {"jsonrpc": "2.0", "id": number, "error": {"message": "Method not found", "code": -32601}}
            )
            return
        taken = [name for name in params["channels"] if name in (ALL_TRADES, "deribit_price_index.btc_usd")]
        socket.topics.update({name: name for name in taken})
        await socket.send({"jsonrpc": "2.0", "id": number, "result": taken, "usIn": 1, "usOut": 2, "usDiff": 1})

    async def pulse(self, sockets: Iterable[Socket]) -> None:
        """The index, and a trade that is nobody's liquidation."""
        one, price = self.by_id["BTC-PERPETUAL"], self.market.last("BTC", self.name)
        for socket in sockets:
            if "deribit_price_index.btc_usd" in socket.topics:
                data: object = {"timestamp": self.now(), "price": price, "index_name": "btc_usd"}
                await socket.send(_notice("deribit_price_index.btc_usd", data))
            if ALL_TRADES in socket.topics:
                await socket.send(_notice(ALL_TRADES, [self._trade(one, "buy", price, 10.0, self.now())]))

    async def push(self, sockets: Iterable[Socket], rows: list[Forced]) -> list[object]:
        """One message for all rows."""
        made = []
        for row in rows:
            one = self.find(row.coin, row.kind, row.quote, row.dated)
            seller = (row.side == "long") == (self.flag == "T")
            stamp = row.ts_ms if row.ts_ms is not None else self.now()
            trade = self._trade(one, "sell" if seller else "buy", row.price, row.size, stamp)
            made.append(trade | {"liquidation": self.flag})
            self.trades.append(made[-1])
        payload = _notice(ALL_TRADES, made)
        for socket in sockets:
            if ALL_TRADES in socket.topics:
                await socket.send(payload)
        return [payload]

    def _trade(self, one: Listed, direction: str, price: float, amount: float, stamp: int) -> dict[str, object]:
        """`amount` is in USD for inverse contracts, in coins for linear ones."""
        number = len(self.trades) + 1
        return {
            "trade_seq": number,
            "trade_id": f"{one.coin}-{number}",
            "timestamp": stamp,
            "tick_direction": 2,
            "price": price,
            "mark_price": price,
            "instrument_name": one.id,
            "index_price": price,
            "direction": direction,
            "contracts": float(plain(amount / float(one.size))),
            "amount": amount,
        }

    def _history(self, query: Query) -> Reply:
        """Trades of the instruments that settle in a currency, oldest first when asked so."""
        currency = query.get("currency", "")
        if currency not in _CURRENCIES:
            return Reply({"jsonrpc": "2.0", "error": {"message": "Invalid params", "code": -32602}}, 400)
        start, end = int(query["start_timestamp"]), int(query["end_timestamp"])
        rows = [row for row in self.trades if self._settles(row) == currency and start <= _stamp(row) <= end]
        rows.sort(key=_stamp, reverse=query.get("sorting") != "asc")
        count = min(int(query.get("count") or _PAGE), _MOST)
        return self._result({"trades": rows[:count], "has_more": len(rows) > count})

    def _settles(self, row: dict[str, object]) -> str:
        one = self.by_id[str(row["instrument_name"])]
        return one.coin if one.kind == "inverse" else one.quote

    def _instrument(self, one: Listed) -> dict[str, object]:
        inverse = one.kind == "inverse"
        return {
            "tick_size": 10 ** -self.market.decimals(one.coin),
            "taker_commission": 0.0005,
            "settlement_period": "month" if one.dated else "perpetual",
            "settlement_currency": one.coin if inverse else one.quote,
            "quote_currency": one.quote,
            "min_trade_amount": float(one.size),
            "max_liquidation_commission": 0.0075,
            "max_leverage": 50,
            "maker_commission": 0.0,
            "kind": "future",
            "is_active": True,
            "instrument_name": one.id,
            "instrument_type": "reversed" if inverse else "linear",
            "expiration_timestamp": EXPIRY_MS if one.dated else 32_503_708_800_000,
            "creation_timestamp": 1_534_242_287_000,
            "counter_currency": one.quote,
            "contract_size": float(one.size),
            "block_trade_commission": 0.0001,
            "base_currency": one.coin,
        }

    def _result(self, result: object) -> Reply:
        return Reply({"jsonrpc": "2.0", "result": result, "usIn": 1, "usOut": 2, "usDiff": 1, "testnet": False})


def _notice(channel: str, data: object | Sequence[object]) -> dict[str, object]:
    return {"jsonrpc": "2.0", "method": "subscription", "params": {"channel": channel, "data": data}}


def _stamp(row: dict[str, object]) -> int:
    return int(str(row["timestamp"]))
