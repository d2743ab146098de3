"""Digits of a price that just changed."""

from collections.abc import Sequence
from typing import NamedTuple

from crashdesk.desk.prices import compact_price
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.session.views import TickerRow

FLASH_SECONDS = 0.4
LONGEST_STEP_MS = MINUTE_MS
"""Pictures that lie further apart are a jump in time: then everything is another, and nothing flashes."""


class Changed(NamedTuple):
    """`text` with those of its characters that changed: (piece, whether it changed)."""

    text: str
    pieces: tuple[tuple[str, bool], ...]
    rising: bool


class Flash:
    """Compares each symbol's price with the picture before; what changed flashes for a while, once."""

    def __init__(self) -> None:
        self._known: dict[str, TickerRow] = {}
        self._now_ms: int | None = None
        self._changed: dict[str, tuple[Changed, float]] = {}

    def update(self, rows: Sequence[TickerRow], now_ms: int, at_s: float) -> bool:
        """Take the rows of the picture of `now_ms` (UTC); `at_s` is any steady clock. True when a price changed."""
        known, self._known = self._known, {row.symbol: row for row in rows}
        before, self._now_ms = self._now_ms, now_ms
        if before is None or not 0 < now_ms - before <= LONGEST_STEP_MS:
            self._changed.clear()
            return False
        any_changed = False
        for row in rows:
            old = known.get(row.symbol)
            if old is None or old is row or old.last == row.last:
                continue
            new_text = compact_price(row.last, row.price_decimals)
            old_text = compact_price(old.last, old.price_decimals)
            if new_text != old_text:
                changed = Changed(new_text, changed_digits(old_text, new_text), row.last > old.last)
                self._changed[row.symbol] = (changed, at_s + FLASH_SECONDS)
                any_changed = True
        return any_changed

    def of(self, symbol: str) -> Changed | None:
        """What flashes of a symbol's price."""
        known = self._changed.get(symbol)
        return known[0] if known is not None else None

    def expire(self, at_s: float) -> bool:
        """What has flashed long enough by now ends; True when something did."""
        kept = {symbol: one for symbol, one in self._changed.items() if one[1] > at_s}
        ended = len(kept) < len(self._changed)
        self._changed = kept
        return ended

    @property
    def next_end_s(self) -> float | None:
        """When the next one ends; None when nothing flashes."""
        return min((end for _, end in self._changed.values()), default=None)


def changed_digits(old: str, new: str) -> tuple[tuple[str, bool], ...]:
    """`new` in pieces that changed and pieces that did not; all of it when it has another length."""
    if len(old) != len(new):
        return ((new, True),)
    pieces: list[tuple[str, bool]] = []
    for a, b in zip(old, new, strict=True):
        if pieces and pieces[-1][1] is (a != b):
            pieces[-1] = (pieces[-1][0] + b, a != b)
        else:
            pieces.append((b, a != b))
    return tuple(pieces)
