"""Level states from closes and bars, and the times of their changes."""

from __future__ import annotations

from math import nan

import pytest

from crashdesk.model.level import Level, LevelKind, LevelState
from crashdesk.session.level_past import Bar, Closes, Course, course_of, crossings, past_of, stands
from crashdesk.session.level_views import LevelChange

DAYS = tuple(range(1, 8))
BREACHED, RECLAIMED, TESTING, UNTOUCHED = (
    LevelState.BREACHED,
    LevelState.RECLAIMED,
    LevelState.TESTING,
    LevelState.UNTOUCHED,
)


def flat(price: float, since_ms: int, *, home: bool | None = None) -> Course:
    return Course(lambda _: price, since_ms, home)


@pytest.mark.parametrize(
    ("closes", "created", "expected"),
    [
        ((110, 111, 112, 110, 109, 108, 107), 1, []),
        ((110, 111, 104, 103, 104, 103, 104), 1, [(BREACHED, 3, False)]),
        ((110, 111, 104, 103, 106, 107, 108), 1, [(BREACHED, 3, False), (RECLAIMED, 5, True)]),
        ((110, 104, 106, 104, 103, 102, 101), 1, [(BREACHED, 2, False), (RECLAIMED, 3, True), (BREACHED, 4, False)]),
        ((100, 101, 106, 107, 108, 107, 106), 1, [(BREACHED, 3, True)]),
        ((110, 104, 106, 107, 108, 107, 106), 3, []),
        ((104, 104, 106, 107, 108, 107, 106), 0, [(BREACHED, 3, True)]),
        ((105, 105, 105, 105, 105, 105, 105), 1, []),
        ((), 1, []),
    ],
)
def test_first_close_beyond_breaches_and_the_next_close_back_reclaims(
    closes: tuple[float, ...], created: int, expected: list[tuple[LevelState, int, bool]]
) -> None:
    start, found = crossings(flat(105.0, created), Closes(DAYS[: len(closes)], closes))
    assert start is UNTOUCHED
    assert list(found) == expected


def test_an_average_is_held_from_above_whatever_the_history_begins_with() -> None:
    closes = Closes(DAYS, (nan, 90, 91, 106, 104, 107, 108))
    course = Course(lambda at: nan if at < 2 else 105.0, 0, home=True)
    assert crossings(course, closes) == (
        BREACHED,
        ((RECLAIMED, 4, True), (BREACHED, 5, False), (RECLAIMED, 6, True)),
    )
    under = crossings(course, Closes(DAYS[:3], (nan, 90, 91)))
    assert under == (BREACHED, ())


@pytest.mark.parametrize(
    ("kind", "created", "expected"),
    [
        (LevelKind.SUPPORT, 0, (BREACHED, [(RECLAIMED, 3, True)])),
        (LevelKind.RESISTANCE, 0, (UNTOUCHED, [(BREACHED, 3, True)])),
        (LevelKind.LINE, 0, (UNTOUCHED, [(BREACHED, 3, True)])),
        (LevelKind.SUPPORT, 1, (UNTOUCHED, [(BREACHED, 3, True)])),
    ],
)
def test_the_kind_tells_the_side_of_a_level_that_does_not_say_when_it_was_made(
    kind: LevelKind, created: int, expected: tuple[LevelState, list[LevelChange]]
) -> None:
    level = Level("written", "BTC/USDT", 90.0, kind, "by hand", created, created)
    start, found = crossings(course_of(level), Closes(DAYS[:4], (60, 70, 95, 106)))
    assert (start, list(found)) == expected


def test_a_sloped_line_is_crossed_where_it_is_at_the_close() -> None:
    rising = Course(lambda at: 100.0 + at, 1)
    assert crossings(rising, Closes(DAYS, (110, 110, 110, 110, 104.5, 110, 110))) == (
        UNTOUCHED,
        ((BREACHED, 5, False), (RECLAIMED, 6, True)),
    )


def bars(*near: bool | None, band: float = 2.0) -> list[Bar]:
    """A bar each ten ms, from 0 on: one that reaches the band around 100, one far above it, or a hole."""
    return [
        Bar(i * 10, i * 10 + 10, 101.0 if yes else 120.0, 125.0, band) for i, yes in enumerate(near) if yes is not None
    ]


def past(since_ms: int, found: list[Bar], closes: Closes = Closes((), ())) -> list[tuple[LevelState, int]]:  # noqa: B008
    made = past_of(flat(100.0, since_ms), closes, found, lambda bar, _: bar.start_ms + 3)
    return [(change.state, change.since_ms) for change in made.changes]


def test_tests_begin_at_the_minute_and_end_with_their_last_bar() -> None:
    found = bars(False, True, True, False, False, True, False)
    assert past(-5, found) == [(TESTING, 10), (UNTOUCHED, 30), (TESTING, 53), (UNTOUCHED, 60)]


def test_a_test_whose_beginning_nobody_saw_has_no_time() -> None:
    assert past(-5, bars(True, True, False, True)) == [(TESTING, 33)]
    assert past(-5, bars(False, None, True, False)) == []
    made = past_of(flat(100.0, -5), Closes((), ()), bars(True, True), lambda bar, _: bar.start_ms)
    assert made.began_ms == 0
    assert stands(made, near=True, newly_ms=99) == (TESTING, None)


def test_a_level_that_is_made_where_the_price_is_is_tested_from_then_on() -> None:
    assert past(12, bars(True, True, True)) == [(TESTING, 13)]
    assert past(15, bars(True, True, True)) == [(TESTING, 15)]


def test_there_are_no_tests_of_what_is_breached() -> None:
    closes = Closes((5, 25, 45), (110.0, 99.0, 101.0))
    found = bars(False, True, True, True, True, True, False)
    assert past(-5, found, closes) == [
        (TESTING, 13),
        (BREACHED, 25),
        (RECLAIMED, 45),
        (TESTING, 45),
        (RECLAIMED, 60),
    ]


def test_where_the_market_stands_now() -> None:
    made = past_of(flat(100.0, -5), Closes((), ()), bars(False, True, True), lambda bar, _: bar.start_ms + 3)
    assert made.began_ms == 13
    assert stands(made, near=True, newly_ms=31) == (TESTING, 13)
    assert stands(made, near=False, newly_ms=None) == (UNTOUCHED, None)
    calm = made._replace(began_ms=None)
    assert stands(calm, near=True, newly_ms=31) == (TESTING, 31)
    broken = past_of(flat(100.0, -5), Closes((5, 15), (110.0, 90.0)), bars(True, True), lambda bar, _: bar.start_ms)
    assert stands(broken, near=True, newly_ms=31) == (BREACHED, 15)
    assert broken.changes[-1] == LevelChange(BREACHED, 15, over=False)
