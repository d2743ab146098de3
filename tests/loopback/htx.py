"""HTX: spot, linear and inverse swaps by REST; liquidations are a short buffer that is asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime

from tests.loopback.coins import Listed
from tests.loopback.forced import Forced
from tests.loopback.market import FUNDING_MS, Bar
from tests.loopback.venue import Query, Reply, Socket, Venue, contracts, plain

_HOUR = 3_600_000
_PERIODS = {"1min": 60_000, "5min": 300_000, "15min": 900_000, "30min": 1_800_000, "60min": _HOUR, "4hour": 4 * _HOUR}
_PERIODS |= {"1day": 24 * _HOUR, "1week": 168 * _HOUR}
_SINGAPORE_MS = 16 * _HOUR
_MONDAY_MS = 4 * 24 * _HOUR - 8 * _HOUR
BUFFER_ROWS = 200
_OLD_PAGE, _NEW_PAGE, _NEW_MAXIMUM = 50, 10, 100


class Htx(Venue):
    """Days open at 16:00 UTC, as they do in the exchange's own time zone."""

    name = "htx"

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.buffer: dict[str, deque[tuple[int, Forced]]] = {}
        self._last_id = 150_153_038_000

    def listing(self) -> Iterable[Listed]:
        """`btcusdt`, `BTC-USDT` and `BTC-USD`."""
        for coin in self.market.common_coins:
            yield Listed(f"{coin.name.lower()}usdt", coin.name, "USDT", "spot")
            yield Listed(f"{coin.name}-USDT", coin.name, "USDT", "linear", coin.htx)
        yield Listed("BTC-USD", "BTC", "USD", "inverse", "100")

    def rest(self, path: str, query: Query) -> Reply:
        """Both hosts of the exchange in one: the paths don't overlap."""
        for found in (self._reference(path, query), self._prices(path, query), self._contracts(path, query)):
            if found is not None:
                return found
        return Reply({"status": "error", "err_code": 404, "err_msg": "page not found", "ts": self.now()}, 404)

    def empty(self, path: str) -> object:
        """No rows."""
        return {"status": "ok", "code": 200, "data": [], "ticks": [], "ts": self.now()}

    def refusal(self, status: int) -> object:
        """HTX's codes."""
        if status == 429:
            return {"status": "error", "err-code": "too-many-request", "err-msg": "too many request", "data": None}
        return {"status": "error", "err-code": "gateway-internal-error", "err-msg": "Failed to load data", "data": None}

    async def push(self, sockets: Iterable[Socket], rows: list[Forced]) -> list[object]:
        """Puts the rows into the buffer that the REST calls read; the buffer forgets the oldest."""
        made: list[object] = []
        for row in rows:
            one = self.find(row.coin, row.kind, row.quote)
            self._last_id += 1
            self.buffer.setdefault(one.id, deque(maxlen=BUFFER_ROWS)).append((self._last_id, row))
            made.append(self._row_v5(one, self._last_id, row))
        return made

    def _reference(self, path: str, query: Query) -> Reply | None:
        match path:
            case "/v1/common/symbols":
                return self._ok([self._spot(one) for one in self._of("spot")])
            case "/v1/settings/common/market-symbols":
                return self._ok([{"symbol": one.id, "bc": one.coin.lower(), "qc": "usdt"} for one in self._of("spot")])
            case "/v2/reference/currencies":
                names = [coin.name for coin in self.market.common_coins] + ["USDT"]
                rows = [{"currency": n.lower(), "assetType": 1, "chains": [], "instStatus": "normal"} for n in names]
                return Reply({"code": 200, "data": rows})
            case "/v2/market-status":
                return Reply({"code": 200, "message": "success", "data": {"marketStatus": 1}})
            case "/linear-swap-api/v1/swap_contract_info":
                return self._ok([self._swap(one) for one in self._of("linear")])
            case "/swap-api/v1/swap_contract_info":
                return self._ok([self._swap(one) for one in self._of("inverse")])
            case "/api/v1/contract_contract_info":
                return self._ok([_dated_future(self.now())])
            case "/v1/common/timestamp":
                return Reply({"status": "ok", "data": self.now()})
            case "/api/v1/timestamp":
                return Reply({"status": "ok", "ts": self.now()})
        return None

    def _prices(self, path: str, query: Query) -> Reply | None:
        match path:
            case "/market/tickers":
                return self._ok([self._spot_ticker(one) for one in self._of("spot")])
            case "/linear-swap-ex/market/detail/batch_merged" | "/v2/linear-swap-ex/market/detail/batch_merged":
                return self._ok([self._swap_ticker(one) for one in self._of("linear")], "ticks")
            case "/swap-ex/market/detail/batch_merged" | "/v2/swap-ex/market/detail/batch_merged":
                return self._ok([self._swap_ticker(one) for one in self._of("inverse")], "ticks")
            case "/market/history/candles":
                return self._candles(query, "symbol", 150, 1000, ranged=True)
            case "/market/history/kline" if "symbol" in query:
                return self._candles(query, "symbol", 150, 2000, ranged=False)
            case "/linear-swap-ex/market/history/kline" | "/swap-ex/market/history/kline":
                return self._candles(query, "contract_code", 150, 2000, ranged="size" not in query)
        return None

    def _contracts(self, path: str, query: Query) -> Reply | None:
        code = query.get("contract_code") or query.get("contract") or ""
        one = self.by_id.get(code)
        if code and (one is None or one.kind == "spot"):
            words = {
                "err_code": 1332,
                "err_msg": f"{code} The contract doesn't exist.",
                "code": 1332,
                "message": "no contract",
            }
            return Reply({"status": "error", **words, "ts": self.now()})
        linear = [one] if one else self._of("linear")
        inverse = [one] if one else self._of("inverse")
        match path:
            case "/linear-swap-api/v1/swap_batch_funding_rate":
                return self._ok([self._funding(each) for each in linear])
            case "/swap-api/v1/swap_batch_funding_rate":
                return self._ok([self._funding(each) for each in inverse])
            case "/swap-api/v1/swap_funding_rate" | "/linear-swap-api/v1/swap_funding_rate" if one:
                return Reply({"status": "ok", "data": self._funding(one), "ts": self.now()})
            case "/v5/market/funding_rate" if one:
                return self._v5([self._funding(one)])
            case "/linear-swap-api/v1/swap_open_interest":
                return self._ok([self._interest(each) for each in linear])
            case "/swap-api/v1/swap_open_interest":
                return self._ok([self._interest(each) for each in inverse])
            case "/v5/market/open_interest" if one:
                return self._v5(self._interest(one))
            case "/v5/market/liquidation_orders" if one:
                size = min(int(query.get("limit") or _NEW_PAGE), _NEW_MAXIMUM)
                rows = self._liquidated(one, query)[:size]
                return self._v5([self._row_v5(one, number, row) for number, row in rows])
            case "/linear-swap-api/v3/swap_liquidation_orders" | "/swap-api/v3/swap_liquidation_orders" if one:
                rows = self._liquidated(one, query)[:_OLD_PAGE]
                data = [self._row_v3(one, number, row) for number, row in rows]
                return Reply({"code": 200, "msg": "", "data": data, "ts": self.now()})
        return None

    def _of(self, kind: str) -> list[Listed]:
        return [one for one in self.listed if one.kind == kind]

    def _ok(self, rows: object, key: str = "data") -> Reply:
        return Reply({"status": "ok", key: rows, "ts": self.now()})

    def _v5(self, data: object) -> Reply:
        return Reply({"code": 200, "message": "Success", "data": data, "ts": self.now()})

    def _spot(self, one: Listed) -> dict[str, object]:
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

    def _swap(self, one: Listed) -> dict[str, object]:
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

    def _spot_ticker(self, one: Listed) -> dict[str, object]:
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

    def _swap_ticker(self, one: Listed) -> dict[str, object]:
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

    def _candles(self, query: Query, key: str, size: int, most: int, *, ranged: bool) -> Reply:
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
        rows = [self._kline(one, bar) for bar in (bars if start is not None else reversed(bars))]
        return Reply({"status": "ok", "ch": f"market.{one.id}.kline.{period}", "data": rows, "ts": now})

    def _kline(self, one: Listed, bar: Bar) -> dict[str, object]:
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

    def _funding(self, one: Listed) -> dict[str, object]:
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

    def _interest(self, one: Listed) -> dict[str, object]:
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

    def _liquidated(self, one: Listed, query: Query) -> list[tuple[int, Forced]]:
        """Newest first."""
        start, end = int(query.get("start_time") or 0), int(query.get("end_time") or 2**62)
        rows = [(n, row) for n, row in self.buffer.get(one.id, ()) if start <= (row.ts_ms or 0) <= end]
        return sorted(rows, key=lambda pair: (pair[1].ts_ms or 0, pair[0]), reverse=True)

    def _row_v5(self, one: Listed, number: int, row: Forced) -> dict[str, str]:
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

    def _row_v3(self, one: Listed, number: int, row: Forced) -> dict[str, object]:
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


def _dated_future(now_ms: int) -> dict[str, object]:
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
