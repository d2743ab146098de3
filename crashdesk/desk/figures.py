"""Figures as the desk writes them: percent, dollars, ages, times. An unknown one is a dot, never a zero."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from functools import lru_cache

from crashdesk.desk.glyphs import Glyphs
from crashdesk.model.money import MICRO
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.model.words import usd_short as usd_short

_MINUS = re.compile(r"(?<![\w.,-])-(?=[\d.])")
_YEARLY_MS = 330 * DAY_MS
_SECOND_MS = 1_000


def percent(value: float | None, glyphs: Glyphs, decimals: int = 1) -> str:
    """`−3.4%`, `+7.0%`: always with its sign."""
    if value is None:
        return glyphs.dot
    text = f"{value:+.{decimals}f}%"
    return text.replace("-", glyphs.minus) if value < 0 else text


def with_minus(text: str, glyphs: Glyphs) -> str:
    """Words with figures that somebody else wrote: their minus sign becomes that of all the others."""
    return _MINUS.sub(glyphs.minus, text)


def share(part: int, whole: int) -> str:
    """`91%` of the whole; empty when there is no whole."""
    return f"{100 * part / whole:.0f}%" if whole > 0 else ""


def usd_whole(micro: int) -> str:
    """Micro-dollars as whole dollars: `$1,204,330`."""
    return f"${micro / MICRO:,.0f}"


def age(ms: int) -> str:
    """How long ago, in at most four cells: `0.8s`, `12s`, `3m`, `2h`, `4d`."""
    ms = max(0, ms)
    if ms < 10 * _SECOND_MS:
        return f"{ms / _SECOND_MS:.1f}s"
    if ms < 100 * _SECOND_MS:
        return f"{ms // _SECOND_MS}s"
    if ms < 100 * MINUTE_MS:
        return f"{ms // MINUTE_MS}m"
    if ms < 48 * HOUR_MS:
        return f"{ms // HOUR_MS}h"
    return f"{ms // DAY_MS}d"


def speed(value: float, glyphs: Glyphs) -> str:
    """`36,000×`, `0.25×`, `1.5×`, `max`."""
    if value == float("inf"):
        return "max"
    return f"{value:,g}{glyphs.times}"


@lru_cache(maxsize=4096)
def _second(second: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(second, zone)


def moment(ms: int, zone: tzinfo) -> datetime:
    """The second that holds `ms`, in `zone`."""
    return _second(ms // _SECOND_MS, zone)


def clock(ms: int, zone: tzinfo) -> str:
    """`03:12:44`."""
    at = moment(ms, zone)
    return f"{at.hour:02d}:{at.minute:02d}:{at.second:02d}"


def hour_minute(ms: int, zone: tzinfo) -> str:
    """`03:12`."""
    at = moment(ms, zone)
    return f"{at.hour:02d}:{at.minute:02d}"


def date(ms: int, zone: tzinfo) -> str:
    """`2025-11-04`."""
    at = moment(ms, zone)
    return f"{at.year:04d}-{at.month:02d}-{at.day:02d}"


def month_day(ms: int, zone: tzinfo) -> str:
    """`11-04`."""
    at = moment(ms, zone)
    return f"{at.month:02d}-{at.day:02d}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_name(ms: int, now_ms: int, zone: tzinfo) -> str:
    """`Oct 6`; longer ago than eleven months the month and the year, `Oct'24`."""
    at = moment(ms, zone)
    month = _MONTHS[at.month - 1]
    return f"{month} {at.day}" if now_ms - ms < _YEARLY_MS else f"{month}'{at.year % 100:02d}"
