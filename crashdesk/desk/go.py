"""Where `go` goes: a time typed in the desk's zone, always inside of the recording."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, tzinfo

from crashdesk.desk import figures
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.model.times import SECOND_MS, parse_time
from crashdesk.session.views import TransportView

_OF_DAY = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_FIXED = re.compile(r"[-+].*|now|\d{12,13}|.*utc|.*\dz|.*:\d\d(?:\.\d+)?[-+]\d\d:?(?:\d\d)?", re.ASCII)
"""Times that mean the same in every zone."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_go(text: str, now_ms: int, transport: TransportView, zone: tzinfo, zone_name: str) -> int:
    """UTC ms of `14:05`, `-30m`, `50%` or a date, read in `zone`. Raises ValueError with one sentence.

    `14:05` is that of a day on which it lies inside of the recording: the one nearest to `now_ms`.
    """
    word = " ".join(text.lower().split())
    if word.endswith("%"):
        return _share(word, transport)
    if (of_day := _of_day(word)) is not None:
        return _on_a_day(of_day, word, now_ms, transport, zone, zone_name)
    if _FIXED.fullmatch(word):
        at_ms = parse_time(word, now_ms)
    else:
        at_ms = _utc_of(parse_time(word, _wall_of(now_ms, zone)), zone)
    if not transport.start_ms <= at_ms <= transport.end_ms:
        raise ValueError(f"{_written(at_ms, zone, zone_name)} lies outside: {_span(transport, zone, zone_name)}")
    return at_ms


def _share(word: str, transport: TransportView) -> int:
    try:
        share = float(word[:-1]) / 100
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise ValueError("write a percentage from 0% to 100%")
    return transport.start_ms + round(share * (transport.end_ms - transport.start_ms))


def _of_day(word: str) -> int | None:
    """Milliseconds after midnight of `14:05` or `14:05:30`."""
    if not (match := _OF_DAY.fullmatch(word)):
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS


def _on_a_day(of_day: int, word: str, now_ms: int, transport: TransportView, zone: tzinfo, zone_name: str) -> int:
    first, last = (_wall_of(ms, zone) // DAY_MS for ms in (transport.start_ms, transport.end_ms))
    moments = [_utc_of(day * DAY_MS + of_day, zone) for day in range(first, last + 1)]
    inside = [ms for ms in moments if transport.start_ms <= ms <= transport.end_ms]
    if not inside:
        raise ValueError(f"{word} is on no day of it: {_span(transport, zone, zone_name)}")
    return min(inside, key=lambda ms: abs(ms - now_ms))


def _span(transport: TransportView, zone: tzinfo, zone_name: str) -> str:
    start, end = (_day_and_minute(ms, zone) for ms in (transport.start_ms, transport.end_ms))
    return f"the recording is {start} to {end} {zone_name}"


def _written(ms: int, zone: tzinfo, zone_name: str) -> str:
    return f"{_day_and_minute(ms, zone)} {zone_name}"


def _day_and_minute(ms: int, zone: tzinfo) -> str:
    return f"{figures.month_day(ms, zone)} {figures.hour_minute(ms, zone)}"


def _wall_of(ms: int, zone: tzinfo) -> int:
    """What a clock in `zone` shows at `ms`, as if that clock were UTC."""
    at = (_EPOCH + timedelta(milliseconds=ms)).astimezone(zone)
    return (at.replace(tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)


def _utc_of(wall_ms: int, zone: tzinfo) -> int:
    """The other way; of an hour that comes twice the first one."""
    at = (_EPOCH + timedelta(milliseconds=wall_ms)).replace(tzinfo=zone)
    return (at - _EPOCH) // timedelta(milliseconds=1)
