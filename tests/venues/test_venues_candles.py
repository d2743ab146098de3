"""Candles: built from smaller ones, told when they change, asked for again where one is missing."""

from __future__ import annotations

from crashdesk.model.timeframe import DAY_MS, HOUR_MS, Timeframe
from crashdesk.venues.series import Row, Series, aligned, build, rows_of

DAY0 = 1_762_128_000_000  # 2025-11-03 00:00 UTC


def bars(start: int, length: int, count: int) -> list[Row]:
    return [(start + i * length, 10.0 + i, 20.0 + i, 5.0 - i / 10, 11.0 + i, 1.5) for i in range(count)]


def test_days_are_built_from_whole_sets_of_parts_only() -> None:
    parts = bars(DAY0 - DAY_MS, 4 * HOUR_MS, 12)
    del parts[8]  # a hole in the second day
    built = build(parts, Timeframe.H4, Timeframe.D1, DAY0 + 2 * DAY_MS)
    assert built == [(DAY0 - DAY_MS, 10.0, 25.0, 4.5, 16.0, 9.0)]


def test_the_running_day_is_built_from_what_has_begun() -> None:
    parts = bars(DAY0, 4 * HOUR_MS, 3)
    (day,) = build(parts, Timeframe.H4, Timeframe.D1, DAY0 + 9 * HOUR_MS)
    assert day == (DAY0, 10.0, 22.0, 4.8, 13.0, 4.5)
    assert build(parts[1:], Timeframe.H4, Timeframe.D1, DAY0 + 9 * HOUR_MS) == []


def test_weeks_open_on_monday() -> None:
    monday = DAY0  # 2025-11-03 was one
    parts = bars(monday - 7 * DAY_MS, 4 * HOUR_MS, 42)
    assert [row[0] for row in build(parts, Timeframe.H4, Timeframe.W1, monday)] == [monday - 7 * DAY_MS]
    assert aligned([(monday, 1, 1, 1, 1, 1), (monday + DAY_MS, 1, 1, 1, 1, 1)], Timeframe.W1) == [
        (monday, 1, 1, 1, 1, 1)
    ]


def test_candles_that_make_no_sense_are_counted() -> None:
    reasons: list[tuple[str, int]] = []
    raw = [
        [DAY0, 10, 12, 9, 11, 5],
        [DAY0 + 1, 10, 9, 12, 11, 5],
        [DAY0 + 2, float("nan"), 12, 9, 11, 5],
        [DAY0 + 3, 10, 12, 0, 11, 5],
        [None, 1, 1, 1, 1, 1],
        "x",
        [DAY0, 10, 13, 9, 12, None],
    ]
    assert rows_of(raw, lambda reason, rows: reasons.append((reason, rows))) == [(DAY0, 10.0, 13.0, 9.0, 12.0, 0.0)]
    assert reasons == [("candle that makes no sense", 5)]
    assert rows_of(None, lambda *_: None) == []


def test_only_changed_candles_are_news_and_closing_is_a_change() -> None:
    series = Series("okx", "BTC/USDT", Timeframe.H1)
    rows = bars(DAY0, HOUR_MS, 2)
    first = series.news(rows, DAY0 + HOUR_MS + 5)
    assert [(candle.open_ms, candle.closed) for candle in first] == [(DAY0, True), (DAY0 + HOUR_MS, False)]
    assert series.news(rows, DAY0 + HOUR_MS + 6) == []
    (last,) = series.news(rows, DAY0 + 2 * HOUR_MS)
    assert (last.open_ms, last.closed) == (DAY0 + HOUR_MS, True)
    moved = [rows[0], (*rows[1][:4], 12.5, 1.5)]
    assert [candle.close for candle in series.news(moved, DAY0 + 2 * HOUR_MS)] == [12.5]
    assert series.news(bars(DAY0 + 9 * HOUR_MS, HOUR_MS, 1), DAY0) == []


def test_a_hole_is_asked_for_again_and_given_up_when_it_stays() -> None:
    series = Series("okx", "BTC/USDT", Timeframe.H1)
    rows = bars(DAY0, HOUR_MS, 10)
    now = DAY0 + 10 * HOUR_MS
    assert series.hole_ms() is None
    series.news([*rows[:4], *rows[6:]], now)
    series.asked_from(DAY0)
    assert series.hole_ms() == DAY0 + 4 * HOUR_MS
    series.news(rows[5:6], now)
    series.asked_from(DAY0 + 4 * HOUR_MS)
    assert series.hole_ms() == DAY0 + 4 * HOUR_MS
    series.asked_from(DAY0 + 7 * HOUR_MS)
    assert series.hole_ms() == DAY0 + 4 * HOUR_MS
    series.asked_from(DAY0 + 4 * HOUR_MS)
    assert series.hole_ms() is None
    series.news(bars(DAY0 + 12 * HOUR_MS, HOUR_MS, 1), DAY0 + 13 * HOUR_MS)
    assert series.hole_ms() == DAY0 + 10 * HOUR_MS
    assert [candle.open_ms for candle in series.news(rows, now)] == [DAY0 + 4 * HOUR_MS]
