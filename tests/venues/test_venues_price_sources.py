"""Which venue a symbol's prices come from: waited for, left when it fails, returned to."""

from __future__ import annotations

import pytest

from crashdesk.model.records import (
    Event,
    EventKind,
    HealthState,
    PriceSource,
    Record,
)
from crashdesk.venues.errors import Fault, HttpRefusalError, explain
from crashdesk.venues.pace import Jitter, Pace
from crashdesk.venues.polling import retry_seconds
from crashdesk.venues.sources import PriceSources
from tests.conftest import FixedClock

DOWN = Fault(HealthState.RETRYING, "the venue is out of order (HTTP 500)")


LATE = explain(TimeoutError())


class Desk:
    def __init__(self, clock: FixedClock) -> None:
        self.written: list[Record] = []
        self.clock = clock
        pace = Pace(settle=8, source_back=60, source_failures=3)
        self.sources = PriceSources(("okx", "binance", "kraken"), clock, self.written.extend, pace)

    def chosen(self) -> list[tuple[str, str]]:
        return [(one.symbol, one.venue) for one in self.written if isinstance(one, PriceSource)]


def test_the_preferred_venue_is_waited_for_a_while(fixed_clock: FixedClock) -> None:
    desk = Desk(fixed_clock)
    desk.sources.lists("binance", ["BTC/USDT"])
    desk.sources.works("binance")
    assert desk.chosen() == []
    fixed_clock.ms += 8_000
    desk.sources.choose()
    assert desk.chosen() == [("BTC/USDT", "binance")]
    assert not [one for one in desk.written if isinstance(one, Event)]


def test_a_failing_venue_is_not_waited_for(fixed_clock: FixedClock) -> None:
    desk = Desk(fixed_clock)
    desk.sources.fails("okx", DOWN)
    desk.sources.lists("binance", ["BTC/USDT"])
    desk.sources.works("binance")
    assert desk.chosen() == [("BTC/USDT", "binance")]


def test_fall_back_after_enough_failures_and_return_when_well_for_a_while(fixed_clock: FixedClock) -> None:
    desk = Desk(fixed_clock)
    for venue in ("okx", "binance"):
        desk.sources.lists(venue, ["BTC/USDT"] + (["OKB/USDT"] if venue == "okx" else []))
        desk.sources.works(venue)
    assert set(desk.chosen()) == {("BTC/USDT", "okx"), ("OKB/USDT", "okx")}
    for _ in range(3):
        desk.sources.fails("okx", DOWN)
    assert desk.sources.venue_of("BTC/USDT") == "okx"
    desk.sources.fails("okx", DOWN)
    assert desk.sources.venue_of("BTC/USDT") == "binance"
    assert desk.sources.venue_of("OKB/USDT") == "okx", "nobody else lists it"
    (event,) = [one for one in desk.written if isinstance(one, Event)]
    assert event.kind is EventKind.SOURCE_SWITCH
    assert event.symbol == "BTC/USDT"
    desk.sources.works("okx")
    fixed_clock.ms += 59_999
    desk.sources.choose()
    assert desk.sources.venue_of("BTC/USDT") == "binance"
    fixed_clock.ms += 1
    desk.sources.choose()
    assert desk.sources.venue_of("BTC/USDT") == "okx"


@pytest.mark.parametrize("status", [403, 451])
def test_a_refusal_is_left_at_once(fixed_clock: FixedClock, status: int) -> None:
    desk = Desk(fixed_clock)
    for venue in ("okx", "binance"):
        desk.sources.lists(venue, ["BTC/USDT"])
        desk.sources.works(venue)
    desk.sources.fails("okx", explain(HttpRefusalError(status, "", None)))
    assert desk.sources.venue_of("BTC/USDT") == "binance"


def test_what_the_venue_does_not_offer_any_more_is_left_at_once(fixed_clock: FixedClock) -> None:
    desk = Desk(fixed_clock)
    for venue in ("okx", "binance"):
        desk.sources.lists(venue, ["BTC/USDT"])
        desk.sources.works(venue)
    desk.sources.fails("okx", Fault(HealthState.GONE, "the venue does not offer this"))
    assert desk.sources.venue_of("BTC/USDT") == "binance"


def test_a_venue_that_hangs_is_left_within_45_seconds(fixed_clock: FixedClock) -> None:
    desk = Desk(fixed_clock)
    pace, jitter = Pace(), Jitter(1)
    for venue in ("okx", "binance"):
        desk.sources.lists(venue, ["BTC/USDT"])
        desk.sources.works(venue)
    waited, failures = 0.0, 0
    while desk.sources.venue_of("BTC/USDT") == "okx":
        waited += pace.poll_limit
        failures += 1
        desk.sources.fails("okx", LATE)
        if desk.sources.venue_of("BTC/USDT") == "okx":
            waited += retry_seconds(LATE, failures, pace, jitter)
    assert failures == 2
    assert waited < 45


def test_a_switch_of_many_symbols_is_one_event(fixed_clock: FixedClock) -> None:
    desk = Desk(fixed_clock)
    symbols = [f"{coin}/USDT" for coin in ("ADA", "BNB", "BTC", "ETH", "SOL")]
    for venue in ("okx", "binance", "kraken"):
        desk.sources.lists(venue, symbols + (["XMR/USDT"] if venue != "binance" else []))
        desk.sources.works(venue)
    for _ in range(4):
        desk.sources.fails("okx", DOWN)
    events = [one for one in desk.written if isinstance(one, Event)]
    assert [(one.text, one.venue, one.symbol) for one in events] == [
        ("5 symbols (ADA/USDT, BNB/USDT, BTC/USDT, ...): prices from binance, not okx", "binance", None),
        ("XMR/USDT: prices from kraken, not okx", "kraken", "XMR/USDT"),
    ]
    assert len(desk.chosen()) == 12, "every symbol has its own record"


def test_when_nobody_works_the_symbol_stays_where_it_was(fixed_clock: FixedClock) -> None:
    desk = Desk(fixed_clock)
    desk.sources.lists("okx", ["BTC/USDT"])
    desk.sources.works("okx")
    for _ in range(9):
        desk.sources.fails("okx", DOWN)
    assert desk.sources.venue_of("BTC/USDT") == "okx"
    desk.sources.lists("okx", [])
    assert desk.sources.venue_of("BTC/USDT") is None
