"""Cells of the plot to time and price and back, the crosshair, trend lines, and holes in a series."""

from __future__ import annotations

import math
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crashdesk.desk.chart.cells import CANDLE_PARTS, Part
from crashdesk.desk.chart.cross_facts import cross_groups
from crashdesk.desk.chart.marks import moving_marks
from crashdesk.desk.chart.options import ChartOptions
from crashdesk.desk.chart.places import bar_at, bar_of, cell_of, column_of, place_at, price_at, row_of, time_at
from crashdesk.desk.chart.render import ChartRenderer, draw_plot
from crashdesk.desk.chart.request import ChartRequest, CrossMark, Plot, TrendMark
from crashdesk.desk.chart.styles import chart_styles
from crashdesk.desk.chart.trends import trend_cells
from crashdesk.desk.chart.window import bars_of
from crashdesk.model.level import LevelKind, Point, TrendLine
from crashdesk.model.timeframe import DAY_MS, Timeframe
from crashdesk.session.views import ChartView
from tests.desk.chart_data import FIRST_MS, chart_of, level
from tests.desk.sample_look import sample_look

LOOK = sample_look()
STYLES = chart_styles(LOOK.palette)
SLOPE = [(100.0 + day, 101.0 + day, 99.0 + day, 100.5 + day) for day in range(60)]


def request_of(view: ChartView, options: ChartOptions = ChartOptions(), width: int = 100) -> ChartRequest:  # noqa: B008
    return ChartRequest(view, (), width, 30, options)


def plot_of(request: ChartRequest) -> Plot:
    plot = draw_plot(request)
    assert plot is not None
    return plot


def holed(days: list[int]) -> ChartView:
    """One candle on each of these days after the first."""
    view = chart_of([SLOPE[day] for day in days])
    return view._replace(open_ms=array("q", [FIRST_MS + day * DAY_MS for day in days]))


@given(
    columns=st.integers(60, 200),
    zoom=st.none() | st.integers(2, 300),
    pan=st.integers(0, 100),
    log=st.booleans(),
    x=st.integers(0, 200),
    y=st.integers(0, 30),
)
@settings(deadline=None, max_examples=60)
def test_a_cell_and_its_place_are_each_others_inverse(
    columns: int, zoom: int | None, pan: int, log: bool, x: int, y: int
) -> None:
    view = chart_of([(100.0 + d, 101.0 + d, 99.0 + d, 100.5 + d) for d in range(250)])
    plot = plot_of(request_of(view, ChartOptions(zoom=zoom, pan=pan, log=log), columns))
    point = place_at(plot, x, y)
    inside = plot.left <= x < plot.left + plot.columns and y < plot.scale.rows
    assert (point is not None) == inside
    if point is None:
        return
    cell = cell_of(plot, point)
    index = bar_at(plot, x)
    if index is None:
        return
    assert cell == (plot.left + plot.bars.column(index), y)
    assert bar_of(plot, point.ts_ms) == index
    assert math.floor(column_of(plot, point.ts_ms)) == cell[0]
    assert time_at(plot, cell[0]) == point.ts_ms
    assert price_at(plot, y) == pytest.approx(point.price)
    assert row_of(plot, point.price) == y


def test_a_candles_day_and_price_are_where_they_are_drawn() -> None:
    for log in (False, True):
        plot = plot_of(request_of(chart_of(SLOPE), ChartOptions(log=log)))
        for day in (0, 17, 59):
            cell = cell_of(plot, Point(FIRST_MS + day * DAY_MS, 100.2 + day))
            assert cell is not None
            assert plot.grid.parts[cell[1]][cell[0]] in CANDLE_PARTS
    assert cell_of(plot, Point(FIRST_MS - DAY_MS, 120.0)) is None
    assert cell_of(plot, Point(FIRST_MS + 3 * DAY_MS, 500.0)) is None
    assert price_at(plot, plot.scale.rows) is None
    assert row_of(plot, 1.0) is None


def test_merged_bars_have_places_too() -> None:
    view = chart_of([(100.0 + d, 101.0 + d, 99.0 + d, 100.5 + d) for d in range(300)])
    plot = plot_of(request_of(view, ChartOptions(zoom=300), 80))
    assert plot.bars.merged > 1
    for day in (40, 133, 299):
        index = bar_of(plot, FIRST_MS + day * DAY_MS)
        assert index is not None
        assert plot.bars.high[index] >= 101.0 + day
        assert plot.bars.low[index] <= 99.0 + day


