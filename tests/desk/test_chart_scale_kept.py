"""What a chart shows is a function of its request alone: the plot that is kept while the price moves hides nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crashdesk.desk.chart.options import ChartOptions
from crashdesk.desk.chart.render import ChartRenderer
from crashdesk.desk.chart.request import ChartRequest
from crashdesk.desk.chart.styles import chart_styles
from tests.desk.chart_data import chart_of, flat_candles, level
from tests.desk.sample_look import sample_look

STYLES = chart_styles(sample_look().palette)
RISING = [(100.0 + n / 10, 101.0 + n / 10, 99.0 + n / 10, 100.5 + n / 10) for n in range(60)]


def request(candles: list[tuple[float, float, float, float]], width: int) -> ChartRequest:
    levels = (level(112.0), level(95.0), level(90.0))
    return ChartRequest(chart_of(candles), levels, width, 20, ChartOptions())


@pytest.mark.parametrize("candles", [RISING, flat_candles(60)], ids=["rising", "flat"])
@pytest.mark.parametrize("width", [40, 90])
@settings(max_examples=15, deadline=None)
@given(lasts=st.lists(st.floats(60.0, 1400.0).map(lambda price: round(price, 2)), min_size=2, max_size=6))
def test_a_price_that_moved_there_is_shown_as_one_that_was_always_there(
    candles: list[tuple[float, float, float, float]], width: int, lasts: list[float]
) -> None:
    moved, first = ChartRenderer(), request(candles, width)
    for last in lasts:
        now = first._replace(view=first.view._replace(last=last))
        assert moved.render(now, STYLES) == ChartRenderer().render(now, STYLES)


def test_the_plot_is_drawn_once_while_the_price_stays_among_the_candles() -> None:
    renderer, first = ChartRenderer(), request(RISING, 90)
    for last in (100.0, 103.2, 101.7, 105.5):
        renderer.render(first._replace(view=first.view._replace(last=last)), STYLES)
    assert renderer.draws == 1
    for last in (107.1, 107.2, 107.15):  # outside by less than a step
        renderer.render(first._replace(view=first.view._replace(last=last)), STYLES)
    assert renderer.draws == 2


def test_the_first_price_draws_a_chart_that_had_none() -> None:
    renderer = ChartRenderer()
    nan = float("nan")
    empty = ChartRequest(chart_of([(nan, nan, nan, nan)] * 5), (), 60, 20, ChartOptions())
    empty = empty._replace(view=empty.view._replace(last=None))
    assert renderer.render(empty, STYLES) == []
    assert renderer.render(empty._replace(view=empty.view._replace(last=100.0)), STYLES) != []
