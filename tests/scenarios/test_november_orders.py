"""The published liquidation figures, and that each row can be worked out again from the venue's raw payload."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal

import pytest

from crashdesk.model.records import Feed, HealthState, Liquidation, Method, Precision, Side
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.scenarios.build import build, session_of
from crashdesk.scenarios.catalogue import Scenario
from crashdesk.venues.capabilities import capability_of
from crashdesk.venues.normalise import binance, bybit, htx, okx
from crashdesk.venues.normalise.rows import Context, Contract, Refusal
from tests.scenarios.collect import Collected, collect

pytestmark = pytest.mark.xdist_group("november")

DIGEST = "3b772efcd377ca03be41cb56ea8b46074dc243467f1a528be5a32a59c5d2d10c"
"""Of version 2 of the scenario: it must come out on every machine. Another one needs another version."""


def test_totals_are_the_published_ones_to_the_micro_dollar(scenario: Scenario, november: Collected) -> None:
    long = sum(u for u, is_long in zip(november.order_usd, november.order_long, strict=True) if is_long)
    assert long == 1_162_400_000 * 10**6
    assert sum(november.order_usd) - long == 116_300_000 * 10**6
    assert len(november.order_usd) == 340_000
    assert sum(november.order_long) / 340_000 > 0.8
    assert scenario.start_ms < min(november.order_ts)
    assert max(november.order_ts) <= scenario.end_ms
    assert november.late == 0


def test_the_largest_order(scenario: Scenario, november: Collected) -> None:
    largest = november.largest
    assert largest is not None
    assert (largest.venue, largest.symbol, largest.side) == ("htx", "BTC/USDT:USDT", Side.LONG)
    assert largest.usd_micro == 33_958_700 * 10**6
    assert largest.amount * largest.price == pytest.approx(33_958_700, rel=1e-4)
    assert scenario.end_ms - HOUR_MS < largest.ts_ms
    second = sorted(november.order_usd)[-2]
    assert second < 9_000_000 * 10**6


def test_sizes_have_a_heavy_tail(november: Collected) -> None:
    sizes = sorted(november.order_usd)
    whole = sum(sizes)
    assert sum(sizes[-3_400:]) > 0.25 * whole, "the largest hundredth"
    assert sizes[170_000] < 0.4 * whole / 340_000, "the median, against the mean"


def test_venues_and_their_rules(november: Collected) -> None:
    assert set(november.order_venue) == {"okx", "binanceusdm", "bybit", "htx"}
    assert min(november.order_venue.values()) > 40_000
    assert len(november.binance_seconds) == november.binance_orders, "one order a symbol and second"


def test_orders_follow_the_falls(scenario: Scenario, november: Collected) -> None:
    minutes: Counter[int] = Counter()
    for ts, usd, is_long in zip(november.order_ts, november.order_usd, november.order_long, strict=True):
        minutes[ts // MINUTE_MS] += usd * is_long
    prices = {}
    for now_ms, price in zip(*november.tape["BTC/USDT"], strict=True):
        prices[now_ms // MINUTE_MS] = price
    falls = sorted(m for m in prices if m - 2 in prices)
    falls.sort(key=lambda m: prices[m] / prices[m - 2])
    steep = sum(minutes[m] for m in falls[:40]) / 40
    calm = sorted(minutes.values())[len(minutes) // 2]
    assert steep > 3 * calm
    last_hour = sum(
        u for t, u in zip(november.order_ts, november.order_usd, strict=True) if t > scenario.end_ms - HOUR_MS
    )
    assert 110 < last_hour / 1e12 < 135


def test_raw_payloads_say_the_same(november: Collected) -> None:
    counted: Counter[str] = Counter()
    assert november.largest is not None
    for row in [*november.sample, november.largest]:
        assert again(row, november) == [row._replace(raw=again(row, november)[0].raw)]
        counted[row.venue] += 1
    assert min(counted.values()) > 50
    assert len(counted) == 4


def test_an_altered_payload_gives_another_sum(november: Collected) -> None:
    row = next(r for r in november.sample if r.venue == "binanceusdm")
    message = json.loads(row.raw)
    message["o"]["z"] = str(Decimal(message["o"]["z"]) * 3)
    (altered,) = again(row._replace(raw=json.dumps(message)), november)
    assert altered.usd_micro == 3 * row.usd_micro


def again(row: Liquidation, seen: Collected) -> list[Liquidation]:
    """The row as the venue's normaliser reads its raw payload."""
    raw = json.loads(row.raw)
    instrument = next(i for i in seen.instruments if (i.venue, i.symbol) == (row.venue, row.symbol))
    assert instrument.contract_size is not None
    name = {"okx": "{}-USDT-SWAP", "htx": "{}-USDT"}.get(row.venue, "{}USDT").format(instrument.base)
    contract = Contract(row.symbol, instrument.kind, Decimal(str(instrument.contract_size)))
    context = Context(row.venue, {name: contract}, row.ts_ms + 1_000)
    match row.venue:
        case "okx":
            found = okx.rows({"data": [raw]}, context)
        case "binanceusdm":
            found = binance.rows(raw, context)
        case "bybit":
            found = bybit.rows({"data": [raw]}, context)
        case _:
            found = htx.rows([raw], context)
    rows = [r for r in found if not isinstance(r, Refusal)]
    assert len(rows) == len(found) == 1, found
    return rows


