"""Gate and Bitfinex from the wire to the recording: each liquidation once, what is missed is asked for, then said."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from crashdesk.model.clock import SystemClock
from crashdesk.model.records import (
    Event,
    Feed,
    Gap,
    HealthState,
    Instrument,
    Liquidation,
    Method,
    PriceSource,
    Quote,
    RowsSetAside,
    Side,
    VenueHealth,
)
from crashdesk.venues.market_list import NewListings
from tests.loopback import Forced, LoopbackVenues
from tests.loopback.bitfinex import Bitfinex
from tests.venues.rig import ListSink, venue, working

HOUR = 3_600_000
PATHS = {"gate": "liq_orders", "bitfinex": "liquidations/hist"}


def newest(sink: ListSink, name: str) -> VenueHealth | None:
    found = sink.of(VenueHealth, venue=name, feed=Feed.LIQUIDATIONS)
    return found[-1] if found else None


def is_ok(sink: ListSink, name: str) -> bool:
    found = newest(sink, name)
    return found is not None and found.state is HealthState.OK


def spread(now_ms: int, count: int, step_ms: int) -> list[Forced]:
    """Long and short in turns, every third one with a twin in the same second."""
    rows = []
    for i in range(count):
        side = "long" if i % 2 else "short"
        rows += [Forced("BTC", side, 100_000.0 + i, 0.5, ts_ms=now_ms - i * step_ms)] * (2 if i % 3 == 0 else 1)
    return rows


def micro(rows: list[Forced]) -> int:
    return sum(round(row.usd * 1_000_000) for row in rows)


async def test_gate_sides_and_dollars_of_both_settlement_currencies(tmp_path: Path) -> None:
    now = SystemClock().now_ms()
    async with LoopbackVenues(venues=("gate",)) as server:
        await server.liquidate(
            "gate",
            Forced("BTC", "long", 100_000.5, 0.25, ts_ms=now - 5_000),
            Forced("ETH", "short", 3_000.0, 2.0, ts_ms=now - 4_000),
            Forced("BTC", "short", 99_000.0, 1_234.0, ts_ms=now - 3_000, kind="inverse", quote="USD"),
        )
        async with working(tmp_path, venue(server, "gate")) as (_, sink):
            await sink.until(lambda: len(sink.of(Liquidation)) >= 3 and is_ok(sink, "gate"))
        rows = sorted(sink.of(Liquidation), key=lambda row: row.ts_ms)
        assert [(row.symbol, row.side, row.usd_micro) for row in rows] == [
            ("BTC/USDT:USDT", Side.LONG, 25_000_125_000),
            ("ETH/USDT:USDT", Side.SHORT, 6_000_000_000),
            ("BTC/USD:BTC", Side.SHORT, 1_234_000_000),
        ]
        assert [row.ts_ms for row in rows] == [(now - ago) // 1000 * 1000 for ago in (5_000, 4_000, 3_000)]
        assert {row.symbol for row in rows} <= {one.symbol for one in sink.of(Instrument)}
        health = newest(sink, "gate")
        assert health is not None
        assert health.method is Method.COMPLETE
        assert all("contract" not in seen.query for seen in server.seen("gate", "liq_orders"))
        assert not sink.of(Gap)


async def test_bitfinex_counts_executions_of_derivatives_and_margin_positions(tmp_path: Path) -> None:
    now = SystemClock().now_ms()
    async with LoopbackVenues(venues=("bitfinex",)) as server:
        await server.liquidate(
            "bitfinex",
            Forced("BTC", "long", 100_000.0, 0.5, ts_ms=now - 5_000),
            Forced("DOGE", "short", 0.125, 8_000.0, ts_ms=now - 4_000, kind="spot", quote="USD"),
            Forced("XRP", "long", 2.5, 100.0, ts_ms=now - 3_000, kind="spot"),
        )
        async with working(tmp_path, venue(server, "bitfinex")) as (_, sink):
            await sink.until(lambda: len(sink.of(Liquidation)) >= 3 and is_ok(sink, "bitfinex"))
        assert [(row.symbol, row.side, row.usd_micro, row.price) for row in sink.of(Liquidation)] == [
            ("BTC/USDT:USDT", Side.LONG, 50_000_000_000, 100_000.0),
            ("DOGE/USD", Side.SHORT, 1_000_000_000, 0.125),
            ("XRP/USDT", Side.LONG, 250_000_000, 2.5),
        ]
        assert not sink.of(RowsSetAside)
        assert not sink.of(Gap)


@pytest.mark.parametrize("name", PATHS)
async def test_a_day_of_history_then_an_outage_then_a_restart_count_once(tmp_path: Path, name: str) -> None:
    """More rows than a page holds, twins among them, a page that is refused, and a second run that knows the end."""
    now = SystemClock().now_ms()
    history = spread(now - 60_000, 1_500, 23 * HOUR // 1_500)
    async with LoopbackVenues(venues=(name,)) as server:
        await server.liquidate(name, *history, Forced("BTC", "long", 1.0, 1.0, ts_ms=now - 25 * HOUR))
        async with working(tmp_path, venue(server, name)) as (_, sink):
            await sink.until(lambda: len(sink.of(Liquidation)) >= len(history) and is_ok(sink, name))
            server.fault(name, "500", PATHS[name])
            await sink.until(lambda: not is_ok(sink, name))
            missed = spread(now, 40, 1_000)
            await server.liquidate(name, *missed)
            server.clear_faults(name)
            await sink.until(lambda: len(sink.of(Liquidation)) >= len(history) + len(missed) and is_ok(sink, name))
            await server.wait_request(name, PATHS[name], len(server.seen(name, PATHS[name])) + 3)
        rows = sink.of(Liquidation)
        assert sum(row.usd_micro for row in rows) == micro([*history, *missed])
        assert len(rows) == len(history) + len(missed)
        since = now - 2 * HOUR
        known = [row for row in rows if row.ts_ms >= since]
        async with working(tmp_path, venue(server, name), seen=known, seen_from_ms=since) as (_, again):
            await again.until(lambda: is_ok(again, name))
            await server.liquidate(name, Forced("ETH", "long", 3_000.0, 1.0))
            await again.until(lambda: again.of(Liquidation))
            await server.wait_request(name, PATHS[name], len(server.seen(name, PATHS[name])) + 3)
        assert [row.symbol for row in again.of(Liquidation)] == ["ETH/USDT:USDT"]
        assert not sink.of(Gap)
        assert not again.of(Gap)


async def test_gate_windows_are_seconds_and_never_longer_than_an_hour(tmp_path: Path) -> None:
    now = SystemClock().now_ms()
    async with LoopbackVenues(venues=("gate",)) as server:
        # 2,100 rows in one minute: more than a page; and 1,100 in one second: more than can be asked for
        crash = (now - 3 * HOUR) // 1000 * 1000
        minute = [Forced("BTC", "long", 90_000.0 + i, 0.1, ts_ms=crash + 10_000 + 29 * i) for i in range(2_100)]
        second = [Forced("ETH", "long", 2_000.0 + i, 0.1, ts_ms=crash) for i in range(1_100)]
        await server.liquidate("gate", *minute, *second)
        async with working(tmp_path, venue(server, "gate")) as (_, sink):
            await sink.until(lambda: (found := newest(sink, "gate")) and found.detail == "all contracts are asked for")
        assert len(sink.of(Liquidation, symbol="BTC/USDT:USDT")) == 2_100
        assert len(sink.of(Liquidation, symbol="ETH/USDT:USDT")) == 1_000
        (gap,) = sink.of(Gap)
        assert (gap.feed, gap.start_ms, gap.end_ms) == (Feed.LIQUIDATIONS, crash, crash + 999)
        for seen in server.seen("gate", "liq_orders"):
            assert 0 <= int(seen.query["to"]) - int(seen.query["from"]) <= 3600
            assert int(seen.query["to"]) < 10**11


async def test_bitfinex_is_asked_at_most_three_times_a_minute_and_left_alone_when_it_refuses(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("bitfinex",)) as server:
        fake = server.venues["bitfinex"]
        assert isinstance(fake, Bitfinex)
        fake.strict = True
        async with working(tmp_path, venue(server, "bitfinex")) as (_, sink):
            await sink.until(lambda: (found := newest(sink, "bitfinex")) and found.state is HealthState.RATE_LIMITED)
        assert not sink.of(Gap)


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("fault", ["null", "html", "blank", "500", "429"])
async def test_answers_that_make_no_sense_are_told_and_the_rows_come_later(
    tmp_path: Path, name: str, fault: str
) -> None:
    now = SystemClock().now_ms()
    rows = spread(now - 1_000, 20, 1_000)
    async with LoopbackVenues(venues=(name,)) as server:
        server.fault(name, fault, PATHS[name])
        await server.liquidate(name, *rows)
        async with working(tmp_path, venue(server, name)) as (_, sink):
            await sink.until(lambda: (found := newest(sink, name)) and found.state is not HealthState.STARTING)
            assert not is_ok(sink, name)
            server.clear_faults(name)
            await sink.until(lambda: len(sink.of(Liquidation)) >= len(rows))
            assert sum(row.usd_micro for row in sink.of(Liquidation)) == micro(rows)


async def test_an_empty_answer_where_there_were_rows_is_a_failure(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("gate",)) as server:
        await server.liquidate("gate", Forced("BTC", "long", 100_000.0, 0.5))
        async with working(tmp_path, venue(server, "gate")) as (_, sink):
            await sink.until(lambda: sink.of(Liquidation) and is_ok(sink, "gate"))
            server.fault("gate", "empty", "usdt/liq_orders")
            await sink.until(lambda: (found := newest(sink, "gate")) and "no rows where" in found.detail)
            server.clear_faults("gate")
            await sink.until(lambda: (found := newest(sink, "gate")) and found.detail == "all contracts are asked for")
        assert len(sink.of(Liquidation)) == 1


async def test_venues_of_liquidations_alone_bring_no_prices_and_come_after_the_others(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("okx", "gate", "bitfinex")) as server:
        settings = [venue(server, "gate", "BTC/USDT:USDT"), venue(server, "bitfinex"), venue(server, "okx")]
        async with working(tmp_path, *settings, coins=("BTC",)) as (_, sink):
            await sink.until(lambda: is_ok(sink, "gate") and is_ok(sink, "bitfinex") and sink.of(Quote))
        assert {one.venue for one in sink.of(Quote)} == {"okx"}
        assert {one.venue for one in sink.of(PriceSource)} == {"okx"}
        assert {one.feed for one in sink.of(VenueHealth) if one.venue != "okx"} == {Feed.LIQUIDATIONS}
        order = [seen.venue for seen in server.requests]
        tickers = next(i for i, seen in enumerate(server.requests) if "tickers" in seen.path)
        assert tickers < min(order.index("gate"), order.index("bitfinex"))
        assert any("venues.gate.symbols" in event.text for event in sink.of(Event))


async def test_a_venue_without_prices_does_not_wait_for_one_that_hangs(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("okx", "gate")) as server:
        server.fault("okx", "hang")
        async with asyncio.timeout(10), working(tmp_path, venue(server, "okx"), venue(server, "gate")) as (_, sink):
            await sink.until(lambda: is_ok(sink, "gate"))


async def test_a_fault_of_ours_in_one_feed_does_not_write_the_history_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = spread(SystemClock().now_ms() - 1_000, 20, 1_000)
    died = asyncio.Event()

    async with LoopbackVenues(venues=("gate",)) as server:
        await server.liquidate("gate", *rows)
        sink = ListSink()

        async def dies_once(_: NewListings) -> None:
            await sink.until(lambda: len(sink.of(Liquidation)) >= len(rows))
            if not died.is_set():
                died.set()
                raise ZeroDivisionError
            await asyncio.Event().wait()

        monkeypatch.setattr(NewListings, "run", dies_once)
        async with working(tmp_path, venue(server, "gate"), sink=sink):
            await died.wait()
            await server.wait_request("gate", "usdt/liq_orders", len(server.seen("gate", "usdt/liq_orders")) + 60)
            await sink.until(lambda: is_ok(sink, "gate"))
    assert len(sink.of(Liquidation)) == len(rows)
