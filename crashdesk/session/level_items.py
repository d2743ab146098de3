"""What happened at the levels of a symbol, as items of the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crashdesk.model.level import LevelKind, LevelState
from crashdesk.model.records import EventKind, Precision
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, Timeframe
from crashdesk.model.words import exact_price
from crashdesk.session.daily import AverageCross, Daily
from crashdesk.session.found import FOUND
from crashdesk.session.level_views import LevelChange, LevelRow
from crashdesk.session.levels import SMA200, Stood
from crashdesk.session.views import TickerRow, TimelineItem

TREND_SHOWN_MS = 30 * DAY_MS
"""How long a daily close across the 200-day average, and a cross of the averages, are told."""
LEVELS_SHOWN_MS = 2 * DAY_MS
SAME_TEST_MS = HOUR_MS
"""A test that begins so soon after the last one ended is the same one to the timeline."""
_CLOSES = {Timeframe.D1: "daily", Timeframe.W1: "weekly"}


def level_items(row: TickerRow, stood: Iterable[Stood], daily: Daily | None, now_ms: int) -> tuple[TimelineItem, ...]:
    """Closes across the levels of `row`'s symbol, tests of those that nobody had to find, and crosses of averages.

    A close across the 200-day average that is still in force is told however old it is.
    """
    items = []
    for one in stood:
        average = one.row.source == SMA200
        since_ms = now_ms - (TREND_SHOWN_MS if average else LEVELS_SHOWN_MS)
        closes = [change for change in one.row.history if change.over is not None]
        if average and closes and one.row.state is LevelState.BREACHED:
            since_ms = min(since_ms, closes[-1].since_ms)
        items += [_close(row, one, change) for change in closes if change.since_ms >= since_ms]
        if one.row.source != FOUND:
            items += [_test(row, one.row, at_ms) for at_ms in _tests(one.row.history) if at_ms >= since_ms]
    crosses = daily.crosses() if daily is not None else ()
    items += [_cross(row, cross) for cross in crosses if cross.end_ms >= now_ms - TREND_SHOWN_MS]
    return tuple(items)


def _tests(history: Sequence[LevelChange]) -> Iterator[int]:
    """When tests began, those that go on after a short pause left out."""
    ended_ms: int | None = None
    for change in history:
        if change.state is not LevelState.TESTING:
            ended_ms = change.since_ms
        elif ended_ms is None or change.since_ms - ended_ms >= SAME_TEST_MS:
            yield change.since_ms


def _name(row: TickerRow, level: LevelRow) -> str:
    if level.kind is LevelKind.AVERAGE:
        return level.label
    price = exact_price(level.price, row.price_decimals)
    return f"{price} ({level.label})" if level.label and level.kind is not LevelKind.ROUND else price


def _close(row: TickerRow, one: Stood, change: LevelChange) -> TimelineItem:
    length = _CLOSES.get(one.timeframe, one.timeframe.value)
    where = "over" if change.over else "under"
    back = "back " if change.state is LevelState.RECLAIMED else ""
    text = f"{row.base} {length} close {back}{where} {_name(row, one.row)}"
    return _item(row, one.row, change.since_ms, text)


def _test(row: TickerRow, level: LevelRow, at_ms: int) -> TimelineItem:
    return _item(row, level, at_ms, f"{row.base} {_name(row, level)} tested")


def _item(row: TickerRow, level: LevelRow, at_ms: int, text: str) -> TimelineItem:
    name = level.id or f"{level.source}:{level.label}:{'' if level.kind is LevelKind.AVERAGE else level.price}"
    return _told(row, f"level:{row.symbol}:{name}:{at_ms}", at_ms, text)


def _cross(row: TickerRow, cross: AverageCross) -> TimelineItem:
    words = "SMA50 over SMA200 (golden cross)" if cross.golden else "SMA50 under SMA200 (death cross)"
    return _told(row, f"cross:{row.symbol}:{cross.end_ms}", cross.end_ms, f"{row.base} {words}")


def _told(row: TickerRow, name: str, at_ms: int, text: str) -> TimelineItem:
    source = f"{row.symbol} {row.venue}"
    return TimelineItem(name, at_ms, Precision.MINUTE, EventKind.LEVEL.value, text, source, None, mine=False)
