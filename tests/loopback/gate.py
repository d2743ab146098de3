"""Gate: public REST of the perpetuals; liquidations of all contracts of a settlement currency, an hour a request."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tests.loopback.coins import Listed
from tests.loopback.forced import Forced
from tests.loopback.market import Market
from tests.loopback.venue import Query, Reply, Socket, Venue, blocked_page, contracts, plain

KEEPS_MS = 7 * 24 * 3_600_000
WINDOW_S, MOST_ROWS, ROWS = 3600, 1000, 100
_ROOT = "/api/v4/futures/"


class Gate(Venue):
    """`BTC_USDT` with 0.0001 coins a contract, and `BTC_USD`, which settles in BTC and is 1 USD a contract."""

    name = "gate"

    def __init__(self, market: Market) -> None:
        super().__init__(market)
        self.told: list[Forced] = []

    def listing(self) -> Iterable[Listed]:
        """The perpetuals."""
        for coin in self.market.common_coins:
            yield Listed(f"{coin.name}_USDT", coin.name, "USDT", "linear", plain(Decimal(coin.okx) / 100))
        yield Listed("BTC_USD", "BTC", "USD", "inverse", "1")

    def rest(self, path: str, query: Query) -> Reply:
        """`/api/v4/futures/{settle}/...`; errors come with HTTP 400 and a label."""
        settle, _, what = path.removeprefix(_ROOT).partition("/")
        if not path.startswith(_ROOT) or settle not in ("usdt", "btc"):
            return _error("INVALID_SETTLE", "settle is invalid", 404)
        listed = [one for one in self.listed if (one.kind == "linear") == (settle == "usdt")]
        match what:
            case "contracts":
                return Reply([self._contract(one) for one in listed])
            case "liq_orders":
                return self._liquidations(listed, query)
        return _error("URL_NOT_FOUND", "not found", 404)

    def empty(self, path: str) -> object:
        """No rows."""
        return []

    def refusal(self, status: int) -> object:
        """Gate's labels."""
        if status in {403, 451}:
            return blocked_page("api.gateio.ws")
        return {"label": "TOO_MANY_REQUESTS" if status == 429 else "SERVER_ERROR", "message": "Request rejected"}

    async def push(self, sockets: Iterable[Socket], rows: list[Forced]) -> list[object]:
        """Puts the rows where the REST calls find them for a week."""
        oldest = self.now() - KEEPS_MS
        self.told = [row for row in [*self.told, *rows] if (row.ts_ms or 0) >= oldest]
        return [self._row(row) for row in rows]

    def _liquidations(self, listed: list[Listed], query: Query) -> Reply:
        """The newest rows of the window, both its ends in seconds and inclusive; of all contracts unless one is named.

        One end alone opens an hour from it, none is the last hour.
        """
        now = self.now() // 1000
        end = int(query["to"]) if "to" in query else int(query["from"]) + WINDOW_S if "from" in query else now
        start = int(query.get("from", end - WINDOW_S))
        limit = int(query.get("limit") or ROWS)
        if not start <= end <= start + WINDOW_S:
            return _error("INVALID_PARAM_VALUE", "invalid time range", 400)
        if not 1 <= limit <= MOST_ROWS:
            return _error("INVALID_PARAM_VALUE", "limit", 400)
        names = {one.id for one in listed if query.get("contract", one.id) == one.id}
        found = [row for row in map(self._row, self.told) if start <= row["time"] <= end and row["contract"] in names]
        return Reply(sorted(found, key=lambda row: -row["time"])[:limit])

    def _row(self, row: Forced) -> dict[str, int | str]:
        """In the documented shape: the size is above zero for a long; sizes are text, as the client's header asks."""
        one = self.find(row.coin, row.kind, row.quote)
        filled = contracts(row, one.size)
        left = Decimal(7)  # what the order did not fill
        size = plain(filled + left)
        return {
            "time": (row.ts_ms or 0) // 1000,
            "contract": one.id,
            "size": size if row.side == "long" else f"-{size}",
            "order_size": f"-{size}" if row.side == "long" else size,
            "order_price": self.money(row.coin, row.price * (0.99 if row.side == "long" else 1.01)),
            "fill_price": plain(row.price),
            "left": plain(left),
        }

    def _contract(self, one: Listed) -> dict[str, object]:
        """A row of `contracts`; BTC_USD says 0 for its multiplier, as there."""
        price = self.money(one.coin, self.market.last(one.coin, self.name))
        return {
            "name": one.id,
            "type": "direct" if one.kind == "linear" else "inverse",
            "status": "trading",
            "in_delisting": False,
            "quanto_multiplier": one.size if one.kind == "linear" else "0",
            "mark_type": "index",
            "last_price": price,
            "mark_price": price,
            "index_price": price,
            "order_price_round": plain(10 ** -self.market.decimals(one.coin)),
            "mark_price_round": plain(10 ** -self.market.decimals(one.coin)),
            "order_price_deviate": "0.5",
            "order_size_min": 1,
            "order_size_max": 1_000_000,
            "enable_decimal": False,
            "leverage_min": "1",
            "leverage_max": "100",
            "maintenance_rate": "0.005",
            "maker_fee_rate": "-0.00025",
            "taker_fee_rate": "0.00075",
            "funding_rate": "0.0001",
            "funding_interval": 28_800,
            "create_time": 1_574_035_200,
        }


def _error(label: str, words: str, status: int) -> Reply:
    return Reply({"label": label, "message": words}, status)
