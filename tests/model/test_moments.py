"""The words of a seek: the same in the desk and on the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crashdesk.cli.moments import moment
from crashdesk.desk.go import read_go
from crashdesk.model.errors import UsageError
from crashdesk.model.moments import read_moment
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.session.views import Mode, TransportView


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


START, END = ms("2025-11-03T04:00"), ms("2025-11-04T04:00")


class Recorded:
    """What a source has of its minutes."""

    start_ms = START

    def __init__(self, **liquidated: int) -> None:
        self.minutes = {START // MINUTE_MS + int(name[1:]): sum_ for name, sum_ in liquidated.items()}

    def minute_totals(self) -> dict[int, tuple[int, int, int]]:
        return {minute: (sum_ - 1, 1, 2) for minute, sum_ in self.minutes.items()}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("14:05", "2025-11-03T14:05"),
        ("03:05:30", "2025-11-04T03:05:30"),
        ("-30m", "2025-11-04T03:30"),
        ("50%", "2025-11-03T16:00"),
        ("0%", "2025-11-03T04:00"),
        ("nov 4 03:00", "2025-11-04T03:00"),
        ("2025-11-04T03:00Z", "2025-11-04T03:00"),
        ("2025-11-04 04:00+01:00", "2025-11-04T03:00"),
        ("now", "2025-11-04T04:00"),
        ("4 nov 03:00", "2025-11-04T03:00"),
        ("4 November, 2025 03:00", "2025-11-04T03:00"),
        ("yesterday 14:00", "2025-11-03T14:00"),
        ("Today 03:00:30", "2025-11-04T03:00:30"),
        ("today", "2025-11-04T00:00"),
        ("start", "2025-11-03T04:00"),
        ("End", "2025-11-04T04:00"),
    ],
)
def test_desk_and_command_line_say_the_same(typed: str, expected: str) -> None:
    transport = TransportView(Mode.REPLAY, False, True, 1.0, START, END, END)
    assert read_moment(typed, END, START, END) == ms(expected)
    assert moment(typed, Recorded(), END) == ms(expected)
    assert read_go(typed, END, transport, UTC, "UTC") == ms(expected)


@pytest.mark.parametrize(
    "typed", ["101%", "-1%", "x%", "%", "25:00", "soon", "", "-1y", "yesterday 24:00", "tomorrow", "4 nov 5", "ends"]
)
def test_what_is_no_moment_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the sentence differs
        read_moment(typed, END, START, END)
    with pytest.raises(UsageError, match="--at: "):
        moment(typed, Recorded(), END)


def test_yesterday_is_that_of_the_zone() -> None:
    """At 04:00 UTC it is still the 3rd in Los Angeles."""
    zone = ZoneInfo("America/Los_Angeles")
    assert read_moment("yesterday 21:00", END, START, END, zone) == ms("2025-11-03T05:00")


def test_an_hour_after_the_time_shown() -> None:
    assert read_moment("+1h30m", START, START, END) == ms("2025-11-03T05:30")


@pytest.mark.parametrize(
    ("liquidated", "worst"),
    [
        ({"m5": 10, "m70": 40, "m90": 40, "m91": 39}, "2025-11-03T05:11"),
        ({"m5": 10, "m1439": 40}, "2025-11-04T04:00"),
        ({"m5": 10, "m1440": 40}, "2025-11-03T04:06"),
    ],
)
def test_the_worst_minute_is_over_and_inside(liquidated: dict[str, int], worst: str) -> None:
    source = Recorded(**liquidated)
    assert moment("worst", source, END) == ms(worst)
    span = TransportView(
        Mode.REPLAY, playing=False, ended=False, speed=1.0, start_ms=START, end_ms=END, position_ms=END
    )
    minutes = tuple(sorted(source.minutes.items()))
    assert read_go("Worst", START, span, UTC, "UTC", minutes) == ms(worst)


def test_without_liquidations_there_is_no_worst_minute() -> None:
    with pytest.raises(UsageError, match="--at: nothing was liquidated"):
        moment("worst", Recorded(), END)
    with pytest.raises(ValueError, match="write 2025"):
        read_moment("worst", END, START, END)
