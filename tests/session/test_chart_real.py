"""The chart's averages on the real days of seven coins, against pandas; their crossings on the days that are known."""

from __future__ import annotations

import csv
import math
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from crashdesk.model.records import Batch, Candle, Quote
from crashdesk.model.timeframe import DAY_MS, Timeframe
from crashdesk.session.chart import ChartBook
from crashdesk.session.state import MarketState
from crashdesk.session.views import ChartView
from tests.session import market_tape

COINS = ("ADA", "BNB", "BTC", "DOGE", "ETH", "SOL", "XRP")


def chart_of(realdata: Path, coin: str) -> ChartView:
    with (realdata / "daily" / f"binance_{coin}USDT_1d.csv").open() as file:
        rows = list(csv.DictReader(file))
    days = tuple(_candle(coin, row) for row in rows)
    now = days[-1].open_ms + DAY_MS
    state = MarketState(market_tape.BASKETS, now, {})
    state.apply(Batch(1, now, days))
    state.apply(Batch(2, now, (Quote("binance", f"{coin}/USDT", now, days[-1].close, *(None,) * 6),)))
    (row,) = state.rows()
    return ChartBook(state.candles).view(row.symbol, row, Timeframe.D1)


def _candle(coin: str, row: dict[str, str]) -> Candle:
    opened = datetime.fromisoformat(row["timestamp"])
    opened = opened if opened.tzinfo else opened.replace(tzinfo=UTC)
    first, high, low, last, volume = (float(row[name]) for name in ("open", "high", "low", "close", "volume"))
    open_ms = round(opened.timestamp() * 1000)
    return Candle("binance", f"{coin}/USDT", Timeframe.D1, open_ms, first, high, low, last, volume, closed=True)


@pytest.mark.parametrize("coin", COINS)
def test_the_averages_agree_with_pandas(realdata: Path, coin: str) -> None:
    chart = chart_of(realdata, coin)
    closes = pd.Series(chart.close)
    for length, ours in ((200, chart.sma200), (50, chart.sma50)):
        theirs = closes.rolling(length).mean()
        assert sum(map(math.isfinite, ours)) == len(closes) - length + 1
        for one, other in zip(ours, theirs, strict=True):
            assert (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, rel_tol=1e-9)
    smooth = closes[200:].tolist()
    level = float(closes[:200].mean())
    for index, close in enumerate(smooth, start=200):
        level = close * 2 / 201 + level * 199 / 201
        assert math.isclose(chart.ema200[index], level, rel_tol=1e-9)
    assert chart.sma200_daily is not None
    assert math.isclose(chart.sma200_daily, chart.sma200[-1], rel_tol=1e-9)


def test_the_crossings_of_bitcoin_are_on_the_days_that_are_known(realdata: Path) -> None:
    chart = chart_of(realdata, "BTC")
    autumn = datetime(2025, 10, 1, tzinfo=UTC).timestamp() * 1000
    until = datetime(2025, 11, 17, tzinfo=UTC).timestamp() * 1000
    found: dict[str, list[str]] = {"below": [], "above": [], "cross": []}
    for index in range(1, len(chart.close)):
        if not autumn <= chart.open_ms[index] < until:
            continue
        day = datetime.fromtimestamp(chart.open_ms[index] / 1000, UTC).strftime("%m-%d")
        was, now = (chart.close[at] < chart.sma200[at] for at in (index - 1, index))
        if was != now:
            found["below" if now else "above"].append(day)
        if (chart.sma50[index - 1] < chart.sma200[index - 1]) != (chart.sma50[index] < chart.sma200[index]):
            found["cross"].append(day)
    assert found == {
        "below": ["10-17", "10-22", "10-30", "11-03"],
        "above": ["10-19", "10-23", "10-31"],
        "cross": ["11-16"],
    }
