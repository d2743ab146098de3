"""Digits of a price that just changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from crashdesk.desk.prices import compact_price
from crashdesk.session.views import TickerRow


class Changed(NamedTuple):
    """`text` changed from the character `start` on."""

    text: str
    start: int
    rising: bool


class Flash:
    """Compares each symbol's price with the picture before; what changed flashes until it is cleared."""

    def __init__(self) -> None:
        self._known: dict[str, TickerRow] = {}
        self._changed: dict[str, Changed] = {}

    def update(self, rows: Sequence[TickerRow]) -> bool:
        """Take the new rows; True when any price changed."""
        known, self._known = self._known, {row.symbol: row for row in rows}
        self._changed = {}
        for row in rows:
            old = known.get(row.symbol)
            if old is None or old is row or old.last == row.last:
                continue
            new_text = compact_price(row.last, row.price_decimals)
            old_text = compact_price(old.last, old.price_decimals)
            if new_text != old_text:
                self._changed[row.symbol] = Changed(new_text, _first_change(old_text, new_text), row.last > old.last)
        return bool(self._changed)

    def of(self, symbol: str) -> Changed | None:
        """What flashes of a symbol's price."""
        return self._changed.get(symbol)

    def clear(self) -> bool:
        """Nothing flashes any more; True when something did."""
        had = bool(self._changed)
        self._changed = {}
        return had


def _first_change(old: str, new: str) -> int:
    if len(old) != len(new):
        return 0
    return next(place for place, (a, b) in enumerate(zip(old, new, strict=True)) if a != b)
