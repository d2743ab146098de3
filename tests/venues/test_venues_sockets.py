"""The liquidation sockets with a real worker: bursts, twins, what is sent again, new contracts, what is refused."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crashdesk.model.records import (
    Feed,
    Gap,
    HealthState,
    Instrument,
    Liquidation,
    Method,
    Quote,
    RowsSetAside,
    Side,
    VenueHealth,
)
from crashdesk.venues.candles import CandlesFeed
from tests.loopback import COINS, Forced, LoopbackVenues, Market, many_coins
from tests.loopback.coins import Listed
from tests.venues.rig import QUICK, ListSink, venue, working

BTC = "BTC/USDT:USDT"
SOCKETS = ("okx", "binanceusdm", "binancecoinm", "bybit", "deribit")
INVERSE = ("binancecoinm", "deribit")
PATIENT = replace(QUICK, accept=20.0, ping=5.0, silence=20.0)
"""For loads under which server and worker, who share a process here, keep each other waiting."""
WORST_SECOND = 22_558
"""Events with one timestamp in the worst public second on record."""


def health(sink: ListSink, name: str) -> VenueHealth | None:
    found = sink.of(VenueHealth, venue=name, feed=Feed.LIQUIDATIONS)
    return found[-1] if found else None


def well(sink: ListSink, name: str) -> bool:
    newest = health(sink, name)
    return newest is not None and newest.state is HealthState.OK


def forced(name: str, price: float, size: float = 1.0, side: str = "long", ts_ms: int | None = None) -> Forced:
    if name in INVERSE:
        return Forced("BTC", side, price, 1_000.0 * size, ts_ms, kind="inverse")
    return Forced("BTC", side, price, size, ts_ms)


@pytest.mark.parametrize("name", SOCKETS)
async def test_the_worst_second_comes_whole(tmp_path: Path, name: str) -> None:
    async with LoopbackVenues(venues=(name,)) as server:
        stamp = server.market.clock.now_ms()
        # four prices and two sides: thousands of rows are equal in everything, and are orders of their own
        rows = [forced(name, 100_000.0 + i % 4, 0.5, "long" if i % 2 else "short", stamp) for i in range(WORST_SECOND)]
        async with working(tmp_path, venue(server, name, BTC), symbol=BTC, pace=PATIENT) as (_, sink):
            await sink.until(lambda: well(sink, name))
            await server.liquidate(name, *rows)
            await sink.until(lambda: len(sink.of(Liquidation)) >= WORST_SECOND, 60)
        found = sink.of(Liquidation)
    assert len(found) == WORST_SECOND
    assert {one.ts_ms for one in found} == {stamp}
    for side in Side:
        wanted = sum(round(row.usd * 1_000_000) for row in rows if row.side == side.value)
        assert sum(one.usd_micro for one in found if one.side is side) == wanted
    assert len([batch for batch in sink.batches if isinstance(batch[0], Liquidation)]) < 100, "gathered"
    assert not sink.of(Gap)
    assert not sink.of(RowsSetAside)


@pytest.mark.parametrize("name", SOCKETS)
async def test_what_is_sent_again_counts_once_and_twins_count_twice(tmp_path: Path, name: str) -> None:
    async with LoopbackVenues(venues=(name,)) as server:
        stamp = server.market.clock.now_ms()
        twins = [forced(name, 100_000.0, ts_ms=stamp), forced(name, 100_000.0, ts_ms=stamp)]
        settings = venue(server, name, BTC)
        async with working(tmp_path, settings, symbol=BTC) as (_, sink):
            await sink.until(lambda: well(sink, name))
            await server.liquidate(name, *twins)
            await sink.until(lambda: len(sink.of(Liquidation)) == 2)
            server.fault(name, "500", "get_last_trades")
            server.fault(name, "ws_close")
            await sink.until(lambda: sink.of(Gap))
            await server.liquidate(name, *twins)
            await server.liquidate(name, forced(name, 99_000.0, ts_ms=stamp))
            await sink.until(lambda: len(sink.of(Liquidation)) >= 3)
        assert [one.price for one in sink.of(Liquidation)] == [100_000.0, 100_000.0, 99_000.0]
        # and again after the recorder was started anew, with what the recording holds
        seen = sink.of(Liquidation)
        async with working(tmp_path, settings, symbol=BTC, seen=seen, seen_from_ms=stamp - 1) as (_, later):
            await later.until(lambda: well(later, name))
            await server.liquidate(name, *twins, twins[0])
            await server.liquidate(name, forced(name, 98_000.0, ts_ms=stamp))
            await later.until(lambda: len(later.of(Liquidation)) >= 2)
        assert [one.price for one in later.of(Liquidation)] == [100_000.0, 98_000.0], "the third twin is new"


async def test_what_deribit_told_nobody_is_asked_for_afterwards(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("deribit",)) as server:
        stamp = server.market.clock.now_ms()
        before = forced("deribit", 100_000.0, ts_ms=stamp)
        missed = [forced("deribit", 99_000.0 + i // 2, ts_ms=stamp + 1) for i in range(900)]
        linear = Forced("ETH", "short", 3_000.0, 2.0, stamp + 1, quote="USDC")
        async with working(tmp_path, venue(server, "deribit", BTC), symbol=BTC, pace=PATIENT) as (_, sink):
            await sink.until(lambda: well(sink, "deribit"))
            await server.liquidate("deribit", before)
            await sink.until(lambda: sink.of(Liquidation))
            server.fault("deribit", "ws_refuse")
            server.fault("deribit", "ws_close")
            await sink.until(lambda: not well(sink, "deribit"))
            await server.liquidate("deribit", *missed, linear)
            server.clear_faults()
            await sink.until(lambda: len(sink.of(Liquidation)) >= 902)
            await server.liquidate("deribit", forced("deribit", 98_000.0, ts_ms=stamp + 2))
            await sink.until(lambda: len(sink.of(Liquidation)) >= 903)
        assert len(sink.of(Liquidation)) == 903
        assert len(sink.of(Liquidation, symbol="ETH/USDC:USDC", side=Side.SHORT)) == 1
        assert not sink.of(Gap)


DATED = [
    ("okx", "linear", "BTC/USDT:USDT-301227"),
    ("okx", "inverse", "BTC/USD:BTC-301227"),
    ("binanceusdm", "linear", "BTC/USDT:USDT-301227"),
    ("binancecoinm", "inverse", "BTC/USD:BTC-301227"),
    ("bybit", "linear", "BTC/USDT:USDT-301227"),
    ("bybit", "inverse", "BTC/USD:BTC-301227"),
    ("deribit", "inverse", "BTC/USD:BTC-301227"),
]


@pytest.mark.parametrize(("name", "kind", "symbol"), DATED)
async def test_futures_that_end_count_as_well(tmp_path: Path, name: str, kind: str, symbol: str) -> None:
    async with LoopbackVenues(venues=(name,)) as server:
        async with working(tmp_path, venue(server, name, BTC), symbol=BTC) as (_, sink):
            await sink.until(lambda: well(sink, name))
            size = 0.5 if kind == "linear" else 50_000.0
            await server.liquidate(name, Forced("BTC", "short", 100_000.0, size, kind=kind, dated=True))
            await sink.until(lambda: sink.of(Liquidation))
        (row,) = sink.of(Liquidation)
    assert (row.symbol, row.side, row.usd_micro) == (symbol, Side.SHORT, 50_000_000_000)
    assert sink.of(Instrument, venue=name, symbol=symbol)
    assert not sink.of(Quote, symbol=symbol)


async def cached_list(folder: Path, server: LoopbackVenues, name: str) -> tuple[Path, dict[str, Any]]:
    """The market list that a run leaves in the cache."""
    async with working(folder, venue(server, name, BTC), symbol=BTC) as (_, sink):
        await sink.until(lambda: sink.of(Quote))
    (path,) = (folder / "cache" / "markets").iterdir()
    return path, json.loads(path.read_text())


async def test_a_contract_listed_while_running_is_subscribed_on_the_open_connection(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("bybit",)) as server:
        path, body = await cached_list(tmp_path, server, "bybit")
        body["markets"] = [market for market in body["markets"] if market["base"] != "ETH"]
        path.write_text(json.dumps(body))
        pace = replace(QUICK, listings=0.2)
        async with working(tmp_path, venue(server, "bybit", BTC), symbol=BTC, pace=pace) as (_, sink):
            await sink.until(lambda: well(sink, "bybit"))
            connections = len(server.seen("bybit", "/v5/public"))
            await server.wait_topic("bybit", "allLiquidation.ETHUSDT")
            await server.liquidate("bybit", Forced("ETH", "long", 3_000.0, 2.0))
            await sink.until(lambda: sink.of(Liquidation))
            assert len(server.seen("bybit", "/v5/public")) == connections
        assert [one.symbol for one in sink.of(Liquidation)] == ["ETH/USDT:USDT"]
        assert not sink.of(Gap)


async def test_a_contract_that_the_venue_refuses_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("bybit",)) as server:
        path, body = await cached_list(tmp_path, server, "bybit")
        (model,) = (market for market in body["markets"] if market["symbol"] == "ADA/USDT:USDT")
        body["markets"].append(model | {"id": "GONEUSDT", "symbol": "GONE/USDT:USDT", "base": "GONE"})
        path.write_text(json.dumps(body))
        async with working(tmp_path, venue(server, "bybit", BTC), symbol=BTC) as (_, sink):
            await sink.until(lambda: well(sink, "bybit"))
            await server.liquidate("bybit", Forced("BTC", "long", 100_000.0, 0.5))
            await sink.until(lambda: sink.of(Liquidation))
        told = {one.detail: one.method for one in sink.of(VenueHealth, venue="bybit", feed=Feed.LIQUIDATIONS)}
    assert any("handler not found" in detail for detail in told)
    assert told["not taken: GONEUSDT"] is Method.PARTIAL, "what is not taken makes it less than complete"


async def test_a_socket_that_goes_down_with_another_feed_tells_what_it_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dies = asyncio.Event()

    class Dying(CandlesFeed):
        async def run(self) -> None:
            if not dies.is_set():
                await dies.wait()
                raise RuntimeError("a fault of ours")
            await super().run()

    monkeypatch.setattr("crashdesk.venues.runner.CandlesFeed", Dying)
    async with LoopbackVenues(venues=("okx",)) as server, working(tmp_path, venue(server, "okx", BTC)) as (_, sink):
        await sink.until(lambda: well(sink, "okx"))
        await server.liquidate("okx", forced("okx", 100_000.0))
        await sink.until(lambda: sink.of(Liquidation))
        dies.set()
        await sink.until(lambda: not well(sink, "okx"))
        await sink.until(lambda: well(sink, "okx"))
        await sink.until(lambda: sink.of(Gap), 3)
        (gap,) = sink.of(Gap)
        assert (gap.venue, gap.feed, gap.reason) == ("okx", Feed.LIQUIDATIONS, "disconnected")
        assert gap.start_ms < gap.end_ms


async def test_more_topics_than_a_connection_takes_go_over_several(tmp_path: Path) -> None:
    async with LoopbackVenues(Market(many_coins(1_000)), venues=("bybit",)) as server:
        async with working(tmp_path, venue(server, "bybit", BTC), symbol=BTC, pace=PATIENT) as (_, sink):
            await sink.until(lambda: well(sink, "bybit"), 60)
            linear = [socket for socket in server.sockets["bybit"] if socket.path.endswith("/linear")]
            assert len(linear) == 2
            await server.liquidate("bybit", *[Forced(name, "long", 3.0, 100.0) for name in ("BTC", "C500", "C999")])
            await sink.until(lambda: len(sink.of(Liquidation)) == 3)
        assert all("refused" not in one.detail for one in sink.of(VenueHealth, venue="bybit"))


async def test_a_venue_without_the_steady_stream_is_heard_all_the_same(tmp_path: Path) -> None:
    async with LoopbackVenues(Market(COINS[1:]), venues=("okx",)) as server:
        okx = server.venues["okx"]
        okx.listed = tuple(one for one in okx.listed if one.coin != "BTC")
        okx.by_id = {one.id: one for one in okx.listed}
        eth = "ETH/USDT:USDT"
        async with working(tmp_path, venue(server, "okx", eth), symbol=eth) as (_, sink):
            await sink.until(lambda: well(sink, "okx"))
            await server.liquidate("okx", Forced("ETH", "long", 3_000.0, 2.0))
            await sink.until(lambda: sink.of(Liquidation))
            (row,) = sink.of(Liquidation)
            assert (row.symbol, row.side, row.usd_micro) == (eth, Side.LONG, 6_000 * 10**6)


async def test_every_venue_that_nobody_sees_is_named(tmp_path: Path) -> None:
    async with (
        LoopbackVenues(venues=("okx",)) as server,
        working(tmp_path, venue(server, "okx", BTC), symbol=BTC) as (_, sink),
    ):
        await sink.until(lambda: well(sink, "okx"))
        row = health(sink, "hyperliquid")
        assert row is not None
        assert (row.method, row.state) == (Method.NONE, HealthState.GONE)
        assert row.detail == "No public market-wide feed."


async def test_the_age_of_the_last_sign_of_life_stays_fresh_without_any_liquidation(tmp_path: Path) -> None:
    async with (
        LoopbackVenues(venues=SOCKETS) as server,
        working(tmp_path, *[venue(server, name, BTC) for name in SOCKETS], symbol=BTC) as (_, sink),
    ):
        await sink.until(lambda: all(well(sink, name) for name in SOCKETS))
        started = server.market.clock.now_ms()

        def fresh(name: str) -> bool:
            newest = health(sink, name)
            return newest is not None and (newest.last_message_ms or 0) > started + 1_000

        await sink.until(lambda: all(fresh(name) for name in SOCKETS))


def test_listed_symbols_of_dated_futures() -> None:
    assert Listed("X", "BTC", "USD", "inverse", "10", dated=True).symbol == "BTC/USD:BTC-301227"
