from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.desk.chart.scale import PriceScale
from crashdesk.desk.chart.window import bars_of
from crashdesk.desk.levels.label import LabelWords
from crashdesk.desk.levels.place import Placing, snap_prices
from crashdesk.model.level import Level, LevelKind
from tests.desk.chart_data import chart_of

SCALE = PriceScale(100_000.0, 120_000.0, 20)
START = Placing("BTC/USDT", 2, 106_200.0)


@pytest.mark.parametrize("rows", [1, -1, 3, 10, -5])
def test_a_nudge_moves_by_whole_rows_to_a_round_price(rows: int) -> None:
    moved = START.nudged(SCALE, rows)
    assert SCALE.row(moved.price) == SCALE.row(START.price) - rows
    assert moved.price % 100 == 0


@given(price=st.floats(1.0, 1e6), rows=st.integers(-3, 3), count=st.integers(4, 60), log=st.booleans())
def test_a_nudge_always_lands_in_its_row(price: float, rows: int, count: int, log: bool) -> None:
    scale = PriceScale(price * 0.8, price * 1.2, count, log)
    line = Placing("X", 8, price)
    moved = line.nudged(scale, rows)
    assert scale.row(moved.price) == scale.row(price) - rows


def test_a_nudge_below_a_tick_moves_a_tick() -> None:
    fine = PriceScale(99.999, 100.001, 20)
    line = Placing("X", 2, 100.0)
    assert line.nudged(fine, 1).price == 100.01
    assert line.nudged(fine, -1).price == 99.99


def test_percent_typing_and_erasing() -> None:
    assert START.moved(1).price == pytest.approx(107_262.0)
    assert START.moved(-1).price == pytest.approx(105_138.0)
    line = START
    for char in "104.25":
        line = line.type(char)
    assert (line.typed, line.price) == ("104.25", 104.25)
    assert line.type(".").typed == "104.25"
    assert line.type("x") is line
    assert line.type("٣") is line
    for _ in range(6):
        line = line.erased()
    assert line.price == START.price
    assert START.type(".").typed == "0."
    assert START.type("0").price == START.price
    assert Placing("X", 0, 5.0).type(".").typed == ""
    typed = START.type("9").moved(100)
    assert (typed.typed, typed.price) == ("", 18.0)


def test_snapping_goes_to_the_nearest_of_high_low_round_and_others() -> None:
    candles = [(100.0, 101.0, 99.0, 100.0)] * 4 + [(100.0, 107.3, 92.1, 100.0)] + [(100.0, 101.0, 99.0, 100.0)] * 4
    bars = bars_of(chart_of(candles), 40, None, 0)
    prices = snap_prices(bars, PriceScale(90.0, 110.0, 20), [103.33])
    for start, expected in ((107.0, 107.3), (92.2, 92.1), (103.2, 103.33), (105.2, 105.0)):
        assert Placing("X", 2, start).snapped(prices).price == expected
    assert START.snapped([math.nan, -1.0]) is START
    assert START.snapped([109_834.1467]).price == 109_834.15
    assert Placing("X", 6, 0.2).snapped([0.2063417, 0.3]).price == 0.206342


def test_a_level_is_new_or_keeps_who_it_is() -> None:
    new = START.level("ab12", LabelWords(LevelKind.STOP, "exit", "loud"), 99)
    assert new == Level("ab12", "BTC/USDT", 106_200.0, LevelKind.STOP, "exit", 99, 99, alert="loud")
    moved = Placing("BTC/USDT", 2, 105_000.0, editing=new).level("other", LabelWords(LevelKind.LINE, "", ""), 120)
    assert (moved.id, moved.price, moved.created_ms, moved.updated_ms) == ("ab12", 105_000.0, 99, 120)
