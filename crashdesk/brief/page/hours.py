"""The chart of what was liquidated in each hour of the last 24: longs, and shorts on top of them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from crashdesk.brief import words
from crashdesk.brief.content import Brief
from crashdesk.brief.coverage import seen_by_window
from crashdesk.brief.page.markup import Drawing, element, text
from crashdesk.brief.page.scale import Scale, round_values
from crashdesk.model.records import Method
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.model.words import usd_short

_WIDTH, _HEIGHT = 720.0, 220.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 716.0, 10.0, 196.0
_GAP = 0.12
_TICKS = 4
_EVERY = 3
_LEGEND = (("long", "longs"), ("short", "shorts"))


class Hour(NamedTuple):
    """What was liquidated from `start_ms` on for an hour, in micro-dollars; not `seen`: nobody looked."""

    start_ms: int
    long: int
    short: int
    seen: bool


def hours_of(brief: Brief) -> tuple[Hour, ...]:
    """The hours that the last 24 h touch, oldest first: the minutes of the brief's liquidations added up."""
    sums: dict[int, list[int]] = {}
    for minute, long, short in brief.liquidations.minutes:
        entry = sums.setdefault(minute * MINUTE_MS // HOUR_MS, [0, 0])
        entry[0] += long
        entry[1] += short
    first, last = (brief.as_of_ms - DAY_MS) // HOUR_MS, brief.as_of_ms // HOUR_MS
    made = []
    for hour in range(first, last + 1):
        long, short = sums.get(hour, (0, 0))
        made.append(Hour(hour * HOUR_MS, long, short, bool(long or short) or _seen(brief, hour * HOUR_MS)))
    return tuple(made)


def _seen(brief: Brief, start_ms: int) -> bool:
    """Whether any feed was connected for a part of an hour in which nothing was liquidated."""
    begin, end = max(start_ms, brief.start_ms), min(start_ms + HOUR_MS, brief.as_of_ms)
    feeds = [row for row in brief.liquidations.coverage if row.method is not Method.NONE and row.connected_share > 0]
    return begin < end and any(
        not any(gap.start_ms <= begin and gap.end_ms >= end for gap in feed.gaps) for feed in feeds
    )


def hours_drawing(brief: Brief, zone: tzinfo) -> Drawing | None:
    """None when nothing is known of the last 24 h."""
    view = brief.liquidations
    if not view.windows or (not seen_by_window(view)[-1].venues and not view.windows[-1].totals.orders):
        return None
    hours = hours_of(brief)
    most = max(hour.long + hour.short for hour in hours)
    up = Scale(0.0, float(most or 1), _BOTTOM, _TOP)
    across = Scale(0.0, float(len(hours)), _LEFT, _RIGHT)
    inside = _grid(up) + "".join(_bar(hour, at, across, up, zone) for at, hour in enumerate(hours))
    zone_name = words.moment(brief.as_of_ms, zone).rsplit(" ", 1)[1]
    return Drawing(
        "hours",
        f"Liquidated in each hour, observed ({zone_name}; the first and the last are not whole)",
        _told(hours, zone),
        _WIDTH,
        _HEIGHT,
        inside,
        _LEGEND if all(hour.seen for hour in hours) else (*_LEGEND, ("unseen", "nobody looked")),
    )


def _grid(up: Scale) -> str:
    parts = []
    for value in round_values(up.low, up.high, _TICKS):
        y = up.at(value)
        parts.append(element("line", class_="grid", x1=_LEFT, x2=_RIGHT, y1=y, y2=y))
        parts.append(element("text", text(_short(value)), class_="tick", text_anchor="end", x=_LEFT - 6, y=y + 3.5))
    return "".join(parts)


def _short(micro: float) -> str:
    """A round sum: `$75M`."""
    return usd_short(round(micro)).replace(".00", "").replace(".0", "") if micro else "$0"


def _bar(hour: Hour, at: int, across: Scale, up: Scale, zone: tzinfo) -> str:
    left, right = across.at(at + _GAP), across.at(at + 1 - _GAP)
    middle, top = up.at(hour.long), up.at(hour.long + hour.short)
    named = _clock(hour.start_ms, zone)
    parts = [element("title", text(f"{named}: {_sums(hour)}"))]
    if not hour.seen:
        parts.append(element("rect", class_="unseen", x=left, y=_TOP, width=right - left, height=_BOTTOM - _TOP))
    for kind, upper, lower in (("long", middle, _BOTTOM), ("short", top, middle)):
        if lower > upper:
            parts.append(element("rect", class_=kind, x=left, y=upper, width=right - left, height=lower - upper))
    middle_x, below = (left + right) / 2, _BOTTOM + 14
    label = element("text", named, class_="tick", text_anchor="middle", x=middle_x, y=below) if at % _EVERY == 0 else ""
    return element("g", "".join(parts)) + label


def _sums(hour: Hour) -> str:
    return f"long {words.usd(hour.long)}, short {words.usd(hour.short)}" if hour.seen else "nobody looked"


def _told(hours: tuple[Hour, ...], zone: tzinfo) -> str:
    worst = max(hours, key=lambda hour: hour.long + hour.short)
    return f"The most in the hour from {_clock(worst.start_ms, zone)}: {_sums(worst)}. The tables below have the sums."


def _clock(ms: int, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone):%H:%M}"
