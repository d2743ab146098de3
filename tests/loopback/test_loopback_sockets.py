"""Plain ccxt.pro against the venues' sockets, and HTX's liquidations by REST."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import ccxt
import pytest

from tests.conftest import FixedClock
from tests.loopback import Forced, LoopbackVenues, Market
from tests.loopback.clients import client
from tests.loopback.tide import TELLING, Tide

ROWS = [
    Forced("BTC", "long", 104_000.5, 0.05, 1_762_225_000_000),
    Forced("BTC", "short", 104_100.0, 0.02, 1_762_225_000_001, net=True),
    Forced("ETH", "long", 3_700.0, 1.5, 1_762_225_000_002),
]
SOCKET_VENUES = ("okx", "binanceusdm", "bybit")


@pytest.fixture
async def server() -> AsyncIterator[LoopbackVenues]:
    async with LoopbackVenues() as running:
        yield running


class Tap:
    """Keeps whole liquidation messages, as the product does."""

    def __init__(self, exchange: Any) -> None:
        self.messages: list[Any] = []
        self._handle = exchange.handle_liquidation
        self._more = asyncio.Condition()
        exchange.handle_liquidation = self._keep

    def _keep(self, socket: Any, message: Any) -> None:
        self.messages.append(message)
        self._handle(socket, message)
        self._task = asyncio.get_running_loop().create_task(self._tell())

    async def _tell(self) -> None:
        async with self._more:
            self._more.notify_all()

    async def wait(self, count: int) -> None:
        async with asyncio.timeout(10), self._more:
            await self._more.wait_for(lambda: len(self.messages) >= count)


async def _watch(server: LoopbackVenues, venue: str, exchange: Any) -> list[asyncio.Task[Any]]:
    await exchange.load_markets()
    if venue == "bybit":
        calls = [exchange.watch_liquidations(symbol) for symbol in ("BTC/USDT:USDT", "ETH/USDT:USDT", "BTC/USD:BTC")]
    else:
        calls = [exchange.watch_liquidations_for_symbols(None)]
    tasks = [asyncio.create_task(call) for call in calls]
    await server.wait_subscribed(venue, len(tasks))
    return tasks


async def _end(tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_okx_tells_all_rows_in_one_message(server: LoopbackVenues) -> None:
    async with client(server, "okx") as exchange:
        tap = Tap(exchange)
        tasks = await _watch(server, "okx", exchange)
        await server.liquidate("okx", *ROWS)
        await tap.wait(1)
        await _end(tasks)
    bitcoin, ether = tap.messages[0]["data"]
    assert bitcoin["instId"] == "BTC-USDT-SWAP"
    assert [(row["posSide"], row["side"], row["sz"]) for row in bitcoin["details"]] == [
        ("long", "sell", "5"),
        ("net", "buy", "2"),
    ]
    assert [row["ts"] for row in ether["details"]] == ["1762225000002"]


async def test_binance_sells_longs_and_tells_the_last_fill_apart(server: LoopbackVenues) -> None:
    async with client(server, "binanceusdm") as exchange:
        tap = Tap(exchange)
        tasks = await _watch(server, "binanceusdm", exchange)
        await server.liquidate("binanceusdm", *ROWS)
        await tap.wait(3)
        await _end(tasks)
    orders = [message["o"] for message in tap.messages]
    assert [(o["s"], o["S"], o["z"], o["l"]) for o in orders] == [
        ("BTCUSDT", "SELL", "0.05", "0.015"),
        ("BTCUSDT", "BUY", "0.02", "0.006"),
        ("ETHUSDT", "SELL", "1.5", "0.45"),
    ]


async def test_bybit_names_the_position_and_puts_rows_of_one_symbol_together(server: LoopbackVenues) -> None:
    async with client(server, "bybit") as exchange:
        tap = Tap(exchange)
        tasks = await _watch(server, "bybit", exchange)
        await server.liquidate("bybit", *ROWS, Forced("BTC", "short", 104_000.0, 5_000.0, kind="inverse"))
        await tap.wait(3)
        await _end(tasks)
    rows = {message["topic"]: [(row["S"], row["v"]) for row in message["data"]] for message in tap.messages}
    assert rows == {
        "allLiquidation.BTCUSDT": [("Buy", "0.05"), ("Sell", "0.02")],
        "allLiquidation.ETHUSDT": [("Buy", "1.5")],
        "allLiquidation.BTCUSD": [("Sell", "5000")],
    }


async def test_htx_tells_by_rest_newest_first_out_of_a_short_buffer(server: LoopbackVenues) -> None:
    many = [Forced("BTC", "long", 100_000.0, 0.01, 1_762_225_000_000 + i) for i in range(250)]
    await server.liquidate("htx", *many, ROWS[2])
    async with client(server, "htx") as exchange:
        rows = await exchange.fetch_liquidations("BTC/USDT:USDT", limit=100)
        assert len(rows) == 100
        assert (rows[0]["info"]["side"], rows[0]["info"]["position_side"]) == ("sell", "long")
        assert rows[0]["quoteValue"] == 1_000.0
        raw = await exchange.contractPublicGetLinearSwapApiV3SwapLiquidationOrders({"contract": "BTC-USDT"})
        assert [row["created_at"] for row in raw["data"][:2]] == [1_762_225_000_249, 1_762_225_000_248]
        assert len(raw["data"]) == 50
        late = await exchange.contractPublicGetV5MarketLiquidationOrders(
            {"contract_code": "BTC-USDT", "start_time": 1_762_225_000_247}
        )
        assert len(late["data"]) == 3
        assert raw["data"][0]["direction"] == "sell"
    venue = server.venues["htx"]
    assert len(venue.buffer["BTC-USDT"]) == 200  # type: ignore[attr-defined]


async def test_bybit_refuses_what_it_does_not_know_and_too_many_spot_topics(server: LoopbackVenues) -> None:
    async with client(server, "bybit") as exchange:
        url = server.ws_url("bybit") + "/v5/public/"
        with pytest.raises(ccxt.ExchangeError, match="handler not found"):
            await exchange.watch_topics(f"{url}linear", ["a"], ["allLiquidation.NOPE"])
        with pytest.raises(ccxt.ExchangeError, match="args size >10"):
            await exchange.watch_topics(f"{url}spot", ["b"], [f"tickers.X{i}" for i in range(11)])
        with pytest.raises(ccxt.ExchangeError, match="args length"):
            await exchange.watch_topics(f"{url}linear", ["c"], ["allLiquidation.BTCUSDT"] * 1_000)


async def test_okx_refuses_an_unknown_channel(server: LoopbackVenues) -> None:
    async with client(server, "okx") as exchange:
        arg = {"channel": "liquidation-orders", "instType": "NOPE"}
        with pytest.raises(ccxt.BadRequest, match="60018"):
            await exchange.watch_multiple(
                server.ws_url("okx") + "/ws/v5/public", ["x"], {"op": "subscribe", "args": [arg]}, ["x"]
            )


@pytest.mark.parametrize("venue", SOCKET_VENUES)
async def test_pings_are_answered(server: LoopbackVenues, venue: str) -> None:
    async with client(server, venue) as exchange:
        tasks = await _watch(server, venue, exchange)
        (socket, *_) = exchange.clients.values()
        socket.lastPong, arrived = None, asyncio.Event()
        handle = socket.handle_message

        def seen(message: Any) -> None:
            handle(message)
            if socket.lastPong is not None:
                arrived.set()

        socket.handle_message = seen
        if ping := getattr(exchange, "ping", None):
            await socket.send(ping(socket))
        else:
            await socket.connection.ping()
        await asyncio.wait_for(arrived.wait(), 5)
        await _end(tasks)


async def test_raw_payloads_reach_the_product(server: LoopbackVenues) -> None:
    async with client(server, "bybit") as exchange:
        tap = Tap(exchange)
        tasks = await _watch(server, "bybit", exchange)
        payload = {"topic": "allLiquidation.BTCUSDT", "type": "snapshot", "ts": 1, "data": []}
        assert await server.push_raw("bybit", payload) == 2
        await tap.wait(2)
        await _end(tasks)
    assert tap.messages == [payload, payload]


async def test_tide_remembers_what_it_told(fixed_clock: FixedClock) -> None:
    async with LoopbackVenues(Market(clock=fixed_clock)) as server:
        tide = Tide(server, per_second=10.0)
        for _ in range(50):
            await tide.emit(3)
        assert tide.emitted == len(server.pushed) == 150
        assert {venue for venue, _ in server.pushed} == set(TELLING)
        assert {row.side for _, row in server.pushed} == {"long", "short"}


async def test_real_frames_play_in_full(realdata: Path) -> None:
    path = realdata / "liquidations" / "binance_forceOrder.frames.jsonl"
    market = Market.with_binance_frames(path)
    async with LoopbackVenues(market, ["binanceusdm"]) as server, client(server, "binanceusdm") as exchange:
        tap = Tap(exchange)
        tasks = await _watch(server, "binanceusdm", exchange)
        assert exchange.market("币安人生/USDT:USDT")["id"] == "币安人生USDT"
        assert await server.play_frames(path, per_message=50) == 3_281
        await tap.wait(3_281)
        await _end(tasks)
    total = sum(float(message["o"]["z"]) * float(message["o"]["ap"]) for message in tap.messages)
    assert total == pytest.approx(5_052_975, abs=1)


async def test_by_hand_it_writes_a_config_and_ends_cleanly(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.loopback", "--config-out", str(config)),
        *("--clock-ms", "1762214700000", "--venues", "okx,kraken", "--liquidations-per-second", "200"),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    first = await asyncio.wait_for(process.stdout.readline(), 30)
    assert b"CRASHDESK_CLOCK_OFFSET_MS=" in first
    assert list(tomllib.loads(config.read_text(encoding="utf-8"))["venues"]) == ["okx", "kraken"]
    process.send_signal(signal.SIGTERM)
    rest, _ = await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 0
    assert b"requests answered" in rest
