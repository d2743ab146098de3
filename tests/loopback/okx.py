"""OKX v5: public REST and the `liquidation-orders` channel."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from tests.loopback.coins import EXPIRY_MS, Listed
from tests.loopback.forced import Forced
from tests.loopback.market import FUNDING_MS
from tests.loopback.venue import Query, Reply, Socket, Venue, blocked_page, contracts, plain

_HOUR = 3_600_000
_BARS = {"1m": 60_000, "3m": 180_000, "5m": 300_000, "15m": 900_000, "30m": 1_800_000, "1H": _HOUR, "2H": 2 * _HOUR}
_BARS |= {"4H": 4 * _HOUR, "6H": 6 * _HOUR, "12H": 12 * _HOUR, "1D": 24 * _HOUR, "1W": 168 * _HOUR}
_HONG_KONG_MS = 16 * _HOUR
_RECENT_BARS, _PAGE = 1440, 300
_CHANNELS = ("liquidation-orders", "tickers", "mark-price")


class Okx(Venue):
    """Spot and swaps against USDT, and the inverse BTC-USD swap."""

    name = "okx"

    def listing(self) -> Iterable[Listed]:
        """SPOT, SWAP."""
        for coin in self.market.common_coins:
            yield Listed(f"{coin.name}-USDT", coin.name, "USDT", "spot")
            yield Listed(f"{coin.name}-USDT-SWAP", coin.name, "USDT", "linear", coin.okx)
        yield Listed("BTC-USD-SWAP", "BTC", "USD", "inverse", "100")
        yield Listed("BTC-USDT-301227", "BTC", "USDT", "linear", "0.01", dated=True)
        yield Listed("BTC-USD-301227", "BTC", "USD", "inverse", "100", dated=True)

    def rest(self, path: str, query: Query) -> Reply:
        """`/api/v5/...`; errors come with HTTP 200 and a code, as there."""
        kind = query.get("instType", "")
        match path.removeprefix("/api/v5/"):
            case "public/instruments":
                return _data([self._instrument(one) for one in self._of(kind)])
            case "market/tickers":
                return _data([self._ticker(one) for one in self._of(kind)])
            case "market/ticker":
                return self._each(query, self._ticker)
            case "market/candles":
                return self._candles(query, _RECENT_BARS)
            case "market/history-candles":
                return self._candles(query, None)
            case "public/funding-rate":
                return self._each(query, self._funding)
            case "public/open-interest":
                return self._each({"instId": "ANY"} | dict(query), self._interest)
            case "public/time":
                return _data([{"ts": str(self.now())}])
            case "system/status":
                return _data([])
        return Reply({"code": "404", "data": {}, "detailMsg": "", "error_code": "404", "msg": "Not Found"}, 404)

    def empty(self, path: str) -> object:
        """No rows."""
        return {"code": "0", "msg": "", "data": []}

    def refusal(self, status: int) -> object:
        """OKX's codes for too many requests and for trouble."""
        if status in {403, 451}:
            return blocked_page("www.okx.com")
        if status == 429:
            return {"code": "50011", "msg": "Too Many Requests", "data": []}
        return {"code": "50026", "msg": "System error. Try again later", "data": []}

    async def received(self, socket: Socket, text: str) -> None:
        """ping, subscribe, unsubscribe."""
        if text == "ping":
            await socket.send("pong")
            return
        try:
            message = json.loads(text)
            args = message["args"]
        except (ValueError, KeyError, TypeError):
            await socket.send(
                {"event": "error", "code": "60012", "msg": f"Illegal request: {text}", "connId": "a4d3ae55"}
            )
            return
        for arg in args:
            await self._subscription(socket, str(message.get("op")), arg)

    async def push(self, sockets: Iterable[Socket], rows: list[Forced]) -> list[object]:
        """One message for all rows of a type: a `data` entry for each instrument with its rows as `details`."""
        found = ((self.find(row.coin, row.kind, row.quote, row.dated), row) for row in rows)
        named = sorted(found, key=lambda pair: (pair[0].dated, pair[0].id))
        payloads: list[object] = []
        for dated, typed in groupby(named, key=lambda pair: pair[0].dated):
            name = "FUTURES" if dated else "SWAP"
            data = [
                {
                    "details": [self._detail(one, row) for _, row in pairs],
                    "instFamily": one.id.rpartition("-")[0],
                    "instId": one.id,
                    "instType": name,
                    "uly": one.id.rpartition("-")[0],
                }
                for one, pairs in groupby(typed, key=lambda pair: pair[0])
            ]
            payload = {"arg": {"channel": "liquidation-orders", "instType": name}, "data": data}
            payloads.append(payload)
            for socket in sockets:
                if f"liquidation-orders:{name}" in socket.topics:
                    await socket.send(payload)
        return payloads

    async def pulse(self, sockets: Iterable[Socket]) -> None:
        """Mark prices."""
        for socket in sockets:
            for name in [name for topic, name in socket.topics.items() if topic.startswith("mark-price:")]:
                one = self.by_id[name]
                price = self.money(one.coin, self.market.last(one.coin, self.name))
                row = {"instId": name, "instType": "SWAP", "markPx": price, "ts": str(self.now())}
                await socket.send({"arg": {"channel": "mark-price", "instId": name}, "data": [row]})

    async def _subscription(self, socket: Socket, op: str, arg: dict[str, str]) -> None:
        channel, what = arg.get("channel", ""), arg.get("instType") or arg.get("instId") or ""
        known = (
            what in {"SWAP", "FUTURES", "OPTION", "MARGIN"} if channel == "liquidation-orders" else what in self.by_id
        )
        if socket.silent:
            return
        if channel not in _CHANNELS or not known or not socket.path.startswith("/ws/v5/public"):
            words = (
                f"Wrong URL or channel:{channel},instId:{what} doesn't exist. Please use the correct URL, channel and"
            )
            reply = {"event": "error", "code": "60018", "msg": words + " parameters referring to API document."}
            await socket.send(reply | {"connId": "a4d3ae55"})
            return
        if op == "subscribe":
            socket.topics[f"{channel}:{what}"] = what
        else:
            socket.topics.pop(f"{channel}:{what}", None)
        await socket.send({"event": op, "arg": arg, "connId": "a4d3ae55"})
        if op == "subscribe" and channel == "tickers":
            await socket.send({"arg": arg, "data": [self._ticker(self.by_id[what])]})

    def _detail(self, one: Listed, row: Forced) -> dict[str, str]:
        return {
            "bkLoss": "0",
            "bkPx": plain(row.price),
            "ccy": "",
            "posSide": "net" if row.net else row.side,
            "side": row.order_side,
            "sz": plain(contracts(row, one.size)),
            "ts": str(row.ts_ms if row.ts_ms is not None else self.now()),
        }

    def _of(self, kind: str) -> list[Listed]:
        if kind == "SPOT":
            return [one for one in self.listed if one.kind == "spot"]
        wanted = {"SWAP": False, "FUTURES": True}.get(kind)
        return [one for one in self.listed if one.kind != "spot" and one.dated == wanted]

    def _each(self, query: Query, make: Callable[[Listed], dict[str, str]]) -> Reply:
        """One instrument's row; with `ANY` those of all swaps."""
        if query.get("instId") == "ANY":
            return _data([make(one) for one in self._of("SWAP")])
        one = self.by_id.get(query.get("instId", ""))
        return _data([make(one)]) if one else _UNKNOWN

    def _instrument(self, one: Listed) -> dict[str, object]:
        swap, family = one.kind != "spot", one.id.rpartition("-")[0]
        tick = plain(10 ** -self.market.decimals(one.coin))
        return {
            "alias": "",
            "baseCcy": "" if swap else one.coin,
            "category": "1",
            "ctMult": "1" if swap else "",
            "ctType": one.kind if swap else "",
            "ctVal": one.size if swap else "",
            "ctValCcy": ("USD" if one.kind == "inverse" else one.coin) if swap else "",
            "expTime": str(EXPIRY_MS) if one.dated else "",
            "instFamily": family if swap else "",
            "instId": one.id,
            "instIdCode": 10_000 + self.listed.index(one),
            "instType": "FUTURES" if one.dated else "SWAP" if swap else "SPOT",
            "lever": "100" if swap else "10",
            "listTime": "1611916828000",
            "lotSz": ("1" if one.kind == "inverse" else "0.01") if swap else "0.00000001",
            "maxLmtSz": "100000000",
            "maxMktSz": "85000",
            "minSz": ("1" if one.kind == "inverse" else "0.01") if swap else "0.00001",
            "optType": "",
            "quoteCcy": "" if swap else one.quote,
            "ruleType": "normal",
            "settleCcy": (one.coin if one.kind == "inverse" else one.quote) if swap else "",
            "state": "live",
            "stk": "",
            "tickSz": tick,
            "uly": family if swap else "",
        }

    def _ticker(self, one: Listed) -> dict[str, str]:
        day = self.market.day(one.coin, self.name)
        base, quote = self._volumes(one, day.volume, day.last)
        price = self.money(one.coin, day.last)
        return {
            "instType": "SPOT" if one.kind == "spot" else "SWAP",
            "instId": one.id,
            "last": price,
            "lastSz": "0.1",
            "askPx": self.money(one.coin, day.last * 1.00005),
            "askSz": "12.5",
            "bidPx": self.money(one.coin, day.last * 0.99995),
            "bidSz": "9.75",
            "open24h": self.money(one.coin, day.open),
            "high24h": self.money(one.coin, day.high),
            "low24h": self.money(one.coin, day.low),
            "volCcy24h": quote,
            "vol24h": base,
            "ts": str(self.now()),
            "sodUtc0": self.money(one.coin, self.market.open_of_day(one.coin, self.name)),
            "sodUtc8": self.money(one.coin, self.market.open_of_day(one.coin, self.name, _HONG_KONG_MS)),
        }

    def _volumes(self, one: Listed, coins: float, price: float) -> tuple[str, str]:
        """`vol24h` and `volCcy24h`: coins and USDT for spot; contracts and coins for swaps."""
        if one.kind == "spot":
            return plain(round(coins, 4)), plain(round(coins * price, 2))
        each = float(one.size) / price if one.kind == "inverse" else float(one.size)
        return plain(round(coins / each, 2)), plain(round(coins, 4))

    def _candles(self, query: Query, recent: int | None) -> Reply:
        one, name = self.by_id.get(query.get("instId", "")), query.get("bar", "1m")
        utc = name.endswith("utc")
        length = _BARS.get(name.removesuffix("utc"))
        if one is None:
            return _UNKNOWN
        if length is None or (utc and length < 6 * _HOUR):
            return Reply({"code": "51000", "msg": "Parameter bar error", "data": []})
        offset = 0 if utc or length < 6 * _HOUR else _HONG_KONG_MS
        after, before = int(query.get("after") or self.now() + 1), int(query.get("before") or -1)
        limit = min(int(query.get("limit") or 100), _PAGE)
        oldest = self.now() - recent * length if recent else 0
        start = max(before + 1, oldest, after - (limit + 1) * length)
        bars = self.market.bars(one.coin, self.name, length, start, after, offset)
        rows = []
        for bar in reversed(bars[-limit:]):
            base, quote = self._volumes(one, bar.volume, bar.close)
            usd = plain(round(bar.volume * bar.close, 2))
            prices = [self.money(one.coin, value) for value in (bar.open, bar.high, bar.low, bar.close)]
            rows.append([str(bar.open_ms), *prices, base, quote, usd, "1" if bar.done else "0"])
        return _data(rows)

    def _funding(self, one: Listed) -> dict[str, str]:
        at = self.market.funding_ms()
        return {
            "formulaType": "withRate",
            "fundingRate": plain(self.market.funding(one.coin, self.name)),
            "fundingTime": str(at),
            "instId": one.id,
            "instType": "SWAP",
            "maxFundingRate": "0.00375",
            "method": "current_period",
            "minFundingRate": "-0.00375",
            "nextFundingRate": "",
            "nextFundingTime": str(at + FUNDING_MS),
            "premium": "0.0001",
            "settFundingRate": plain(self.market.funding(one.coin, self.name)),
            "settState": "settled",
            "ts": str(self.now()),
        }

    def _interest(self, one: Listed) -> dict[str, str]:
        coins, price = self.market.open_interest(one.coin, self.name), self.market.last(one.coin, self.name)
        base, _ = self._volumes(one, coins, price)
        row = {"instId": one.id, "instType": "SWAP", "oi": base, "oiCcy": plain(coins)}
        return row | {"oiUsd": plain(round(coins * price, 2)), "ts": str(self.now())}


def _data(rows: Sequence[object]) -> Reply:
    return Reply({"code": "0", "msg": "", "data": rows})


_UNKNOWN = Reply({"code": "51001", "msg": "Instrument ID, Instrument ID code, or Spread ID doesn't exist.", "data": []})
