from __future__ import annotations

import math
from array import array
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.desk.chart.axis import nice_step, price_ticks, step_decimals, time_ticks
from crashdesk.desk.chart.scale import PriceScale, scale_over
from crashdesk.desk.prices import compact_price, exact_price
from crashdesk.model.timeframe import DAY_MS, HOUR_MS


def test_a_price_falls_into_the_row_that_holds_it() -> None:
    scale = PriceScale(100.0, 200.0, 10)
    assert [scale.row(p) for p in (199.9, 190.1, 189.9, 150.1, 149.9, 100.1)] == [0, 0, 1, 4, 5, 9]
    assert scale.row(200.1) == -1
    assert scale.row(99.9) == 10
    assert scale.price(2.5) == 175.0
    assert scale.step(150.0) == pytest.approx(10.0)


def test_a_logarithmic_scale_gives_equal_ratios_equal_heights() -> None:
    scale = PriceScale(1.0, 10_000.0, 8, log=True)
    assert scale.depth(100.0) == pytest.approx(4.0)
    assert scale.depth(10.0) == pytest.approx(6.0)
    assert scale.price(2.0) == pytest.approx(1000.0)
    assert not scale_over(-1.0, 10.0, 8, log=True).log


@given(
    low=st.floats(1e-9, 1e9),
    span=st.floats(0, 10),
    rows=st.integers(1, 60),
    log=st.booleans(),
)
def test_a_scale_shows_both_ends_and_comes_back_from_rows(low: float, span: float, rows: int, log: bool) -> None:
    high = low * (1 + span)
    scale = scale_over(low, high, rows, log=log)
    assert scale.holds(low)
    assert scale.holds(high)
    for row in range(rows):
        assert scale.row(scale.price(row + 0.5)) == row


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (100_000, 126_200, ["125,000", "120,000", "115,000", "110,000", "105,000", "100,000"]),
        (0.2, 0.2101, ["0.210", "0.208", "0.206", "0.204", "0.202", "0.200"]),
        (0.00000911, 0.00000935, ["0.00000935", "0.00000930", "0.00000925", "0.00000920", "0.00000915"]),
        (3_500, 3_600, ["3,600", "3,580", "3,560", "3,540", "3,520", "3,500"]),
    ],
)
def test_prices_are_written_as_a_trader_reads_them(low: float, high: float, labels: list[str]) -> None:
    ticks = price_ticks(scale_over(low, high, 20, log=False))
    assert [tick.label for tick in ticks] == labels


@given(low=st.floats(1e-8, 1e8), span=st.floats(1e-3, 20), rows=st.integers(4, 60), log=st.booleans())
def test_every_tick_stands_at_its_own_price(low: float, span: float, rows: int, log: bool) -> None:
    scale = scale_over(low, low * (1 + span), rows, log=log)
    for tick in price_ticks(scale):
        assert "e" not in tick.label
        price = float(tick.label.replace(",", ""))
        assert scale.depth(price) == pytest.approx(tick.at, abs=1e-3)


def test_steps_are_round() -> None:
    assert [nice_step(span, 5) for span in (5, 9, 12, 24, 26)] == [1.0, 2.0, 2.5, 5.0, 10.0]
    assert [step_decimals(step) for step in (1000.0, 1.0, 2.5, 0.25, 0.002)] == [0, 0, 1, 2, 3]


def _ms(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)  # type: ignore[misc]


def _labels(first: int, step: int, count: int, width: int, zone: timezone | None = None) -> list[tuple[float, str]]:
    times = array("q", [first + i * step for i in range(count)])
    return [(tick.at, tick.label) for tick in time_ticks(times, range(count), width, zone or UTC)]


def test_days_months_and_years_are_named_where_they_begin() -> None:
    assert _labels(_ms(2025, 10, 28), DAY_MS, 10, 10) == [(6, "Nov 3")]
    assert _labels(_ms(2025, 8, 20), DAY_MS, 80, 80)[0] == (1, "Aug 21")
    halves = _labels(_ms(2025, 8, 20), DAY_MS, 80, 40)
    assert halves == [(12, "Sep 1"), (27, "Sep 16"), (42, "Oct 1"), (57, "Oct 16"), (73, "Nov 1")]
    assert _labels(_ms(2025, 8, 20), DAY_MS, 80, 30) == [(12, "Sep"), (42, "Oct"), (73, "Nov")]
    years = _labels(_ms(2023, 6, 1), 7 * DAY_MS, 120, 120)
    assert "2024" in [label for _, label in years]


def test_hours_are_read_in_the_zone_and_midnight_is_a_date() -> None:
    first = _ms(2025, 11, 3, 18)
    wide = time_ticks(array("q", [first + i * HOUR_MS for i in range(12)]), range(0, 84, 7), 84)
    assert [(tick.at, tick.label) for tick in wide] == [
        (14, "20:00"),
        (28, "22:00"),
        (42, "Nov 4"),
        (56, "02:00"),
        (70, "04:00"),
    ]
    utc = {label: at for at, label in _labels(first, HOUR_MS, 12, 24)}
    assert utc["Nov 4"] == 6
    taipei = timezone(timedelta(hours=8))
    east = {label: at for at, label in _labels(_ms(2025, 11, 3, 12), HOUR_MS, 12, 24, taipei)}
    assert east["Nov 4"] == 4


def test_labels_never_touch_each_other() -> None:
    for count in (1, 2, 5, 30, 90, 200):
        for step in (HOUR_MS // 12, HOUR_MS, 4 * HOUR_MS, DAY_MS, 7 * DAY_MS):
            end = -1.0
            for at, label in _labels(_ms(2025, 8, 20, 3), step, count, count):
                assert at - len(label) // 2 > end or end < 0
                end = at + len(label) // 2


def test_exact_and_compact_prices() -> None:
    assert [exact_price(p, 2) for p in (105_000.0, 105_250.5, 163.1, 3_598.42)] == [
        "105,000",
        "105,250.50",
        "163.10",
        "3,598.42",
    ]
    assert [compact_price(p, 8) for p in (109_834.15, 3_598.42, 163.1, 0.2063, 0.00000912, 0.0)] == [
        "109,834",
        "3,598",
        "163.10",
        "0.20630",
        "0.00000912",
        "0",
    ]
    assert exact_price(math.nan, 2) == compact_price(math.inf, 2) == "?"
