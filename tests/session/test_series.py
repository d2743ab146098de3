"""Daily series: what is known of them at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from crashdesk.model.series import DailySeries
from crashdesk.model.timeframe import DAY_MS, HOUR_MS
from crashdesk.session.series import SHOWN, series_rows

MONDAY = int(datetime(2025, 11, 3, tzinfo=UTC).timestamp() * 1000)


def _series(values: list[float], known_after_ms: int = DAY_MS) -> DailySeries:
    """One entry a day, the last one on Monday."""
    times = tuple(MONDAY - (len(values) - 1 - place) * DAY_MS for place in range(len(values)))
    return DailySeries("etf", "ETF flows", "M$", known_after_ms, times, tuple(values))


def test_an_entry_counts_when_its_day_is_over() -> None:
    series = (_series([10.0, 20.0, -946.0]),)
    before, after = series_rows(series, MONDAY + DAY_MS - 1)[0], series_rows(series, MONDAY + DAY_MS)[0]
    assert (before.last, before.last_ms, before.values) == (20.0, MONDAY - DAY_MS, (10.0, 20.0))
    assert (after.last, after.last_ms, after.values) == (-946.0, MONDAY, (10.0, 20.0, -946.0))


def test_one_that_is_known_earlier_counts_earlier() -> None:
    series = (_series([1.0, 2.0], 21 * HOUR_MS),)
    assert series_rows(series, MONDAY + 21 * HOUR_MS - 1)[0].last == 1.0
    assert series_rows(series, MONDAY + 21 * HOUR_MS)[0].last == 2.0


def test_before_its_first_entry_nothing_is_known() -> None:
    row = series_rows((_series([1.0]),), MONDAY)[0]
    assert (row.last, row.last_ms, row.sum_5, row.sum_21, row.values) == (None, None, None, None, ())


@given(st.lists(st.floats(-1e9, 1e9), min_size=0, max_size=90), st.integers(-2, 95))
def test_sums_are_of_the_entries_that_are_there(values: list[float], days: int) -> None:
    now = MONDAY - days * DAY_MS + DAY_MS
    row = series_rows((_series(values),), now)[0]
    known = values[: max(0, len(values) - max(0, days))]
    assert row.values == tuple(known[-SHOWN:])
    for found, count in ((row.sum_5, 5), (row.sum_21, 21)):
        exact = float(sum(map(Fraction, known[-count:]))) if len(known) >= count else None
        assert found == exact
