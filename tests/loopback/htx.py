"""HTX: spot, linear and inverse swaps by REST; liquidations are a short buffer that is asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from tests.loopback.coins import Listed
from tests.loopback.forced import Forced
from tests.loopback.htx_rows import HtxRows, dated_future
from tests.loopback.market import Market
from tests.loopback.venue import Query, Reply, Socket, blocked_page

BUFFER_ROWS = 200
_OLD_PAGE, _NEW_PAGE, _NEW_MAXIMUM = 50, 10, 100


class Htx(HtxRows):
    """Days open at 16:00 UTC, as they do in the exchange's own time zone."""

    name = "htx"

    def __init__(self, market: Market) -> None:
        super().__init__(market)
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
        if status in {403, 451}:
            return blocked_page("api.huobi.pro")
        if status == 429:
            return {
                "status": "error",
                "err-code": "rate-too-many-requests",
                "err-msg": "exceeded rate limit",
                "data": None,
            }
        return {"status": "error", "err-code": "gateway-internal-error", "err-msg": "Failed to load data", "data": None}

    async def push(self, sockets: Iterable[Socket], rows: list[Forced]) -> list[object]:
        """Puts the rows into the buffer that the REST calls read; the buffer forgets the oldest."""
        made: list[object] = []
        for row in rows:
            one = self.find(row.coin, row.kind, row.quote)
            self._last_id += 1
            self.buffer.setdefault(one.id, deque(maxlen=BUFFER_ROWS)).append((self._last_id, row))
            made.append(self.row_v5(one, self._last_id, row))
        return made

    def _reference(self, path: str, query: Query) -> Reply | None:
        match path:
            case "/v1/common/symbols":
                return self._ok([self.spot(one) for one in self._of("spot")])
            case "/v1/settings/common/market-symbols":
                return self._ok([{"symbol": one.id, "bc": one.coin.lower(), "qc": "usdt"} for one in self._of("spot")])
            case "/v2/reference/currencies":
                names = [coin.name for coin in self.market.common_coins] + ["USDT"]
                rows = [{"currency": n.lower(), "assetType": 1, "chains": [], "instStatus": "normal"} for n in names]
                return Reply({"code": 200, "data": rows})
            case "/v2/market-status":
                return Reply({"code": 200, "message": "success", "data": {"marketStatus": 1}})
            case "/linear-swap-api/v1/swap_contract_info":
                return self._ok([self.swap(one) for one in self._of("linear")])
            case "/swap-api/v1/swap_contract_info":
                return self._ok([self.swap(one) for one in self._of("inverse")])
            case "/api/v1/contract_contract_info":
                return self._ok([dated_future(self.now())])
            case "/v1/common/timestamp":
                return Reply({"status": "ok", "data": self.now()})
            case "/api/v1/timestamp":
                return Reply({"status": "ok", "ts": self.now()})
        return None

    def _prices(self, path: str, query: Query) -> Reply | None:
        match path:
            case "/market/tickers":
                return self._ok([self.spot_ticker(one) for one in self._of("spot")])
            case "/linear-swap-ex/market/detail/batch_merged" | "/v2/linear-swap-ex/market/detail/batch_merged":
                return self._ok([self.swap_ticker(one) for one in self._of("linear")], "ticks")
            case "/swap-ex/market/detail/batch_merged" | "/v2/swap-ex/market/detail/batch_merged":
                return self._ok([self.swap_ticker(one) for one in self._of("inverse")], "ticks")
            case "/market/history/candles":
                return self.candles(query, "symbol", 150, 1000, ranged=True)
            case "/market/history/kline" if "symbol" in query:
                return self.candles(query, "symbol", 150, 2000, ranged=False)
            case "/linear-swap-ex/market/history/kline" | "/swap-ex/market/history/kline":
                return self.candles(query, "contract_code", 150, 2000, ranged="size" not in query)
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
        old, _, what = path.partition("/v1/swap_")
        kinds = {"/linear-swap-api": "linear", "/swap-api": "inverse"}
        if old in kinds:
            each = [one] if one else self._of(kinds[old])
            return self._contracts_v1(what, each)
        return self._contracts_one(path, query, one) if one else None

    def _contracts_v1(self, what: str, each: list[Listed]) -> Reply | None:
        if what == "batch_funding_rate":
            return self._ok([self.funding(one) for one in each])
        if what == "open_interest":
            return self._ok([self.interest(one) for one in each])
        return self._ok(self.funding(each[0])) if what == "funding_rate" and len(each) == 1 else None

    def _contracts_one(self, path: str, query: Query, one: Listed) -> Reply | None:
        match path:
            case "/v5/market/funding_rate":
                return self._v5([self.funding(one)])
            case "/v5/market/open_interest":
                return self._v5(self.interest(one))
            case "/v5/market/liquidation_orders":
                size = min(int(query.get("limit") or _NEW_PAGE), _NEW_MAXIMUM)
                return self._v5([self.row_v5(one, number, row) for number, row in self._liquidated(one, query)[:size]])
            case "/linear-swap-api/v3/swap_liquidation_orders" | "/swap-api/v3/swap_liquidation_orders":
                rows = [self.row_v3(one, number, row) for number, row in self._liquidated(one, query)[:_OLD_PAGE]]
                return Reply({"code": 200, "msg": "", "data": rows, "ts": self.now()})
        return None

    def _of(self, kind: str) -> list[Listed]:
        return [one for one in self.listed if one.kind == kind]

    def _ok(self, rows: object, key: str = "data") -> Reply:
        return Reply({"status": "ok", key: rows, "ts": self.now()})

    def _v5(self, data: object) -> Reply:
        return Reply({"code": 200, "message": "Success", "data": data, "ts": self.now()})

    def _liquidated(self, one: Listed, query: Query) -> list[tuple[int, Forced]]:
        """Newest first."""
        start, end = int(query.get("start_time") or 0), int(query.get("end_time") or 2**62)
        rows = [(n, row) for n, row in self.buffer.get(one.id, ()) if start <= (row.ts_ms or 0) <= end]
        return sorted(rows, key=lambda pair: (pair[1].ts_ms or 0, pair[0]), reverse=True)
