"""What goes wrong at a venue: it is said in the right words, the others go on, and it comes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crashdesk.model.records import (
    Candle,
    Event,
    EventKind,
    Feed,
    Gap,
    HealthState,
    Liquidation,
    PriceSource,
    Quote,
    RowsSetAside,
    VenueHealth,
)
from tests.loopback import Forced, LoopbackVenues
from tests.venues.rig import QUICK, ListSink, venue, working

TICKERS = {"okx": "market/tickers", "binanceusdm": "ticker/24hr", "bybit": "market/tickers", "htx": "batch_merged"}
KINDS = {
    "html": (HealthState.BAD_DATA, HealthState.RETRYING),
    "null": (HealthState.BAD_DATA,),
    "blank": (HealthState.BAD_DATA,),
    "nan": (HealthState.BAD_DATA,),
    "garbage": (HealthState.BAD_DATA,),
    "empty": (HealthState.BAD_DATA,),
    "403": (HealthState.UNREACHABLE,),
    "451": (HealthState.UNREACHABLE,),
    "500": (HealthState.RETRYING,),
    "drop": (HealthState.RETRYING,),
    "429": (HealthState.RATE_LIMITED,),
}


def healths(sink: ListSink, name: str, feed: Feed) -> list[VenueHealth]:
    return sink.of(VenueHealth, venue=name, feed=feed)


def now_ok(sink: ListSink, name: str, feed: Feed) -> bool:
    found = healths(sink, name, feed)
    return bool(found) and found[-1].state is HealthState.OK


@pytest.mark.parametrize("name", TICKERS)
async def test_a_bad_answer_is_a_failure_in_the_right_words_and_passes(tmp_path: Path, name: str) -> None:
    settings = ("BTC/USDT:USDT", "ETH/USDT:USDT")
    async with LoopbackVenues(venues=(name,)) as server, working(tmp_path, venue(server, name, *settings)) as (_, sink):
        for kind, states in KINDS.items():
            await sink.until(lambda: now_ok(sink, name, Feed.TICKERS))
            server.fault(name, kind, TICKERS[name])
            await sink.until(lambda: not now_ok(sink, name, Feed.TICKERS))
            failure = healths(sink, name, Feed.TICKERS)[-1]
            server.clear_faults(name)
            assert failure.state in states, (kind, failure)
            assert failure.retry_at_ms is not None
            assert failure.detail
            assert "\n" not in failure.detail
        assert all(quote.last > 0 for quote in sink.of(Quote))
        assert failure.retry_at_ms - failure.since_ms >= 6_500, "the last kind is 429: its Retry-After is honoured"


async def test_a_venue_that_hangs_is_given_up(tmp_path: Path) -> None:
    async with (
        LoopbackVenues(venues=("okx",)) as server,
        working(tmp_path, venue(server, "okx", "BTC/USDT")) as (_, sink),
    ):
        await sink.until(lambda: now_ok(sink, "okx", Feed.TICKERS))
        server.fault("okx", "hang", "market/tickers")
        await sink.until(lambda: healths(sink, "okx", Feed.TICKERS)[-1].state is HealthState.RETRYING)
        assert healths(sink, "okx", Feed.TICKERS)[-1].detail == "no answer in time"
        server.clear_faults()


async def test_a_geo_block_from_the_start_leaves_the_others_alone(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("okx", "bybit")) as server:
        server.fault("okx", "451")
        settings = [venue(server, name, "BTC/USDT") for name in ("okx", "bybit")]
        async with working(tmp_path, *settings) as (_, sink):
            await sink.until(lambda: sink.of(PriceSource))
            await sink.until(lambda: sink.of(Candle))
        assert {one.venue for one in sink.of(PriceSource)} == {"bybit"}
        blocked = [one for one in sink.of(VenueHealth, venue="okx") if one.state is HealthState.UNREACHABLE]
        assert {one.feed for one in blocked} == set(Feed)
        assert "unreachable here" in blocked[0].detail
        (lost,) = sink.of(Event, kind=EventKind.FEED_LOST)
        assert lost.text.startswith("okx: unreachable here (HTTP 451)")
        assert EventKind.SOURCE_SWITCH not in {one.kind for one in sink.of(Event)}


async def test_prices_and_candles_fall_back_together_and_return(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("okx", "bybit")) as server:
        settings = [venue(server, name, "BTC/USDT") for name in ("okx", "bybit")]
        async with working(tmp_path, *settings) as (_, sink):
            await sink.until(lambda: sink.of(Candle, venue="okx"))
            server.fault("okx", "500", "market/tickers")
            await sink.until(lambda: sink.of(PriceSource, venue="bybit"))
            await sink.until(lambda: sink.of(Candle, venue="bybit"))
            server.clear_faults()
            await sink.until(lambda: sink.of(PriceSource)[-1].venue == "okx")
        assert [one.venue for one in sink.of(PriceSource)] == ["okx", "bybit", "okx"]
        switches = sink.of(Event, kind=EventKind.SOURCE_SWITCH)
        assert [one.text for one in switches] == [
            "BTC/USDT: prices from bybit, not okx",
            "BTC/USDT: prices from okx, not bybit",
        ]
        current = None
        for record in sink.records:
            if isinstance(record, PriceSource):
                current = record.venue
            elif isinstance(record, Candle):
                assert record.venue == current, "two venues' candles are never mixed"


async def test_the_reason_why_a_venue_never_loaded_outlives_its_end(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("okx",)) as server:
        server.fault("okx", "451")
        async with working(tmp_path, venue(server, "okx", "BTC/USDT")) as (_, sink):
            await sink.until(
                lambda: HealthState.UNREACHABLE in {one.state for one in healths(sink, "okx", Feed.TICKERS)}
            )
    *before, end = healths(sink, "okx", Feed.TICKERS)
    assert (end.state, before[-1].state) == (HealthState.STOPPED, HealthState.UNREACHABLE)
    assert before[-1].detail == "unreachable here (HTTP 451): the venue refuses this location"
    assert end.detail == "the recorder has ended; before that: " + before[-1].detail


async def test_a_geo_block_in_mid_run_moves_prices_at_once(tmp_path: Path) -> None:
    patient = replace(QUICK, refused_first=300.0, refused_most=900.0)
    async with LoopbackVenues(venues=("okx", "bybit")) as server:
        settings = [venue(server, name, "BTC/USDT") for name in ("okx", "bybit")]
        async with working(tmp_path, *settings, pace=patient) as (_, sink):
            await sink.until(lambda: sink.of(Candle, venue="okx"))
            server.fault("okx", "451")
            await sink.until(lambda: sink.of(PriceSource, venue="bybit"))
            assert healths(sink, "okx", Feed.TICKERS)[-1].state is HealthState.UNREACHABLE


SOCKETS = ("okx", "binanceusdm", "binancecoinm", "bybit", "deribit")
KIND = {"binancecoinm": "inverse", "deribit": "inverse"}
BREAKS = [(name, kind) for name in SOCKETS for kind in ("ws_close", "ws_freeze", "ws_stall")]


def forced(name: str, side: str, price: float) -> Forced:
    return Forced("BTC", side, price, 5_000.0 if name in KIND else 0.5, kind=KIND.get(name, "linear"))


@pytest.mark.parametrize(("name", "kind"), BREAKS)
async def test_a_broken_socket_is_noticed_by_its_silence_and_the_gap_is_written(
    tmp_path: Path, name: str, kind: str
) -> None:
    async with LoopbackVenues(venues=(name,)) as server:
        async with working(tmp_path, venue(server, name, "BTC/USDT:USDT")) as (_, sink):
            await sink.until(lambda: now_ok(sink, name, Feed.LIQUIDATIONS))
            await server.liquidate(name, forced(name, "long", 100_000.0))
            await sink.until(lambda: len(sink.of(Liquidation)) == 1)
            server.fault(name, "500", "get_last_trades")
            server.fault(name, kind)
            if kind != "ws_close":
                await sink.until(lambda: not now_ok(sink, name, Feed.LIQUIDATIONS))
                server.clear_faults()
                server.fault(name, "500", "get_last_trades")
            await sink.until(lambda: sink.of(Gap))
            await sink.until(lambda: now_ok(sink, name, Feed.LIQUIDATIONS))
            await server.liquidate(name, forced(name, "short", 99_000.0))
            await sink.until(lambda: len(sink.of(Liquidation)) == 2)
        gap = sink.of(Gap)[0]
        assert (gap.venue, gap.feed) == (name, Feed.LIQUIDATIONS)
        assert gap.start_ms < gap.end_ms
        assert [one.price for one in sink.of(Liquidation)] == [100_000.0, 99_000.0]


@pytest.mark.parametrize("kind", ["ws_garbage", "ws_binary"])
@pytest.mark.parametrize("name", SOCKETS)
async def test_a_frame_that_nobody_can_read_is_counted_and_the_connection_goes_on(
    tmp_path: Path, name: str, kind: str
) -> None:
    one = "BTC/USDT:USDT"
    async with LoopbackVenues(venues=(name,)) as server, working(tmp_path, venue(server, name, one)) as (_, sink):
        await sink.until(lambda: now_ok(sink, name, Feed.LIQUIDATIONS))
        server.fault(name, kind)
        await sink.until(lambda: sink.of(RowsSetAside, feed=Feed.LIQUIDATIONS))
        await server.liquidate(name, forced(name, "short", 99_000.0))
        await sink.until(lambda: sink.of(Liquidation))
        assert {aside.reason for aside in sink.of(RowsSetAside)} == {"message that makes no sense"}
        assert not sink.of(Gap)


@pytest.mark.parametrize("kind", ["ws_silent", "ws_refuse"])
@pytest.mark.parametrize("name", SOCKETS)
async def test_a_subscription_that_is_not_taken_is_a_failure(tmp_path: Path, name: str, kind: str) -> None:
    async with LoopbackVenues(venues=(name,)) as server:
        server.fault(name, kind)
        async with working(tmp_path, venue(server, name, "BTC/USDT:USDT")) as (_, sink):
            wanted = HealthState.UNREACHABLE if kind == "ws_refuse" else HealthState.RETRYING
            await sink.until(lambda: wanted in {one.state for one in healths(sink, name, Feed.LIQUIDATIONS)})
            assert HealthState.OK not in {one.state for one in healths(sink, name, Feed.LIQUIDATIONS)}
            server.clear_faults()
            await sink.until(lambda: now_ok(sink, name, Feed.LIQUIDATIONS))
            await server.liquidate(name, forced(name, "long", 100_000.0))
            await sink.until(lambda: sink.of(Liquidation))
        assert EventKind.FEED_BACK in {one.kind for one in sink.of(Event)} or kind == "ws_silent"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("okx", {"event": "error", "code": "60018", "msg": "channel does not exist", "connId": "x"}),
        ("binanceusdm", {"error": {"code": 2, "msg": "Invalid request: invalid stream"}, "id": 1}),
        ("deribit", {"jsonrpc": "2.0", "id": 7, "error": {"message": "Invalid params", "code": -32602}}),
        ("deribit", {"jsonrpc": "2.0", "id": 7, "result": []}),
        ("bybit", {"success": False, "ret_msg": "error:handler not found", "op": "subscribe", "conn_id": "x"}),
    ],
)
async def test_a_refused_subscription_does_not_hang(tmp_path: Path, name: str, words: dict[str, object]) -> None:
    one = "BTC/USDT:USDT"
    async with LoopbackVenues(venues=(name,)) as server, working(tmp_path, venue(server, name, one)) as (_, sink):
        await sink.until(lambda: now_ok(sink, name, Feed.LIQUIDATIONS))
        await server.push_raw(name, words)
        await sink.until(lambda: any("refused" in one.detail for one in healths(sink, name, Feed.LIQUIDATIONS)))
        await sink.until(lambda: now_ok(sink, name, Feed.LIQUIDATIONS))


async def test_garbage_rows_are_counted_and_good_ones_counted_in(tmp_path: Path) -> None:
    rows = [
        {"T": 1, "s": "BTCUSDT", "S": "Buy", "v": "1", "p": "1"},
        {"T": 1_762_225_964_000, "s": "NOSUCH", "S": "Buy", "v": "1", "p": "1"},
        {"T": 1_762_225_964_000, "s": "BTCUSDT", "S": "Buy", "v": "0.5", "p": "100000"},
        None,
    ]
    async with LoopbackVenues(venues=("bybit",)) as server:
        async with working(tmp_path, venue(server, "bybit", "BTC/USDT:USDT")) as (_, sink):
            await sink.until(lambda: now_ok(sink, "bybit", Feed.LIQUIDATIONS))
            await server.push_raw(
                "bybit", {"topic": "allLiquidation.BTCUSDT", "type": "snapshot", "ts": 1, "data": rows}
            )
            await sink.until(lambda: sink.of(Liquidation))
            await sink.until(lambda: len(sink.of(RowsSetAside, feed=Feed.LIQUIDATIONS)) == 3)
        assert {one.reason for one in sink.of(RowsSetAside)} == {"time before 2010", "unknown symbol", "not an object"}
        assert {one.usd_micro for one in sink.of(Liquidation)} == {50_000_000_000}
