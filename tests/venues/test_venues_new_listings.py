"""A contract that was listed while the worker runs: its liquidations count once the market list was asked again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from crashdesk.model.control import AddSymbol
from crashdesk.model.records import Event, EventKind, Feed, HealthState, Instrument, Liquidation, Quote, VenueHealth
from crashdesk.venues.market_list import NewListings
from crashdesk.venues.markets import Market
from tests.conftest import FixedClock
from tests.loopback import Forced, LoopbackVenues
from tests.venues.bench import perpetual, shared_parts, venue_of
from tests.venues.rig import ListSink, venue, working

ETH = "ETH/USDT:USDT"
LISTS = {"okx": "public/instruments", "binanceusdm": "exchangeInfo"}


def socket_ok(sink: ListSink, name: str) -> bool:
    found = sink.of(VenueHealth, venue=name, feed=Feed.LIQUIDATIONS)
    return bool(found) and found[-1].state is HealthState.OK


async def forget(folder: Path, server: LoopbackVenues, name: str, symbols: Sequence[str]) -> None:
    """A cached market list from before these symbols were listed."""
    async with working(folder, venue(server, name, "BTC/USDT:USDT"), symbol="BTC/USDT:USDT") as (_, sink):
        await sink.until(lambda: sink.of(Quote))
    (path,) = (folder / "cache" / "markets").iterdir()
    body = json.loads(path.read_text())
    body["markets"] = [market for market in body["markets"] if market["symbol"] not in symbols]
    path.write_text(json.dumps(body))


@pytest.mark.parametrize("name", LISTS)
async def test_the_list_is_asked_again_for_an_unknown_contract(tmp_path: Path, name: str) -> None:
    async with LoopbackVenues(venues=(name,)) as server:
        await forget(tmp_path, server, name, [ETH, "SOL/USDT:USDT"])
        asked = len(server.seen(name, LISTS[name]))
        settings = venue(server, name, "BTC/USDT:USDT")
        async with working(tmp_path, settings, symbol="BTC/USDT:USDT") as (worker, sink):
            await sink.until(lambda: socket_ok(sink, name))
            (runner,) = worker._runners
            assert not runner.lists(ETH)
            await server.liquidate(name, Forced("ETH", "long", 3_000.0, 1.0))
            await sink.until(lambda: runner.lists(ETH))
            assert len(server.seen(name, LISTS[name])) > asked
            await server.liquidate(name, Forced("ETH", "long", 3_000.0, 2.0))
            await sink.until(lambda: sink.of(Liquidation))
            worker.command(AddSymbol("SOL/USDT:USDT"))
            await sink.until(lambda: sink.of(Quote, symbol="SOL/USDT:USDT"))
        assert [one.usd_micro for one in sink.of(Liquidation)] == [6_000_000_000]
        assert sink.of(Instrument, symbol=ETH)


class Lister:
    """A venue whose market list fails at first."""

    def __init__(self) -> None:
        self.asked = 0
        self.markets: dict[str, Market] = {}
        self.known: list[str] = []
        self.happened = asyncio.Event()

    async def fetch_markets(self, params: dict[str, str]) -> list[Market]:
        self.asked += 1
        if self.asked == 1:
            raise TimeoutError
        return [perpetual("BTC", "B") | {"contractSize": 5}, perpetual("ETH", "E")]

    def set_markets(self, markets: list[Market]) -> None:
        self.known = [market["symbol"] for market in markets]
        self.happened.set()


async def test_a_list_that_cannot_be_had_is_told_and_asked_again_later(tmp_path: Path, fixed_clock: FixedClock) -> None:
    sink, lister, slept = ListSink(), Lister(), list[float]()
    later = asyncio.Event()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await later.wait()
        later.clear()

    venue = venue_of("okx", lister, [perpetual("BTC", "B")])
    shared = shared_parts(tmp_path, fixed_clock, sink, "okx")
    running = asyncio.create_task(NewListings(venue, shared, sleep).run())
    venue.watched.missed.set()
    await sink.until(lambda: sink.of(Event), 5)
    venue.watched.missed.set()
    assert [one.text for one in sink.of(Event, kind=EventKind.WORKER)] == [
        "okx: the market list could not be asked again: no answer in time"
    ]
    assert (lister.asked, slept) == (1, [900.0])
    later.set()
    await asyncio.wait_for(lister.happened.wait(), 5)
    assert lister.known == [ETH]
    assert set(venue.watched.listing.contracts) == {"B", "E"}
    assert venue.watched.listing.contracts["B"].size == Decimal("0.001"), "what is known stays until a restart"
    running.cancel()
