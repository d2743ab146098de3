"""The real worker, the real ccxt classes, real sockets, against the loopback venues."""

from __future__ import annotations

import asyncio
import itertools
import math
from dataclasses import replace
from pathlib import Path

import pytest

from crashdesk.config.settings import VenueSettings
from crashdesk.model.clock import SystemClock
from crashdesk.model.control import AddSymbol, RemoveSymbol, WantCandles
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.records import (
    Candle,
    Event,
    EventKind,
    Feed,
    HealthState,
    Instrument,
    Liquidation,
    MarketKind,
    PerpStats,
    PriceSource,
    Quote,
    Record,
    Side,
    VenueHealth,
)
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, Timeframe
from crashdesk.venues.control_client import control_path, send_command
from tests.loopback import Forced, LoopbackVenues, Market
from tests.venues.rig import QUICK, ListSink, venue, working

EVERY = ("okx", "binance", "binanceusdm", "bybit", "htx", "kraken")
LIQUIDATING = ("okx", "binanceusdm", "bybit", "htx")


def state(sink: ListSink, name: str, feed: Feed) -> HealthState | None:
    found = sink.of(VenueHealth, venue=name, feed=feed)
    return found[-1].state if found else None


def is_ok(sink: ListSink, name: str, feed: Feed) -> bool:
    return state(sink, name, feed) is HealthState.OK


def daily(sink: ListSink, symbol: str) -> list[Candle]:
    newest = {one.open_ms: one for one in sink.of(Candle, symbol=symbol, timeframe=Timeframe.D1)}
    return [newest[open_ms] for open_ms in sorted(newest)]


async def test_every_venue_brings_prices_candles_perpetuals_and_liquidations(tmp_path: Path) -> None:
    orders = [
        Forced("BTC", "long", 100_000.0, 0.5),
        Forced("BTC", "long", 100_000.0, 0.5),  # a twin
        Forced("ETH", "short", 3_000.0, 2.0),
    ]
    async with LoopbackVenues() as server:
        settings = [venue(server, name) for name in EVERY]
        async with working(tmp_path, *settings, coins=("BTC", "ETH")) as (_, sink):
            for name in LIQUIDATING:
                await sink.until(lambda name=name: is_ok(sink, name, Feed.LIQUIDATIONS))
                await server.liquidate(name, *orders)
            await sink.until(lambda: len(sink.of(Liquidation)) >= 12)
            await sink.until(lambda: {one.venue for one in sink.of(Quote)} == set(EVERY))
            perps = {(name, "BTC/USDT:USDT") for name in LIQUIDATING}
            for figure in ("funding_rate", "open_interest_usd"):
                await sink.until(
                    lambda figure=figure: (
                        perps <= {(p.venue, p.symbol) for p in sink.of(PerpStats) if getattr(p, figure) is not None}
                    )
                )
            await sink.until(lambda: len(daily(sink, "BTC/USDT")) > 400)
            await sink.until(
                lambda: {one.timeframe for one in sink.of(Candle, symbol="BTC/USDT")} >= {Timeframe.H1, Timeframe.M5}
            )
            last = server.market.last("BTC")
        for name in LIQUIDATING:
            rows = sink.of(Liquidation, venue=name)
            assert sorted((row.symbol, row.side, row.usd_micro, row.amount) for row in rows) == [
                ("BTC/USDT:USDT", Side.LONG, 50_000_000_000, 0.5),
                ("BTC/USDT:USDT", Side.LONG, 50_000_000_000, 0.5),
                ("ETH/USDT:USDT", Side.SHORT, 6_000_000_000, 2.0),
            ]
        check_order(sink.records)
        assert {one.venue for one in sink.of(PriceSource)} == {"okx"}
        assert {one.venue for one in sink.of(Candle)} == {"okx"}
        days = daily(sink, "BTC/USDT")
        assert all(one.open_ms % DAY_MS == 0 for one in days)
        assert {b.open_ms - a.open_ms for a, b in itertools.pairwise(days)} == {DAY_MS}
        assert [one.closed for one in days] == [True] * (len(days) - 1) + [False]
        quotes = {one.venue: one for one in sink.of(Quote, symbol="BTC/USDT")}
        assert all(math.isclose(one.last, last, rel_tol=0.01) for one in quotes.values())
        assert quotes["okx"].change_24h_pct is not None
        assert quotes["kraken"].change_24h_pct is None
        volumes = {one.volume_24h_usd for one in sink.of(Quote, symbol="BTC/USDT:USDT")}
        assert max(v for v in volumes if v) / min(v for v in volumes if v) < 1.05
        assert state(sink, "okx", Feed.TICKERS) is HealthState.STOPPED
        assert sink.ticks > 3
        assert sink.syncs > 0


