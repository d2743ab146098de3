"""Kraken: public REST of the spot exchange."""

from __future__ import annotations

from collections.abc import Iterable

from tests.loopback.coins import Listed
from tests.loopback.venue import Query, Reply, Venue, blocked_page, plain

_ASSETS = {"BTC": ("XXBT", "XBT"), "ETH": ("XETH", "ETH"), "XRP": ("XXRP", "XRP"), "DOGE": ("XXDG", "XDG")}
_ASSETS |= {"USD": ("ZUSD", "USD")}
_INTERVALS = {1, 5, 15, 30, 60, 240, 1440, 10_080, 21_600}
_ROWS = 720


class Kraken(Venue):
    """Spot against USD and USDT, with Kraken's old names for the old assets."""

    name = "kraken"

    def listing(self) -> Iterable[Listed]:
        """`XXBTZUSD`, `XDGUSD`, `SOLUSD`, `XBTUSDT` ..."""
        for coin in self.market.common_coins:
            asset, alias = _asset(coin.name)
            old = asset != coin.name and coin.name != "DOGE"
            yield Listed(f"{asset}ZUSD" if old else f"{alias}USD", coin.name, "USD", "spot")
            yield Listed(f"{alias}USDT", coin.name, "USDT", "spot")

    def rest(self, path: str, query: Query) -> Reply:
        """`/0/public/...`; errors come with HTTP 200 and words, as there."""
        match path.removeprefix("/0/public/"):
            case "AssetPairs":
                return _result({one.id: self._pair(one) for one in self.listed})
            case "Assets":
                return _result(self._assets())
            case "Ticker":
                names = query["pair"].split(",") if query.get("pair") else list(self.by_id)
                if unknown := [name for name in names if name not in self.by_id]:
                    return Reply({"error": [f"EQuery:Unknown asset pair {unknown[0]}"]})
                return _result({name: self._ticker(self.by_id[name]) for name in names})
            case "OHLC":
                return self._ohlc(query)
            case "Time":
                return _result({"unixtime": self.now() // 1000, "rfc1123": ""})
            case "SystemStatus":
                return _result({"status": "online", "timestamp": "2025-11-04T00:00:00Z"})
        return Reply({"error": ["EGeneral:Unknown method"]})

    def empty(self, path: str) -> object:
        """No rows."""
        return {"error": [], "result": {}}

    def refusal(self, status: int) -> object:
        """Kraken's words."""
        if status in {403, 451}:
            return blocked_page("api.kraken.com")
        return {"error": ["EAPI:Rate limit exceeded" if status == 429 else "EService:Unavailable"]}

    def _assets(self) -> dict[str, object]:
        names = [coin.name for coin in self.market.common_coins] + ["USD", "USDT"]
        common = {"aclass": "currency", "decimals": 10, "display_decimals": 5, "status": "enabled"}
        return {asset: common | {"altname": alias} for asset, alias in map(_asset, names)}

    def _pair(self, one: Listed) -> dict[str, object]:
        (base, alias), (quote, quote_alias) = _asset(one.coin), _asset(one.quote)
        return {
            "altname": f"{alias}{quote_alias}",
            "wsname": f"{alias}/{quote_alias}",
            "aclass_base": "currency",
            "base": base,
            "aclass_quote": "currency",
            "quote": quote,
            "lot": "unit",
            "cost_decimals": 5,
            "pair_decimals": self.market.decimals(one.coin),
            "lot_decimals": 8,
            "lot_multiplier": 1,
            "leverage_buy": [2, 3],
            "leverage_sell": [2, 3],
            "fees": [[0, 0.4], [10_000, 0.35]],
            "fees_maker": [[0, 0.25], [10_000, 0.2]],
            "fee_volume_currency": "ZUSD",
            "margin_call": 80,
            "margin_stop": 40,
            "ordermin": "0.0001",
            "costmin": "0.5",
            "tick_size": plain(10 ** -self.market.decimals(one.coin)),
            "status": "online",
        }

    def _ticker(self, one: Listed) -> dict[str, object]:
        """`o` is today's open (00:00 UTC), not the price 24 hours ago."""
        day = self.market.day(one.coin, self.name)

        def money(value: float) -> str:
            return self.money(one.coin, value)

        middle, volume = money((day.high + day.low) / 2), f"{day.volume / 20:.8f}"
        return {
            "a": [money(day.last * 1.00005), "1", "1.000"],
            "b": [money(day.last * 0.99995), "2", "2.000"],
            "c": [money(day.last), "0.05"],
            "v": [volume, volume],
            "p": [middle, middle],
            "t": [12_000, 48_000],
            "l": [money(day.low), money(day.low)],
            "h": [money(day.high), money(day.high)],
            "o": money(self.market.open_of_day(one.coin, self.name)),
        }

    def _ohlc(self, query: Query) -> Reply:
        """The newest 720 rows at most, whatever `since` says. The last row is still running."""
        one, minutes = self.by_id.get(query.get("pair", "")), int(query.get("interval") or 1)
        if one is None:
            return Reply({"error": ["EQuery:Unknown asset pair"]})
        if minutes not in _INTERVALS:
            return Reply({"error": ["EGeneral:Invalid arguments:interval"]})
        length, now = minutes * 60_000, self.now()
        newest = now // length * length
        start = max(int(float(query.get("since") or 0)) * 1000 + 1, newest - (_ROWS - 1) * length)
        rows = []
        for bar in self.market.bars(one.coin, self.name, length, start, now + 1):
            prices = [self.money(one.coin, value) for value in (bar.open, bar.high, bar.low, bar.close)]
            middle = self.money(one.coin, (bar.high + bar.low) / 2)
            rows.append([bar.open_ms // 1000, *prices, middle, f"{bar.volume / 20:.8f}", 100])
        return _result({one.id: rows, "last": (newest - length) // 1000})


def _asset(name: str) -> tuple[str, str]:
    return _ASSETS.get(name, (name, name))


def _result(result: object) -> Reply:
    return Reply({"error": [], "result": result})
