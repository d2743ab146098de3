"""How an item of the timeline is written: its time as exactly as it is known, its sign, its kind."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC
from typing import NamedTuple

from rich.style import Style

from crashdesk.desk import figures
from crashdesk.desk.look import Look
from crashdesk.model.kinds import EventKind, Precision
from crashdesk.model.note import NoteKind
from crashdesk.session.views import TimelineItem

_EVENTS = frozenset(kind.value for kind in EventKind)
_SHOWN_KINDS = frozenset(kind.value for kind in NoteKind if kind is not NoteKind.MINE)


class Parts(NamedTuple):
    """What stands before an item's text; `kind` is empty for events and for plain notes of one's own."""

    time: str
    sign: str
    style: Style
    kind: str


def folded(items: Sequence[TimelineItem], times: str) -> tuple[TimelineItem, ...]:
    """Events that say the same become one, at the newest's time, with how often it came: `... ×48`. Notes all stay."""
    counts = Counter((item.kind, item.text) for item in items)
    left = counts.copy()
    kept = []
    for item in items:
        key = (item.kind, item.text)
        if item.kind not in _EVENTS or counts[key] == 1:
            kept.append(item)
            continue
        left[key] -= 1
        if left[key] == 0:
            kept.append(item._replace(text=f"{item.text} {times}{counts[key]}"))
    return tuple(kept)


def parts_of(item: TimelineItem, look: Look) -> Parts:
    """Time, sign and kind of an item."""
    palette, glyphs = look.palette, look.glyphs
    time = time_words(item, look)
    if item.kind == EventKind.LEVEL:
        return Parts(time, glyphs.level, palette.warning, "")
    if item.kind == EventKind.CASCADE:
        return Parts(time, glyphs.cascade, palette.error, "")
    if item.kind in _EVENTS:
        return Parts(time, glyphs.event, palette.warning, "")
    return Parts(time, glyphs.note, palette.accent, item.kind if item.kind in _SHOWN_KINDS else "")


def time_words(item: TimelineItem, look: Look) -> str:
    """`11-04 03:12` in the desk's zone; a day is a UTC day, whatever the zone: `11-03`, `week 11-03`."""
    if item.precision is Precision.MINUTE:
        return f"{figures.month_day(item.ts_ms, look.zone)} {figures.hour_minute(item.ts_ms, look.zone)}"
    day = figures.month_day(item.ts_ms, UTC)
    return day if item.precision is Precision.DAY else f"week {day}"


def text_of(item: TimelineItem, look: Look) -> str:
    """What an item says; figures that a recorder wrote have the minus sign of all the others."""
    return figures.with_minus(item.text, look.glyphs) if item.kind in _EVENTS else item.text


def item_page(item: TimelineItem, look: Look) -> str:
    """Everything about an item, as a page."""
    if item.precision is Precision.MINUTE:
        at = f"{figures.date(item.ts_ms, look.zone)} {figures.clock(item.ts_ms, look.zone)} {look.zone_name}"
    else:
        week = "the week to " if item.precision is Precision.WEEK else ""
        at = f"{week}{figures.date(item.ts_ms, UTC)} (UTC; no hour is known)"
    lines = [text_of(item, look), "", f"when    {at}", f"kind    {item.kind.replace('_', ' ')}"]
    lines += [f"source  {item.source}"] if item.source else []
    lines += [f"url     {item.url}"] if item.url else []
    return "\n".join([*lines, *(["", "a note of your own: e edits it, d removes it"] if item.mine else [])])
