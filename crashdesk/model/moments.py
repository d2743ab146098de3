"""Moments of a recording as people type them: `14:05`, `-30m`, `50%`, `nov 4 03:00`, `end`, `worst`, ISO."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, tzinfo

from crashdesk.model.timeframe import DAY_MS, MINUTE_MS
from crashdesk.model.times import parse_time

_OF_DAY = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?", re.ASCII)
_FIXED = re.compile(r"[-+].*|now|\d{12,13}|.*utc|.*\dz|.*:\d\d(?:\.\d+)?[-+]\d\d:?(?:\d\d)?", re.ASCII)
"""Times that mean the same in every zone."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Minutes = Callable[[], Iterable[tuple[int, int]]]
"""Minutes (since 1970) with what was liquidated in them; asked only when somebody wants the worst one."""


def read_moment(
    text: str, now_ms: int, start_ms: int, end_ms: int, zone: tzinfo = UTC, minutes: Minutes | None = None
) -> int:
    """UTC ms of what is typed, read in `zone`. Raises ValueError with one sentence.

    `50%` is of the recording from `start_ms` to `end_ms`, which `start` and `end` name; `-30m` is before `now_ms`.
    `14:05` is that of a day on which it lies inside of the recording: the one nearest to `now_ms`; when there is none,
    of the day of `now_ms`. Other times may lie outside. With `minutes`, `worst` is the end of the minute in which the
    most was liquidated.
    """
    word = " ".join(text.lower().split())
    if word in {"start", "end"}:
        return start_ms if word == "start" else end_ms
    if word == "worst" and minutes is not None:
        return _worst(minutes(), end_ms)
    if word.endswith("%"):
        return _share(word, start_ms, end_ms)
    also = ("50%", *(("worst",) if minutes is not None else ()))
    if _FIXED.fullmatch(word):
        return parse_time(word, now_ms, also)
    wall_ms = parse_time(word, _wall_of(now_ms, zone), also)
    if not _OF_DAY.fullmatch(word):
        return _utc_of(wall_ms, zone)
    first, last = (_wall_of(ms, zone) // DAY_MS for ms in (start_ms, end_ms))
    moments = [_utc_of(day * DAY_MS + wall_ms % DAY_MS, zone) for day in range(first, last + 1)]
    inside = [ms for ms in moments if start_ms <= ms <= end_ms]
    return min(inside, key=lambda ms: abs(ms - now_ms), default=_utc_of(wall_ms, zone))


def _share(word: str, start_ms: int, end_ms: int) -> int:
    try:
        share = float(word[:-1]) / 100
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise ValueError("write a percentage from 0% to 100%")
    return start_ms + round(share * (end_ms - start_ms))


def _worst(minutes: Iterable[tuple[int, int]], end_ms: int) -> int:
    before = [one for one in minutes if one[0] * MINUTE_MS < end_ms and one[1]]
    if not before:
        raise ValueError("nothing was liquidated in this recording, so no minute is the worst")
    worst, _ = max(before, key=lambda one: (one[1], -one[0]))
    return min((worst + 1) * MINUTE_MS, end_ms)


def _wall_of(ms: int, zone: tzinfo) -> int:
    """What a clock in `zone` shows at `ms`, as if that clock were UTC."""
    at = (_EPOCH + timedelta(milliseconds=ms)).astimezone(zone)
    return (at.replace(tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)


def _utc_of(wall_ms: int, zone: tzinfo) -> int:
    """The other way; of an hour that comes twice the first one."""
    at = (_EPOCH + timedelta(milliseconds=wall_ms)).replace(tzinfo=zone)
    return (at - _EPOCH) // timedelta(milliseconds=1)
