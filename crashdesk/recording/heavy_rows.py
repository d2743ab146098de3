"""The rows of the fullest chunks, kept: reading tens of thousands takes as long as all else that a seek does."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from crashdesk.model.columns import LiquidationColumns

_HEAVY = 3_000
_MOST = 150_000
"""Rows in all, of 34 bytes each."""


class HeavyRows:
    """The last ones by the offset of their roll-up: frames never change, so what was read once stays right."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, LiquidationColumns] = OrderedDict()
        self._rows = 0

    def get(self, offset: int, orders: int, read: Callable[[], LiquidationColumns]) -> LiquidationColumns:
        """The `orders` rows of a roll-up, read when they are not kept. They must not be changed."""
        if orders < _HEAVY:
            return read()
        known = self._kept.pop(offset, None)
        rows = known or read()
        if len(rows.key) != orders:  # damaged: told again by the next one who asks
            return rows
        self._kept[offset] = rows
        self._rows += 0 if known else orders
        while self._rows > _MOST and len(self._kept) > 1:
            self._rows -= len(self._kept.popitem(last=False)[1].key)
        return rows
