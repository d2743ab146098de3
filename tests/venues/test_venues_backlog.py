"""What is still to be asked for: windows, halves, the venue's memory, and spans that fail for good."""

from __future__ import annotations

import pytest

from crashdesk.venues.errors import BadDataError
from crashdesk.venues.paging.backlog import OVERLAP_MS, REACH_MS, Backlog, Lost, Page
from crashdesk.venues.paging.bitfinex import BitfinexPager
from crashdesk.venues.paging.gate import GatePager
from crashdesk.venues.paging.pages import PageRules, Span

NOW = 1_762_225_964_000
HOUR = 3_600_000
DAY = 24 * HOUR
BACK = PageRules(rows=10)
WINDOWS = GatePager.rules
EMPTY = Page((), full=False, newest_ms=None)


def page(*times: int, full: bool = False) -> Page:
    return Page(times, full, max(times, default=None))


def test_a_day_in_windows_is_a_day_without_a_hole() -> None:
    backlog = Backlog(WINDOWS, NOW - DAY)
    span: Span | None = backlog.live(NOW)
    asked = []
    while span is not None:
        asked.append(backlog.request(span))
        assert backlog.answered(span, EMPTY) == []
        span = backlog.take()
    starts = [one.start_ms for one in asked]
    assert asked[0].end_ms is not None
    assert asked[0].end_ms >= NOW
    assert [one.end_ms for one in asked[1:]] == starts[:-1]
    assert starts[-1] <= NOW - DAY
    assert all(one.end_ms is not None and one.end_ms - one.start_ms <= HOUR for one in asked)
    assert all(edge % 1000 == 0 for edge in starts)


def test_a_quiet_venue_is_asked_for_one_window_a_poll() -> None:
    backlog = Backlog(WINDOWS, NOW - DAY, newest_ms=NOW - 20 * HOUR)
    backlog.answered(backlog.live(NOW), EMPTY)
    while (span := backlog.take()) is not None:
        known = backlog.request(span).start_ms <= NOW - 20 * HOUR <= (span.end_ms or 0)
        backlog.answered(span, page(NOW - 20 * HOUR) if known else EMPTY)
    live = backlog.live(NOW + 10_000)
    assert backlog.request(live) == backlog.request(backlog.live(NOW + 10_000))
    assert live.start_ms == NOW - REACH_MS - OVERLAP_MS
    assert backlog.request(live).start_ms <= live.start_ms


def test_an_outage_is_asked_for_from_where_the_last_answer_ended() -> None:
    backlog = Backlog(BACK, NOW - DAY)
    backlog.answered(backlog.live(NOW), page(NOW - 1_000))
    for _ in range(3):  # nothing is answered for two days
        assert backlog.live(NOW + 2 * DAY).start_ms == NOW - 1_000 - OVERLAP_MS
    assert backlog.floor_ms <= NOW - 1_000 - OVERLAP_MS


def test_a_venue_that_has_forgotten_the_last_known_row_has_lost_some() -> None:
    backlog = Backlog(BACK, NOW - DAY)
    backlog.answered(backlog.live(NOW), page(NOW - 5_000))
    (lost,) = backlog.answered(backlog.live(NOW + HOUR), page(NOW + HOUR - 2_000, NOW + HOUR - 1_000))
    assert (lost.start_ms, lost.end_ms) == (NOW - 5_000, NOW + HOUR - 2_000)


def test_no_rows_where_there_were_some_counts_as_no_answer() -> None:
    backlog = Backlog(BACK, NOW - DAY)
    backlog.answered(backlog.live(NOW), page(NOW - 5_000))
    with pytest.raises(BadDataError, match="no rows where there were some"):
        backlog.answered(backlog.live(NOW + 10_000), EMPTY)
    assert backlog.live(NOW + 20_000).start_ms == NOW - 5_000 - OVERLAP_MS


def test_history_that_the_recording_knows_and_the_venue_does_not_is_a_gap() -> None:
    backlog = Backlog(WINDOWS, NOW - DAY, newest_ms=NOW - 20 * HOUR)
    span: Span | None = backlog.live(NOW)
    lost: list[Lost] = []
    while span is not None:
        lost += backlog.answered(span, EMPTY)
        span = backlog.take()
    (gap,) = lost
    assert gap.start_ms == NOW - DAY
    assert NOW - 20 * HOUR <= gap.end_ms <= NOW - 19 * HOUR + 60_000


def test_a_young_contract_has_no_gap_before_its_first_row() -> None:
    backlog = Backlog(BACK, NOW - DAY)
    assert backlog.answered(backlog.live(NOW), page(NOW - 9_000, NOW - 5_000)) == []


def test_what_makes_no_sense_three_times_is_given_up_and_what_is_out_of_reach_is_not() -> None:
    backlog = Backlog(BACK, NOW - DAY)
    times = range(NOW - 10, NOW)
    backlog.answered(backlog.live(NOW), page(*times, full=True))
    for _ in range(10):
        span = backlog.take()
        assert span is not None
        assert backlog.failed(span, hopeless=False) is None
    for _ in range(2):
        span = backlog.take()
        assert span is not None
        assert backlog.failed(span, hopeless=True) is None
    span = backlog.take()
    assert span is not None
    assert backlog.failed(span, hopeless=True) == Lost(NOW - DAY, NOW - 10, "the venue's answer makes no sense")
    assert backlog.take() is None


def test_what_waits_stays_bounded_and_whole() -> None:
    backlog = Backlog(WINDOWS, NOW - 300 * HOUR)
    span: Span | None = backlog.live(NOW)
    for _ in range(500):
        assert span is not None
        asked = backlog.request(span)
        assert asked.end_ms is not None
        backlog.answered(span, page(asked.start_ms, asked.end_ms, full=True))
        span = backlog.take()
    assert span is not None
    backlog.failed(span, hopeless=False)
    assert backlog.waiting()[0][0] == NOW - 300 * HOUR
    assert len(backlog.waiting()) <= 64


def test_bitfinex_is_asked_less_than_three_times_a_minute() -> None:
    rules = BitfinexPager.rules
    throttle_s = 20.0  # ccxt's between two such requests
    assert rules.requests * 60 / (throttle_s * (rules.requests - 1) + rules.every_s) < 3