def test_coverage_is_told_as_the_capability_table_does(scenario: Scenario, november: Collected) -> None:
    opening = [feed for now, feed in november.health if now == scenario.start_ms]
    methods = {feed.venue: feed.method for feed in opening if feed.feed is Feed.LIQUIDATIONS}
    assert methods == {name: getattr(capability_of(name), "method", None) for name in methods}
    assert methods["hyperliquid"] is Method.NONE
    assert {feed.feed for feed in opening} == {Feed.LIQUIDATIONS, Feed.TICKERS, Feed.CANDLES}
    working = {(f.venue, f.feed) for f in opening if f.state is HealthState.OK}
    assert len(working) == 6
    newest = {(f.venue, f.feed): now for now, f in november.health if f.state is HealthState.OK}
    assert set(newest) == working
    assert min(newest.values()) > scenario.end_ms - 61_000


def test_levels_and_causes(scenario: Scenario, november: Collected) -> None:
    assert [(level.symbol, level.price) for level in november.levels] == [
        ("BTC/USDT", 110_000.0),
        ("BTC/USDT", 105_000.0),
        ("BTC/USDT", 100_000.0),
        ("BTC/USDT", 94_200.0),
    ]
    assert all(level.created_ms < scenario.start_ms for level in november.levels)
    assert "Stockton" in november.levels[3].source
    assert Counter(note.kind for _, note in november.notes) == {
        "macro": 2,
        "hack": 1,
        "flows": 2,
        "stocks": 1,
        "levels": 1,
        "on-chain": 1,
    }
    assert len({note.id for _, note in november.notes}) == 8
    assert [note.precision for _, note in november.notes].count(Precision.WEEK) == 1
    for now_ms, note in november.notes:
        expected = max(scenario.start_ms, note.ts_ms)
        assert 0 <= now_ms - expected < 5_000


def test_session_says_that_it_is_a_reconstruction(scenario: Scenario) -> None:
    session = session_of(scenario)
    assert session.label == scenario.label == "RECONSTRUCTION"
    assert session.venue_order[0] == "okx"
    assert session.sources
    assert session.created_ms == scenario.start_ms


def test_the_same_on_every_machine(november: Collected) -> None:
    assert november.digest == DIGEST


def test_two_builds_are_equal(scenario: Scenario) -> None:
    first, second = (collect(build(scenario), limit=2_000) for _ in range(2))
    assert first.digest == second.digest
    assert len(first.order_ts) > 3_000
