"""Bitfinex: the public configuration and the liquidations of all pairs, three requests a minute."""

from __future__ import annotations

from collections.abc import Iterable

from tests.loopback.coins import Listed
from tests.loopback.forced import Forced
from tests.loopback.market import Market
from tests.loopback.venue import Query, Reply, Socket, Venue, blocked_page

MOST_ROWS, ROWS = 500, 125
PER_MINUTE = 3
_SHUT_MS = 60_000


class Bitfinex(Venue):
    """`tBTCUSD` and `tBTCUST` as margin pairs, `tBTCF0:USTF0` as perpetuals of one coin a contract.

    `strict` refuses more than three requests of liquidations in a minute, and whoever asks so for a minute.
    """

    name = "bitfinex"

    def __init__(self, market: Market) -> None:
        super().__init__(market)
        self.rows: list[list[object]] = []
        self.strict = False
        self._asked: list[int] = []
        self._position = 171_085_000

    def listing(self) -> Iterable[Listed]:
        """Names of more than three letters are set off by a colon."""
        for coin in self.market.common_coins:
            colon = ":" if len(coin.name) > 3 else ""
            yield Listed(f"t{coin.name}{colon}USD", coin.name, "USD", "spot")
            yield Listed(f"t{coin.name}{colon}UST", coin.name, "USDT", "spot")
            yield Listed(f"t{coin.name}F0:USTF0", coin.name, "USDT", "linear")

    def rest(self, path: str, query: Query) -> Reply:
        """`/v2/...`; errors are lists, or objects for a page that is not there."""
        if path.startswith("/v2/conf/"):
            return Reply([self._conf(part) for part in path.removeprefix("/v2/conf/").split(",")])
        if path == "/v2/liquidations/hist":
            return self._liquidations(query)
        return Reply({"error": "ERR_GENERIC", "message": "not found"}, 404)

    def empty(self, path: str) -> object:
        """No rows."""
        return []

    def refusal(self, status: int) -> object:
        """Bitfinex's lists."""
        if status in {403, 451}:
            return blocked_page("api-pub.bitfinex.com")
        return ["error", 11010, "ratelimit: error"] if status == 429 else ["error", 20060, "maintenance"]

    async def push(self, sockets: Iterable[Socket], rows: list[Forced]) -> list[object]:
        """Each position as the trigger of its liquidation, without a price, and as the execution a moment later."""
        made: list[object] = []
        for row in rows:
            self._position += 1
            one = self.find(row.coin, row.kind, row.quote)
            amount = row.size if row.side == "long" else -row.size
            entry = row.price * (1.08 if row.side == "long" else 0.92)
            for match, price in ((0, None), (1, row.price)):
                made.append(
                    ["pos", self._position, row.ts_ms, None, one.id, amount, entry, None, match, 1, None, price]
                )
        self.rows += made  # type: ignore[arg-type]
        return made

    def _liquidations(self, query: Query) -> Reply:
        """The rows between `start` and `end`, both inclusive in ms, each in a list of its own."""
        if self.strict and not self._allowed():
            return Reply(self.refusal(429), 429)
        start, end = int(query.get("start") or 0), int(query.get("end") or 2**62)
        limit = int(query.get("limit") or ROWS)
        if not 1 <= limit <= MOST_ROWS:
            return Reply(["error", 10020, "limit: invalid"], 500)
        found = [row for row in self.rows if start <= int(str(row[2])) <= end]
        found.sort(key=lambda row: int(str(row[2])), reverse=query.get("sort") != "1")
        return Reply([[row] for row in found[:limit]])

    def _allowed(self) -> bool:
        now = self.now()
        self._asked = [*(at for at in self._asked if at > now - _SHUT_MS), now]
        return len(self._asked) <= PER_MINUTE

    def _conf(self, label: str) -> list[object]:
        """The tables that the client's market list is made of."""
        info = [None, None, None, "0.0002", "2000.0", None, None, None, 0.2, 0.1, None, None, None]
        match label:
            case "pub:info:pair":
                return [[one.id[1:], info] for one in self.listed if one.kind == "spot"]
            case "pub:info:pair:futures":
                return [[one.id[1:], info] for one in self.listed if one.kind == "linear"]
            case "pub:list:pair:margin":
                return [one.id[1:] for one in self.listed if one.kind == "spot"]
        return []
