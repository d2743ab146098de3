"""Plain ccxt against the venues' REST."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FixedClock
from tests.loopback import LoopbackVenues, Market
from tests.loopback.clients import client
from tests.loopback.paths import DAY_MS
from tests.loopback.server import PRICED, VENUES

SPOT = {"okx", "binance", "bybit", "htx", "kraken"}
MARKETS = {venue: ["BTC/USDT"] if venue in SPOT else [] for venue in PRICED}
for _venue in ("okx", "binance", "binanceusdm", "bybit", "htx"):
    MARKETS[_venue] += ["ETH/USDT:USDT"]
for _venue in ("okx", "binance", "bybit"):
    MARKETS[_venue] += ["BTC/USD:BTC"]
PERPETUALS = {venue: [symbol for symbol in symbols if ":" in symbol] for venue, symbols in MARKETS.items()}


@pytest.fixture
async def server() -> AsyncIterator[LoopbackVenues]:
    async with LoopbackVenues(Market(spread=True)) as running:
        yield running


@pytest.mark.parametrize("venue", PRICED)
async def test_markets_are_those_that_are_listed(server: LoopbackVenues, venue: str) -> None:
    async with client(server, venue) as exchange:
        await exchange.load_markets()
        kinds = ("linear",) if venue == "binanceusdm" else ("spot", "linear", "inverse")
        dated = {symbol for symbol, market in exchange.markets.items() if market["future"]}
        assert set(exchange.markets) - dated == set(server.symbols(venue, kinds))
        assert all(market["active"] for market in exchange.markets.values())


@pytest.mark.parametrize("venue", PRICED)
async def test_tickers(server: LoopbackVenues, venue: str) -> None:
    async with client(server, venue) as exchange:
        for symbol in MARKETS[venue]:
            ticker = (await exchange.fetch_tickers([symbol]))[symbol]
            day = server.market.day(symbol.partition("/")[0], venue)
            assert ticker["last"] == pytest.approx(day.last, rel=1e-4)
            assert ticker["low"] <= ticker["last"] <= ticker["high"]
            assert ticker["baseVolume"] > 0
            if venue != "kraken":
                assert ticker["percentage"] == pytest.approx((day.last / day.open - 1) * 100, abs=0.02)


async def _daily(exchange: Any, symbol: str) -> list[list[float]]:
    """Pages forward from 420 days ago, as a client does that keeps a history."""
    rows: dict[int, list[float]] = {}
    since = (exchange.milliseconds() // DAY_MS - 420) * DAY_MS
    limit = None if exchange.id == "htx" else 200
    while len(page := await exchange.fetch_ohlcv(symbol, "1d", since, limit)) > 1:
        rows |= {row[0]: row for row in page}
        since = page[-1][0]
    return [rows[at] for at in sorted(rows)]


@pytest.mark.parametrize("venue", PRICED)
async def test_daily_candles_paged_to_more_than_four_hundred(server: LoopbackVenues, venue: str) -> None:
    async with client(server, venue) as exchange:
        await exchange.load_markets()
        for symbol in MARKETS[venue]:
            rows = await _daily(exchange, symbol)
            assert len(rows) >= 420
            assert {after[0] - before[0] for before, after in pairwise(rows)} == {DAY_MS}
            assert {row[0] % DAY_MS for row in rows} == ({16 * 3_600_000} if venue == "htx" else {0})
            assert all(row[3] <= min(row[1], row[4]) <= max(row[1], row[4]) <= row[2] for row in rows)


@pytest.mark.parametrize("venue", PRICED)
async def test_newest_candles(server: LoopbackVenues, venue: str) -> None:
    async with client(server, venue) as exchange:
        for symbol in MARKETS[venue]:
            for timeframe, length in (("1h", 3_600_000), ("5m", 300_000)):
                rows = await exchange.fetch_ohlcv(symbol, timeframe, limit=100)
                assert [after[0] - before[0] for before, after in pairwise(rows)] == [length] * 99
                assert rows[-1][0] <= server.market.clock.now_ms() < rows[-1][0] + 2 * length
                assert rows[-1][4] == pytest.approx(server.market.last(symbol.partition("/")[0], venue), rel=1e-3)


@pytest.mark.parametrize("venue", [venue for venue, symbols in PERPETUALS.items() if symbols])
async def test_funding_and_open_interest(server: LoopbackVenues, venue: str) -> None:
    async with client(server, venue) as exchange:
        for symbol in PERPETUALS[venue]:
            funding = await exchange.fetch_funding_rate(symbol)
            assert funding["fundingRate"] == server.market.funding(symbol.partition("/")[0], venue)
            assert funding["fundingTimestamp"] == server.market.funding_ms()
            interest = await exchange.fetch_open_interest(symbol)
            assert (interest["openInterestAmount"] or interest["openInterestValue"]) > 0


@pytest.mark.parametrize("venue", ["okx", "binanceusdm", "bybit"])
async def test_bulk_funding(server: LoopbackVenues, venue: str) -> None:
    async with client(server, venue) as exchange:
        rates = await exchange.fetch_funding_rates()
    assert {"BTC/USDT:USDT", "AVAX/USDT:USDT"} <= set(rates)


async def test_okx_bulk_open_interest(server: LoopbackVenues) -> None:
    async with client(server, "okx") as exchange:
        interests = await exchange.fetch_open_interests()
    assert set(interests) == set(server.symbols("okx", ("linear", "inverse")))


async def test_kraken_never_gives_more_than_its_720_rows(server: LoopbackVenues) -> None:
    async with client(server, "kraken") as exchange:
        rows = await exchange.fetch_ohlcv("BTC/USD", "1h", since=exchange.milliseconds() - 90 * DAY_MS)
    assert len(rows) == 720


async def test_okx_page_is_three_hundred_at_most_and_recent_candles_end(server: LoopbackVenues) -> None:
    async with client(server, "okx") as exchange:
        rows = await exchange.fetch_ohlcv("BTC/USDT", "1h", since=exchange.milliseconds() - 200 * DAY_MS, limit=1000)
        assert len(rows) == 300
        old = {"instId": "BTC-USDT", "bar": "5m", "after": str(exchange.milliseconds() - 30 * DAY_MS)}
        assert (await exchange.publicGetMarketCandles(old))["data"] == []
        assert len((await exchange.publicGetMarketHistoryCandles(old))["data"]) == 100


async def test_unknown_symbols_are_refused_in_the_venues_words(server: LoopbackVenues) -> None:
    import ccxt

    async with client(server, "binance") as exchange:
        with pytest.raises(ccxt.BadSymbol):
            await exchange.publicGetKlines({"symbol": "NOPEUSDT", "interval": "1d"})
    async with client(server, "okx") as exchange:
        with pytest.raises(ccxt.BadSymbol):
            await exchange.publicGetMarketTicker({"instId": "NOPE-USDT"})
    async with client(server, "bybit") as exchange:
        with pytest.raises(ccxt.BadRequest):
            await exchange.publicGetV5MarketKline({"category": "spot", "symbol": "NOPEUSDT", "interval": "D"})


async def test_requests_are_logged(server: LoopbackVenues) -> None:
    async with client(server, "htx") as exchange:
        await exchange.fetch_ohlcv("BTC/USDT:USDT", "5m", limit=7)
    (seen,) = server.seen("htx", "history/kline")
    assert seen.query["contract_code"] == "BTC-USDT"
    assert seen.query["size"] == "7"


async def test_config_names_every_venue_and_what_it_lists(server: LoopbackVenues) -> None:
    tables = tomllib.loads(server.config_toml(symbols=["BTC/USDT", "BTC/USDT:USDT"]))["venues"]
    assert list(tables) == list(VENUES)
    assert tables["kraken"]["symbols"] == tables["binance"]["symbols"] == ["BTC/USDT"]
    assert tables["okx"]["symbols"] == ["BTC/USDT", "BTC/USDT:USDT"]
    assert tables["bybit"]["api_url"] == server.api_url("bybit")
    assert "XRP/USDT:USDT" in tomllib.loads(server.config_toml(["htx"]))["venues"]["htx"]["symbols"]


async def test_real_candles_over_the_wire(realdata: Path) -> None:
    clock = FixedClock(1_762_214_700_000)  # 2025-11-04 00:05 UTC
    market = Market(clock=clock, realdata=realdata)
    async with LoopbackVenues(market, ["binance"]) as server, client(server, "binance") as exchange:
        rows = await exchange.fetch_ohlcv("BTC/USDT", "1d", limit=201)
    assert sum(row[4] for row in rows[:-1]) / 200 == pytest.approx(109_834.15, abs=0.005)
    assert rows[-1][0] == 1_762_214_400_000
