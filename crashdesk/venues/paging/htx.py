"""HTX's pages of liquidations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crashdesk.venues.errors import BadDataError
from crashdesk.venues.paging.pages import PageRules, Span, whole_ms


class HtxPager:
    """One contract a request: the newest 100 rows up to an end, from a history of unknown length.

    (USDT-margined contract documentation, "Query Liquidation Orders": `contract` is mandatory.)
    """

    rules = PageRules(rows=100, whole_venue=False)

    def sources(self, perpetuals: Sequence[str]) -> Sequence[str]:
        """The watched perpetuals."""
        return perpetuals

    def holds(self, source: str, symbol: str) -> bool:
        """A source is a symbol."""
        return source == symbol

    async def ask(self, exchange: Any, source: str, span: Span) -> list[object]:
        """The newest rows that are no newer than the span's end."""
        params = {} if span.end_ms is None else {"until": span.end_ms}
        answer = await exchange.fetch_liquidations(source, None, self.rules.rows, params)
        if not isinstance(answer, list):
            raise BadDataError("not a list of liquidations")
        return [entry.get("info") for entry in answer]

    def time_of(self, row: object) -> int | None:
        """`created_at` in v3, `liquidation_time` in v5; milliseconds."""
        if not isinstance(row, dict):
            return None
        return whole_ms(row.get("created_at", row.get("liquidation_time")))
