"""Alerts on SMA200, its cross by SMA50 and drawdowns, by hand and along the real days."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crashdesk.config.alert_settings import AT_A_LEVEL, AlertKind, AlertSettings, LevelEvent
from crashdesk.model.records import Candle
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.session.alert_words import condition
from tests.session.alert_rig import T0, Rig, rule
from tests.session.price_rig import DAY0, KRAKEN, OKX, SPOT, day, days, quote, source

AVERAGE = rule(AlertKind.SMA200, symbols=(SPOT,), on=AT_A_LEVEL, repeat_seconds=60)
DRAWDOWN = rule(AlertKind.DRAWDOWN, symbols=(SPOT,), percent=20.0, repeat_seconds=60)
SECOND = 1_000


def average_rig() -> Rig:
    """200 closed days at 100,000, the price at 103,000."""
    market = Rig(AVERAGE)
    market.silently(T0, [OKX])
    market.silently(T0, days(200, 100_000.0))
    market.silently(T0, [quote(T0, 103_000.0)])
    market.book.settle(market.state)
    return market


def test_the_average_is_tested_breached_and_reclaimed() -> None:
    market = average_rig()
    market.frame(T0 + 5 * SECOND, quote(T0 + 5 * SECOND, 100_400.0))
    assert market.said == ["BTC-USDT near SMA200 100,000: 100,400 on okx"]
    ended = DAY0 + DAY_MS
    market.frame(ended + 6 * SECOND, day(-1, 99_000.0))
    market.wait(ended + 8 * SECOND)
    # 199 closes at 100,000 and one at 99,000
    assert market.said[1:] == ["BTC-USDT 1d close under SMA200 99,995: 99,000 on okx"]
    market.frame(ended + 9 * SECOND, quote(ended, 101_000.0))
    market.frame(ended + DAY_MS + 6 * SECOND, day(-2, 101_000.0))
    market.wait(ended + DAY_MS + 8 * SECOND)
    assert market.said[2:] == ["BTC-USDT 1d close back over SMA200 100,000: 101,000 on okx"]


def test_without_two_hundred_days_there_is_nothing_to_test_and_the_first_average_is_no_event() -> None:
    market = Rig(AVERAGE)
    market.silently(T0, [OKX])
    market.silently(T0, days(199, 100_000.0))
    market.book.settle(market.state)
    for step, price in enumerate((100_000.0, 99_000.0, 101_000.0)):
        market.frame(T0 + step * MINUTE_MS, quote(T0 + step * MINUTE_MS, price))
    ended = DAY0 + DAY_MS
    market.frame(ended - SECOND, quote(ended - SECOND, 100_100.0))
    market.frame(ended + 6 * SECOND, day(-1, 99_000.0))
    market.frame(ended + 10 * SECOND, quote(ended, 99_900.0))
    market.wait(ended + 20 * SECOND)
    assert market.said == []


def _real_days(path: Path) -> list[Candle]:
    with path.open() as file:
        rows = list(csv.DictReader(file))
    figures = ("open", "high", "low", "close", "volume")
    return [
        Candle(
            "okx",
            SPOT,
            Timeframe.D1,
            int(datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC).timestamp() * 1000),
            *(float(row[name]) for name in figures),
            closed=True,
        )
        for row in rows
    ]


def test_the_real_closes_of_autumn_2025_are_told_on_their_days(realdata: Path) -> None:
    start = int(datetime(2025, 10, 15, tzinfo=UTC).timestamp() * 1000)
    real = _real_days(realdata / "daily/binance_BTCUSDT_1d.csv")
    market = Rig(AVERAGE._replace(on=(LevelEvent.BREACH, LevelEvent.RECLAIM, LevelEvent.CROSS)), start_ms=start)
    market.silently(start, [OKX])
    market.silently(start, [c for c in real if c.open_ms < start])
    market.silently(start, [quote(start, 110_000.0)])
    market.book.settle(market.state)
    for candle in real:
        ended = candle.open_ms + DAY_MS
        if candle.open_ms >= start:
            market.frame(ended - MINUTE_MS, quote(ended, candle.close))
            market.frame(ended + 5 * SECOND, candle)
            market.wait(ended + 7 * SECOND)
    told = {}
    for raised in market.raised:
        told[_date(raised.ts_ms - DAY_MS)] = raised.text
    autumn = {when: text for when, text in told.items() if when <= "2025-11-30"}
    words = ("back over", "SMA50", "close under")
    kinds = {when: next(word for word in words if word in text) for when, text in autumn.items()}
    assert kinds == {
        "2025-10-17": "close under",
        "2025-10-19": "back over",
        "2025-10-22": "close under",
        "2025-10-23": "back over",
        "2025-10-30": "close under",
        "2025-10-31": "back over",
        "2025-11-03": "close under",
        "2025-11-16": "SMA50",
    }
    assert autumn["2025-11-03"] == "BTC-USDT 1d close under SMA200 109,834.15: 106,583.04 on okx"
    assert autumn["2025-11-16"] == "BTC-USDT: SMA50 crossed under SMA200 with the close of 2025-11-16"
    assert not any(raised.silent for raised in market.raised)


def _date(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d")


def drawdown_rig() -> Rig:
    """A high of 100,500 (days that close at 100,000), the price 10% under it."""
    market = Rig(DRAWDOWN)
    market.silently(T0, [OKX, KRAKEN])
    market.silently(T0, [source("okx", T0)])
    market.silently(T0, days(20, 100_000.0))
    market.silently(T0, [quote(T0, 90_450.0)])
    market.book.settle(market.state)
    return market


def prices(market: Rig, *values: float, venue: str = "okx") -> None:
    """One a minute."""
    for value in values:
        at_ms = market.state.now_ms + MINUTE_MS
        market.frame(at_ms, quote(at_ms, value, venue))


def test_a_drawdown_is_told_once_and_again_after_a_recovery() -> None:
    market = drawdown_rig()
    prices(market, 80_401.0)
    assert market.said == []
    prices(market, 80_399.0)
    assert market.said == ["BTC-USDT 20.0% under its high of 100,500 on 2025-10-15: 80,399 on okx"]
    prices(market, 79_000.0, 82_000.0, 80_000.0)
    assert len(market.said) == 1
    prices(market, 82_500.0, 80_000.0)
    assert len(market.said) == 2


def test_history_with_a_higher_high_and_another_venue_raise_no_drawdown() -> None:
    market = drawdown_rig()
    market.frame(T0 + SECOND, day(40, 120_000.0))
    prices(market, 90_000.0)
    market.frame(market.state.now_ms + SECOND, *(day(back, 150_000.0, "kraken") for back in (3, 2, 1)))
    market.frame(market.state.now_ms + SECOND, source("kraken", T0))
    prices(market, 90_000.0, 89_000.0, venue="kraken")
    assert market.said == []


def test_a_drawdown_that_came_while_nothing_was_recorded_makes_no_sound() -> None:
    market = drawdown_rig()
    at_ms = T0 + 3 * HOUR_MS
    market.frame(at_ms, quote(at_ms, 70_000.0))
    (raised,) = market.raised
    assert raised.silent
    assert raised.text.endswith("70,000 on okx, the first price after 3 h")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (rule(AlertKind.LEVEL), "touch, breach by close, reclaim of your levels with alert mine"),
        (AVERAGE._replace(on=(LevelEvent.CROSS,)), "SMA50's cross of SMA200 of BTC-USDT"),
        (DRAWDOWN._replace(symbols=()), "20% or more under the high of the desk's symbol"),
    ],
)
def test_rules_on_prices_in_words(given: AlertSettings, words: str) -> None:
    assert condition(given) == words
