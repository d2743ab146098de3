"""What became of a level: the tests and closes since it was made, and where the market stands to it now.

A level is breached by the first close of its timeframe beyond it, seen from the side on which the price was when the
level was made, and reclaimed by the next close back. While it is not breached it is tested when the price is within
half an ATR of it, and untouched (or still reclaimed) otherwise. Closes are those of the price venue's closed candles,
as far as they reach. Tests are looked for in bars of five minutes of the last two days, with the ATR of their time; the
minute in which the newest one began comes from the prices seen (it is dear to look up), the others begin with their
bar. A test whose beginning was not seen (no bar stands before it: a venue that is new, a recorder that slept) has no
time, and is not counted among the changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from crashdesk.model.level import Level, LevelKind, LevelState
from crashdesk.session.level_views import LevelChange

BAND_ATR = 0.5
_HOMES = {LevelKind.SUPPORT: True, LevelKind.RESISTANCE: False}
Prices = Callable[[int], float]
"""The price of a level at a time (UTC ms); NaN where it has none."""


class Closes(NamedTuple):
    """Closed candles of a timeframe: close times (ms) and closing prices, oldest first."""

    end_ms: Sequence[int]
    close: Sequence[float]


class Bar(NamedTuple):
    """Low and high of a span of time, and how near to a level counts as a test then."""

    start_ms: int
    end_ms: int
    low: float
    high: float
    band: float


class Course(NamedTuple):
    """A level: its price at any time, since when its states count, and the side that it is held from.

    `home` is True where the price belongs above it; None: where it was when the level was made.
    """

    price_at: Prices
    since_ms: int
    home: bool | None = None


def course_of(level: Level) -> Course:
    """The course of a level of the trader's own.

    One that does not say when it was made (written by hand, imported) counts from the first close on: where the price
    was then says nothing of the side, but a support is held from above and a resistance from below.
    """
    return Course(level.price_at, level.created_ms, None if level.created_ms else _HOMES.get(level.kind))


class Past(NamedTuple):
    """What closed candles and bars say of a level. `calm` is its state when it is not tested, `calm_ms` since when.

    `began_ms` tells since when it is tested in the last bar: None when it is not, 0 when that was not seen.
    """

    changes: tuple[LevelChange, ...]
    calm: LevelState
    calm_ms: int | None
    began_ms: int | None


def crossings(course: Course, closes: Closes) -> tuple[LevelState, tuple[LevelChange, ...]]:
    """The state before the first of them (untouched, or breached from the start), and the closes that crossed."""
    home, above = course.home, course.home
    found: list[LevelChange] = []
    start = LevelState.UNTOUCHED
    first = True
    for end, close in zip(closes.end_ms, closes.close, strict=True):
        price = course.price_at(end)
        if price != price:  # no price yet
            continue
        over = close >= price
        if end <= course.since_ms or (first and above is None):
            above = over
            home = over if course.home is None else home
        elif first and course.home is not None and over != course.home:
            above, start = over, LevelState.BREACHED
        elif over != above:
            above = over
            state = LevelState.RECLAIMED if over == home else LevelState.BREACHED
            found.append(LevelChange(state, end, over))
        first = False
    return start, tuple(found)


def past_of(course: Course, closes: Closes, bars: Sequence[Bar], minute_of: Callable[[Bar, float], int]) -> Past:
    """Put closes and bars together. `minute_of` gives the time in a bar at which the price came near to a price."""
    start, crossed = crossings(course, closes)
    spans = [(course.since_ms, start), *((change.since_ms, change.state) for change in crossed)]
    tests = _tests(course, bars, minute_of)
    changes = list(crossed)
    began: int | None = None
    for place, (since, state) in enumerate(spans):
        if state is LevelState.BREACHED:
            continue
        until = spans[place + 1][0] if place + 1 < len(spans) else None
        for began_ms, end_ms in tests:
            if (end_ms is not None and end_ms <= since) or (until is not None and began_ms >= until):
                continue
            ends_here = end_ms is not None and (until is None or end_ms < until)
            if began_ms:
                changes.append(LevelChange(LevelState.TESTING, max(began_ms, since)))
                if ends_here and end_ms is not None:
                    changes.append(LevelChange(state, end_ms))
            if end_ms is None and until is None:
                began = max(began_ms, since) if began_ms else 0
    changes.sort(key=lambda change: change.since_ms)  # stable: a close that reclaims stands before the test
    calm_ms, calm = spans[-1]
    return Past(tuple(changes), calm, calm_ms if crossed else None, began)


def _tests(course: Course, bars: Sequence[Bar], minute_of: Callable[[Bar, float], int]) -> list[tuple[int, int | None]]:
    """(since, until) of each test, oldest first: since 0 when its beginning was not seen, until None when it goes on
    in the last bar."""
    found: list[tuple[int, int | None]] = []
    began: Bar | None = None
    newest: Bar | None = None
    known = False
    before: Bar | None = None
    for bar in bars:
        if bar.end_ms <= course.since_ms:
            continue
        price, band = course.price_at(bar.start_ms), bar.band
        near = bar.low <= price + band and bar.high >= price - band
        joined = before is not None and before.end_ms == bar.start_ms
        if began is not None and before is not None and not (near and joined):
            found.append((max(began.start_ms, course.since_ms) if known else 0, before.end_ms))
            began = None
        if near and began is None:
            began, known = bar, joined or bar.start_ms <= course.since_ms
        newest = began or newest
        before = bar
    if began is not None:
        found.append((max(began.start_ms, course.since_ms) if known else 0, None))
    if newest is not None and found[-1][0]:
        minute_ms = minute_of(newest, course.price_at(newest.start_ms))
        found[-1] = (max(minute_ms, course.since_ms), found[-1][1])
    return found


def stands(past: Past, *, near: bool, newly_ms: int | None) -> tuple[LevelState, int | None]:
    """(state, since when) now: `near` whether the last price is within the band, `newly_ms` since when it is when the
    last bar was not (None: not known)."""
    if past.calm is LevelState.BREACHED or not near:
        return past.calm, past.calm_ms
    if past.began_ms is not None:
        return LevelState.TESTING, past.began_ms or None
    return LevelState.TESTING, newly_ms
