"""What a recording may hold: numbers that can be reckoned with and dates that exist. Checked on both sides of the file.

A recording may come from anybody, so what is read is checked before anything is made of it, and what is written is
checked by the same rules, so that a file of ours is never refused. Long columns are checked by the highest byte of
their numbers, all at once; only when one looks unusual each number is looked at.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

from crashdesk.model.money import MOST_ORDER_MICRO
from crashdesk.model.text import clean
from crashdesk.model.times import LAST_MS
from crashdesk.recording.numbers import little

_WIDTH = 8
_PLUS = bytes(range(0x80))
_USUAL = bytes(range(1, 0x7F))
"""Highest bytes of doubles from 1e-303 to `_MOST`."""
_MOST = 2.0**1009
"""5.5e303: what is less can be added up and drawn, and no sum or span of it is infinite."""
_USUAL_OR_0 = bytes(range(0x7F))
_BEFORE_END = bytes(range(LAST_MS >> 40))
"""Bytes 5 of times that lie before the end of time for certain; `LAST_MS` has six bytes."""
_LONGEST_TEXT = 2_000
_LONGEST_NAME = 100


def safe_text(text: str, limit: int = _LONGEST_TEXT) -> str:
    """`text` as it can be shown: printable ASCII as it is, anything else cleaned."""
    return text if text.isascii() and text.isprintable() and len(text) <= limit else clean(text, limit)


def safe_name(text: str) -> str:
    """The name of a venue or a market as it can be shown."""
    return safe_text(text, _LONGEST_NAME)


def check_prices(prices: Iterable[float | None]) -> None:
    """All known ones are above 0 and below `_MOST`. Raises ValueError."""
    column = _doubles(prices)
    if _bytes(column, _WIDTH - 1, _USUAL) and not all(0 < price < _MOST for price in column):
        raise ValueError("a price that is none")


def check_amounts(amounts: Iterable[float | None]) -> None:
    """All known ones are at least 0 and below `_MOST`. Raises ValueError."""
    column = _doubles(amounts)
    if _bytes(column, _WIDTH - 1, _USUAL_OR_0) and not all(0 <= amount < _MOST for amount in column):
        raise ValueError("an amount that is none")


def check_rates(rates: Iterable[float | None]) -> None:
    """All known ones are finite. Raises ValueError."""
    if not all(rate is None or isfinite(rate) for rate in rates):
        raise ValueError("a rate that is no number")


def check_times(times: Sequence[int], unit_ms: int = 1) -> None:
    """All lie in the years 1970 to 9999, as UTC in units of `unit_ms`. Raises ValueError."""
    if isinstance(times, array) and unit_ms == 1:
        unusual = _bytes(times, 7, b"\0") or _bytes(times, 6, b"\0") or _bytes(times, 5, _BEFORE_END)
        if not unusual:
            return
    if times and not 0 <= min(times) <= max(times) <= LAST_MS // unit_ms:
        raise ValueError("a time that is none")


def check_sums(sums: array[int]) -> None:
    """None is below 0. Raises ValueError."""
    if _bytes(sums, _WIDTH - 1, _PLUS):
        raise ValueError("a sum below 0")


def check_usd(amounts: Sequence[int]) -> None:
    """Micro-dollars of single orders: not below 0, at most `MOST_ORDER_MICRO`. Raises ValueError."""
    if amounts and not 0 <= min(amounts) <= max(amounts) <= MOST_ORDER_MICRO:
        raise ValueError("a sum of money that is none")


def _doubles(values: Iterable[float | None]) -> array[float]:
    return values if isinstance(values, array) else array("d", [value for value in values if value is not None])


def _bytes(column: array[Any], place: int, usual: bytes) -> bytes:
    """Byte `place` (0 is the lowest) of those numbers where it is not among `usual`."""
    return little(column).tobytes()[place::_WIDTH].translate(None, usual)
