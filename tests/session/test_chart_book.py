"""The charts of a desk: what counts in an average, coarser candles, a second chart, nothing from the future."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite, isnan
from pathlib import Path

import pytest

from crashdesk.model.records import Batch, Candle, Quote, Record
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, Timeframe
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.candles import CandleSeries
from crashdesk.session.chart import resample
from crashdesk.session.focus import Focus
from crashdesk.session.picture import PictureMaker
from crashdesk.session.player import Player
from crashdesk.session.state import MarketState
from crashdesk.session.views import DeskView, Mode, ScrubberView, TransportView, WeightMode
from tests.session import market_tape

START = 1_762_214_400_000
"""2025-11-04 00:00 UTC, a Tuesday."""
FOCUS = Focus("BTC/USDT", Timeframe.D1, WeightMode.EQUAL)


@dataclass
class Desk:
    """A state fed by hand, and its pictures."""

    state: MarketState = field(default_factory=lambda: MarketState(market_tape.BASKETS, START, {}))
    maker: PictureMaker = field(default_factory=PictureMaker)
    seq: int = 0

    def put(self, *records: Record, at_ms: int = START + 1) -> None:
        self.seq += 1
        self.state.apply(Batch(self.seq, at_ms, records))

    def view(self, focus: Focus = FOCUS) -> DeskView:
        transport = TransportView(Mode.LIVE, True, False, 1.0, START, START, self.state.now_ms)
        return self.maker.view(self.state, focus, transport, ScrubberView(0, 0, (), (), (), ()))


def candle(
    index: int, close: float, *, closed: bool = True, symbol: str = "BTC/USDT", t: Timeframe = Timeframe.D1
) -> Candle:
    """`index` candles after the start (before it when negative)."""
    return Candle("okx", symbol, t, START + index * t.ms, close, close + 1, close - 1, close, 2.0, closed)


def quote(symbol: str, last: float) -> Quote:
    return Quote("okx", symbol, START, last, None, None, None, None, None, None)


def test_the_running_candle_has_no_average_and_counts_in_none() -> None:
    desk = Desk()
    closes = [100.0 + (index * 7) % 13 for index in range(201)]
    desk.put(*(candle(index - 201, close) for index, close in enumerate(closes)), candle(0, 1e6, closed=False))
    desk.put(quote("BTC/USDT", 105.0))
    chart = desk.view().chart
    assert chart.open_last
    assert chart.sma200[-2] == pytest.approx(sum(closes[1:]) / 200)
    assert chart.sma200[-3] == pytest.approx(sum(closes[:200]) / 200)
    assert chart.sma50[-2] == pytest.approx(sum(closes[-50:]) / 50)
    assert isnan(chart.sma200[-1])
    assert isnan(chart.sma50[-1])
    assert isnan(chart.ema200[-1])
    assert isnan(chart.sma200[-4])
    assert len(chart.sma200) == len(chart.close) == 202


def test_fewer_than_200_closed_candles_have_no_average() -> None:
    desk = Desk()
    desk.put(*(candle(index - 199, 100.0) for index in range(199)), candle(0, 100.0, closed=False))
    desk.put(quote("BTC/USDT", 100.0))
    chart = desk.view().chart
    assert not any(map(isfinite, (*chart.sma200, *chart.ema200)))
    assert chart.sma200_daily is None


def test_weeks_are_built_from_days_and_begin_on_mondays() -> None:
    days = CandleSeries()
    for index in range(-8, 1):
        days.revise(candle(index, 100.0 + index, closed=index < 0))
    weeks = resample(days, Timeframe.W1, DAY_MS)
    assert [(at - START) // DAY_MS for at in weeks.open_ms] == [-8, -1]
    assert list(weeks.close) == [98.0, 100.0]
    assert list(weeks.high) == [99.0, 101.0]
    assert list(weeks.low) == [91.0, 98.0]
    assert list(weeks.volume) == [14.0, 4.0]
    assert list(weeks.closed) == [1, 0]


def test_a_second_chart_of_another_symbol_and_timeframe() -> None:
    desk = Desk()
    desk.put(quote("BTC/USDT", 105.0), quote("ETH/USDT", 36.0))
    desk.put(*(candle(index, 100.0) for index in range(-3, 0)))
    desk.put(*(candle(index, 35.0, symbol="ETH/USDT", t=Timeframe.H1) for index in range(-5, 0)))
    assert desk.view().second is None
    focus = FOCUS._replace(second=("ETH/USDT", Timeframe.H1))
    view = desk.view(focus)
    assert view.second is not None
    assert (view.second.symbol, view.second.timeframe, view.second.last) == ("ETH/USDT", Timeframe.H1, 36.0)
    assert list(view.second.open_ms) == [START + index * HOUR_MS for index in range(-5, 0)]
    assert view.chart.symbol == "BTC/USDT"
    again = desk.view(focus)
    assert again.second is view.second
    assert again.chart is view.chart
    desk.put(quote("ETH/USDT", 37.0))
    moved = desk.view(focus)
    assert moved.chart is view.chart
    assert moved.second is not None
    assert moved.second.close is view.second.close
    assert moved.second.last == 37.0
    unknown = desk.view(FOCUS._replace(second=("XYZ/USDT", Timeframe.D1)))
    assert unknown.second is not None
    assert not unknown.second.open_ms


def test_a_replay_knows_no_candle_of_its_future(tmp_path: Path) -> None:
    path = tmp_path / "tape.crash"
    market_tape.write(path)
    reader = RecordingReader.open(path)
    for part in (0.1, 0.5, 0.9):
        at_ms = reader.start_ms + round(part * (reader.end_ms - reader.start_ms))
        player = Player(RecordingReader.open(path), market_tape.BASKETS)
        player.seek(at_ms)
        seen = 0
        for timeframe in Timeframe:
            series = player.state.candles.get("okx", "BTC/USDT", timeframe)
            for index in range(len(series) if series is not None else 0):
                assert series is not None
                assert series.open_ms[index] <= player.state.now_ms
                assert not series.closed[index] or series.open_ms[index] + timeframe.ms <= player.state.now_ms
                seen += 1
        assert seen


def test_a_candle_revised_later_is_known_from_then_on_only() -> None:
    desk = Desk()
    desk.put(quote("BTC/USDT", 100.0), at_ms=START + 1)
    desk.put(candle(-1, 100.0), at_ms=START + 2)
    assert list(desk.view().chart.close) == [100.0]
    desk.put(candle(-1, 101.0), at_ms=START + 3)
    assert list(desk.view().chart.close) == [101.0]


def test_a_series_that_is_no_longer_asked_for_goes_on_with_finer_candles() -> None:
    desk = Desk()
    desk.put(quote("BTC/USDT", 105.0))
    desk.put(
        *(candle(index, 50.0, t=Timeframe.H4) for index in range(-12, -6)),
        candle(-6, 60.0, closed=False, t=Timeframe.H4),
    )
    focus = FOCUS._replace(timeframe=Timeframe.H4)
    desk.put(*(candle(index, 200.0 + index, t=Timeframe.H1) for index in range(-24, -21)))
    assert list(desk.view(focus).chart.close) == [50.0] * 6 + [60.0]
    desk.put(*(candle(index, 200.0 + index, t=Timeframe.H1) for index in range(-26, -6)))
    chart = desk.view(focus).chart
    assert [(at - START) // Timeframe.H4.ms for at in chart.open_ms] == list(range(-12, -1))
    assert list(chart.close) == [50.0] * 6 + [200.0 - 21, 200.0 - 17, 200.0 - 13, 200.0 - 9, 200.0 - 7]
    assert chart.open_last
