"""SMA200, its crossings, ATR and the last lower low: against the real dailies, and against pandas."""

from __future__ import annotations

import csv
import random
from array import array
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crashdesk.analytics.averages import ema_series, sma, sma_series, wilder_atr
from crashdesk.model.records import Candle
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, Timeframe
from crashdesk.session.candles import CandleSeries, DailyCandles, closed_days
from crashdesk.session.daily import daily_of
from crashdesk.session.trend import LowerLows, highest, trend_of


def _day(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def _series(path: Path, until: str) -> CandleSeries:
    """The file's days before `until`, closed, and the day `until` itself unfinished."""
    series = CandleSeries()
    with path.open() as file:
        for row in csv.DictReader(file):
            if row["timestamp"] <= until:
                figures = [float(row[name]) for name in ("open", "high", "low", "close", "volume")]
                series.revise(
                    Candle(
                        "binance",
                        "BTC/USDT",
                        Timeframe.D1,
                        _day(row["timestamp"]),
                        *figures,
                        closed=row["timestamp"] < until,
                    )
                )
    return series


@pytest.mark.parametrize(
    ("today", "average"), [("2025-11-03", 109_725.97), ("2025-11-04", 109_834.15), ("2025-11-05", 109_919.26)]
)
def test_sma200_of_the_real_dailies(realdata: Path, today: str, average: float) -> None:
    trend = trend_of(closed_days(_series(realdata / "daily/binance_BTCUSDT_1d.csv", today)))
    assert trend is not None
    assert trend.sma200 == pytest.approx(average, abs=0.005)


def test_breach_in_force_atr_high_on_2025_11_04(realdata: Path) -> None:
    series = _series(realdata / "daily/binance_BTCUSDT_1d.csv", "2025-11-04")
    trend = trend_of(closed_days(series))
    assert trend is not None
    assert trend.breached is True
    assert trend.side_since_ms == _day("2025-11-04")
    daily = daily_of(closed_days(series))
    assert daily is not None
    assert daily.atr == pytest.approx(3_642.4, abs=0.05)
    assert highest(series) == (126_199.63, _day("2025-10-06"))


def test_crossings_of_the_real_dailies_by_close(realdata: Path) -> None:
    path = realdata / "daily/binance_BTCUSDT_1d.csv"
    found = {}
    for day in range(10, 32):
        today = f"2025-10-{day}"
        trend = trend_of(closed_days(_series(path, today)))
        assert trend is not None
        found[today] = trend.breached
    changes = [
        day for (day, now), before in zip(list(found.items())[1:], found.values(), strict=False) if now != before
    ]
    # a close of the day before shows at the next day's open
    assert changes == ["2025-10-18", "2025-10-20", "2025-10-23", "2025-10-24", "2025-10-31"]


def _random_days(count: int) -> tuple[list[float], list[float], list[float]]:
    dice = random.Random(7)
    close = [100.0]
    for _ in range(count - 1):
        close.append(close[-1] * (1 + dice.uniform(-0.05, 0.05)))
    high = [c * (1 + dice.uniform(0, 0.03)) for c in close]
    low = [c * (1 - dice.uniform(0, 0.03)) for c in close]
    return high, low, close


def test_averages_agree_with_pandas() -> None:
    high, low, close = _random_days(400)
    frame = pd.Series(close)
    assert sma(close, 200) == pytest.approx(frame.rolling(200).mean().iloc[-1], rel=1e-12)
    pd.testing.assert_series_equal(
        pd.Series(list(sma_series(close, 50))), frame.rolling(50).mean(), check_names=False, rtol=1e-10
    )
    seeded = pd.concat([pd.Series([frame[:20].mean()]), frame[20:]]).ewm(span=20, adjust=False).mean()
    assert list(ema_series(close, 20))[19:] == pytest.approx(list(seeded), rel=1e-10)
    table = pd.DataFrame({"h": high, "l": low, "p": frame.shift()})
    ranges = (table[["h", "p"]].max(axis=1) - table[["l", "p"]].min(axis=1))[1:]
    smooth = pd.concat([pd.Series([ranges[:14].mean()]), ranges[14:]]).ewm(alpha=1 / 14, adjust=False).mean()
    assert wilder_atr(high, low, close, 14) == pytest.approx(smooth.iloc[-1], rel=1e-10)


def test_too_few_values_give_no_average() -> None:
    assert sma([1.0] * 199, 200) is None
    assert wilder_atr([2.0] * 14, [1.0] * 14, [1.5] * 14, 14) is None
    assert wilder_atr([2.0] * 15, [1.0] * 15, [1.5] * 15, 14) == 1.0


def test_only_closed_candles_that_open_at_midnight_are_days() -> None:
    series = CandleSeries()
    for i, (offset, closed) in enumerate([(0, True), (16 * HOUR_MS, True), (0, False)]):
        at = i * DAY_MS + offset
        series.revise(Candle("htx", "BTC/USDT", Timeframe.D1, at, 1.0, 2.0, 0.5, 1.5, 1.0, closed))
    assert list(closed_days(series).open_ms) == [0]


def test_a_revision_replaces_the_candle_and_late_ones_find_their_place() -> None:
    series = CandleSeries()
    for at, close in ((0, 1.0), (2 * DAY_MS, 3.0), (DAY_MS, 2.0), (2 * DAY_MS, 4.0)):
        series.revise(Candle("okx", "BTC/USDT", Timeframe.D1, at, 1.0, 9.0, 0.5, close, 1.0, closed=True))
    assert list(series.open_ms) == [0, DAY_MS, 2 * DAY_MS]
    assert list(series.close) == [1.0, 2.0, 4.0]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(1, 6), max_size=12),
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 14)), min_size=1, max_size=6),
)
def test_the_last_lower_low_is_that_of_the_last_closed_day_before(
    lows: list[int], asked: list[tuple[int, int]]
) -> None:
    nothing = array("d", [9.0]) * len(lows)
    opens = array("q", (at * DAY_MS for at in range(len(lows))))
    lower = LowerLows(DailyCandles(opens, nothing, array("d", lows), nothing))
    for low, day in asked:
        before_ms = day * DAY_MS + low  # some of them in the middle of a day
        wanted = [at * DAY_MS for at, one in enumerate(lows) if one < low and (at + 1) * DAY_MS <= before_ms]
        assert lower.last(float(low), before_ms) == max(wanted, default=None)