def check_order(records: list[Record]) -> None:
    """Every instrument comes before anything of it, and a price source before its candles."""
    known: set[tuple[str, str]] = set()
    sources: set[tuple[str, str]] = set()
    for record in records:
        if isinstance(record, Instrument):
            assert (record.venue, record.symbol) not in known, "told twice"
            known.add((record.venue, record.symbol))
        elif isinstance(record, PriceSource):
            sources.add((record.venue, record.symbol))
        elif isinstance(record, Candle):
            assert (record.venue, record.symbol) in sources
        if isinstance(record, Quote | PerpStats | Candle | Liquidation):
            assert (record.venue, record.symbol) in known


async def test_inverse_contracts_keep_their_face_value(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("okx", "bybit")) as server:
        names = ("BTC/USD:BTC",)
        settings = [venue(server, name, *names) for name in ("okx", "bybit")]
        async with working(tmp_path, *settings, symbol="BTC/USD:BTC") as (_, sink):
            for name in ("okx", "bybit"):
                await sink.until(lambda name=name: is_ok(sink, name, Feed.LIQUIDATIONS))
                await server.liquidate(name, Forced("BTC", "short", 100_000.0, 5_000.0, kind="inverse", quote="USD"))
            await sink.until(lambda: len(sink.of(Liquidation)) == 2)
            await sink.until(lambda: len(sink.of(Quote)) >= 2)
        assert {(row.usd_micro, row.amount, row.side) for row in sink.of(Liquidation)} == {
            (5_000_000_000, 0.05, Side.SHORT)
        }
        assert {one.contract_size for one in sink.of(Instrument, kind=MarketKind.INVERSE)} == {100.0, 1.0}
        volumes = [one.volume_24h_usd for one in sink.of(Quote)]
        assert all(v is not None and v > 1e6 for v in volumes)


async def test_htx_days_are_utc_days(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("htx",)) as server:
        async with working(tmp_path, venue(server, "htx", "BTC/USDT")) as (_, sink):
            await sink.until(lambda: len(daily(sink, "BTC/USDT")) > 400)
        days = daily(sink, "BTC/USDT")
        assert all(one.open_ms % DAY_MS == 0 for one in days)
        for one in days[-30:-1]:
            (bar,) = server.market.bars("BTC", "htx", DAY_MS, one.open_ms, one.open_ms + DAY_MS)
            assert (one.open, one.high, one.low, one.close) == (bar.open, bar.high, bar.low, bar.close)
            assert one.volume == pytest.approx(bar.volume, rel=1e-3)


