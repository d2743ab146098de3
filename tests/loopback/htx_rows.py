"""The rows of HTX's REST answers."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.loopback.coins import Listed
from tests.loopback.forced import Forced
from tests.loopback.market import FUNDING_MS, Bar
from tests.loopback.venue import Query, Reply, Venue, contracts, plain

_HOUR = 3_600_000
_PERIODS = {"1min": 60_000, "5min": 300_000, "15min": 900_000, "30min": 1_800_000, "60min": _HOUR, "4hour": 4 * _HOUR}
_PERIODS |= {"1day": 24 * _HOUR, "1week": 168 * _HOUR}
_SINGAPORE_MS = 16 * _HOUR
_MONDAY_MS = 4 * 24 * _HOUR - 8 * _HOUR


class HtxRows(Venue):
    """Instruments, tickers, candles, funding, open interest and liquidations in HTX's words."""

    def spot(self, one: Listed) -> dict[str, object]:
        """A row of `v1/common/symbols`."""
        return {
            "base-currency": one.coin.lower(),
            "quote-currency": "usdt",
            "price-precision": self.market.decimals(one.coin),
            "amount-precision": 6,
            "symbol-partition": "main",
            "symbol": one.id,
            "state": "online",
            "value-precision": 8,
            "min-order-amt": 0.0001,
            "max-order-amt": 100_000,
            "min-order-value": 10,
            "leverage-ratio": 5,
            "super-margin-leverage-ratio": 3,
            "api-trading": "enabled",
            "tags": "",
        }

    def swap(self, one: Listed) -> dict[str, object]:
        """A row of `swap_contract_info`."""
        row: dict[str, object] = {
            "symbol": one.coin,
            "contract_code": one.id,
            "contract_size": float(one.size),
            "price_tick": 10 ** -self.market.decimals(one.coin),
            "delivery_time": "",
            "create_date": "20201021",
            "contract_status": 1,
            "settlement_date": str(self.market.funding_ms()),
        }
        if one.kind == "inverse":
            return row
        more = {"support_margin_mode": "all", "business_type": "swap", "pair": one.id, "contract_type": "swap"}
        return row | more | {"delivery_date": "", "trade_partition": "USDT"}

    def spot_ticker(self, one: Listed) -> dict[str, object]:
        """A row of `market/tickers`."""
        day = self.market.day(one.coin, self.name)
        return {
            "symbol": one.id,
            "open": day.open,
            "high": day.high,
            "low": day.low,
            "close": day.last,
            "amount": day.volume,
            "vol": round(day.volume * day.last, 2),
            "count": 190_000,
            "bid": round(day.last * 0.99995, self.market.decimals(one.coin)),
            "bidSize": 0.5,
            "ask": round(day.last * 1.00005, self.market.decimals(one.coin)),
            "askSize": 0.75,
        }

    def swap_ticker(self, one: Listed) -> dict[str, object]:
        """A row of `batch_merged`."""
        day = self.market.day(one.coin, self.name)
        each = float(one.size) / day.last if one.kind == "inverse" else float(one.size)
        return {
            "id": self.now() // 1000,
            "ts": self.now(),
            "ask": [round(day.last * 1.00005, self.market.decimals(one.coin)), 100],
            "bid": [round(day.last * 0.99995, self.market.decimals(one.coin)), 26],
            "contract_code": one.id,
            "open": self.money(one.coin, day.open),
            "close": self.money(one.coin, day.last),
            "low": self.money(one.coin, day.low),
            "high": self.money(one.coin, day.high),
            "amount": plain(round(day.volume, 4)),
            "count": 88_000,
            "vol": plain(round(day.volume / each)),
            "number_of": plain(round(day.volume / each)),
            "trade_turnover": plain(round(day.volume * day.last, 2)),
            "business_type": "swap",
            "trade_partition": "USDT",
        }

    def candles(self, query: Query, key: str, size: int, most: int, *, ranged: bool) -> Reply:
        """With a range: from its start, oldest first. Without: the newest, newest first for spot as there."""
        one, period = self.by_id.get(query.get(key, "")), query.get("period", "")
        length = _PERIODS.get(period)
        if one is None or length is None:
            return Reply(
                {"status": "error", "err-code": "invalid-parameter", "err-msg": f"invalid {key}", "data": None}
            )
        offset = _MONDAY_MS if period == "1week" else _SINGAPORE_MS if period == "1day" else 0
        limit, now = min(int(query.get("size") or size), most), self.now()
        start = int(query["from"]) * 1000 if ranged and "from" in query else None
        stop = int(query["to"]) * 1000 + 1 if ranged and "to" in query else now + 1
        if start is not None and key == "contract_code":
            limit = most
        begin = start if start is not None else stop - (limit + 1) * length
        bars = self.market.bars(one.coin, self.name, length, begin, stop, offset)
        bars = bars[:limit] if start is not None else bars[-limit:]
        rows = [self.kline(one, bar) for bar in (bars if start is not None else reversed(bars))]
        return Reply({"status": "ok", "ch": f"market.{one.id}.kline.{period}", "data": rows, "ts": now})

    def kline(self, one: Listed, bar: Bar) -> dict[str, object]:
        """One candle; contracts carry their turnover."""
        usd = round(bar.volume * bar.close, 2)
        row: dict[str, object] = {
            "id": bar.open_ms // 1000,
            "open": bar.open,
            "close": bar.close,
            "low": bar.low,
            "high": bar.high,
            "amount": bar.volume,
            "vol": usd if one.kind == "spot" else round(bar.volume / float(one.size)),
            "count": 1000,
        }
        return row if one.kind == "spot" else row | {"trade_turnover": usd}

    def funding(self, one: Listed) -> dict[str, object]:
        """A row of the funding rates, old and new API."""
        at = self.market.funding_ms()
        return {
            "estimated_rate": None,
            "funding_rate": f"{self.market.funding(one.coin, self.name):.18f}",
            "contract_code": one.id,
            "symbol": one.coin,
            "fee_asset": one.coin if one.kind == "inverse" else one.quote,
            "funding_time": str(at),
            "next_funding_time": str(at + FUNDING_MS),
            "trade_partition": "USDT",
        }

    def interest(self, one: Listed) -> dict[str, object]:
        """A row of open interest, old and new API."""
        coins, price = self.market.open_interest(one.coin, self.name), self.market.last(one.coin, self.name)
        each = float(one.size) / price if one.kind == "inverse" else float(one.size)
        return {
            "amount": plain(coins),
            "volume": plain(round(coins / each)),
            "value": plain(round(coins * price, 4)),
            "symbol": one.coin,
            "contract_code": one.id,
            "trade_amount": "11371.362",
            "trade_volume": "11371362",
            "trade_turnover": "723600792.7222",
        }

    def row_v5(self, one: Listed, number: int, row: Forced) -> dict[str, str]:
        """A liquidation in the new API: `volume` and `amount` both count contracts."""
        count = plain(contracts(row, one.size))
        return {
            "id": str(number),
            "contract_code": one.id,
            "liquidation_time": str(row.ts_ms),
            "side": row.order_side,
            "position_side": row.side,
            "volume": count,
            "amount": count,
            "bankrupt_price": plain(row.price),
            "trade_turnover": plain(round(row.usd, 4)),
        }

    def row_v3(self, one: Listed, number: int, row: Forced) -> dict[str, object]:
        """A liquidation in the old API."""
        return {
            "query_id": number,
            "contract_code": one.id,
            "symbol": one.coin,
            "direction": row.order_side,
            "offset": "close",
            "volume": float(contracts(row, one.size)),
            "price": row.price,
            "created_at": row.ts_ms,
            "amount": row.size if one.kind == "linear" else round(row.size / row.price, 8),
            "trade_turnover": round(row.usd, 4),
            "business_type": "swap",
            "pair": one.id,
        }


def dated_future(now_ms: int) -> dict[str, object]:
    """One BTC future that ends in about a quarter: ccxt refuses an empty list."""
    end_ms = (now_ms // 86_400_000 + 90) * 86_400_000 + 8 * _HOUR
    end = datetime.fromtimestamp(end_ms / 1000, UTC)
    return {
        "symbol": "BTC",
        "contract_code": f"BTC{end:%y%m%d}",
        "contract_type": "quarter",
        "contract_size": 100.0,
        "price_tick": 0.01,
        "delivery_date": f"{end:%Y%m%d}",
        "delivery_time": str(end_ms),
        "create_date": "20250101",
        "contract_status": 1,
        "settlement_time": str(end_ms),
    }
