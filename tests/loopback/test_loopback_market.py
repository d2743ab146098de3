"""The market under the venues: the same story from every side."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import FixedClock
from tests.loopback import COINS, Market, many_coins
from tests.loopback.paths import DAY_MS

HOUR_MS = 3_600_000
FIVE_MS = 300_000


def test_market_tells_the_same_whenever_it_is_started(fixed_clock: FixedClock) -> None:
    later = FixedClock(fixed_clock.ms + 40 * DAY_MS + 12_345)
    start, end = fixed_clock.ms - 3 * DAY_MS, fixed_clock.ms - 2 * DAY_MS
    now, then = Market(clock=fixed_clock), Market(clock=later)
    assert now.bars("ETH", "okx", HOUR_MS, start, end) == then.bars("ETH", "okx", HOUR_MS, start, end)


@pytest.mark.parametrize("coin", [coin.name for coin in COINS])
def test_days_hours_and_five_minutes_agree(fixed_clock: FixedClock, coin: str) -> None:
    market = Market(clock=fixed_clock)
    start = fixed_clock.ms // DAY_MS * DAY_MS - 2 * DAY_MS
    (day,) = market.bars(coin, "", DAY_MS, start, start + 1)
    for length in (HOUR_MS, FIVE_MS):
        parts = market.bars(coin, "", length, start, start + DAY_MS)
        assert len(parts) == DAY_MS // length
        assert (parts[0].open, parts[-1].close) == (day.open, day.close)
        assert (max(part.high for part in parts), min(part.low for part in parts)) == (day.high, day.low)
        assert sum(part.volume for part in parts) == pytest.approx(day.volume, rel=1e-6)


def test_running_candle_is_cut_at_the_clock(fixed_clock: FixedClock) -> None:
    market = Market(clock=fixed_clock)
    bars = market.bars("BTC", "", HOUR_MS, fixed_clock.ms - 3 * HOUR_MS, fixed_clock.ms + 9 * HOUR_MS)
    assert [bar.done for bar in bars] == [True, True, False]
    assert bars[-1].close == market.last("BTC")


def test_held_price_is_in_ticker_and_candle_and_leaves_the_past_alone(fixed_clock: FixedClock) -> None:
    market = Market(clock=fixed_clock, spread=True)
    past = market.bars("BTC", "okx", HOUR_MS, fixed_clock.ms - 5 * HOUR_MS, fixed_clock.ms - HOUR_MS)
    before = market.last("BTC", "okx")
    held = round(before * 0.9, 2)
    market.set_price("BTC", held)
    fixed_clock.ms += 60_000
    assert market.last("BTC", "okx") == market.last("BTC", "htx") == held
    (running,) = market.bars("BTC", "okx", HOUR_MS, fixed_clock.ms // HOUR_MS * HOUR_MS, fixed_clock.ms)
    assert (running.low, running.close) == (held, held)
    assert running.high >= before
    assert market.day("BTC", "okx").low == held
    assert market.bars("BTC", "okx", HOUR_MS, past[0].open_ms, past[-1].open_ms + 1) == past
    market.free_price("BTC")
    assert market.last("BTC", "okx") > held


def test_history_is_long_enough(fixed_clock: FixedClock) -> None:
    market = Market(clock=fixed_clock)
    assert len(market.bars("TON", "", DAY_MS, 0, fixed_clock.ms)) > 500
    assert len(Market(many_coins(60)).coins) == 60


def test_real_candles_are_served_as_recorded(realdata: Path) -> None:
    clock = FixedClock(1_762_214_700_000)  # 2025-11-04 00:05 UTC
    market = Market(clock=clock, realdata=realdata, spread=True)
    days = market.bars("BTC", "htx", DAY_MS, clock.ms - 201 * DAY_MS, clock.ms)
    assert [bar.done for bar in days[-2:]] == [True, False]
    closed = [bar.close for bar in days if bar.done][-200:]
    assert closed[-1] == 106_583.04
    assert sum(closed) / 200 == pytest.approx(109_834.15, abs=0.005)
    five = market.bars("BTC", "okx", FIVE_MS, clock.ms - 3 * DAY_MS, clock.ms)
    yesterday = [bar for bar in five if days[-2].open_ms <= bar.open_ms < days[-1].open_ms]
    assert max(bar.high for bar in yesterday) == pytest.approx(days[-2].high, abs=0.02)
    assert min(bar.low for bar in yesterday) == pytest.approx(days[-2].low, abs=0.02)


def test_made_up_days_meet_the_real_ones(realdata: Path) -> None:
    clock = FixedClock(1_770_000_000_000)  # 2026-02-02: the real days have ended
    market = Market(clock=clock, realdata=realdata)
    days = market.bars("ETH", "", DAY_MS, 1_767_000_000_000, clock.ms)
    for before, after in pairwise(days):
        assert after.open == pytest.approx(before.close, rel=0.001)
