"""Gate's pages of liquidations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crashdesk.venues.errors import BadDataError
from crashdesk.venues.paging.pages import PageRules, Span, whole_ms

_SECOND_MS = 1000


class GatePager:
    """Every contract of one settlement currency a request, in windows of an hour at most.

    (API v4 documentation, "Query liquidation order history": `contract` is optional, `from` and `to` are SECONDS at
    most 3600 apart, `limit` at most 1000. Neither the order of the rows nor which of them a cut-off answer holds is
    stated.) ccxt's `fetch_liquidations` wants a symbol and passes `since` on as milliseconds: not used.
    """

    rules = PageRules(rows=1000, window_ms=3600 * _SECOND_MS, unit_ms=_SECOND_MS)

    def sources(self, perpetuals: Sequence[str]) -> Sequence[str]:
        """The settlement currencies."""
        return ("usdt", "btc")

    def holds(self, source: str, symbol: str) -> bool:
        """By the settlement currency in the unified symbol."""
        return symbol.endswith(f":{source.upper()}")

    async def ask(self, exchange: Any, source: str, span: Span) -> list[object]:
        """The rows of the window."""
        request = {"settle": source, "limit": self.rules.rows, "from": span.start_ms // _SECOND_MS}
        if span.end_ms is not None:
            request["to"] = span.end_ms // _SECOND_MS
        answer = await exchange.publicFuturesGetSettleLiqOrders(request)
        if not isinstance(answer, list):
            raise BadDataError("not a list of liquidations")
        return answer

    def time_of(self, row: object) -> int | None:
        """`time`, in seconds."""
        return whole_ms(row.get("time"), _SECOND_MS) if isinstance(row, dict) else None
