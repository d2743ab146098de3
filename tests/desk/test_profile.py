"""What was liquidated by price, beside the axis of the chart."""

from __future__ import annotations

import pytest
from textual.strip import Strip

from crashdesk.desk.chart.profile import PROFILE_FROM, ProfileColumn, row_sums
from crashdesk.desk.chart.scale import PriceScale
from crashdesk.model.money import MICRO
from crashdesk.session.liquidation_views import ProfileBin
from tests.desk.fake_link import FakeLink, make_desk
from tests.desk.sample_liquidations import profile
from tests.desk.sample_look import sample_look
from tests.desk.sample_views import desk_view
from tests.desk.waiting import settled


def test_bins_are_summed_by_the_rows_they_fall_into() -> None:
    scale = PriceScale(100.0, 140.0, 4)
    bins = (
        ProfileBin(90.0, 95.0, 7, 7),
        ProfileBin(100.0, 105.0, 10, 1),
        ProfileBin(105.0, 110.0, 20, 2),
        ProfileBin(115.0, 125.0, 40, 4),
        ProfileBin(130.0, 140.0, 80, 8),
        ProfileBin(140.0, 150.0, 5, 5),
    )
    assert row_sums(bins, scale) == [(80.0, 8.0), (20.0, 2.0), (20.0, 2.0), (30.0, 3.0)]


def test_a_logarithmic_scale_keeps_the_sum() -> None:
    scale = PriceScale(50_000.0, 130_000.0, 11, log=True)
    sums = row_sums(profile(), scale)
    assert sum(long for long, _ in sums) == pytest.approx(sum(row.long for row in profile()))
    assert sum(short for _, short in sums) == pytest.approx(sum(row.short for row in profile()))


def test_the_longest_bar_is_the_largest_row_and_its_amount_is_written() -> None:
    column, look = ProfileColumn(), sample_look(plain_ascii=True)
    assert column.take((ProfileBin(100.0, 110.0, 30 * MICRO, 10 * MICRO), ProfileBin(120.0, 130.0, 0, 20 * MICRO)))
    chart = [Strip.blank(10)] * 6
    texts = [strip.text[:8] for strip in column.beside(chart, PriceScale(100.0, 140.0, 4), look)]
    assert texts == ["        ", "====    ", "        ", "#####== ", "liq 24h ", "#$40    "]


async def test_a_new_profile_does_not_draw_the_chart_again() -> None:
    view = desk_view()
    app = make_desk(view)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        chart = app.desk.chart
        draws, before = chart.charts.first.renderer.draws, [strip.text for strip in chart._lines]
        assert any("liq 24h" in line for line in before)
        more = tuple(row._replace(long=9 * row.long) for row in view.profile[20:])
        app.publish(view._replace(profile=(*view.profile[:20], *more)))
        await settled(pilot)
        assert chart.charts.first.renderer.draws == draws
        assert [strip.text for strip in chart._lines] != before


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 48), (240, 67)])
async def test_the_profile_goes_first_where_there_is_little_room(size: tuple[int, int]) -> None:
    app = make_desk()
    async with app.run_test(size=size) as pilot:
        await pilot.press("4")
        await settled(pilot)
        chart = app.desk.chart
        shown = any("liq 24h" in strip.text for strip in chart._lines)
        assert shown == (chart.body_size[0] >= PROFILE_FROM)
        await pilot.press("P", "P")
        await settled(pilot)
        assert bool(app._notifications) is not shown


async def test_a_click_on_the_axis_beside_the_profile_places_a_level() -> None:
    app = make_desk(link=FakeLink(desk_view()))
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        plot = app.desk.chart.charts.first.renderer.plot
        assert plot is not None
        await pilot.click("#chart", offset=(8 + plot.left + 3, 6))
        await settled(pilot)
        assert app.desk.chart.mode is None
        await pilot.click("#chart", offset=(8 + plot.left - 1, 6))
        await settled(pilot)
        assert app.desk.chart.mode is not None