async def test_history_and_overlapping_pages_of_htx_count_once(tmp_path: Path) -> None:
    now = SystemClock().now_ms()
    history = [
        Forced("BTC", "long", 100_000.0 + i % 7, 0.1, ts_ms=now - 3_600_000 + 1000 * (i // 3)) for i in range(150)
    ]
    twins = [history[0]] * 3
    async with LoopbackVenues(venues=("htx",)) as server:
        await server.liquidate("htx", *history, *twins)
        async with working(tmp_path, venue(server, "htx", "BTC/USDT:USDT")) as (_, sink):
            await sink.until(lambda: len(sink.of(Liquidation)) >= 153)
            await server.liquidate("htx", Forced("BTC", "short", 99_000.0, 1.0))
            await sink.until(lambda: len(sink.of(Liquidation)) >= 154)
            await server.wait_request("htx", "liquidation_orders", len(server.seen("htx", "liquidation_orders")) + 3)
        rows = sink.of(Liquidation)
        assert len(rows) == 154
        assert (
            sum(row.usd_micro for row in rows)
            == sum(round(one.usd * 1e6) for one in [*history, *twins]) + 99_000_000_000
        )
    # A second run on the same recording does not write the history again, though it knows only its end.
    since = rows[100].ts_ms
    known = [row for row in rows if row.ts_ms >= since]
    async with LoopbackVenues(venues=("htx",)) as server:
        await server.liquidate("htx", *history, *twins)
        settings = venue(server, "htx", "BTC/USDT:USDT")
        async with working(tmp_path, settings, seen=known, seen_from_ms=since) as (_, sink):
            await sink.until(lambda: is_ok(sink, "htx", Feed.LIQUIDATIONS))
            await server.liquidate("htx", Forced("BTC", "short", 98_000.0, 1.0))
            await sink.until(lambda: sink.of(Liquidation))
        assert [row.price for row in sink.of(Liquidation)] == [98_000.0]


async def test_a_burst_in_one_message_is_written_whole(tmp_path: Path) -> None:
    now = SystemClock().now_ms()
    orders = [Forced("BTC", "long", 100_000.0 + i % 50, 0.1, ts_ms=now) for i in range(22_558)]
    async with LoopbackVenues(venues=("bybit",)) as server:
        async with working(tmp_path, venue(server, "bybit", "BTC/USDT:USDT")) as (_, sink):
            await sink.until(lambda: is_ok(sink, "bybit", Feed.LIQUIDATIONS))
            await server.liquidate("bybit", *orders)
            await sink.until(lambda: sink.of(Liquidation))
        batches = [one for one in sink.batches if isinstance(one[0], Liquidation)]
        assert [len(one) for one in batches] == [20_000, 2_558], "no more in one append than is written whole"


async def test_a_restart_needs_no_market_list(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("okx",)) as server:
        for _ in range(2):
            async with working(tmp_path, venue(server, "okx", "BTC/USDT")) as (_, sink):
                await sink.until(lambda: sink.of(Quote))
        assert len(server.seen("okx", "instruments")) == 3, "spot, swap and futures, once"


async def test_a_stale_market_list_serves_when_the_venue_does_not(tmp_path: Path) -> None:
    class Later:
        def now_ms(self) -> int:
            return SystemClock().now_ms() + 3 * DAY_MS

    async with LoopbackVenues(venues=("okx",)) as server:
        async with working(tmp_path, venue(server, "okx", "BTC/USDT")) as (_, sink):
            await sink.until(lambda: sink.of(Quote))
        server.fault("okx", "500", "instruments")
        async with working(tmp_path, venue(server, "okx", "BTC/USDT"), clock=Later()) as (_, sink):
            await sink.until(lambda: sink.of(Quote))


async def test_symbols_and_candles_on_demand(tmp_path: Path) -> None:
    control = control_path(tmp_path, tmp_path / "live.crash")
    async with LoopbackVenues(venues=("okx", "bybit")) as server:
        settings = [venue(server, name, "BTC/USDT") for name in ("okx", "bybit")]
        async with working(tmp_path, *settings, control=control) as (_, sink):
            await sink.until(lambda: {one.venue for one in sink.of(Quote)} == {"okx", "bybit"})
            await asyncio.to_thread(send_command, control, AddSymbol("SOL/USDT"))
            await sink.until(lambda: {one.venue for one in sink.of(Quote, symbol="SOL/USDT")} == {"okx", "bybit"})
            await asyncio.to_thread(send_command, control, WantCandles("ETH/USDT", Timeframe.M15))
            await sink.until(lambda: sink.of(Candle, symbol="ETH/USDT", timeframe=Timeframe.M15))
            await sink.until(lambda: len(daily(sink, "ETH/USDT")) > 400)
            with pytest.raises(CrashdeskError, match="no configured venue lists FOO/USDT"):
                await asyncio.to_thread(send_command, control, AddSymbol("FOO/USDT"))
            await asyncio.to_thread(send_command, control, RemoveSymbol("SOL/USDT"))
            count = len(server.seen("okx", "market/tickers"))
            await server.wait_request("okx", "market/tickers", count + 2)
            before = len(sink.of(Quote, symbol="SOL/USDT"))
            await server.wait_request("okx", "market/tickers", count + 4)
            assert len(sink.of(Quote, symbol="SOL/USDT")) == before
        check_order(sink.records)


async def test_a_hole_in_a_series_is_asked_for_again(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("okx",)) as server:
        today = server.market.clock.now_ms() // DAY_MS * DAY_MS
        missing = {today - 40 * DAY_MS, today - 39 * DAY_MS, today - 7 * DAY_MS}
        lost = today - 8 * HOUR_MS
        server.market.lacking |= {(DAY_MS, at) for at in missing} | {(HOUR_MS, lost)}
        async with working(tmp_path, venue(server, "okx", "BTC/USDT"), pace=replace(QUICK, desk_candles=0.3)) as (
            _,
            sink,
        ):
            await sink.until(lambda: len(daily(sink, "BTC/USDT")) > 400)
            await sink.until(lambda: len(sink.of(Candle, timeframe=Timeframe.H1)) > 500)
            assert not {one.open_ms for one in sink.of(Candle, timeframe=Timeframe.D1)} & missing
            server.market.lacking.clear()
            await sink.until(lambda: {one.open_ms for one in sink.of(Candle, timeframe=Timeframe.D1)} >= missing)
            await sink.until(lambda: lost in {one.open_ms for one in sink.of(Candle, timeframe=Timeframe.H1)})
        days = daily(sink, "BTC/USDT")
        assert {b.open_ms - a.open_ms for a, b in itertools.pairwise(days)} == {DAY_MS}


async def test_the_largest_markets_by_volume(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("okx",)) as server:
        async with working(tmp_path, venue(server, "okx", top=3)) as (_, sink):
            await sink.until(lambda: len({one.symbol for one in sink.of(Quote)}) >= 3)
        instruments = {one.symbol for one in sink.of(Quote)}
        assert {"BTC/USDT", "BTC/USDT:USDT"} <= instruments
        assert len(instruments) == 3


async def test_an_unknown_symbol_and_an_unknown_exchange_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("okx",)) as server:
        strange = venue(server, "okx", "BTC/USDT")
        odd = type(strange)(name="odd", exchange="nonesuch", symbols=("BTC/USDT",))
        async with working(tmp_path, odd, venue(server, "okx", "BTC/USDT", "FOO/USDT")) as (_, sink):
            await sink.until(lambda: sink.of(PriceSource))
        texts = [one.text for one in sink.of(Event, kind=EventKind.WORKER)]
        assert texts == ["okx does not list FOO/USDT: see venues.okx.symbols in config.toml"]
        gone = sink.of(VenueHealth, venue="odd", state=HealthState.GONE)
        assert "'nonesuch' is not wired" in gone[0].detail


async def test_the_desks_symbol_is_polled_even_when_the_config_names_others(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("okx",)) as server:
        settings = venue(server, "okx", "ETH/USDT")
        async with working(tmp_path, settings, symbol="SOL/USDT") as (_, sink):
            await sink.until(lambda: {one.symbol for one in sink.of(Quote)} == {"ETH/USDT", "SOL/USDT"})


async def test_a_symbol_that_no_reachable_venue_lists_is_refused_in_words(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("okx", "bybit")) as server:
        server.fault("bybit", "451")
        settings = [venue(server, name, "BTC/USDT") for name in ("okx", "bybit")]
        async with working(tmp_path, *settings) as (worker, sink):
            await sink.until(lambda: sink.of(Quote) and state(sink, "bybit", Feed.TICKERS) is HealthState.UNREACHABLE)
            words = "no reachable venue lists FOO/USDT; not loaded yet: bybit"
            for command in (AddSymbol("FOO/USDT"), WantCandles("FOO/USDT", Timeframe.H1)):
                with pytest.raises(ValueError, match=words):
                    worker.command(command)
            worker.command(AddSymbol("SOL/USDT"))
            server.clear_faults()
            await sink.until(lambda: is_ok(sink, "bybit", Feed.TICKERS))
            with pytest.raises(ValueError, match="no configured venue lists FOO/USDT"):
                worker.command(AddSymbol("FOO/USDT"))
            await sink.until(lambda: sink.of(Quote, venue="bybit", symbol="SOL/USDT"))


async def test_the_desks_symbol_that_nobody_lists_is_an_event(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("okx", "bybit")) as server:
        server.fault("bybit", "451")
        settings = [venue(server, name, "BTC/USDT") for name in ("okx", "bybit")]
        async with working(tmp_path, *settings, symbol="FOO/USDT") as (worker, sink):
            worker.command(WantCandles("FOO/USDT", Timeframe.H1))
            worker.command(AddSymbol("BAR/USDT"))  # nothing is loaded: it cannot be judged yet
            await sink.until(lambda: len(sink.of(Event, kind=EventKind.WORKER)) >= 2)
        words = "not loaded yet: bybit"
        assert [one.text for one in sink.of(Event, kind=EventKind.WORKER)] == [
            f"no reachable venue lists FOO/USDT; {words} (see [desk] symbol in config.toml)",
            f"no reachable venue lists BAR/USDT; {words}",
        ]


async def test_a_venue_that_can_never_load_is_no_hope_for_a_symbol(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("okx",)) as server:
        odd = VenueSettings(name="odd", exchange="nonesuch", symbols=("BTC/USDT",))
        async with working(tmp_path, odd, venue(server, "okx", "BTC/USDT")) as (worker, sink):
            await sink.until(lambda: sink.of(Quote))
            with pytest.raises(ValueError, match="no configured venue lists FOO/USDT"):
                worker.command(AddSymbol("FOO/USDT"))


async def test_no_venue_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(CrashdeskError, match="no venue is enabled"):
        async with working(tmp_path):
            raise AssertionError


async def test_the_disk_refuses_for_a_while(tmp_path: Path) -> None:
    told_of: list[OSError | None] = []
    trouble = asyncio.Event()

    def told(error: OSError | None) -> None:
        told_of.append(error)
        trouble.set()

    async with LoopbackVenues(venues=("okx",)) as server:
        async with working(tmp_path, venue(server, "okx", "BTC/USDT"), on_trouble=told) as (_, sink):
            await sink.until(lambda: is_ok(sink, "okx", Feed.LIQUIDATIONS))
            sink.broken = True
            await asyncio.wait_for(trouble.wait(), 5)
            await server.liquidate("okx", Forced("BTC", "long", 100_000.0, 0.5))
            sink.broken = False
            await sink.until(lambda: sink.of(Liquidation))
        assert isinstance(told_of[0], OSError)
        assert told_of[-1] is None


async def test_the_real_forced_orders_arrive_whole(tmp_path: Path, realdata: Path) -> None:
    path = realdata / "liquidations" / "binance_forceOrder.frames.jsonl"
    async with LoopbackVenues(Market.with_binance_frames(path), venues=("binanceusdm",)) as server:
        async with working(tmp_path, venue(server, "binanceusdm", "BTC/USDT:USDT")) as (_, sink):
            await sink.until(lambda: is_ok(sink, "binanceusdm", Feed.LIQUIDATIONS))
            assert await server.play_frames(path, 50) == 3281
            await sink.until(lambda: len(sink.of(Liquidation)) >= 3281, 30)
        rows = sink.of(Liquidation)
        assert round(sum(row.usd_micro for row in rows) / 1e6) == 5_052_975
        assert round(sum(row.usd_micro for row in rows if row.side is Side.LONG) / 1e6) == 1_601_394


async def test_the_real_daily_candles_arrive_exactly(tmp_path: Path, realdata: Path) -> None:
    class Then:
        def __init__(self) -> None:
            self.shift = 1_762_214_700_000 - SystemClock().now_ms()  # 2025-11-04 00:05 UTC

        def now_ms(self) -> int:
            return SystemClock().now_ms() + self.shift

    clock = Then()
    async with LoopbackVenues(Market(clock=clock, realdata=realdata), venues=("okx", "htx", "bybit")) as server:
        for name in ("okx", "htx", "bybit"):
            async with working(tmp_path, venue(server, name, "BTC/USDT"), clock=clock) as (_, sink):
                await sink.until(lambda sink=sink: len(daily(sink, "BTC/USDT")) > 400)
            closed = [one for one in daily(sink, "BTC/USDT") if one.closed]
            assert closed[-1].close == 106_583.04
            if name != "htx":
                assert round(sum(one.close for one in closed[-200:]) / 200, 2) == 109_834.15