def test_a_hole_in_the_series_stays_a_hole() -> None:
    view = holed([0, 1, 2, 3, 10, 11, 12])
    bars = bars_of(view, 40, None, 0)
    assert (bars.available, bars.shown, bars.missing) == (13, 13, 6)
    assert [math.isnan(close) for close in bars.close] == [day in range(4, 10) for day in range(13)]
    assert list(bars.open_ms) == [FIRST_MS + day * DAY_MS for day in range(13)]
    line = plot_of(request_of(view, ChartOptions(candles=False)))
    for plot in (plot_of(request_of(view)), line):
        hole = range(plot.left + plot.bars.column(4), plot.left + plot.bars.column(9) + 1)
        drawn = CANDLE_PARTS | {Part.LINE}
        assert not any(plot.grid.parts[y][x] in drawn for y in range(plot.scale.rows) for x in hole)
    merged = bars_of(holed([*range(10), *range(30, 60)]), 20, 60, 0)
    assert merged.merged == 3
    assert merged.missing == 20
    assert math.isnan(merged.close[5])


def test_the_crosshair_is_laid_over_the_plot_and_names_its_place() -> None:
    renderer = ChartRenderer()
    request = request_of(chart_of(SLOPE, last=159.0))._replace(levels=(level(150.0), level(120.0)))
    renderer.render(request, STYLES)
    plot = renderer.plot
    assert plot is not None
    cross = CrossMark(FIRST_MS + 20 * DAY_MS, plot.scale.price(5.5))
    strips = renderer.render(request._replace(cross=cross), STYLES)
    assert renderer.draws == 1
    x = plot.left + plot.bars.column(20)
    assert strips[5].text[x] == "┼"
    assert strips[0].text[x] == "│"
    assert strips[5].text[plot.left] == "─"
    assert f"{cross.price:.2f}" in strips[5].text[plot.left + plot.columns :]
    assert "09-10" in strips[plot.grid.height - 1].text
    rows = dict(moving_marks(plot, request._replace(cross=cross)))
    candle = next(y for y in range(plot.scale.rows) if plot.grid.parts[y][x] in CANDLE_PARTS)
    assert rows[candle][0][x] == plot.grid.chars[candle][x]
    words = [
        "".join(text for text, _ in group) for group in cross_groups(request.view, request.levels, plot, cross, LOOK)
    ]
    assert words[0] == "2025-09-10"
    assert words[1] == "O 120.00 H 121.00 L 119.00 C 120.50"
    assert words[2].startswith(f"▶{cross.price:.2f} ")
    assert words[2].endswith("% to last")
    far = f"{(150.0 / cross.price - 1) * 100:+.1f}%".replace("-", "−")
    assert words[3] in (f"▲ 150.00 round {far}", f"▼ 150.00 round {far}")


def test_the_crosshair_in_a_hole_says_so() -> None:
    view = holed([0, 1, 2, 3, 10, 11, 12])
    plot = plot_of(request_of(view))
    cross = CrossMark(FIRST_MS + 6 * DAY_MS, 104.0)
    words = ["".join(text for text, _ in group) for group in cross_groups(view, (), plot, cross, LOOK)]
    assert words[:2] == ["2025-08-27", "no candle"]


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("log", [False, True])
def test_a_trend_line_goes_through_its_points(plain: bool, log: bool) -> None:
    plot = plot_of(request_of(chart_of(SLOPE), ChartOptions(log=log, ascii=plain)))
    start, end = Point(FIRST_MS + 10 * DAY_MS, 105.0), Point(FIRST_MS + 40 * DAY_MS, 140.0)
    cells = {(x, y) for x, y, _ in trend_cells(plot, TrendLine(start, end), ascii=plain)}
    for point in (start, end, Point(FIRST_MS + 25 * DAY_MS, 122.5)):
        assert cell_of(plot, point) in cells
    assert min(x for x, _ in cells) == plot.left + plot.bars.column(10)
    assert max(x for x, _ in cells) > plot.left + plot.bars.column(50)
    by_column = {x: [y for at, y in cells if at == x] for x, _ in cells}
    assert len(by_column) == max(by_column) - min(by_column) + 1
    assert all(0 <= y < plot.scale.rows for _, y in cells)


