"""The columns that a desk may ask for: each against a figure made by hand or by pandas."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pandas as pd
import pytest

from crashdesk.config.ticker_settings import TICKER_COLUMNS
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.records import (
    Batch,
    Candle,
    Instrument,
    Liquidation,
    MarketKind,
    PriceBasis,
    PublishedLevel,
    Quote,
    Record,
    Session,
    Side,
)
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.session.focus import Focus, Own
from crashdesk.session.picture_file import PictureFile
from crashdesk.session.state import MarketState
from crashdesk.session.ticker_more import MORE_COLUMNS, MoreBook
from crashdesk.session.ticker_views import NO_MORE, TickerMore
from crashdesk.session.views import TickerRow, WeightMode
from tests.desk.sample_views import desk_view
from tests.session import market_tape
from tests.session.market_tape import BASKETS
from tests.session.seek_moments import player_on
from tests.session.state_facts import picture

START = 1_762_214_400_000
"""2025-11-04 00:00 UTC."""
BTC = "BTC/USDT"
ALL = ("5m", "4h", "7d", "next_level", "basis", "spread", "liquidated_1h")


class Market:
    """A state fed by hand; every venue is polled each 20 s."""

    def __init__(self) -> None:
        self.state = MarketState(BASKETS, START, dict.fromkeys(("okx", "bybit", "htx"), 20_000))
        self.book = MoreBook(self.state)
        self._seq = 0
        self.put(START, Session("id", START, "test", "", "live", (), ("okx", "bybit", "htx")))

    def put(self, at_ms: int, *records: Record) -> None:
        self._seq += 1
        self.state.apply(Batch(self._seq, at_ms, records))

    def rows(self, columns: tuple[str, ...] = ALL, dislocation_pct: float = 1.0) -> tuple[TickerRow, ...]:
        return self.book.rows(self.state.rows(), columns, dislocation_pct)

    def more(self, columns: tuple[str, ...] = ALL) -> TickerMore:
        return next(row.more for row in self.rows(columns) if row.symbol == BTC)


def quote(venue: str, last: float, symbol: str = BTC) -> Quote:
    return Quote(venue, symbol, START, last, None, None, None, None, None, None)


def candle(timeframe: Timeframe, open_ms: int, close: float) -> Candle:
    return Candle("okx", BTC, timeframe, open_ms, close, close, close, close, 1.0, closed=True)


def liquidation(at_ms: int, coin: str, usd: int) -> Liquidation:
    return Liquidation("okx", f"{coin}/USDT:USDT", at_ms, Side.LONG, 1.0, 1.0, usd, PriceBasis.FILL, "{}")


def test_changes_are_against_the_price_of_that_time_by_pandas() -> None:
    """Ten days of minutes seen in the last day, hours before it."""
    dice = random.Random(5)
    market = Market()
    now = START + 9 * HOUR_MS + 17 * MINUTE_MS + 11_000
    hours = pd.date_range(end=pd.Timestamp(START, unit="ms"), periods=240, freq="h", inclusive="both")
    closes = pd.Series([100 * math.exp(dice.gauss(0, 0.02)) for _ in hours], index=hours + pd.Timedelta("1h"))
    market.put(
        START + 1,
        *(candle(Timeframe.H1, int(at.timestamp() * 1000), close) for at, close in zip(hours, closes, strict=True)),
    )
    seen = {}
    for at_ms in range(START + 30_000, now + 1, 10_000):
        price = 100 * math.exp(dice.gauss(0, 0.01))
        seen[pd.Timestamp(at_ms, unit="ms")] = price
        market.put(at_ms, quote("okx", price))
    prices = pd.Series(seen)
    last, minute = prices.iloc[-1], pd.Timestamp(now, unit="ms").floor("min")
    more = market.more()
    for change, back in ((more.change_5m_pct, "5min"), (more.change_4h_pct, "4h")):
        base = prices[prices.index < minute - pd.Timedelta(back)].iloc[-1]
        assert change == pytest.approx((last / base - 1) * 100)
    base = closes[closes.index <= minute - pd.Timedelta("7D")].iloc[-1]
    assert more.change_7d_pct == pytest.approx((last / base - 1) * 100)


def test_a_price_of_an_hour_ago_is_not_passed_off_as_one_of_five_minutes_ago() -> None:
    market = Market()
    market.put(START + 1, candle(Timeframe.H1, START - HOUR_MS, 50.0))
    market.put(START + 20 * MINUTE_MS, quote("okx", 60.0))
    assert market.more().change_5m_pct is None
    market.put(START + 25 * MINUTE_MS, quote("okx", 66.0))
    assert market.more().change_5m_pct is None  # the minute of the first one ended within the five minutes
    market.put(START + 26 * MINUTE_MS, quote("okx", 66.0))
    assert market.more().change_5m_pct == pytest.approx(10.0)


def test_a_week_ago_a_day_stands_in_for_finer_candles_and_an_older_one_does_not() -> None:
    market = Market()
    now = START + 9 * HOUR_MS
    market.put(START + 1, candle(Timeframe.D1, START - 8 * DAY_MS, 80.0), candle(Timeframe.D1, START - DAY_MS, 90.0))
    market.put(now, quote("okx", 100.0))
    assert market.more().change_7d_pct == pytest.approx(25.0)
    late = Market()
    late.put(START + 1, candle(Timeframe.D1, START - 10 * DAY_MS, 80.0))
    late.put(now, quote("okx", 100.0))
    assert late.more().change_7d_pct is None


def test_the_spread_is_over_fresh_venues_of_the_same_symbol() -> None:
    market = Market()
    market.put(START + 1, quote("okx", 100.0), quote("okx", 140.0, "BTC/USD"))
    assert market.rows()[0].more == NO_MORE
    market.put(START + 2, quote("bybit", 101.0))
    market.put(START + 3, quote("htx", 103.0))
    more = market.more(())
    assert more.spread_pct == pytest.approx(3.0 / 101.0 * 100)
    assert (more.venues, more.dislocated) == (3, True)
    assert not market.book.rows(market.state.rows(), ALL, 0.0)[0].more.dislocated
    assert not market.book.rows(market.state.rows(), ALL, 3.1)[0].more.dislocated
    market.put(START + 61_000, quote("okx", 100.0))  # bybit and htx have been silent for three polls
    assert market.more().spread_pct is None
    market.put(START + 62_000, quote("bybit", 101.0))
    assert market.more().spread_pct == pytest.approx(1.0 / 100.5 * 100)


def test_a_price_that_never_changes_at_a_venue_that_speaks_is_left_out_after_ten_minutes() -> None:
    market = Market()
    market.put(START + 1, quote("okx", 100.0), quote("okx", 5.0, "ETH/USDT"))
    market.put(START + 2, quote("bybit", 104.0), quote("bybit", 5.0, "ETH/USDT"))
    for at_ms in range(START + 10_000, START + 10 * MINUTE_MS + 20_000, 10_000):
        market.put(at_ms, quote("okx", 100.0), quote("okx", 5.0, "ETH/USDT"))
        market.put(at_ms + 1, quote("bybit", 5.0, "ETH/USDT"))
    assert {row.symbol: row.more.venues for row in market.rows()} == {BTC: 0, "ETH/USDT": 2}


def test_the_basis_is_of_the_venue_of_the_price_or_else_of_the_first_that_has_a_perpetual() -> None:
    market = Market()
    perp = f"{BTC}:USDT"
    market.put(START + 1, Instrument("htx", perp, "BTC", "USDT", MarketKind.LINEAR, 0.01, 1))
    market.put(START + 2, quote("okx", 100.0))
    assert market.more().basis_pct is None
    market.put(START + 3, quote("htx", 99.0, perp))
    assert market.more().basis_pct == pytest.approx(-1.0)
    market.put(START + 4, quote("okx", 100.2, perp))
    assert market.more().basis_pct == pytest.approx(0.2)
    market.put(START + 65_000, quote("okx", 100.0))
    market.put(START + 11 * MINUTE_MS, quote("okx", 100.0))
    assert market.more().basis_pct is None


def test_the_next_level_is_the_nearest_of_ones_own_the_published_and_sma200() -> None:
    market = Market()
    market.put(START + 1, PublishedLevel(BTC, 95.0, "round", "", "report", START), quote("okx", 100.0))
    market.put(START + 2, PublishedLevel("ETH/USDT", 100.0, "round", "", "report", START))
    more = market.more()
    assert more.level == 95.0
    assert more.level_pct == pytest.approx(-5.0)
    market.state.own_levels = (Level("a", BTC, 104.0, LevelKind.LINE, "", START, START),)
    assert market.more().level == 104.0
    days = [candle(Timeframe.D1, START - n * DAY_MS, 102.0) for n in range(200, 0, -1)]
    market.put(START + 3, *days)
    more = market.more()
    assert more.level == 102.0
    assert more.level_pct == pytest.approx(2.0)
    (row,) = market.state.rows()
    ladder = market.state.level_rows(row, BTC, found=False)
    assert more.level == min(ladder, key=lambda level: abs(level.price - row.last)).price


def test_days_without_a_range_have_levels_without_a_distance_in_atr() -> None:
    market = Market()
    market.put(START + 1, *(candle(Timeframe.D1, START - n * DAY_MS, 1.0) for n in range(30, 0, -1)))
    market.put(START + 2, PublishedLevel(BTC, 1.0, "round", "", "report", START), quote("okx", 1.0))
    (row,) = market.state.rows()
    (level,) = market.state.level_rows(row, BTC)
    assert (level.distance_pct, level.distance_atr) == (0.0, None)


def test_liquidated_in_the_last_hour_is_by_coin_and_unknown_while_nothing_came() -> None:
    market = Market()
    market.put(START + 1, quote("okx", 100.0), quote("okx", 5.0, "ETH/USDT"))
    assert market.more().liquidated_1h is None
    market.put(START + 2, liquidation(START, "BTC", 7_000_000), liquidation(START + 2, "BTC", 5_000_000))
    assert {row.base: row.more.liquidated_1h for row in market.rows()} == {"BTC": 12_000_000, "ETH": 0}
    market.state.tick(START + HOUR_MS)
    assert {row.base: row.more.liquidated_1h for row in market.rows()} == {"BTC": 5_000_000, "ETH": 0}


def test_only_what_is_asked_for_is_there_and_a_row_that_stays_is_the_same_object() -> None:
    market = Market()
    market.put(START + 1, quote("okx", 100.0), liquidation(START, "BTC", 7_000_000))
    assert market.rows(("liquidated_1h",))[0].more == TickerMore(liquidated_1h=7_000_000)
    assert market.rows(("liquidated_1h",))[0] is market.rows(frozenset({"liquidated_1h"}))[0]
    plain = market.state.rows()
    assert market.book.rows(plain, (), 1.0)[0] is plain[0]


def test_each_column_that_is_calculated_is_one_that_can_be_chosen_and_adds_a_figure() -> None:
    assert set(MORE_COLUMNS) <= TICKER_COLUMNS.keys()
    assert {"5m", "4h", "7d", "next_level", "basis", "liquidated_1h", "oi_1h", "oi_24h"} == set(MORE_COLUMNS)


def test_after_a_seek_they_are_as_after_playing(tmp_path: Path) -> None:
    path = tmp_path / "tape.crash"
    start, end = market_tape.write(path, hours=6)
    focus = Focus(BTC, Timeframe.H1, WeightMode.EQUAL, columns=ALL, dislocation_pct=0.5)
    player = player_on(path, Own())
    player.seek(start)
    for at_ms in (start + 2 * HOUR_MS + 7_000, start + 5 * HOUR_MS + 61_300, end - 1):
        player.play_to(at_ms)
        played = picture(player.state, focus).tickers
        other = player_on(path, Own())
        other.seek(at_ms)
        assert picture(other.state, focus).tickers == played
        assert any(row.more.change_4h_pct is not None for row in played)
        other.source.close()
    player.source.close()


def test_a_kept_picture_has_them(tmp_path: Path) -> None:
    view = desk_view()
    rows = tuple(row._replace(more=TickerMore(spread_pct=1.5, venues=3, dislocated=True)) for row in view.tickers)
    file = PictureFile(tmp_path / "picture.json")
    file.save(view._replace(tickers=rows))
    kept = file.load()
    assert kept is not None
    assert kept.tickers == rows
