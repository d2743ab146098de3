from __future__ import annotations

import math
from array import array
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crashdesk.desk.chart.axis import Tick
from crashdesk.desk.chart.cells import CellGrid, Part
from crashdesk.desk.chart.engine import FrameSpec, Series, draw_frame
from crashdesk.desk.chart.marks import moving_marks
from crashdesk.desk.chart.options import ChartOptions
from crashdesk.desk.chart.render import ChartRenderer, draw_plot
from crashdesk.desk.chart.request import ChartRequest, PlaceMark, Plot
from crashdesk.desk.chart.styles import chart_styles
from crashdesk.desk.chart.window import bars_of, fitting, last_pan, zoomed
from crashdesk.model.level import LevelKind
from crashdesk.model.timeframe import DAY_MS
from tests.desk.chart_data import FIRST_MS, chart_of, flat_candles, level
from tests.desk.sample_look import sample_look

STYLES = chart_styles(sample_look().palette)


def request_of(candles: Any, width: int = 60, height: int = 22, **changes: Any) -> ChartRequest:
    view_changes = {key: changes.pop(key) for key in ("last", "decimals", "sma200", "revision") if key in changes}
    request = ChartRequest(chart_of(candles, **view_changes), (), width, height, ChartOptions())
    return request._replace(**changes)


def plot_of(request: ChartRequest) -> Plot:
    plot = draw_plot(request)
    assert plot is not None
    return plot


def column_parts(plot: Plot, column: int) -> dict[int, str]:
    """row: character of the candle cells in a plot column."""
    x = plot.left + column
    return {y: plot.grid.chars[y][x] for y in range(plot.scale.rows) if plot.grid.parts[y][x] in (Part.UP, Part.DOWN)}


def test_a_known_candle_lands_in_the_right_half_rows() -> None:
    """Two candles span 100 to 119: with 20 rows and half a row of air on both sides, one row is one dollar."""
    plot = plot_of(request_of([(100.0, 119.0, 100.0, 119.0), (112.2, 115.2, 104.2, 108.2)]))
    assert plot.scale.rows == 20
    assert plot.scale.high == pytest.approx(119.5)
    assert plot.scale.low == pytest.approx(99.5)
    # From the top edge at 119.5, in rows: high 4.3, open 7.3, close 11.3, low 15.3: all in the upper half of their row.
    second = column_parts(plot, plot.bars.column(1))
    assert sorted(second) == list(range(4, 16))
    assert [second[row] for row in (4, 5, 6)] == ["│", "│", "│"]
    assert second[7] == "█"
    assert second[11] == "█"
    assert [second[row] for row in (12, 13, 14)] == ["│", "│", "│"]
    assert second[15] == "╵"


def test_a_thin_candle_shows_half_rows() -> None:
    candles = [(100.0, 119.0, 100.0, 119.0), (112.8, 115.8, 104.2, 108.2), *flat_candles(60, 110.0)]
    plot = plot_of(request_of(candles, width=100, options=ChartOptions(zoom=62)))
    assert plot.bars.slot == 1
    cells = column_parts(plot, plot.bars.column(1))
    # high 3.7 rows down: lower half of row 3; open 6.7: lower half of row 6; close 11.3 and low 15.3: upper halves.
    assert cells[3] == "╷"
    assert cells[6] == "╽"
    assert cells[11] == "╿"
    assert cells[15] == "╵"
    assert {cells[row] for row in range(7, 11)} == {"┃"}


def test_rising_and_falling_are_told_apart_without_colour() -> None:
    candles = [(100.0, 110.0, 100.0, 110.0), (110.0, 110.0, 100.0, 100.0)] * 30
    for options, rising, falling in (
        (ChartOptions(mono=True), "║", "┃"),
        (ChartOptions(ascii=True), "o", "#"),
    ):
        plot = plot_of(request_of(candles, options=options._replace(zoom=40)))
        middle = plot.scale.rows // 2
        first, second = (plot.grid.chars[middle][plot.left + plot.bars.column(i)] for i in (0, 1))
        assert {first, second} == {rising, falling}


def test_ascii_draws_nothing_but_ascii() -> None:
    candles = flat_candles(120)
    for kind in (True, False):
        options = ChartOptions(ascii=True, candles=kind)
        request = request_of(candles, last=100.3, options=options, levels=(level(101.0),), place=PlaceMark(99.0, ">99"))
        strips = ChartRenderer().render(request, STYLES)
        assert all(strip.text.isascii() for strip in strips)


def test_axis_labels_stand_in_the_row_of_their_price() -> None:
    plot = plot_of(request_of([(100.0, 119.0, 100.0, 119.0)] * 30, height=22))
    labels = {y: plot.grid.text(y)[: plot.left - 1].strip() for y in range(plot.scale.rows)}
    shown = {label: row for row, label in labels.items() if label}
    assert shown == {"115": 4, "110": 9, "105": 14, "100": 19}
    assert plot.grid.chars[4][plot.left - 1] == "┤"


