"""Sector changes, breadth and coverage by hand."""

from __future__ import annotations

import pytest

from crashdesk.model.basket import Basket, Baskets
from crashdesk.model.records import Feed, Gap, HealthState, Method, RowsSetAside, VenueHealth
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.session.health import HealthBook
from crashdesk.session.sectors import breadth, sectors_view
from crashdesk.session.views import TickerRow, WeightMode

BASKETS = Baskets(
    "ours", "2025-11", "us", (Basket("A", ("X", "Y", "Z"), (3.0, 1.0, 5.0)), Basket("B", ("V", "W"), (1.0, 1.0)))
)


def _row(coin: str, change: float | None, volume: float | None, sma200: float | None = None) -> TickerRow:
    return TickerRow(
        symbol=f"{coin}/USDT",
        base=coin,
        venue="okx",
        price_decimals=2,
        last=100.0,
        ts_ms=0,
        recv_ms=0,
        stale=False,
        change_1h_pct=None,
        change_24h_pct=change,
        low_24h=None,
        high_24h=None,
        volume_24h_usd=volume,
        spark=(),
        lowest_since_ms=None,
        high=None,
        high_ms=None,
        drawdown_pct=None,
        sma200=sma200,
        sma200_distance_pct=None,
        sma200_breached=None,
        breached_since_ms=None,
        funding_rate=None,
        open_interest_usd=None,
    )


ROWS = (_row("X", -4.0, 10.0, 120.0), _row("Y", -8.0, 30.0, 90.0), _row("Z", None, 5.0), _row("V", 1.0, None, 101.0))


@pytest.mark.parametrize(
    ("mode", "a", "b", "b_used"),
    [
        (WeightMode.EQUAL, -6.0, 1.0, 1),
        (WeightMode.CAP, -5.0, 1.0, 1),
        (WeightMode.VOLUME, -7.0, None, 0),
    ],
)
def test_sector_changes_by_weight(mode: WeightMode, a: float, b: float | None, b_used: int) -> None:
    view = sectors_view(BASKETS, ROWS, mode, 0)
    tiles = {tile.name: tile for tile in view.tiles}
    assert tiles["A"].change_24h_pct == pytest.approx(a)
    assert tiles["B"].change_24h_pct == b
    assert (tiles["A"].members_used, tiles["A"].members, tiles["B"].members_used) == (2, 3, b_used)
    assert [m.coin for m in tiles["A"].moves] == ["Y", "X"]
    assert view.tiles[0].name == "A"
    assert sum(tile.share for tile in view.tiles) == pytest.approx(1.0)


def test_breadth_counts_only_what_is_known() -> None:
    counted = breadth(BASKETS, ROWS, 0)
    assert (counted.falling, counted.members_used, counted.members, counted.below_sma200) == (2, 3, 5, 2)


def test_a_symbol_that_nobody_polls_any_more_does_not_count() -> None:
    later = 3_600_001
    rows = (*ROWS[1:], ROWS[0]._replace(recv_ms=later))
    assert [m.coin for m in sectors_view(BASKETS, rows, WeightMode.EQUAL, later).tiles[0].moves] == ["X"]
    assert breadth(BASKETS, rows, later).members_used == 1


def _health(state: HealthState, since: int) -> VenueHealth:
    return VenueHealth("okx", Feed.LIQUIDATIONS, state, Method.PARTIAL, since, "", since, None)


def test_a_venue_that_becomes_unreachable_was_connected_until_then() -> None:
    book = HealthBook()
    well = VenueHealth("bybit", Feed.LIQUIDATIONS, HealthState.OK, Method.COMPLETE, 0, "", 1, None)
    book.health(well)
    book.health(well._replace(state=HealthState.UNREACHABLE, method=Method.UNREACHABLE, since_ms=3 * HOUR_MS))
    (row,) = book.coverage(4 * HOUR_MS, 0, (HOUR_MS, 2 * HOUR_MS))
    assert row.connected_share == pytest.approx(3 / 4)
    assert row.connected == pytest.approx((0.0, 0.5))


def test_connected_share_is_the_connected_part_less_the_gaps() -> None:
    book = HealthBook()
    book.health(_health(HealthState.OK, 0))
    book.health(_health(HealthState.RETRYING, 2 * HOUR_MS))
    book.health(_health(HealthState.OK, 3 * HOUR_MS))
    book.gap(Gap("okx", Feed.LIQUIDATIONS, 5 * HOUR_MS, 6 * HOUR_MS, "lost"))
    book.gap(Gap("", Feed.TICKERS, 5 * HOUR_MS + HOUR_MS // 2, 7 * HOUR_MS, "recorder was not running"))
    book.gap(Gap("bybit", Feed.LIQUIDATIONS, 0, 8 * HOUR_MS, "not ours"))
    (row,) = book.coverage(10 * HOUR_MS, 0)
    assert row.connected_share == pytest.approx((10 - 1 - 2) / 10)
    assert len(row.gaps) == 2
    (later,) = book.coverage(28 * HOUR_MS, 0)
    assert later.connected_share == pytest.approx((24 - 2) / 24)


def test_coverage_tells_the_share_of_each_window_and_why_rows_were_refused() -> None:
    book = HealthBook()
    book.health(_health(HealthState.OK, 0))
    book.gap(Gap("okx", Feed.LIQUIDATIONS, 9 * HOUR_MS, 10 * HOUR_MS, "lost"))
    for reason, rows in (("no price", 2), ("unknown symbol", 7), ("no size", 2), ("too early", 0)):
        book.set_aside(RowsSetAside("okx", Feed.LIQUIDATIONS, reason, rows))
    book.health(VenueHealth("x", Feed.LIQUIDATIONS, HealthState.OK, Method.NONE, 0, "no public feed", 0, None))
    seen, missing = book.coverage(10 * HOUR_MS, 0, (HOUR_MS, 4 * HOUR_MS, 12 * HOUR_MS))
    assert seen.connected == pytest.approx((0.0, 0.75, 0.9))
    assert (seen.set_aside, seen.reasons) == (11, (("unknown symbol", 7), ("no price", 2), ("no size", 2)))
    assert (missing.venue, missing.method, missing.connected) == ("x", Method.NONE, (0.0, 0.0, 0.0))
    assert missing.connected_share == 0.0
