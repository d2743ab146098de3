"""The rows of Binance's REST answers."""

from __future__ import annotations

from tests.loopback.coins import EXPIRY_MS, Listed
from tests.loopback.venue import Query, Reply, Venue, plain

_UNITS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_DEFAULT_PAGE, _SPOT_PAGE, _FUTURES_PAGE = 500, 1000, 1500


class BinanceRows(Venue):
    """Instruments, tickers, candles, funding and open interest in Binance's words."""

    def exchange_info(self, kind: str, wanted: list[Listed]) -> dict[str, object]:
        """`exchangeInfo` of one kind."""
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
            "contractType": "NEXT_QUARTER" if one.dated else "PERPETUAL",
            "deliveryDate": EXPIRY_MS if one.dated else 4_133_404_800_000,
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

    def price(self, one: Listed) -> str:
        """The last price."""
        return self.money(one.coin, self.market.last(one.coin, self.name))

    def ticker_price(self, one: Listed) -> dict[str, object]:
        """`ticker/price`."""
        return {"symbol": one.id, "price": self.price(one), "time": self.now()}

    def ticker(self, one: Listed) -> dict[str, object]:
        """`ticker/24hr`; futures carry no bid and ask."""
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

    def klines(self, one: Listed, query: Query) -> Reply:
        """Oldest first: from `startTime` on, else the newest."""
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

    def premium(self, one: Listed) -> dict[str, object]:
        """`premiumIndex`."""
        price = self.price(one)
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

    def interest(self, one: Listed) -> dict[str, object]:
        """`openInterest`: coins, or contracts for COIN-M."""
        coins, price = self.market.open_interest(one.coin, self.name), self.market.last(one.coin, self.name)
        amount = plain(round(coins * price / 100)) if one.kind == "inverse" else f"{coins:.3f}"
        return {"symbol": one.id, "openInterest": amount, "time": self.now()}
