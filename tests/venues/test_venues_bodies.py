"""Answers with HTTP 200 and nothing of use in them: every call takes them for what they are, in words of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.config.settings import VenueSettings
from crashdesk.model.records import Candle, Event, Feed, HealthState, PriceSource, VenueHealth
from crashdesk.venues.errors import BadDataError, explain
from crashdesk.venues.exchange import make_exchange
from crashdesk.venues.pace import Pace
from tests.conftest import FixedClock
from tests.loopback import LoopbackVenues
from tests.venues.rig import ListSink, venue, working

BODIES = ("html", "null", "blank")
PATHS = {
    ("okx", Feed.CANDLES): "candles",
    ("okx", Feed.FUNDING): "funding",
    ("okx", Feed.OPEN_INTEREST): "open-interest",
    ("htx", Feed.LIQUIDATIONS): "liquidation",
    ("htx", Feed.CANDLES): "kline",
    ("bybit", Feed.CANDLES): "kline",
    ("binanceusdm", Feed.CANDLES): "klines",
}


def last(sink: ListSink, name: str, feed: Feed) -> VenueHealth | None:
    found = sink.of(VenueHealth, venue=name, feed=feed)
    return found[-1] if found else None


def is_(sink: ListSink, name: str, feed: Feed, state: HealthState) -> bool:
    health = last(sink, name, feed)
    return health is not None and health.state is state


def bad(sink: ListSink, name: str, feed: Feed) -> list[VenueHealth]:
    return sink.of(VenueHealth, venue=name, feed=feed, state=HealthState.BAD_DATA)


def stays_bad(sink: ListSink, name: str, feed: Feed) -> bool:
    """Whether the feed, once it had bad data, has never been called well (before it was asked it may have been)."""
    found = sink.of(VenueHealth, venue=name, feed=feed)
    first = next(index for index, one in enumerate(found) if one.state is HealthState.BAD_DATA)
    return {one.state for one in found[first:]} == {HealthState.BAD_DATA}


@pytest.mark.parametrize("body", ["", " ", "null", "5", '"ok"', "<html>Just a moment</html>", '{"code": "0", "da'])
@pytest.mark.parametrize("status", [200, 404])
def test_a_body_that_is_no_json_is_bad_data_without_its_text(fixed_clock: FixedClock, body: str, status: int) -> None:
    exchange = make_exchange(VenueSettings("okx", "okx"), fixed_clock, Pace())
    with pytest.raises(BadDataError) as caught:
        exchange.handle_errors(status, "", "https://x", "GET", {}, body, exchange.parse_json(body), {}, None)
    fault = explain(caught.value)
    assert fault.state is HealthState.BAD_DATA
    assert "<" not in fault.sentence
    assert "moment" not in fault.sentence


@pytest.mark.parametrize(("name", "feed"), PATHS)
async def test_a_feed_that_gets_no_json_is_not_well(tmp_path: Path, name: str, feed: Feed) -> None:
    symbols = ("BTC/USDT:USDT", "ETH/USDT:USDT")
    async with LoopbackVenues(venues=(name,)) as server:
        for body in BODIES:
            server.clear_faults()
            server.fault(name, body, PATHS[name, feed])
            folder = tmp_path / body
            async with working(folder, venue(server, name, *symbols), symbol=symbols[0]) as (_, sink):
                await sink.until(lambda sink=sink: len(bad(sink, name, feed)) > 4)
                assert all("<" not in one.detail for one in bad(sink, name, feed))
                assert stays_bad(sink, name, feed)
                server.clear_faults()
                await sink.until(lambda sink=sink: is_(sink, name, feed, HealthState.OK))


@pytest.mark.parametrize("kind", ["nan", "garbage"])
async def test_candles_without_one_usable_row_are_bad_data_until_they_come(tmp_path: Path, kind: str) -> None:
    async with LoopbackVenues(venues=("okx",)) as server:
        server.fault("okx", kind, "candles")
        async with working(tmp_path, venue(server, "okx", "BTC/USDT")) as (_, sink):
            await sink.until(lambda: len(bad(sink, "okx", Feed.CANDLES)) > 4)
            assert stays_bad(sink, "okx", Feed.CANDLES)
            assert "no usable candle" in bad(sink, "okx", Feed.CANDLES)[-1].detail
            server.clear_faults()
            await sink.until(lambda: is_(sink, "okx", Feed.CANDLES, HealthState.OK))
            await sink.until(lambda: sink.of(Candle))


async def test_a_series_that_stays_empty_is_told(tmp_path: Path) -> None:
    async with LoopbackVenues(venues=("okx",)) as server:
        server.fault("okx", "empty", "candles")
        async with working(tmp_path, venue(server, "okx", "BTC/USDT")) as (_, sink):
            words = "series without candles: the venue sends none"
            await sink.until(lambda: (one := last(sink, "okx", Feed.CANDLES)) is not None and words in one.detail)
            assert not sink.of(Candle)


@pytest.mark.parametrize("kind", BODIES)
async def test_a_market_list_that_is_none_is_called_so(tmp_path: Path, kind: str) -> None:
    async with LoopbackVenues(venues=("okx",)) as server:
        server.fault("okx", kind)
        async with working(tmp_path, venue(server, "okx", "BTC/USDT")) as (_, sink):
            await sink.until(lambda: is_(sink, "okx", Feed.TICKERS, HealthState.BAD_DATA))
            health = last(sink, "okx", Feed.TICKERS)
            assert health is not None
            assert health.detail.startswith("the venue answers with something that is no market list")
            assert not any("<" in one.text for one in sink.of(Event))
            server.clear_faults()
            await sink.until(lambda: sink.of(PriceSource))