def test_a_trend_level_is_drawn_and_labelled_at_the_edge() -> None:
    line = TrendLine(Point(FIRST_MS, 99.0), Point(FIRST_MS + 30 * DAY_MS, 129.0))
    row = level(158.0, LevelKind.LINE, "channel", "t1")._replace(trend=line)
    plot = plot_of(request_of(chart_of(SLOPE))._replace(levels=(row,)))
    drawn = [
        (x, y)
        for y in range(plot.scale.rows)
        for x in range(plot.left, plot.left + plot.columns)
        if plot.grid.parts[y][x] is Part.LEVEL_LINE
    ]
    assert drawn
    assert any("channel" in plot.grid.text(y) for y in range(plot.scale.rows))
    renderer = ChartRenderer()
    request = request_of(chart_of(SLOPE))._replace(levels=(row,))
    renderer.render(request, STYLES)
    renderer.render(request._replace(levels=(row._replace(price=158.001, distance_pct=0.1),)), STYLES)
    assert renderer.draws == 1
    renderer.render(request._replace(levels=(row._replace(price=158.9),)), STYLES)
    assert renderer.draws == 2


def test_a_trend_line_being_placed_moves_over_the_plot() -> None:
    renderer = ChartRenderer()
    request = request_of(chart_of(SLOPE, last=159.0))
    renderer.render(request, STYLES)
    plot = renderer.plot
    assert plot is not None
    first, second = Point(FIRST_MS + 5 * DAY_MS, 140.0), Point(FIRST_MS + 30 * DAY_MS, 150.0)
    for mark in (TrendMark(first, second, "▶150"), TrendMark(second, first, "▶140"), TrendMark(first, first, "▶140")):
        strips = renderer.render(request._replace(trend=mark), STYLES)
        for point in (mark.first, mark.second):
            cell = cell_of(plot, point)
            assert cell is not None
            assert strips[cell[1]].text[cell[0]] == "●"
        assert any(mark.text in strip.text for strip in strips)
    assert renderer.draws == 1


def test_a_found_level_is_weaker_than_ones_own() -> None:
    found = level(110.0)._replace(source="found")
    mine = level(150.0, LevelKind.SUPPORT, "mine", "a1")
    plot = plot_of(request_of(chart_of(SLOPE))._replace(levels=(found, mine)))
    dots = [
        sum(part in (Part.FOUND, Part.SUPPORT) for part in plot.grid.parts[plot.scale.row(price)][plot.left :])
        for price in (110.0, 150.0)
    ]
    assert 0 < dots[0] < dots[1]


@pytest.mark.parametrize("plain", [False, True])
def test_the_averages_are_told_apart_and_named_at_their_end(plain: bool) -> None:
    sma200, sma50, ema200 = (array("d", [value] * 60) for value in (130.0, 140.0, 150.0))
    view = chart_of(SLOPE)._replace(sma200=sma200, sma50=sma50, ema200=ema200)
    options = ChartOptions(averages=(Part.SMA200, Part.SMA50, Part.EMA200), ascii=plain)
    plot = plot_of(request_of(view, options))
    for value, name, mark in ((130.0, "SMA200", "="), (140.0, "SMA50", "~"), (150.0, "EMA200", "+")):
        text = plot.grid.text(plot.scale.row(value))
        assert f"{value:.2f} {name}" in text
        assert not plain or mark * 5 in text
    times = array("q", [FIRST_MS + index * Timeframe.H4.ms for index in range(60)])
    hours = plot_of(request_of(view._replace(timeframe=Timeframe.H4, open_ms=times), options))
    assert any("SMA200 4h" in hours.grid.text(y) for y in range(hours.rows))
    without = plot_of(request_of(view, options._replace(averages=())))
    assert not any("SMA" in without.grid.text(y) for y in range(without.rows))


def test_the_crosshairs_time_cuts_no_other_label() -> None:
    request = request_of(chart_of(SLOPE, last=159.0))
    plot = plot_of(request)
    labels = set(plot.grid.text(plot.grid.height - 1).split("  "))
    for day in range(60):
        marked = request._replace(cross=CrossMark(FIRST_MS + day * DAY_MS, 120.0))
        text = "".join(dict(moving_marks(plot, marked))[plot.grid.height - 1][0])
        words = {word.strip() for word in text.split("  ") if word.strip()}
        time = {word for word in words if word.strip() not in {label.strip() for label in labels}}
        assert len(time) == 1
