"""Durations and times as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.model.times import format_utc, parse_duration, parse_time

NOW = 1_762_225_964_000
"""2025-11-04 03:12:44 UTC."""


def ms(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp() * 1000)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20s", 20_000),
        ("5m", 300_000),
        ("1h30m", 5_400_000),
        ("2d", 172_800_000),
        ("1.5h", 5_400_000),
        (" 1H 30M ", 5_400_000),
        ("0.25s", 250),
    ],
)
def test_duration(text: str, expected: int) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    "text", ["", "20", "s", "0s", "-5m", "5 minutes", "1h30", "nan s", "infs", "9" * 400 + "d", "٣m"]
)
def test_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-11-04T03:00:00Z", ms(2025, 11, 4, 3)),
        ("2025-11-04 03:00", ms(2025, 11, 4, 3)),
        ("2025-11-04 03:00 UTC", ms(2025, 11, 4, 3)),
        ("2025-11-04 03:00utc", ms(2025, 11, 4, 3)),
        ("2025-11-04T11:12:44+08:00", NOW),
        ("2025-11-04T03:12:44.250Z", NOW + 250),
        ("2025-11-04", ms(2025, 11, 4)),
        ("20251104", ms(2025, 11, 4)),
        ("1762225964000", NOW),
        ("now", NOW),
        ("-30m", NOW - 1_800_000),
        ("- 1h30m", NOW - 5_400_000),
        ("+5m", NOW + 300_000),
        ("14:05", ms(2025, 11, 4, 14, 5)),
        ("9:05:07", ms(2025, 11, 4, 9, 5, 7)),
        ("nov 4 03:00", ms(2025, 11, 4, 3)),
        ("Nov 4", ms(2025, 11, 4)),
        ("November 4, 2024 03:00", ms(2024, 11, 4, 3)),
        ("sept. 1 12:30:15 utc", ms(2025, 9, 1, 12, 30, 15)),
        ("jan 2 00:00", ms(2026, 1, 2)),
    ],
)
def test_time(text: str, expected: int) -> None:
    assert parse_time(text, NOW) == expected


def test_month_and_day_take_the_nearest_year() -> None:
    assert parse_time("dec 31 23:00", ms(2026, 1, 1, 1)) == ms(2025, 12, 31, 23)
    assert parse_time("feb 29", ms(2025, 2, 1)) == ms(2024, 2, 29)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "utc",
        "soon",
        "25:00",
        "12:60",
        "nov 31",
        "foo 4",
        "2025-13-01",
        "-",
        "-5",
        "12345",
        "2025-11-04 25:00",
        "1969-12-31",
        "-100000d",
        "9999-12-31T23:59:59-08:00",
        "0001-01-01T00:00+14:00",
        "\x1b[31m",
        "nov 4 24:00",
        "99999999999999999",
    ],
)
def test_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="time") as error:
        parse_time(text, NOW)
    assert "\x1b" not in str(error.value)


def test_format_utc() -> None:
    assert format_utc(NOW) == "2025-11-04 03:12:44 UTC"
    assert format_utc(NOW + 999) == "2025-11-04 03:12:44 UTC"


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 12, 30)), st.integers(0, NOW))  # noqa: DTZ001
def test_what_is_printed_is_read_back(moment: datetime, now: int) -> None:
    exact = moment.replace(microsecond=0, tzinfo=UTC)
    printed = format_utc((exact - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1))
    assert datetime.fromtimestamp(parse_time(printed, now) / 1000, UTC) == exact
