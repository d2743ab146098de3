"""Binance: spot, USD-M and a little COIN-M, REST and the `forceOrder` streams."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from decimal import Decimal

from tests.loopback.binance_rows import BinanceRows
from tests.loopback.coins import Listed
from tests.loopback.forced import Forced
from tests.loopback.market import Market
from tests.loopback.venue import Query, Reply, Socket, contracts, plain

_TURN = 500
_ROOTS = {"/api/v3/": "spot", "/fapi/v1/": "linear", "/fapi/v2/": "linear", "/dapi/v1/": "inverse"}


class Binance(BinanceRows):
    """The spot host and the futures host serve the same, so that either ccxt class finds all it asks for."""

    def __init__(self, market: Market, name: str) -> None:
        self.name = name
        super().__init__(market)

    def listing(self) -> Iterable[Listed]:
        """Spot and USD-M share their ids."""
        for coin in self.market.coins:
            if coin.stock:
                continue
            if not coin.binance_only:
                yield Listed(f"{coin.name}USDT", coin.name, "USDT", "spot")
            for quote in coin.binance_quotes:
                yield Listed(f"{coin.name}{quote}", coin.name, quote, "linear")
        yield Listed("BTCUSD_PERP", "BTC", "USD", "inverse", "100")
        yield Listed("BTCUSDT_301227", "BTC", "USDT", "linear", dated=True)
        yield Listed("BTCUSD_301227", "BTC", "USD", "inverse", "100", dated=True)

    def rest(self, path: str, query: Query) -> Reply:
        """`/api/v3/`, `/fapi/v1/`, `/dapi/v1/`."""
        for root, kind in _ROOTS.items():
            if path.startswith(root):
                return self._answer(kind, path.removeprefix(root), query)
        return Reply("<html><body><h2>404 Not found</h2></body></html>", 404, content_type="text/html")

    def empty(self, path: str) -> object:
        """No rows."""
        return {"symbols": []} if "exchangeInfo" in path else []

    def refusal(self, status: int) -> object:
        """Binance's codes and words."""
        if status == 451:
            words = "Service unavailable from a restricted location according to 'b. Eligibility' in the terms."
            return {"code": 0, "msg": words}
        if status == 429:
            return {
                "code": -1003,
                "msg": "Too many requests; current limit of IP(127.0.0.1) is 2400 requests per minute.",
            }
        if status == 403:
            return "<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>"
        return {"code": -1001, "msg": "Internal error; unable to process your request. Please try again."}

    async def received(self, socket: Socket, text: str) -> None:
        """SUBSCRIBE and UNSUBSCRIBE."""
        try:
            message = json.loads(text)
            method, params, number = message["method"], message["params"], message["id"]
        except (ValueError, KeyError, TypeError):
            await socket.send({"error": {"code": 3, "msg": "Invalid JSON: expected value at line 1 column 1"}})
            return
        if socket.silent:
            return
        for topic in params:
            if method == "SUBSCRIBE":
                socket.topics[topic] = topic
            else:
                socket.topics.pop(topic, None)
        await socket.send({"result": None, "id": number})

    async def push(self, sockets: Iterable[Socket], rows: list[Forced]) -> list[object]:
        """One message for each row, as there. `S` is the side of the ORDER: SELL = a long was liquidated."""
        payloads: list[object] = []
        for row in rows:
            one = self.find(row.coin, row.kind, row.quote, row.dated)
            payloads.append(self.frame(one, row))
        await self.push_orders(sockets, payloads)
        return payloads

    async def push_orders(self, sockets: Iterable[Socket], payloads: Iterable[object]) -> None:
        """Sends raw `forceOrder` payloads to those who subscribed: bare on `/ws`, wrapped on `/stream`."""
        listening = list(sockets)
        for number, payload in enumerate(payloads):
            if number % _TURN == _TURN - 1:
                await asyncio.sleep(0)  # a reader in the same loop gets a turn
            order = payload["o"]  # type: ignore[index]
            kind = "inverse" if order["s"].partition("_")[0].endswith("USD") else "linear"
            one_stream = f"{order['s'].lower()}@forceOrder"
            for socket in listening:
                if (kind == "linear") != ("/market/" in socket.path):
                    continue
                for topic in ("!forceOrder@arr", one_stream):
                    if topic in socket.topics:
                        combined = "/stream" in socket.path
                        await socket.send({"stream": topic, "data": payload} if combined else payload)

    async def pulse(self, sockets: Iterable[Socket]) -> None:
        """Mark prices."""
        for socket in sockets:
            for topic in [topic for topic in socket.topics if "@markPrice" in topic]:
                name = topic.partition("@")[0].upper()
                price = self.price(self.by_id[name])
                row = {"e": "markPriceUpdate", "E": self.now(), "s": name, "p": price, "P": price, "T": self.now()}
                await socket.send({"stream": topic, "data": row} if "/stream" in socket.path else row)

    def frame(self, one: Listed, row: Forced) -> dict[str, object]:
        """A `forceOrder` event: `z` is the filled total, `l` only the last fill."""
        total = contracts(row, one.size)
        last = max(Decimal(1).scaleb(-3), (total * Decimal(str(row.last_fill))).quantize(Decimal("0.001")))
        stamp = row.ts_ms if row.ts_ms is not None else self.now()
        order = {
            "s": one.id,
            "S": row.order_side.upper(),
            "o": "LIMIT",
            "f": "IOC",
            "q": plain(total),
            "p": plain(round(row.price * 0.996, 8)),
            "ap": plain(row.price),
            "X": "FILLED",
            "l": plain(min(last, total)),
            "z": plain(total),
            "T": stamp,
        }
        if one.kind == "inverse":
            order["ps"] = one.id.partition("_")[0]
        return {"e": "forceOrder", "E": stamp + 900, "o": order}

    def _answer(self, kind: str, what: str, query: Query) -> Reply:
        wanted = self._wanted(kind, query)
        if not wanted:
            return Reply({"code": -1121, "msg": "Invalid symbol."}, 400)
        single = "symbol" in query and kind != "inverse"
        rows = {"ticker/24hr": self.ticker, "ticker/price": self.ticker_price}
        if kind != "spot":
            rows["premiumIndex"] = self.premium
        if what in rows:
            made = [rows[what](one) for one in wanted]
            return Reply(made[0] if single else made)
        if what == "exchangeInfo":
            return Reply(self.exchange_info(kind, wanted))
        if what == "time":
            return Reply({"serverTime": self.now()})
        if what == "klines" or (what == "openInterest" and kind != "spot"):
            if "symbol" not in query:
                return _MISSING
            return self.klines(wanted[0], query) if what == "klines" else Reply(self.interest(wanted[0]))
        return Reply("<html><body><h2>404 Not found</h2></body></html>", 404, content_type="text/html")

    def _wanted(self, kind: str, query: Query) -> list[Listed]:
        """The markets that the query names, all without one, none when a name is unknown."""
        wanted = [one for one in self.listed if one.kind == kind]
        if "symbol" in query:
            return [one for one in wanted if one.id == query["symbol"]]
        if "symbols" in query:
            names = set(json.loads(query["symbols"]))
            wanted = [one for one in wanted if one.id in names]
            return wanted if len(wanted) == len(names) else []
        return wanted


_MISSING = Reply(
    {"code": -1102, "msg": "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."}, 400
)
