"""Binance: spot, USD-M and a little COIN-M, REST and the `forceOrder` streams."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal

from tests.loopback.coins import Listed
from tests.loopback.forced import Forced
from tests.loopback.venue import Query, Reply, Socket, Venue, contracts, plain

_UNITS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_ROOTS = {"/api/v3/": "spot", "/fapi/v1/": "linear", "/fapi/v2/": "linear", "/dapi/v1/": "inverse"}
_DEFAULT_PAGE, _SPOT_PAGE, _FUTURES_PAGE = 500, 1000, 1500


class Binance(Venue):
    """The host of the spot exchange and that of the futures serve the same, so that either ccxt class finds all it asks for."""

    def __init__(self, market: object, name: str) -> None:
        self.name = name
        super().__init__(market)  # type: ignore[arg-type]
        self.by_kind = {(one.kind, one.id): one for one in self.listed}

    def listing(self) -> Iterable[Listed]:
        """Spot and USD-M share their ids."""
        for coin in self.market.coins:
            if not coin.binance_only:
                yield Listed(f"{coin.name}USDT", coin.name, "USDT", "spot")
            for quote in coin.binance_quotes:
                yield Listed(f"{coin.name}{quote}", coin.name, quote, "linear")
        yield Listed("BTCUSD_PERP", "BTC", "USD", "inverse", "100")

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
            return "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center></body></html>"
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
            one = self.find(row.coin, row.kind, row.quote)
            payloads.append(self.frame(one, row))
        await self.push_orders(sockets, payloads)
        return payloads

    async def push_orders(self, sockets: Iterable[Socket], payloads: Iterable[object]) -> None:
        """Sends raw `forceOrder` payloads to those who subscribed: bare on `/ws`, wrapped on `/stream`."""
        listening = list(sockets)
        for payload in payloads:
            order = payload["o"]  # type: ignore[index]
            kind = "inverse" if order["s"].endswith("_PERP") else "linear"
            one_stream = f"{order['s'].lower()}@forceOrder"
            for socket in listening:
                if (kind == "linear") != ("/market/" in socket.path):
                    continue
                for topic in ("!forceOrder@arr", one_stream):
                    if topic in socket.topics:
                        combined = "/stream" in socket.path
                        await socket.send({"stream": topic, "data": payload} if combined else payload)

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
            order["ps"] = one.id.removesuffix("_PERP")
        return {"e": "forceOrder", "E": stamp + 900, "o": order}

    def _answer(self, kind: str, what: str, query: Query) -> Reply:
        wanted = [one for one in self.listed if one.kind == kind]
        if "symbol" in query:
            wanted = [one for one in wanted if one.id == query["symbol"]]
        if "symbols" in query:
            names = set(json.loads(query["symbols"]))
            wanted = [one for one in wanted if one.id in names]
            if len(wanted) != len(names):
                wanted = []
        if not wanted and ("symbol" in query or "symbols" in query):
            return Reply({"code": -1121, "msg": "Invalid symbol."}, 400)
        single = "symbol" in query and kind != "inverse"
        match what:
            case "exchangeInfo":
                return Reply(self._exchange_info(kind, wanted))
            case "ticker/24hr":
                rows = [self._ticker(one) for one in wanted]
                return Reply(rows[0] if single else rows)
            case "ticker/price":
                prices = [{"symbol": one.id, "price": self._price(one), "time": self.now()} for one in wanted]
                return Reply(prices[0] if single else prices)
            case "klines":
                return self._klines(wanted[0], query) if "symbol" in query else _MISSING
            case "premiumIndex" if kind != "spot":
                rates = [self._premium(one) for one in wanted]
                return Reply(rates[0] if single else rates)
            case "openInterest" if kind != "spot":
                return Reply(self._interest(wanted[0])) if "symbol" in query else _MISSING
            case "time":
                return Reply({"serverTime": self.now()})
        return Reply("<html><body><h2>404 Not found</h2></body></html>", 404, content_type="text/html")

    def _exchange_info(self, kind: str, wanted: list[Listed]) -> dict[str, object]:
        limits = [{"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 2400}]
        make = self._spot if kind == "spot" else self._future
        head: dict[str, object] = {
            "timezone": "UTC",
            "serverTime": self.now(),
            "rateLimits": limits,
            "exchangeFilters": [],
        }
        return head | {"symbols": [make(one) for one in wanted]}

    def _filters(self, one: Listed) -> list[dict[str, object]]:
        tick = plain(10 ** -self.market.decimals(one.coin))
        step = "1" if one.kind == "inverse" else "0.001"
        return [
            {"filterType": "PRICE_FILTER", "minPrice": tick, "maxPrice": "1000000", "tickSize": tick},
            {"filterType": "LOT_SIZE", "minQty": step, "maxQty": "9000000", "stepSize": step},
            {"filterType": "MARKET_LOT_SIZE", "minQty": step, "maxQty": "90000", "stepSize": step},
        ]

    def _spot(self, one: Listed) -> dict[str, object]:
        return {
            "symbol": one.id,
            "status": "TRADING",
            "baseAsset": one.coin,
            "baseAssetPrecision": 8,
            "quoteAsset": one.quote,
            "quotePrecision": 8,
            "quoteAssetPrecision": 8,
            "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET"],
            "icebergAllowed": True,
            "ocoAllowed": True,
            "isSpotTradingAllowed": True,
            "isMarginTradingAllowed": True,
            "filters": [*self._filters(one), {"filterType": "NOTIONAL", "minNotional": "5", "maxNotional": "9000000"}],
            "permissions": [],
            "permissionSets": [["SPOT", "MARGIN"]],
        }

    def _future(self, one: Listed) -> dict[str, object]:
        inverse = one.kind == "inverse"
        row: dict[str, object] = {
            "symbol": one.id,
            "pair": f"{one.coin}{one.quote}",
            "contractType": "PERPETUAL",
            "deliveryDate": 4_133_404_800_000,
            "onboardDate": 1_569_398_400_000,
            "contractStatus" if inverse else "status": "TRADING",
            "maintMarginPercent": "2.5000",
            "requiredMarginPercent": "5.0000",
            "baseAsset": one.coin,
            "quoteAsset": one.quote,
            "marginAsset": one.coin if inverse else one.quote,
            "pricePrecision": self.market.decimals(one.coin),
            "quantityPrecision": 0 if inverse else 3,
            "baseAssetPrecision": 8,
            "quotePrecision": 8,
            "underlyingType": "COIN",
            "underlyingSubType": ["PoW"],
            "triggerProtect": "0.0500",
            "liquidationFee": "0.012500",
            "marketTakeBound": "0.05",
            "filters": [*self._filters(one), {"filterType": "MIN_NOTIONAL", "notional": "5"}],
            "orderTypes": ["LIMIT", "MARKET"],
            "timeInForce": ["GTC", "IOC", "FOK", "GTX"],
        }
        return row | ({"contractSize": int(one.size)} if inverse else {})

    def _price(self, one: Listed) -> str:
        return self.money(one.coin, self.market.last(one.coin, self.name))

    def _ticker(self, one: Listed) -> dict[str, object]:
        day, now = self.market.day(one.coin, self.name), self.now()
        row: dict[str, object] = {
            "symbol": one.id,
            "priceChange": self.money(one.coin, day.last - day.open),
            "priceChangePercent": f"{(day.last / day.open - 1) * 100:.3f}",
            "weightedAvgPrice": self.money(one.coin, (day.high + day.low) / 2),
            "lastPrice": self.money(one.coin, day.last),
            "lastQty": "0.250",
            "openPrice": self.money(one.coin, day.open),
            "highPrice": self.money(one.coin, day.high),
            "lowPrice": self.money(one.coin, day.low),
            "openTime": now - 86_400_000,
            "closeTime": now,
            "firstId": 1,
            "lastId": 880_000,
            "count": 880_000,
        }
        if one.kind == "inverse":
            usd = plain(round(day.volume * day.last / float(one.size)))
            return row | {"pair": "BTCUSD", "volume": usd, "baseVolume": plain(round(day.volume, 4))}
        row |= {"volume": plain(round(day.volume, 4)), "quoteVolume": plain(round(day.volume * day.last, 2))}
        if one.kind == "spot":
            row |= {
                "prevClosePrice": self.money(one.coin, day.open),
                "bidPrice": self.money(one.coin, day.last * 0.99995),
                "bidQty": "1.5",
                "askPrice": self.money(one.coin, day.last * 1.00005),
                "askQty": "1.25",
            }
        return row

    def _klines(self, one: Listed, query: Query) -> Reply:
        interval = query.get("interval", "")
        unit = _UNITS.get(interval[-1:])
        if unit is None or not interval[:-1].isdigit():
            return Reply({"code": -1120, "msg": "Invalid interval."}, 400)
        length = int(interval[:-1]) * unit
        limit = min(int(query.get("limit") or _DEFAULT_PAGE), _SPOT_PAGE if one.kind == "spot" else _FUTURES_PAGE)
        end = int(query.get("endTime") or self.now()) + 1
        start = int(query["startTime"]) if "startTime" in query else end - (limit + 1) * length
        stop = end if "startTime" not in query else min(end, max(start, self.market.first_ms) + (limit + 1) * length)
        offset = 4 * 86_400_000 if interval == "1w" else 0
        bars = self.market.bars(one.coin, self.name, length, start, stop, offset)
        rows = []
        for bar in bars[:limit] if "startTime" in query else bars[-limit:]:
            prices = [self.money(one.coin, value) for value in (bar.open, bar.high, bar.low, bar.close)]
            coins, usd = plain(bar.volume), plain(round(bar.volume * bar.close, 2))
            first, second = (
                (plain(round(bar.volume * bar.close / 100)), coins) if one.kind == "inverse" else (coins, usd)
            )
            rows.append([bar.open_ms, *prices, first, bar.open_ms + length - 1, second, 1000, first, second, "0"])
        return Reply(rows)

    def _premium(self, one: Listed) -> dict[str, object]:
        price = self._price(one)
        return {
            "symbol": one.id,
            "markPrice": price,
            "indexPrice": price,
            "estimatedSettlePrice": price,
            "lastFundingRate": f"{self.market.funding(one.coin, self.name):.8f}",
            "interestRate": "0.00010000",
            "nextFundingTime": self.market.funding_ms(),
            "time": self.now(),
        } | ({"pair": "BTCUSD"} if one.kind == "inverse" else {})

    def _interest(self, one: Listed) -> dict[str, object]:
        coins, price = self.market.open_interest(one.coin, self.name), self.market.last(one.coin, self.name)
        amount = plain(round(coins * price / 100)) if one.kind == "inverse" else f"{coins:.3f}"
        return {"symbol": one.id, "openInterest": amount, "time": self.now()}


_MISSING = Reply(
    {"code": -1102, "msg": "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."}, 400
)
