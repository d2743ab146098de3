"""Symbols that the user does not want any more: they leave the rows at once, not when their prices are a day old."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.model.times import SECOND_MS
from crashdesk.session.views import TickerRow

ON_THE_WAY_MS = 15 * SECOND_MS
"""Prices that were asked for before may come so long after."""


class Removed:
    """Since when each is not wanted. One whose prices go on coming is shown again: somebody still wants it."""

    def __init__(self) -> None:
        self._since_ms: dict[str, int] = {}

    def remove(self, symbol: str, now_ms: int) -> None:
        """Hide a symbol from now (UTC ms) on."""
        self._since_ms[symbol] = now_ms

    def add(self, symbol: str) -> None:
        """Show it again."""
        self._since_ms.pop(symbol, None)

    def kept(self, rows: Sequence[TickerRow]) -> Sequence[TickerRow]:
        """The rows without those that are hidden."""
        if not self._since_ms:
            return rows
        for row in rows:
            since_ms = self._since_ms.get(row.symbol)
            if since_ms is not None and row.recv_ms > since_ms + ON_THE_WAY_MS:
                del self._since_ms[row.symbol]
        return [row for row in rows if row.symbol not in self._since_ms]
