"""What ages out of the state, and what it says of several venues."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crashdesk.model.records import (
    Batch,
    Event,
    EventKind,
    Feed,
    HealthState,
    Instrument,
    MarketKind,
    Method,
    PerpStats,
    PriceSource,
    Quote,
    Record,
    Session,
    VenueHealth,
)
from crashdesk.model.timeframe import DAY_MS, HOUR_MS
from crashdesk.session.picture import waiting
from crashdesk.session.state import MarketState
from tests.session.market_tape import BASKETS

START = 1_762_200_000_000


class Tape:
    """A state fed by hand."""

    def __init__(self) -> None:
        self.state = MarketState(BASKETS, START, {"okx": 20_000})
        self.seq = 0

    def put(self, at_ms: int, *records: Record) -> None:
        self.seq += 1
        self.state.apply(Batch(self.seq, at_ms, tuple(records)))


def _session(*venues: str, at_ms: int = START) -> Session:
    return Session("id", at_ms, "test", "", "live", (), venues)


def _quote(venue: str, symbol: str, last: float, change: float | None = None) -> Quote:
    return Quote(venue, symbol, START, last, None, None, None, None, None, change)


def _rows(tape: Tape) -> Sequence[tuple[str, str, float]]:
    return [(row.symbol, row.venue, row.last) for row in tape.state.rows()]


def test_the_price_source_decides_and_only_one_row_speaks_for_a_perpetual_and_its_spot() -> None:
    tape = Tape()
    tape.put(START, _session("okx", "bybit"))
    tape.put(START + 1, Instrument("okx", "BTC/USDT:USDT", "BTC", "USDT", MarketKind.LINEAR, 0.01, 1))
    tape.put(START + 2, _quote("okx", "BTC/USDT", 100.0), _quote("okx", "BTC/USDT:USDT", 101.0))
    tape.put(START + 3, _quote("bybit", "BTC/USDT", 102.0))
    assert _rows(tape) == [("BTC/USDT", "okx", 100.0)]
    tape.put(START + 4, PriceSource("BTC/USDT", "bybit", START + 4))
    assert _rows(tape) == [("BTC/USDT", "bybit", 102.0)]


def test_a_symbol_that_is_no_longer_quoted_leaves_after_a_day() -> None:
    tape = Tape()
    tape.put(START, _session("okx"))
    tape.put(START + 1, _quote("okx", "ETH/USDT", 5.0))
    tape.put(START + 1 + DAY_MS, _quote("okx", "BTC/USDT", 6.0))
    assert [row[0] for row in _rows(tape)] == ["BTC/USDT", "ETH/USDT"]
    tape.state.tick(START + 2 + DAY_MS)
    assert [row[0] for row in _rows(tape)] == ["BTC/USDT"]


def test_a_range_that_the_venue_leaves_out_is_the_one_that_was_seen() -> None:
    """Also when it told one earlier in the same minute, and somebody looked."""
    tape = Tape()
    tape.put(START, _session("okx"))
    for hour in range(26):
        tape.put(START + hour * HOUR_MS, _quote("okx", "BTC/USDT", 100.0 + hour))
    now = START + 25 * HOUR_MS
    tape.put(now + 1, _quote("okx", "BTC/USDT", 120.0)._replace(low_24h=90.0, high_24h=130.0))
    assert [(row.low_24h, row.high_24h) for row in tape.state.rows()] == [(90.0, 130.0)]
    tape.put(now + 2, _quote("okx", "BTC/USDT", 121.0))
    assert [(row.low_24h, row.high_24h) for row in tape.state.rows()] == [(102.0, 125.0)]


def test_a_row_is_stale_after_three_polls_of_its_venue() -> None:
    tape = Tape()
    tape.put(START, _quote("okx", "BTC/USDT", 6.0), _quote("bybit", "ETH/USDT", 5.0))
    for age_s, stale in ((15, {"BTC/USDT": False, "ETH/USDT": False}), (16, {"BTC/USDT": False, "ETH/USDT": True})):
        tape.state.tick(START + age_s * 1000)
        assert {row.symbol: row.stale for row in tape.state.rows()} == stale
    tape.state.tick(START + 60_001)
    assert all(row.stale for row in tape.state.rows())


def test_funding_is_unknown_again_when_its_feed_dies() -> None:
    tape = Tape()
    tape.put(START, _quote("okx", "BTC/USDT", 6.0))
    tape.put(START + 1, PerpStats("okx", "BTC/USDT:USDT", START, 0.0001, None))
    tape.put(START + 2, PerpStats("okx", "BTC/USDT:USDT", START + HOUR_MS // 4, None, 5e9))
    (row,) = tape.state.rows()
    assert (row.funding_rate, row.open_interest_usd) == (0.0001, 5e9)
    tape.put(START + HOUR_MS // 2 + 1, _quote("okx", "BTC/USDT", 6.0))
    (row,) = tape.state.rows()
    assert (row.funding_rate, row.open_interest_usd) == (None, 5e9)
    tape.put(START + HOUR_MS, _quote("okx", "BTC/USDT", 6.0))
    (row,) = tape.state.rows()
    assert (row.funding_rate, row.open_interest_usd) == (None, None)


def test_a_venue_that_was_taken_out_of_the_settings_is_no_longer_shown() -> None:
    tape = Tape()
    tape.put(START, _session("okx", "htx"))
    tape.put(
        START + 1, VenueHealth("htx", Feed.LIQUIDATIONS, HealthState.STOPPED, Method.PARTIAL, START, "", START, None)
    )
    tape.put(START + 2, VenueHealth("okx", Feed.LIQUIDATIONS, HealthState.OK, Method.PARTIAL, START, "", START, None))
    assert {row.venue for row in tape.state.health.coverage(tape.state.now_ms, START)} == {"okx", "htx"}
    tape.put(START + 3, _session("okx", at_ms=START + 3))
    assert {row.venue for row in tape.state.health.coverage(tape.state.now_ms, START)} == {"okx"}


def test_events_are_shown_for_two_days() -> None:
    tape = Tape()
    tape.put(START, Event(EventKind.WORKER, START, START, "began"))
    assert [event.text for event in tape.state.recent_events()] == ["began"]
    tape.state.tick(START + 2 * DAY_MS)
    assert tape.state.recent_events()
    tape.state.tick(START + 2 * DAY_MS + 1)
    assert not tape.state.recent_events()


@pytest.mark.parametrize(("last", "expected"), [(110.0, 10.0), (90.0, -10.0)])
def test_changes_need_a_price_of_that_time(last: float, expected: float) -> None:
    tape = Tape()
    tape.put(START, _quote("okx", "BTC/USDT", 100.0))
    tape.put(START + HOUR_MS, _quote("okx", "BTC/USDT", last))
    (row,) = tape.state.rows()
    assert row.change_1h_pct is None  # the minute of the first quote had not ended an hour ago
    tape.put(START + HOUR_MS + 60_000, _quote("okx", "BTC/USDT", last))
    (row,) = tape.state.rows()
    assert row.change_1h_pct == pytest.approx(expected)
    assert row.change_24h_pct is None


def test_waiting_names_each_reason_once_with_its_venues() -> None:
    tape = Tape()
    assert waiting(tape.state) == "waiting for the recorder"
    tape.put(START, _session("okx", "bybit", "htx"))
    assert waiting(tape.state) == "waiting for the first prices"
    for i, (venue, detail) in enumerate(
        (("okx", "no connection (GET a)"), ("bybit", "no connection (GET b)"), ("htx", "unreachable here (geo-block)"))
    ):
        tape.put(START + 1 + i, VenueHealth(venue, Feed.TICKERS, HealthState.RETRYING, None, START, detail, None, None))
    assert waiting(tape.state) == ("waiting for the first prices: no connection (bybit, okx); unreachable here (htx)")
    tape.put(START + 9, _quote("okx", "BTC/USDT", 1.0))
    assert waiting(tape.state) == ""
