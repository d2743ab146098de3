"""The marks of cascades on the chart."""

from __future__ import annotations

import pytest

from crashdesk.desk.chart.cascades import candles_of
from crashdesk.desk.chart.cells import Part
from crashdesk.desk.chart.options import ChartOptions
from crashdesk.desk.chart.render import ChartRenderer, draw_plot
from crashdesk.desk.chart.request import ChartRequest
from crashdesk.desk.chart.styles import chart_styles
from crashdesk.model.records import Event, EventKind
from crashdesk.model.timeframe import DAY_MS
from tests.desk.chart_data import FIRST_MS, chart_of, flat_candles
from tests.desk.sample_look import sample_look

VIEW = chart_of(flat_candles(20))


def cascade(start: float, end: float) -> Event:
    """From day to day of the chart."""
    return Event(EventKind.CASCADE, FIRST_MS + int(start * DAY_MS), FIRST_MS + int(end * DAY_MS), "")


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (3.5, 3.6, [3]),
        (3.9, 5.1, [3, 4, 5]),
        (4.0, 4.0, [4]),
        (-2.0, -1.5, []),
        (-0.5, 0.5, [0]),
        (19.2, 19.9, [19]),
        (20.5, 20.6, []),
    ],
)
def test_the_candles_in_which_it_ran(start: float, end: float, days: list[int]) -> None:
    assert candles_of([cascade(start, end)], VIEW) == tuple(FIRST_MS + day * DAY_MS for day in days)


def test_candles_are_named_once() -> None:
    assert candles_of([cascade(3.1, 3.2), cascade(3.5, 3.6)], VIEW) == (FIRST_MS + 3 * DAY_MS,)
    assert candles_of([cascade(3.1, 3.2)], chart_of([])) == ()


def marks(request: ChartRequest) -> dict[int, tuple[int, int, str]]:
    """Index of the bar to (column, row, character) of the mark."""
    plot = draw_plot(request)
    assert plot is not None
    columns = {plot.left + plot.bars.column(index): index for index in range(len(plot.bars))}
    cells = [(x, y) for y, parts in enumerate(plot.grid.parts) for x, part in enumerate(parts) if part is Part.CASCADE]
    return {columns[x]: (x, y, plot.grid.chars[y][x]) for x, y in cells}


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("falling", [False, True])
def test_the_mark_stands_next_to_its_candle(plain: bool, falling: bool) -> None:
    prices = [100.0 + (20 - day if falling else day) for day in range(20)]
    view = chart_of([(p, p + 1, p - 1, p) for p in prices])
    last = 19
    request = ChartRequest(view, (), 60, 22, ChartOptions(ascii=plain), None, candles_of([cascade(last, last)], view))
    plot, found = draw_plot(request), marks(request)
    assert plot is not None
    assert list(found) == [last]
    _, row, char = found[last]
    low, high = plot.scale.row(plot.bars.low[last]), plot.scale.row(plot.bars.high[last])
    # the lowest of all candles has no room below
    assert row == (high - 1 if falling else low + 1)
    assert char == ("!" if plain else "↯")


def test_a_candle_that_fills_the_chart_is_marked_on_the_bottom_row() -> None:
    request = ChartRequest(VIEW, (), 60, 22, ChartOptions(), None, candles_of([cascade(7.2, 7.3)], VIEW))
    plot = draw_plot(request)
    assert plot is not None
    assert [row for _, row, _ in marks(request).values()] == [plot.scale.rows - 1]


def test_candles_out_of_sight_are_not_marked() -> None:
    view = chart_of(flat_candles(200))
    options = ChartOptions(zoom=10, pan=50)
    candles = tuple(view.open_ms)
    found = marks(ChartRequest(view, (), 60, 22, options, None, (candles[0], candles[-1])))
    assert found == {}
    assert len(marks(ChartRequest(view, (), 60, 22, options, None, (candles[-51], candles[-50])))) == 1


def test_a_new_mark_draws_anew_and_an_old_one_does_not() -> None:
    renderer, styles = ChartRenderer(), chart_styles(sample_look().palette)
    request = ChartRequest(VIEW, (), 60, 22, ChartOptions())
    marked = request._replace(cascades=(FIRST_MS + 7 * DAY_MS,))
    for each in (request, marked, marked):
        renderer.render(each, styles)
    assert renderer.draws == 2
