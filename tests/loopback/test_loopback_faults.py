"""Every fault, as ccxt sees it: what these tests pin down is what the product has to map."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import ccxt
import pytest

from tests.loopback import Forced, LoopbackVenues
from tests.loopback.clients import client
from tests.loopback.faults import REST_KINDS, RETRY_AFTER_SECONDS
from tests.loopback.server import PRICED

SOCKET_VENUES = ("okx", "binanceusdm", "bybit")


@pytest.fixture
async def server() -> AsyncIterator[LoopbackVenues]:
    async with LoopbackVenues() as running:
        yield running


async def _tickers(exchange: Any) -> dict[str, Any]:
    symbol = "BTC/USDT" if "BTC/USDT" in exchange.markets else "BTC/USDT:USDT"
    found: dict[str, Any] = await exchange.fetch_tickers([symbol])
    return found


@pytest.mark.parametrize("venue", PRICED)
async def test_broken_bodies_are_silence_or_foreign_errors(server: LoopbackVenues, venue: str) -> None:
    async with client(server, venue) as exchange:
        await exchange.load_markets()
        for kind in ("html", "null", "blank"):
            server.fault(venue, kind, times=1)
            if venue.startswith("binance"):
                with pytest.raises(AttributeError):
                    await _tickers(exchange)
            else:
                assert await _tickers(exchange) == {}
        for kind in ("nan", "garbage"):
            server.fault(venue, kind, times=1)
            with pytest.raises(ValueError, match=r"NaN|about 5"):
                await _tickers(exchange)
        server.fault(venue, "empty", times=1)
        assert await _tickers(exchange) == {}
        assert len(await _tickers(exchange)) == 1


@pytest.mark.parametrize("venue", PRICED)
async def test_refusals(server: LoopbackVenues, venue: str) -> None:
    async with client(server, venue) as exchange:
        await exchange.load_markets()
        for kind in ("429", "403", "451", "500"):
            server.fault(venue, kind, times=1)
            with pytest.raises(ccxt.BaseError):
                await _tickers(exchange)
            if kind == "429":
                assert exchange.last_response_headers["Retry-After"] == str(RETRY_AFTER_SECONDS)


@pytest.mark.parametrize("venue", PRICED)
async def test_absent_answers(server: LoopbackVenues, venue: str) -> None:
    async with client(server, venue, timeout=200) as exchange:
        await exchange.load_markets()
        server.fault(venue, "hang", times=1)
        with pytest.raises(ccxt.RequestTimeout):
            await _tickers(exchange)
        server.fault(venue, "drop")
        with pytest.raises(ccxt.NetworkError):
            await _tickers(exchange)
        server.clear_faults(venue)
        assert len(await _tickers(exchange)) == 1


async def test_a_fault_may_strike_one_path_alone(server: LoopbackVenues) -> None:
    server.fault("okx", "500", path="market/candles")
    async with client(server, "okx") as exchange:
        await exchange.load_markets()
        assert len(await _tickers(exchange)) == 1
        with pytest.raises(ccxt.BaseError):
            await exchange.fetch_ohlcv("BTC/USDT", "1d", limit=5)


@pytest.mark.parametrize("venue", PRICED)
async def test_spoiled_candles_come_through_as_nan(server: LoopbackVenues, venue: str) -> None:
    async with client(server, venue) as exchange:
        await exchange.load_markets()
        symbol = "BTC/USDT" if "BTC/USDT" in exchange.markets else "BTC/USDT:USDT"
        server.fault(venue, "nan", times=1)
        rows = await exchange.fetch_ohlcv(symbol, "1d", limit=5)
        assert all(row[4] != row[4] for row in rows)


def test_unknown_faults_are_refused() -> None:
    with pytest.raises(ValueError, match="no such fault: fire"):
        LoopbackVenues().fault("okx", "fire")
    assert {"html", "429", "drop"} <= REST_KINDS


def _watch(exchange: Any, venue: str) -> asyncio.Task[Any]:
    if venue == "okx":
        return asyncio.create_task(exchange.watch_liquidations_for_symbols(None))
    return asyncio.create_task(exchange.watch_liquidations("BTC/USDT:USDT"))


@pytest.mark.parametrize("venue", SOCKET_VENUES)
async def test_closed_and_refused_sockets_raise(server: LoopbackVenues, venue: str) -> None:
    async with client(server, venue) as exchange:
        await exchange.load_markets()
        task = _watch(exchange, venue)
        await server.wait_subscribed(venue)
        server.fault(venue, "ws_close")
        with pytest.raises(ccxt.NetworkError, match="1001"):
            await task
        server.fault(venue, "ws_refuse", times=1)
        with pytest.raises(ccxt.NetworkError):
            await _watch(exchange, venue)


@pytest.mark.parametrize("venue", SOCKET_VENUES)
@pytest.mark.parametrize("kind", ["ws_garbage", "ws_binary", "ws_freeze"])
async def test_broken_sockets_go_quiet_without_an_error(server: LoopbackVenues, venue: str, kind: str) -> None:
    broken = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, _context: broken.set())
    async with client(server, venue) as exchange:
        await exchange.load_markets()
        task = _watch(exchange, venue)
        await server.wait_subscribed(venue)
        server.fault(venue, kind)
        await server.settled()
        if kind != "ws_freeze":
            await asyncio.wait_for(broken.wait(), 5)
        await server.liquidate(venue, Forced("BTC", "long", 104_000.0, 0.05))
        await exchange.fetch_time()
        assert not task.done()
        task.cancel()
    loop.set_exception_handler(None)


@pytest.mark.parametrize("venue", SOCKET_VENUES)
async def test_a_refused_subscription_hangs_in_silence(server: LoopbackVenues, venue: str) -> None:
    server.fault(venue, "ws_silent", times=1)
    async with client(server, venue) as exchange:
        await exchange.load_markets()
        task = _watch(exchange, venue)
        await server.wait_request(venue, "/ws" if venue != "bybit" else "/v5/public/linear")
        await server.liquidate(venue, Forced("BTC", "long", 104_000.0, 0.05))
        await exchange.fetch_time()
        assert not task.done()
        assert not server.sockets[venue][0].topics
        task.cancel()