def test_dates_stand_under_their_candles() -> None:
    plot = plot_of(request_of(flat_candles(90), width=103))
    assert plot.bars.slot == 1
    text, axis = plot.grid.text(plot.scale.rows + 1), plot.grid.text(plot.scale.rows)
    column = next(i for i in range(len(plot.bars)) if plot.bars.open_ms[i] == FIRST_MS + 41 * DAY_MS)  # 2025-10-01
    x = plot.left + column
    assert axis[x] == "┬"
    assert text[x - 3 : x + 3].strip() == "Oct 1"


def test_levels_are_dotted_lines_with_a_label() -> None:
    request = request_of(flat_candles(60), levels=(level(101.0), level(99.0, LevelKind.STOP, "exit", "a1")), width=90)
    plot = plot_of(request)
    for price, dot, label in ((101.0, "┈", "101.00 round untouched"), (99.0, "╌", "99.00 exit untouched")):
        text = plot.grid.text(plot.scale.row(price))
        assert label in text
        assert dot in text or "┃" in text
    far = plot_of(request._replace(levels=(level(250.0),)))
    assert not any("250" in far.grid.text(y) for y in range(far.grid.height))


def test_a_near_level_is_brought_into_view() -> None:
    candles = flat_candles(60)
    assert plot_of(request_of(candles, levels=(level(103.0),))).scale.holds(103.0)
    assert not plot_of(request_of(candles, levels=(level(110.0),))).scale.holds(110.0)


def test_levels_on_one_row_share_it_the_own_one_first() -> None:
    rows = (level(100.0), level(100.01, LevelKind.LINE, "mine", "a1"), level(100.02), level(100.03))
    plot = plot_of(request_of(flat_candles(60), levels=rows, width=90))
    text = plot.grid.text(plot.scale.row(100.01))
    assert "100.01 mine" in text
    assert text.index("100.01") == min(text.find(p) for p in ("100.00", "100.01", "100.02") if p in text)
    assert "+" in text


def test_a_moved_last_price_changes_only_its_rows() -> None:
    renderer = ChartRenderer()
    request = request_of(flat_candles(60), last=100.0, width=90)
    before = renderer.render(request, STYLES)
    after = renderer.render(request._replace(view=request.view._replace(last=101.0)), STYLES)
    changed = [y for y, (a, b) in enumerate(zip(before, after, strict=True)) if a is not b]
    assert renderer.plot is not None
    assert set(changed) == {renderer.plot.scale.row(100.0), renderer.plot.scale.row(101.0)}
    assert renderer.draws == 1
    assert "◀101.00" in after[renderer.plot.scale.row(101.0)].text


def test_a_last_price_outside_of_the_scale_draws_anew() -> None:
    renderer = ChartRenderer()
    request = request_of(flat_candles(60), last=100.0)
    renderer.render(request, STYLES)
    renderer.render(request._replace(view=request.view._replace(last=120.0)), STYLES)
    assert renderer.draws == 2
    assert renderer.plot is not None
    assert renderer.plot.scale.holds(120.0)


def test_new_candles_or_another_size_draw_anew_and_nothing_else_does() -> None:
    renderer = ChartRenderer()
    request = request_of(flat_candles(60), last=100.0)
    first = renderer.render(request, STYLES)
    again = renderer.render(request, STYLES)
    assert [a is b for a, b in zip(first, again, strict=True)].count(False) <= 1
    assert renderer.draws == 1
    renderer.render(request._replace(width=61), STYLES)
    renderer.render(request_of(flat_candles(60, 101.0), last=100.0), STYLES)
    assert renderer.draws == 3


def test_the_line_being_placed_is_drawn_and_named() -> None:
    request = request_of(flat_candles(60), last=100.0, width=90, place=PlaceMark(98.9, "▶98.90 −1.1%"))
    plot = plot_of(request)
    marks = {row: "".join(cells[0]) for row, cells in moving_marks(plot, request)}
    assert "▶98.90 −1.1%" in marks[plot.scale.row(98.9)]
    assert "━" in marks[plot.scale.row(98.9)]
    assert "◀100.00" in marks[plot.scale.row(100.0)]


def test_a_line_outside_widens_the_scale_only_so_far_and_only_while_it_is_placed() -> None:
    renderer = ChartRenderer()
    request = request_of(flat_candles(60), last=100.0, width=90)
    renderer.render(request, STYLES)
    assert renderer.plot is not None
    natural = renderer.plot.scale
    far = renderer.render(request._replace(place=PlaceMark(1.0, "▶1_ −99.0%")), STYLES)
    assert renderer.plot.scale == natural
    assert "▶1_" in far[natural.rows - 1].text
    assert "━" not in far[natural.rows - 1].text
    near = request._replace(place=PlaceMark(95.0, "▶95.00"))
    renderer.render(near, STYLES)
    assert renderer.plot.scale.holds(95.0)
    renderer.render(request._replace(place=PlaceMark(100.0, "▶100.00")), STYLES)
    assert renderer.plot.scale.holds(95.0)
    renderer.render(request, STYLES)
    assert renderer.plot.scale == natural


