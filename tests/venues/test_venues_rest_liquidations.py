"""Liquidations that are asked for page by page: nothing is lost when a page fails, and what is missing is said."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crashdesk.model.records import Feed, Gap, HealthState, Liquidation, Method, RowsSetAside, VenueHealth
from crashdesk.venues.dialects import DIALECTS
from crashdesk.venues.errors import BadDataError, HttpRefusalError
from crashdesk.venues.pace import Pace
from crashdesk.venues.rest_liquidations import RestLiquidations
from crashdesk.venues.shared import Seen
from tests.conftest import FixedClock
from tests.venues.bench import perpetual, shared_parts, venue_of
from tests.venues.rig import ListSink

BTC = "BTC/USDT:USDT"
PAGE = 100
DAY = 24 * 3_600_000


def row(ts_ms: int, price: float = 100_000.0) -> dict[str, Any]:
    return {
        "contract_code": "BTC-USDT",
        "liquidation_time": str(ts_ms),
        "side": "sell",
        "position_side": "long",
        "volume": "1",
        "bankrupt_price": str(price),
        "trade_turnover": "100",
    }


class Buffer:
    """A venue's rows, given newest first in pages that end at `until`; `refuse` names the pages that fail once."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows
        self.asked: list[int | None] = []
        self.refuse: set[int] = set()
        self.on_asked: Callable[[], None] = lambda: None

    async def fetch_liquidations(self, symbol: str, since: None, limit: int, params: dict[str, Any]) -> list[Any]:
        until = params.get("until")
        self.asked.append(until)
        self.on_asked()
        if len(self.asked) in self.refuse:
            raise HttpRefusalError(429, "", None)
        rows = [one for one in self.rows if until is None or int(one["liquidation_time"]) <= until]
        rows.sort(key=lambda one: int(one["liquidation_time"]), reverse=True)
        return [{"info": one} for one in rows[:limit]]


async def polled(folder: Path, clock: FixedClock, buffer: Buffer, done: Callable[[ListSink], bool]) -> ListSink:
    """The feed polls until `done`."""
    sink = ListSink()
    buffer.on_asked = sink.changed.set
    shared = shared_parts(folder, clock, sink, "htx")
    normaliser, pager = DIALECTS["htx"].normaliser, DIALECTS["htx"].pager
    assert normaliser is not None
    assert pager is not None
    venue = venue_of("htx", buffer, [perpetual("BTC", "BTC-USDT")])
    running = asyncio.create_task(RestLiquidations(venue, shared, Seen(), normaliser, pager).run())
    try:
        await sink.until(lambda: done(sink), 5)
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    return sink


def is_ok(sink: ListSink) -> bool:
    found = sink.of(VenueHealth, feed=Feed.LIQUIDATIONS)
    return bool(found) and found[-1].state is HealthState.OK


async def test_rows_of_a_page_before_one_that_fails_are_written(tmp_path: Path, fixed_clock: FixedClock) -> None:
    rows = [row(fixed_clock.ms - 1000 * i, 100_000.0 + i) for i in range(250)]
    buffer = Buffer(rows)
    buffer.refuse = {2, 5}
    sink = await polled(tmp_path, fixed_clock, buffer, is_ok)
    assert sorted(one.price for one in sink.of(Liquidation)) == [100_000.0 + i for i in range(250)]
    # two pages were full and the third was not: the venue keeps no more than that
    (gap,) = sink.of(Gap)
    assert (gap.start_ms, gap.end_ms) == (fixed_clock.ms - DAY, fixed_clock.ms - 249_000)


async def test_a_millisecond_that_fills_a_page_is_a_gap_and_the_rows_before_it_come(
    tmp_path: Path, fixed_clock: FixedClock
) -> None:
    crash = fixed_clock.ms - 5_000
    rows = [row(crash, 100_000.0 + i) for i in range(130)]
    rows += [row(crash - 60_000 - 1000 * i, 90_000.0 + i) for i in range(40)]
    buffer = Buffer(rows)
    sink = await polled(tmp_path, fixed_clock, buffer, lambda _: len(buffer.asked) > 8)
    assert len(sink.of(Liquidation)) == PAGE + 40
    gap, before = sink.of(Gap)
    assert (gap.venue, gap.feed, gap.start_ms, gap.end_ms) == ("htx", Feed.LIQUIDATIONS, crash, crash)
    assert gap.reason.startswith(BTC)
    assert (before.start_ms, before.end_ms) == (fixed_clock.ms - DAY, crash - 60_000 - 39_000)


