"""Candle timeframes."""

from __future__ import annotations

from enum import StrEnum

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
CHUNK_MS = 5 * MINUTE_MS
"""A chunk is one span of `recv_ms // CHUNK_MS`; checkpoints and roll-ups of a recording lie on its borders."""

_LENGTH_MS = {
    "1m": MINUTE_MS,
    "5m": 5 * MINUTE_MS,
    "15m": 15 * MINUTE_MS,
    "1h": HOUR_MS,
    "4h": 4 * HOUR_MS,
    "1d": DAY_MS,
    "1w": 7 * DAY_MS,
}


class Timeframe(StrEnum):
    """A candle length, named as ccxt names it."""

    M1 = "1m"
    M5 = "5m"
    M15 = "15m"
    H1 = "1h"
    H4 = "4h"
    D1 = "1d"
    W1 = "1w"

    @property
    def ms(self) -> int:
        """Length in milliseconds."""
        return _LENGTH_MS[self.value]
