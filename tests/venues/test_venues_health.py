"""Health: when a feed is lost and back, and what is told of it."""

from __future__ import annotations

from crashdesk.model.records import (
    Event,
    EventKind,
    Feed,
    HealthState,
    Method,
    Record,
    RowsSetAside,
    VenueHealth,
)
from crashdesk.venues.errors import Fault
from crashdesk.venues.health import FeedHealth, HealthBook
from crashdesk.venues.pace import Jitter, Pace, backoff_seconds
from crashdesk.venues.polling import retry_seconds
from tests.conftest import FixedClock


def feed(clock: FixedClock, written: list[Record], method: Method | None = None) -> FeedHealth:
    return FeedHealth("okx", Feed.LIQUIDATIONS, clock, written.extend, method=method, lost_after=3)


def test_a_feed_is_lost_after_some_failures_and_back_once(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    one = feed(fixed_clock, written)
    one.well()
    for _ in range(4):
        one.failed(Fault(HealthState.RETRYING, "no answer in time"), 2.0)
    one.well()
    one.well()
    assert [event.kind for event in written if isinstance(event, Event)] == [EventKind.FEED_LOST, EventKind.FEED_BACK]
    states = [record.state for record in written if isinstance(record, VenueHealth)]
    assert states[0] is HealthState.OK
    assert states[-1] is HealthState.OK
    assert HealthState.RETRYING in states


def test_a_geo_block_is_told_at_once_and_changes_the_method(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    one = feed(fixed_clock, written, Method.COMPLETE)
    assert one.record().method is Method.COMPLETE
    one.failed(Fault(HealthState.UNREACHABLE, "unreachable here (HTTP 451)"), 300.0)
    health = one.record()
    assert (health.state, health.method) == (HealthState.UNREACHABLE, Method.UNREACHABLE)
    assert health.retry_at_ms == fixed_clock.ms + 300_000
    assert [event.kind for event in written if isinstance(event, Event)] == [EventKind.FEED_LOST]


def events_of(written: list[Record]) -> list[tuple[EventKind, str]]:
    return [(one.kind, one.text) for one in written if isinstance(one, Event)]


def test_a_geo_block_of_a_venue_is_one_event_each_way(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    book = HealthBook(fixed_clock, written.extend, 3)
    feeds = [book.feed("okx", one) for one in Feed]
    blocked = Fault(HealthState.UNREACHABLE, "unreachable here (HTTP 451)")
    for feed_health in [*feeds, *feeds, book.feed("bybit", Feed.TICKERS)]:
        feed_health.failed(blocked, 300.0)
    lost = EventKind.FEED_LOST
    name = feeds[0].feed.value.replace("_", " ")
    assert events_of(written) == [
        (lost, f"okx {name}: unreachable here (HTTP 451)"),
        (lost, "bybit tickers: unreachable here (HTTP 451)"),
    ]
    written.clear()
    feeds[1].well()
    feeds[2].well()
    assert events_of(written) == [(EventKind.FEED_BACK, "okx: back")]
    written.clear()
    feeds[0].failed(blocked, 300.0)
    assert events_of(written) == [(lost, f"okx {name}: unreachable here (HTTP 451)")], (
        "still lost, though others are not"
    )


def test_a_venue_without_its_market_list_is_one_event(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    book = HealthBook(fixed_clock, written.extend, 3)
    feeds = [book.feed("okx", one) for one in Feed]
    for _ in range(5):
        for feed_health in feeds:
            feed_health.failed(Fault(HealthState.RETRYING, "no answer in time"), 2.0, whole=True)
    assert events_of(written) == [(EventKind.FEED_LOST, "okx: no answer in time")]
    written.clear()
    for feed_health in feeds:
        feed_health.well()
    assert events_of(written) == [(EventKind.FEED_BACK, "okx: back")]


def test_rows_set_aside_are_running_totals_told_when_they_grow(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    one = feed(fixed_clock, written)
    one.set_aside("missing price")
    one.set_aside("missing price", 2)
    one.tell_set_aside()
    one.tell_set_aside()
    one.set_aside("unknown symbol")
    one.tell_set_aside()
    assert written == [
        RowsSetAside("okx", Feed.LIQUIDATIONS, "missing price", 3),
        RowsSetAside("okx", Feed.LIQUIDATIONS, "unknown symbol", 1),
    ]


def test_a_feed_that_there_never_was_stays_absent_when_the_worker_ends(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    book = HealthBook(fixed_clock, written.extend, 3)
    book.absent("hyperliquid", "No public market-wide feed.")
    book.stop()
    last = written[-1]
    assert isinstance(last, VenueHealth)
    assert (last.state, last.detail) == (HealthState.GONE, "No public market-wide feed.")


def test_the_keep_alive_writes_every_feed(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    book = HealthBook(fixed_clock, written.extend, 3)
    book.feed("okx", Feed.TICKERS).well()
    book.feed("okx", Feed.CANDLES)
    written.clear()
    book.keep_alive()
    assert [(one.feed, one.state) for one in written if isinstance(one, VenueHealth)] == [
        (Feed.TICKERS, HealthState.OK),
        (Feed.CANDLES, HealthState.STARTING),
    ]


def test_a_sign_of_life_is_written_of_liquidation_feeds_alone(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    book = HealthBook(fixed_clock, written.extend, 3)
    book.sign_of_life()
    assert written == []
    book.feed("okx", Feed.TICKERS).well()
    book.feed("okx", Feed.LIQUIDATIONS, Method.PARTIAL).well()
    written.clear()
    fixed_clock.ms += 7_000
    book.feed("okx", Feed.LIQUIDATIONS).alive()
    book.sign_of_life()
    told = [one for one in written if isinstance(one, VenueHealth)]
    assert [(one.feed, one.last_message_ms) for one in told] == [(Feed.LIQUIDATIONS, fixed_clock.now_ms())]


def test_patience_doubles_up_to_a_limit_and_honours_the_venue() -> None:
    assert [backoff_seconds(n, 1, 60) for n in (1, 2, 3, 7, 99)] == [1, 2, 4, 60, 60]
    pace, jitter = Pace(), Jitter(1)
    limited = Fault(HealthState.RATE_LIMITED, "x", 90.0)
    assert retry_seconds(limited, 1, pace, jitter) == 90.0
    assert 0.8 <= retry_seconds(Fault(HealthState.RETRYING, "x"), 1, pace, jitter) <= 1.2
    assert retry_seconds(Fault(HealthState.UNREACHABLE, "x"), 1, pace, jitter) >= 240
