"""Bitfinex's pages of liquidations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crashdesk.venues.errors import BadDataError
from crashdesk.venues.paging.pages import PageRules, Span, whole_ms

_TIME = 2


class BitfinexPager:
    """Every pair in one request: the newest 500 rows up to an end.

    (API v2 documentation, "Liquidations": `end` in ms, inclusive, `limit` at most 500, `sort` -1 is newest first; 3
    requests a minute, and an address that asks more often is shut out for a minute.)
    """

    rules = PageRules(rows=500, requests=2, every_s=30.0, cool_s=60.0)

    def sources(self, perpetuals: Sequence[str]) -> Sequence[str]:
        """One for all."""
        return ("all",)

    def holds(self, source: str, symbol: str) -> bool:
        """All of them."""
        return True

    async def ask(self, exchange: Any, source: str, span: Span) -> list[object]:
        """The newest rows that are no newer than the span's end; each comes wrapped in a list of its own."""
        request = {"limit": self.rules.rows, "sort": -1}
        if span.end_ms is not None:
            request["end"] = span.end_ms
        answer = await exchange.publicGetLiquidationsHist(request)
        if not isinstance(answer, list):
            raise BadDataError("not a list of liquidations")
        rows: list[object] = []
        for entry in answer:
            rows.extend(entry if isinstance(entry, list) and entry and isinstance(entry[0], list) else [entry])
        return rows

    def time_of(self, row: object) -> int | None:
        """The third field, in milliseconds."""
        return whole_ms(row[_TIME]) if isinstance(row, list) and len(row) > _TIME else None
