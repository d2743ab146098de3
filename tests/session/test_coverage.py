"""What is said of a feed that was lost and has not come back."""

from __future__ import annotations

from crashdesk.model.records import Feed, Gap, HealthState, Method, VenueHealth
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.session.health import HealthBook

START = 1_762_000_000_000


def health(state: HealthState, since_ms: int, method: Method = Method.COMPLETE) -> VenueHealth:
    return VenueHealth("bybit", Feed.LIQUIDATIONS, state, method, since_ms, "no access from here", since_ms, None)


def test_an_outage_that_goes_on_is_a_gap_until_its_record_comes() -> None:
    book = HealthBook()
    book.health(health(HealthState.OK, START))
    book.health(health(HealthState.RETRYING, START + HOUR_MS))
    lost = Gap("bybit", Feed.LIQUIDATIONS, START + HOUR_MS, START + 2 * HOUR_MS, "no access from here")
    (row,) = book.coverage(START + 2 * HOUR_MS, START)
    assert row.gaps == (lost,)
    assert row.connected_share == 0.5
    book.health(health(HealthState.OK, START + 2 * HOUR_MS))
    book.gap(lost._replace(reason="disconnected"))
    (row,) = book.coverage(START + 4 * HOUR_MS, START)
    assert [gap.reason for gap in row.gaps] == ["disconnected"]
    assert row.connected_share == 0.75


def test_a_venue_that_refuses_after_a_while_keeps_the_method_of_what_was_seen() -> None:
    book = HealthBook()
    book.health(health(HealthState.OK, START))
    book.health(health(HealthState.UNREACHABLE, START + 30 * MINUTE_MS, Method.UNREACHABLE))
    (row,) = book.coverage(START + HOUR_MS, START)
    assert (row.method, row.state, row.connected_share) == (Method.COMPLETE, HealthState.UNREACHABLE, 0.5)
    (row,) = book.coverage(START + 30 * HOUR_MS, START)
    assert (row.method, row.connected_share) == (Method.UNREACHABLE, 0.0)


def test_a_recorder_that_ended_has_no_outage() -> None:
    book = HealthBook()
    book.health(health(HealthState.OK, START))
    book.health(health(HealthState.STOPPED, START + HOUR_MS))
    (row,) = book.coverage(START + HOUR_MS, START)
    assert row.gaps == ()
