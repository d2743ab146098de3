"""Bybit v5: public REST and the `allLiquidation` topics."""

from __future__ import annotations

import json
from collections.abc import Iterable

from tests.loopback.coins import EXPIRY_MS, Listed
from tests.loopback.forced import Forced
from tests.loopback.market import Market
from tests.loopback.venue import Query, Reply, Socket, Venue, plain

_INTERVALS = {"1": 1, "3": 3, "5": 5, "15": 15, "30": 30, "60": 60, "120": 120, "240": 240, "360": 360, "720": 720}
_INTERVALS |= {"D": 1440, "W": 10_080}
_KINDS = ("spot", "linear", "inverse")
SPOT_ARGS = 10
LINEAR_CHARACTERS = 21_000


class Bybit(Venue):
    """Spot and linear perpetuals against USDT, and the inverse BTCUSD."""

    name = "bybit"

    def __init__(self, market: Market) -> None:
        super().__init__(market)
        self.by_kind = {(one.kind, one.id): one for one in self.listed}

    def listing(self) -> Iterable[Listed]:
        """Spot and linear share their ids."""
        for coin in self.market.common_coins:
            yield Listed(f"{coin.name}USDT", coin.name, "USDT", "spot")
            yield Listed(f"{coin.name}USDT", coin.name, "USDT", "linear")
        for stock in self.market.stocks:
            yield Listed(f"{stock.name}USDT", stock.name, "USDT", "spot")
        yield Listed("BTCUSD", "BTC", "USD", "inverse", "1")
        yield Listed("BTCUSDT-27DEC30", "BTC", "USDT", "linear", dated=True)
        yield Listed("BTCUSDZ30", "BTC", "USD", "inverse", "1", dated=True)

    def rest(self, path: str, query: Query) -> Reply:
        """`/v5/market/...`; errors come with HTTP 200 and a retCode, as there."""
        kind = query.get("category", "")
        wanted = [one for one in self.listed if one.kind == kind and query.get("symbol", one.id) == one.id]
        if "symbol" in query and not wanted:
            return self._result({}, 10001, "params error: symbol invalid")
        match path.removeprefix("/v5/market/"):
            case "instruments-info":
                rows = [] if query.get("status") == "PreLaunch" else [self._instrument(one) for one in wanted]
                return self._result({"category": kind, "list": rows, "nextPageCursor": ""})
            case "tickers":
                return self._result({"category": kind, "list": [self._ticker(one) for one in wanted]})
            case "kline":
                return self._kline(wanted[0], query) if wanted else self._result({}, 10001, "params error")
            case "open-interest":
                return self._interest(wanted[0], query) if wanted else self._result({}, 10001, "params error")
            case "time":
                return self._result({"timeSecond": str(self.now() // 1000), "timeNano": str(self.now() * 1_000_000)})
        return Reply("", 404, content_type="text/plain")

    def empty(self, path: str) -> object:
        """No rows."""
        return {
            "retCode": 0,
            "retMsg": "OK",
            "result": {"category": "", "list": []},
            "retExtInfo": {},
            "time": self.now(),
        }

    def refusal(self, status: int) -> object:
        """Bybit's body for too many visits; the rest of its refusals are plain pages."""
        if status == 429:
            return {"retCode": 10006, "retMsg": "Too many visits!", "result": {}, "retExtInfo": {}, "time": self.now()}
        if status in {403, 451}:
            words = "The Amazon CloudFront distribution is configured to block access from your country."
            return f"<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD>{words}</HTML>"
        return {"retCode": 10016, "retMsg": "Server error.", "result": {}, "retExtInfo": {}, "time": self.now()}

    async def received(self, socket: Socket, text: str) -> None:
        """ping, subscribe, unsubscribe: one answer to each message, all its topics or none."""
        try:
            message = json.loads(text)
            op, args, req = message["op"], message.get("args", []), str(message.get("req_id", ""))
        except (ValueError, KeyError, TypeError):
            await socket.send(
                {"success": False, "ret_msg": "error:invalid request", "conn_id": "c1", "req_id": "", "op": ""}
            )
            return
        if op == "ping":
            await socket.send({"success": True, "ret_msg": "pong", "conn_id": "c1", "req_id": req, "op": "ping"})
            return
        if socket.silent:
            return
        problem = self._problem(socket, args) if op == "subscribe" else ""
        if not problem:
            for topic in args:
                if op == "subscribe":
                    socket.topics[topic] = topic.rpartition(".")[2]
                else:
                    socket.topics.pop(topic, None)
        reply = {"success": not problem, "ret_msg": problem or op, "conn_id": "c1", "req_id": req, "op": op}
        await socket.send(reply)

    async def push(self, sockets: Iterable[Socket], rows: list[Forced]) -> list[object]:
        """One message for each instrument with its rows. `S` is the POSITION's side: Buy = a long was liquidated."""
        grouped: dict[tuple[str, str], list[Forced]] = {}
        for row in rows:
            one = self.find(row.coin, row.kind, row.quote, row.dated)
            grouped.setdefault((one.kind, one.id), []).append(row)
        sent: list[object] = []
        for (kind, name), group in grouped.items():
            topic = f"allLiquidation.{name}"
            data = [
                {
                    "T": row.ts_ms if row.ts_ms is not None else self.now(),
                    "s": name,
                    "S": "Buy" if row.side == "long" else "Sell",
                    "v": plain(row.size),
                    "p": plain(row.price),
                }
                for row in group
            ]
            payload = {"topic": topic, "type": "snapshot", "ts": self.now(), "data": data}
            sent.append(payload)
            for socket in sockets:
                if topic in socket.topics and socket.path.endswith(f"/{kind}"):
                    await socket.send(payload)
        return sent

    async def pulse(self, sockets: Iterable[Socket]) -> None:
        """Tickers."""
        for socket in sockets:
            for topic in [topic for topic in socket.topics if topic.startswith("tickers.")]:
                one = self.by_kind[socket.path.rpartition("/")[2], topic.partition(".")[2]]
                data = {"symbol": one.id, "lastPrice": self.money(one.coin, self.market.last(one.coin, self.name))}
                await socket.send({"topic": topic, "type": "delta", "ts": self.now(), "cs": 1, "data": data})

    def _problem(self, socket: Socket, args: list[str]) -> str:
        """Why Bybit refuses these topics; empty when it takes them."""
        kind = socket.path.rpartition("/")[2]
        if kind == "spot" and len(args) > SPOT_ARGS:
            return "args size >10"
        if sum(map(len, socket.topics)) + sum(map(len, args)) > LINEAR_CHARACTERS:
            return f"error:args length over {LINEAR_CHARACTERS} characters"
        for topic in args:
            channel, _, name = topic.partition(".")
            if channel not in {"allLiquidation", "tickers"} or (kind, name) not in self.by_kind:
                return f"error:handler not found,topic:{topic}"
            if topic in socket.topics:
                return f"error:already subscribed,topic:{topic}"
            if kind == "spot" and channel == "allLiquidation":
                return f"error:handler not found,topic:{topic}"
        return ""

    def _result(self, result: dict[str, object], code: int = 0, message: str = "OK") -> Reply:
        return Reply({"retCode": code, "retMsg": message, "result": result, "retExtInfo": {}, "time": self.now()})

    def _instrument(self, one: Listed) -> dict[str, object]:
        tick = plain(10 ** -self.market.decimals(one.coin))
        common: dict[str, object] = {
            "symbol": one.id,
            "baseCoin": one.coin,
            "quoteCoin": one.quote,
            "status": "Trading",
        }
        if one.kind == "spot":
            lots = {
                "basePrecision": "0.000001",
                "quotePrecision": "0.00000001",
                "minOrderQty": "0.00001",
                "maxOrderQty": "10000",
                "minOrderAmt": "1",
                "maxOrderAmt": "4000000",
            }
            more: dict[str, object] = {
                "innovation": "0",
                "marginTrading": "both",
                "lotSizeFilter": lots,
                "priceFilter": {"tickSize": tick},
            }
            return common | more
        least = "1" if one.kind == "inverse" else "0.001"
        return common | {
            "contractType": one.kind.title() + ("Futures" if one.dated else "Perpetual"),
            "launchTime": "1585526400000",
            "deliveryTime": str(EXPIRY_MS if one.dated else 0),
            "deliveryFeeRate": "",
            "priceScale": str(self.market.decimals(one.coin)),
            "leverageFilter": {"minLeverage": "1", "maxLeverage": "100.00", "leverageStep": "0.01"},
            "priceFilter": {"minPrice": tick, "maxPrice": "1999999.80", "tickSize": tick},
            "lotSizeFilter": {
                "maxOrderQty": "1190.000",
                "minOrderQty": least,
                "qtyStep": least,
                "postOnlyMaxOrderQty": "1190.000",
                "maxMktOrderQty": "500.000",
                "minNotionalValue": "5",
            },
            "unifiedMarginTrade": True,
            "fundingInterval": 480,
            "settleCoin": one.coin if one.kind == "inverse" else one.quote,
            "copyTrading": "both",
            "upperFundingRate": "0.00375",
            "lowerFundingRate": "-0.00375",
            "isPreListing": False,
        }

    def _ticker(self, one: Listed) -> dict[str, str]:
        day = self.market.day(one.coin, self.name)
        price, inverse = self.money(one.coin, day.last), one.kind == "inverse"
        usd = plain(round(day.volume * day.last, 2))
        row = {
            "symbol": one.id,
            "bid1Price": self.money(one.coin, day.last * 0.99995),
            "bid1Size": "2.5",
            "ask1Price": self.money(one.coin, day.last * 1.00005),
            "ask1Size": "1.75",
            "lastPrice": price,
            "prevPrice24h": self.money(one.coin, day.open),
            "price24hPcnt": f"{day.last / day.open - 1:.6f}",
            "highPrice24h": self.money(one.coin, day.high),
            "lowPrice24h": self.money(one.coin, day.low),
            "turnover24h": plain(round(day.volume, 4)) if inverse else usd,
            "volume24h": usd if inverse else plain(round(day.volume, 4)),
        }
        if one.kind == "spot":
            return row | {"usdIndexPrice": price}
        coins = self.market.open_interest(one.coin, self.name)
        worth = plain(round(coins * day.last, 2))
        return row | {
            "indexPrice": price,
            "markPrice": price,
            "prevPrice1h": price,
            "openInterest": worth if inverse else plain(coins),
            "openInterestValue": plain(coins) if inverse else worth,
            "fundingRate": plain(self.market.funding(one.coin, self.name)),
            "nextFundingTime": str(self.market.funding_ms()),
            "predictedDeliveryPrice": "",
            "basisRate": "",
            "deliveryFeeRate": "",
            "deliveryTime": "0",
        }

    def _kline(self, one: Listed, query: Query) -> Reply:
        minutes = _INTERVALS.get(query.get("interval", ""))
        if minutes is None:
            return self._result({}, 10001, "params error: interval invalid")
        length, limit = minutes * 60_000, min(int(query.get("limit") or 200), 1000)
        end = int(query.get("end") or self.now()) + 1
        start = int(query["start"]) if "start" in query else end - (limit + 1) * length
        bars = self.market.bars(one.coin, self.name, length, start, end)
        bars = bars[:limit] if "start" in query and "end" not in query else bars[-limit:]
        rows = []
        for bar in reversed(bars):
            coins, usd = plain(bar.volume), plain(round(bar.volume * bar.close, 2))
            prices = [self.money(one.coin, value) for value in (bar.open, bar.high, bar.low, bar.close)]
            rows.append([str(bar.open_ms), *prices, *((usd, coins) if one.kind == "inverse" else (coins, usd))])
        return self._result({"symbol": one.id, "category": one.kind, "list": rows})

    def _interest(self, one: Listed, query: Query) -> Reply:
        coins, price = self.market.open_interest(one.coin, self.name), self.market.last(one.coin, self.name)
        amount = coins * price if one.kind == "inverse" else coins
        stamp = self.now() // 3_600_000 * 3_600_000
        row = {"openInterest": f"{amount:.8f}", "timestamp": str(stamp)}
        return self._result({"symbol": one.id, "category": one.kind, "list": [row], "nextPageCursor": ""})