def test_a_narrow_chart_shows_the_last_price_on_its_axis() -> None:
    request = request_of(flat_candles(60), last=100.0, width=40)
    plot = plot_of(request)
    assert plot.gutter == 0
    (row, cells), *_ = moving_marks(plot, request)
    assert row == plot.scale.row(100.0)
    assert "".join(cells[0])[: plot.left - 1].strip() == "100.00"


def test_the_average_is_drawn_where_it_is() -> None:
    candles = flat_candles(60)
    sma = array("d", [math.nan] * 30 + [100.0] * 30)
    options = ChartOptions(candles=False)
    plot = plot_of(request_of(candles, sma200=sma, options=options, width=90))
    cells = [(x, y) for y in range(plot.scale.rows) for x in range(plot.left, plot.grid.width)]
    rows = {y for x, y in cells if plot.grid.parts[y][x] is Part.SMA200}
    assert rows <= {plot.scale.row(100.0), plot.scale.row(100.0) - 1}
    assert rows
    first = min(x for x, y in cells if plot.grid.parts[y][x] is Part.SMA200)
    assert 0 <= first - plot.left - plot.bars.column(30) <= 1


def test_never_more_bars_than_columns_and_merged_bars_keep_extremes() -> None:
    view = chart_of([(100.0, 101.0 + i, 99.0 - i, 100.0 + i / 10) for i in range(90)])
    bars = bars_of(view, 40, 90, 0)
    assert len(bars) <= 40
    assert bars.merged == 3
    assert bars.shown == 90
    assert max(bars.high) == 190.0
    assert min(bars.low) == 10.0
    assert bars.close[-1] == view.close[-1]
    assert bars.open[0] == view.open[0]


@given(
    columns=st.integers(1, 300),
    zoom=st.none() | st.integers(1, 900),
    pan=st.integers(-5, 900),
    count=st.integers(0, 600),
)
@settings(deadline=None)
def test_bars_always_fit(columns: int, zoom: int | None, pan: int, count: int) -> None:
    bars = bars_of(chart_of(flat_candles(count)), columns, zoom, pan)
    assert len(bars) <= columns
    assert all(0 <= bars.column(i) < columns for i in range(len(bars)))
    assert fitting(columns, zoom, count) <= count
    assert last_pan(columns, zoom, count) >= 0
    assert list(bars.open_ms) == sorted(set(bars.open_ms))


def test_zooming_in_and_out_always_changes_the_picture() -> None:
    zoom: int | None = None
    shown = [fitting(100, zoom, 400)]
    for _ in range(5):
        zoom = zoomed(100, zoom, 400, 1)
        shown.append(fitting(100, zoom, 400))
    assert shown == sorted(set(shown), reverse=True)
    assert zoomed(100, zoom, 400, 1) == zoom
    for _ in range(20):
        zoom = zoomed(100, zoom, 400, -1)
    assert fitting(100, zoom, 400) == 400


NAN_CANDLE = (math.nan,) * 4
ODD = {
    "none": [],
    "one": [(100.0, 110.0, 90.0, 105.0)],
    "two": flat_candles(2),
    "flat": [(100.0,) * 4] * 30,
    "zero": [(0.0,) * 4] * 30,
    "nan": [NAN_CANDLE] * 10,
    "some nan": [NAN_CANDLE, *flat_candles(20), NAN_CANDLE],
    "huge": flat_candles(80, 3.2e12),
    "tiny": flat_candles(80, 4.1e-9),
    "wide": [(1e-6, 1e6, 1e-7, 1.0)] * 40,
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("size", [(10, 3), (12, 5), (40, 10), (80, 20), (120, 32), (240, 60), (3, 1), (0, 0)])
def test_odd_prices_and_sizes_never_fail_and_fill_the_room(name: str, size: tuple[int, int]) -> None:
    width, height = size
    for options in (ChartOptions(), ChartOptions(candles=False, log=True), ChartOptions(ascii=True, zoom=10, pan=3)):
        request = ChartRequest(
            chart_of(ODD[name], last=ODD[name][-1][3] if ODD[name] else None),
            (level(100.0), level(math.nan), level(0.0)),
            width,
            height,
            options,
        )
        strips = ChartRenderer().render(request, STYLES)
        assert len(strips) in (0, height)
        assert all(strip.cell_length == width for strip in strips)
        assert all("e+" not in strip.text and "e-" not in strip.text for strip in strips)


def test_wide_letters_in_a_label_do_not_shift_the_row() -> None:
    grid = CellGrid(8, 1)
    grid.write(0, 0, "币a", Part.ROUND)
    assert grid.text(0) == "?a      "


def test_the_frame_is_as_large_as_asked_and_lines_end_where_they_should() -> None:
    spec = FrameSpec(30, 8, 7, [Tick(2.5, "100,000")], [Tick(9, "Nov 4")], [Series([0.5, 29.5], [7.5, 0.5], Part.LINE)])
    grid = draw_frame(spec)
    assert (grid.width, grid.height) == (38, 10)
    assert grid.text(2).startswith("100,000┤")
    assert grid.parts[7][8] is Part.LINE
    assert grid.parts[0][37] is Part.LINE
    assert grid.text(8)[8 + 9] == "┬"
    assert "Nov 4" in grid.text(9)
