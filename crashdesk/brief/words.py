"""Figures and times as the brief writes them. Unknown is a dash."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from math import isfinite

from crashdesk.model.money import MICRO
from crashdesk.model.records import Precision
from crashdesk.model.words import exact_price

UNKNOWN = "—"


def price(value: float | None, decimals: int) -> str:
    """All of the instrument's decimals; whole prices from 1,000 on without `.00`: `106,200`, `3,598.42`, `0.2063`."""
    if value is None or not isfinite(value):
        return UNKNOWN
    return exact_price(value, min(decimals, 12))


_FEW_DECIMALS, _MANY_FROM = 2, 100.0


def brief_price(value: float | None, decimals: int) -> str:
    """A price in a line with others: two decimals are enough from 100 on, a lower price has all of the instrument's."""
    few = value is not None and abs(value) >= _MANY_FROM
    return price(value, min(decimals, _FEW_DECIMALS) if few else decimals)


def percent(value: float | None, decimals: int = 1) -> str:
    """`−3.4 %`, always signed."""
    if value is None:
        return UNKNOWN
    return f"{value:+.{decimals}f} %".replace("-", "−")


def usd(micro: int) -> str:
    """`$1,278.7M`, `$33.96M`, `$88,120`."""
    value = micro / MICRO
    if value >= 1e8:
        return f"${value / 1e6:,.1f}M"
    if value >= 1e6:
        return f"${value / 1e6:,.2f}M"
    return f"${value:,.0f}"


def share(part: int, whole: int) -> str:
    """`91 %`."""
    return f"{100 * part / whole:.0f} %" if whole else UNKNOWN


def _at(ms: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone)


def moment(ms: int, zone: tzinfo) -> str:
    """`2025-11-04 03:12:44 UTC`, with the zone's own short name."""
    at = _at(ms, zone)
    return f"{at:%Y-%m-%d %H:%M:%S} {at.tzname()}"


def day(ms: int | None) -> str:
    """The UTC day: `2025-08-22`. Days are UTC whatever the zone: daily candles open at 00:00 UTC."""
    return UNKNOWN if ms is None else f"{_at(ms, UTC):%Y-%m-%d}"


def when(ms: int, precision: Precision, zone: tzinfo) -> str:
    """A time as exactly as it is known: `2025-11-04 00:00`, `2025-11-03`, `week to 2025-11-03`."""
    if precision is Precision.MINUTE:
        return f"{_at(ms, zone):%Y-%m-%d %H:%M}"
    return day(ms) if precision is Precision.DAY else f"week to {day(ms)}"
