from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.desk.chart.options import ChartOptions
from crashdesk.desk.chart.place_mode import PlaceMode
from crashdesk.desk.chart.render import draw_plot
from crashdesk.desk.chart.request import ChartRequest
from crashdesk.desk.chart.scale import PriceScale
from crashdesk.desk.chart.window import bars_of
from crashdesk.desk.glyphs import UNICODE
from crashdesk.desk.levels.place import Placing, label_line, read_label, snap_prices
from crashdesk.model.level import Level, LevelKind
from tests.desk.chart_data import chart_of, flat_candles

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


def test_snapping_goes_to_the_nearest_of_high_low_round_and_average() -> None:
    candles = [(100.0, 101.0, 99.0, 100.0)] * 4 + [(100.0, 107.3, 92.1, 100.0)] + [(100.0, 101.0, 99.0, 100.0)] * 4
    bars = bars_of(chart_of(candles), 40, None, 0)
    prices = snap_prices(bars, PriceScale(90.0, 110.0, 20), 103.33)
    for start, expected in ((107.0, 107.3), (92.2, 92.1), (103.2, 103.33), (105.2, 105.0)):
        assert Placing("X", 2, start).snapped(prices).price == expected
    assert START.snapped([math.nan, -1.0]) is START


def test_labels_begin_with_a_kind_or_not() -> None:
    assert read_label("stop under the low") == (LevelKind.STOP, "under the low")
    assert read_label("Support") == (LevelKind.SUPPORT, "")
    assert read_label("  my line ") == (LevelKind.LINE, "my line")
    assert read_label("") == (LevelKind.LINE, "")
    assert read_label("average of it") == (LevelKind.LINE, "average of it")
    old = Level("a", "X", 1.0, LevelKind.TARGET, "half", 1, 1)
    assert read_label(label_line(old)) == (LevelKind.TARGET, "half")
    assert label_line(None) == ""


def test_a_level_is_new_or_keeps_who_it_is() -> None:
    new = START.level("ab12", LevelKind.STOP, "exit", 99)
    assert new == Level("ab12", "BTC/USDT", 106_200.0, LevelKind.STOP, "exit", 99, 99)
    moved = Placing("BTC/USDT", 2, 105_000.0, editing=new).level("other", LevelKind.LINE, "", 120)
    assert (moved.id, moved.price, moved.created_ms, moved.updated_ms) == ("ab12", 105_000.0, 99, 120)


def _mode() -> tuple[PlaceMode, list[Placing]]:
    done: list[Placing] = []
    return PlaceMode(done.append), done


def test_keys_of_the_place_mode() -> None:
    request = ChartRequest(chart_of(flat_candles(60), last=100.0), (), 80, 24, ChartOptions())
    plot = draw_plot(request)
    assert plot is not None
    row = plot.scale.row(100.0)
    for action, rows in (("place_up", 1), ("place_down", -1), ("place_up_far", 10), ("place_down_far", -10)):
        mode, _ = _mode()
        mode.begin("X", 4, 100.0)
        assert mode.act(action, None, plot, None)
        assert mode.line is not None
        assert plot.scale.row(mode.line.price) == row - rows
    mode, done = _mode()
    assert not mode.act("place_set", None, plot, None)
    mode.begin("X", 4, 100.0)
    assert not mode.act("pause", None, plot, None)
    for char in "98.5":
        assert mode.act("place_type", char, plot, None)
    mark = mode.mark(100.0, UNICODE)
    assert mark is not None
    assert (mark.price, mark.text) == (98.5, "▶98.5_ −1.5%")
    assert mode.act("place_erase", None, plot, None)
    assert mode.act("place_set", None, plot, None)
    assert [line.price for line in done] == [98.0]
    assert mode.line is None
    assert mode.mark(100.0, UNICODE) is None


def test_leaving_changes_nothing() -> None:
    mode, done = _mode()
    mode.begin("X", 2, 100.0)
    mode.act("place_up_percent", None, None, None)
    mode.act("place_cancel", None, None, None)
    assert (mode.line, done) == (None, [])