@pytest.mark.parametrize("count", [1, 150])
async def test_a_page_without_a_row_to_trust_is_a_failure(tmp_path: Path, fixed_clock: FixedClock, count: int) -> None:
    rows = [row(fixed_clock.ms - 1000 * i) | {"volume": "x"} for i in range(count)]
    sink = await polled(tmp_path, fixed_clock, Buffer(rows), lambda sink: bool(sink.of(VenueHealth)))
    health = sink.of(VenueHealth)[0]
    assert health.state is HealthState.BAD_DATA
    assert "no row of a page" in health.detail


async def test_a_row_that_is_not_trusted_is_counted_once_however_often_it_comes(
    tmp_path: Path, fixed_clock: FixedClock
) -> None:
    bad = row(fixed_clock.ms - 5_000) | {"volume": "x"}
    buffer = Buffer([row(fixed_clock.ms - 1_000), bad, dict(bad), row(fixed_clock.ms - 9_000)])
    sink = await polled(tmp_path, fixed_clock, buffer, lambda _: len(buffer.asked) > 4)
    assert [one.rows for one in sink.of(RowsSetAside)] == [2]
    assert len(sink.of(Liquidation)) == 2


async def test_a_quiet_contract_whose_rows_are_old_says_nothing_twice(tmp_path: Path, fixed_clock: FixedClock) -> None:
    rows = [row(fixed_clock.ms - hours * 3_600_000, 100_000.0 + hours) for hours in (1, 23, 25, 80)]
    buffer = Buffer(rows)
    sink = await polled(tmp_path, fixed_clock, buffer, lambda _: len(buffer.asked) > 4)
    assert sorted(one.price for one in sink.of(Liquidation)) == [100_001.0, 100_023.0]
    assert not sink.of(Gap)


async def test_a_venue_that_shuts_out_for_a_minute_is_left_alone_for_a_minute(
    tmp_path: Path, fixed_clock: FixedClock
) -> None:
    """Bitfinex names no Retry-After."""

    class Shut:
        asked = 0

        async def publicGetLiquidationsHist(self, request: dict[str, Any]) -> list[Any]:  # noqa: N802 - ccxt's name
            self.asked += 1
            raise HttpRefusalError(429, '["error", 11010, "ratelimit: error"]', None)

    sink, exchange = ListSink(), Shut()
    shared = replace(shared_parts(tmp_path, fixed_clock, sink, "bitfinex"), pace=Pace())
    normaliser, pager = DIALECTS["bitfinex"].normaliser, DIALECTS["bitfinex"].pager
    assert normaliser is not None
    assert pager is not None
    venue = venue_of("bitfinex", exchange, [perpetual("BTC", "tBTCF0:USTF0")])
    running = asyncio.create_task(RestLiquidations(venue, shared, Seen(), normaliser, pager).run())
    await sink.until(lambda: sink.of(VenueHealth), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    health = sink.of(VenueHealth)[0]
    assert health.state is HealthState.RATE_LIMITED
    assert health.retry_at_ms is not None
    assert health.retry_at_ms >= fixed_clock.ms + 60_000
    assert exchange.asked == 1


class TwoCurrencies:
    """Gate's liquidations: those settled in USDT are told, those in BTC only while `btc`."""

    def __init__(self, *, btc: bool) -> None:
        self.btc = btc
        self.asked = 0

    async def publicFuturesGetSettleLiqOrders(self, request: dict[str, Any]) -> list[Any]:  # noqa: N802 - ccxt's name
        self.asked += 1
        if request["settle"] == "btc" and not self.btc:
            raise BadDataError("no list")
        return []


async def test_a_venue_of_which_one_part_fails_is_not_complete(tmp_path: Path, fixed_clock: FixedClock) -> None:
    sink, exchange = ListSink(), TwoCurrencies(btc=False)
    shared = shared_parts(tmp_path, fixed_clock, sink, "gate")
    shared.health.feed("gate", Feed.LIQUIDATIONS, Method.COMPLETE)
    normaliser, pager = DIALECTS["gate"].normaliser, DIALECTS["gate"].pager
    assert normaliser is not None
    assert pager is not None
    venue = venue_of("gate", exchange, [perpetual("BTC", "BTC_USDT")])
    running = asyncio.create_task(RestLiquidations(venue, shared, Seen(), normaliser, pager).run())
    await sink.until(lambda: is_ok(sink), 5)
    first = sink.of(VenueHealth)[-1]
    assert first.method is Method.PARTIAL
    assert first.detail.startswith("1 of 2 parts")
    exchange.btc = True
    await sink.until(lambda: "all contracts" in sink.of(VenueHealth)[-1].detail, 5)
    assert sink.of(VenueHealth)[-1].method is Method.COMPLETE
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
