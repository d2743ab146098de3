"""Two charts in the pane, volume, notes, the running candle, and what the wheel does."""

from __future__ import annotations

import math
from array import array

import pytest
from textual import events

from crashdesk.desk.chart.cells import Part
from crashdesk.desk.chart.commands import second_choice
from crashdesk.desk.chart.controls import Extent, wheel_zoom
from crashdesk.desk.chart.notes import candles_of_notes
from crashdesk.desk.chart.options import ChartOptions
from crashdesk.desk.chart.pair import Second, next_second, shares
from crashdesk.desk.chart.pane import ChartPane
from crashdesk.desk.chart.places import bar_at, time_at
from crashdesk.desk.chart.render import ChartRenderer, draw_plot
from crashdesk.desk.chart.request import ChartRequest, Plot
from crashdesk.desk.chart.styles import chart_styles
from crashdesk.desk.chart.volume import amount_short
from crashdesk.desk.chart.window import bars_of
from crashdesk.model.control import WantCandles
from crashdesk.model.records import Precision
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, Timeframe
from crashdesk.session.alert_candles import AGAIN_MS
from crashdesk.session.views import ChartView, Mode, TimelineItem
from tests.desk.chart_data import FIRST_MS, chart_of, flat_candles
from tests.desk.fake_link import FakeLink, Memory, make_desk
from tests.desk.sample_look import sample_look
from tests.desk.sample_views import desk_view
from tests.desk.waiting import settled

STYLES = chart_styles(sample_look().palette)


def plot_of(view: ChartView, options: ChartOptions = ChartOptions(), **more: object) -> Plot:  # noqa: B008
    plot = draw_plot(ChartRequest(view, (), 90, 34, options)._replace(**more))  # type: ignore[arg-type]
    assert plot is not None
    return plot


def with_volume(volumes: list[float]) -> ChartView:
    return chart_of(flat_candles(len(volumes)))._replace(volume=array("d", volumes))


def test_the_volume_stands_under_the_prices_in_eighths() -> None:
    plot = plot_of(with_volume([8.0, 4.0, 0.0, 2.0] * 15), ChartOptions(zoom=60))
    assert plot.rows == 32
    assert plot.volume_rows == 4
    strip = range(plot.scale.rows, plot.rows)
    columns = [plot.left + plot.bars.column(index) for index in range(4)]
    texts = ["".join(plot.grid.chars[y][x] for y in strip) for x in columns]
    assert texts == ["████", "  ██", "    ", "   █"]
    parts = {plot.grid.parts[plot.rows - 1][x] for x in columns[:2]}
    assert parts == {Part.VOLUME_DOWN, Part.VOLUME_UP}
    assert plot.grid.text(plot.scale.rows)[: plot.left - 1].strip() == "8"
    assert plot.grid.text(plot.rows - 1)[: plot.left - 1].strip() == "vol"


@pytest.mark.parametrize("volumes", [[0.0] * 40, [math.nan] * 40])
def test_an_unknown_volume_takes_no_room(volumes: list[float]) -> None:
    assert plot_of(with_volume(volumes)).volume_rows == 0
    assert plot_of(with_volume([1.0] * 40), ChartOptions(volume=False)).volume_rows == 0
    small = draw_plot(ChartRequest(with_volume([1.0] * 40), (), 90, 12, ChartOptions()))
    assert small is not None
    assert small.volume_rows == 0


def test_amounts_are_short() -> None:
    words = [amount_short(amount) for amount in (0.0123, 7, 812, 999.9, 31_220, 1_416_000, 999_600, 2.3e9)]
    assert words == ["0.0123", "7", "812", "1.00k", "31.2k", "1.42M", "1.00M", "2.30B"]


def test_merged_bars_add_their_volume() -> None:
    bars = bars_of(with_volume([1.0, 2.0, math.nan] * 30), 40, 90, 0)
    assert bars.merged == 3
    assert math.fsum(bars.volume) == 90.0


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("zoom", [30, 12])
def test_the_running_candle_is_drawn_otherwise(plain: bool, zoom: int) -> None:
    view = chart_of(flat_candles(60))
    options = ChartOptions(zoom=zoom, ascii=plain)
    closed, running = plot_of(view, options), plot_of(view._replace(open_last=True), options)
    x = closed.left + closed.bars.column(len(closed.bars) - 1)
    both = [[(p.grid.chars[y][x], p.grid.parts[y][x]) for y in range(p.scale.rows)] for p in (closed, running)]
    assert {part for _, part in both[0]} & {Part.UP, Part.DOWN}
    assert not {part for _, part in both[1]} & {Part.UP, Part.DOWN}
    assert {char for char, part in both[1] if part is Part.OPEN_UP}.isdisjoint(char for char, _ in both[0])
    before = plot_of(view._replace(open_last=True), options._replace(pan=5)).bars
    assert not before.unfinished
    line = plot_of(view._replace(open_last=True), options._replace(candles=False))
    assert any(Part.OPEN_LINE in parts for parts in line.grid.parts)


def note(day: float, kind: str = "hack") -> TimelineItem:
    return TimelineItem("id", FIRST_MS + round(day * DAY_MS), Precision.DAY, kind, "text", "", None, mine=False)


def test_notes_are_marked_at_their_candle_and_events_are_not() -> None:
    view = chart_of(flat_candles(30))
    items = (note(-1), note(3.5), note(3.6), note(9, "mine"), note(12, "cascade"), note(12.5, "alert"), note(31))
    notes = candles_of_notes(items, view)
    assert notes == (FIRST_MS + 3 * DAY_MS, FIRST_MS + 9 * DAY_MS)
    for plain, mark in ((False, "✎"), (True, "n")):
        plot = plot_of(view, ChartOptions(ascii=plain), notes=notes)
        marked = [x for x, part in enumerate(plot.grid.parts[plot.rows]) if part is Part.NOTE]
        assert [time_at(plot, x) for x in marked] == list(notes)
        assert {plot.grid.chars[plot.rows][x] for x in marked} == {mark}
    holed = view._replace(open_ms=array("q", [FIRST_MS + day * DAY_MS for day in (*range(3), *range(4, 31))]))
    assert candles_of_notes((note(3.5),), holed) == ()


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("step", [1, -1])
def test_the_wheel_keeps_the_candle_under_the_pointer(share: float, step: int) -> None:
    view = chart_of(flat_candles(600))
    options = ChartOptions(zoom=120, pan=200, profile=False)
    before = bars_of(view, 120, options.zoom, options.pan)
    changed = wheel_zoom(options, step, Extent(120, before.shown, before.available), share)
    after = bars_of(view, 120, changed.zoom, changed.pan)
    assert after.shown != before.shown
    at = [bars.open_ms[0] + share * bars.shown * DAY_MS for bars in (before, after)]
    assert abs(at[0] - at[1]) <= 2 * DAY_MS * max(1, after.merged)


def test_what_the_key_goes_through() -> None:
    second: Second | None = None
    seen = []
    for _ in range(6):
        second = next_second(("BTC/USDT", Timeframe.D1), second)
        seen.append(second and second[1])
    assert seen == [Timeframe.W1, Timeframe.M5, Timeframe.M15, Timeframe.H1, Timeframe.H4, None]
    assert next_second(("BTC/USDT", Timeframe.D1), ("ETH/USDT", Timeframe.H1)) == ("ETH/USDT", Timeframe.H4)


def test_there_is_room_beside_or_below() -> None:
    beside, below = shares(120, 14), shares(90, 30)
    assert beside is not None
    assert [(part.x, part.width, part.height) for part in beside] == [(0, 60, 14), (61, 59, 14)]
    assert below is not None
    assert [(part.y, part.width, part.height) for part in below] == [(0, 90, 15), (15, 90, 15)]
    assert shares(90, 14) is None


def two_charts() -> ChartView:
    view = chart_of(flat_candles(90, 3_600.0), last=3_598.0)
    times = array("q", [FIRST_MS + index * HOUR_MS for index in range(90)])
    return view._replace(symbol="ETH/USDT", timeframe=Timeframe.H1, open_ms=times)


@pytest.mark.parametrize("size", [(240, 60), (110, 60), (160, 48), (80, 24)])
async def test_both_charts_are_drawn_each_with_its_head(size: tuple[int, int]) -> None:
    link = FakeLink(desk_view()._replace(second=two_charts()))
    app = make_desk(link=link, memory=Memory())
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        app.desk.focus_pane("chart")
        await pilot.press("z")
        for _ in range(3):
            await pilot.pause()
        chart: ChartPane = app.desk.chart
        text = "\n".join(strip.text for strip in chart.lines(*chart.size))
        assert {len(line) for line in text.splitlines()} == {chart.size.width}
        assert "BTC/USDT okx · 1d" in text
        if shares(*chart.body_size) is None:
            assert "ETH/USDT" not in text
            return
        assert "ETH/USDT okx  1h" in text
        plots = chart.charts.first.plot, chart.charts.second.plot
        assert all(plots)
        options = chart.options
        x, y = chart.size.width - 20, chart.size.height - 8
        wheel = {"x": x, "y": y, "delta_x": 0, "delta_y": 0, "button": 0, "meta": False, "ctrl": False}
        chart.on_mouse_scroll_up(events.MouseScrollUp(chart, **wheel, shift=False))  # type: ignore[arg-type]
        assert chart.options == options
        assert chart.charts.second.plot is not plots[1]
        assert chart.charts.first.plot is plots[0]
        chart.click_cell(x, y, double=True)
        assert chart.mode is None


async def test_a_second_chart_is_typed_and_its_candles_are_asked_for() -> None:
    view = desk_view()
    live = view._replace(transport=view.transport._replace(mode=Mode.LIVE))
    link, memory = FakeLink(live), Memory()
    app = make_desk(link=link, memory=memory, mode=Mode.LIVE)
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        for line in ("second eth 1h", "second 4h", "second off"):
            await pilot.press("colon", *("space" if char == " " else char for char in line), "enter")
            for _ in range(3):
                await pilot.pause()
        await app._errands.flush()
    asked = [argument for name, argument in link.calls if name == "select_second"]
    assert asked == [("ETH/USDT", Timeframe.H1), ("BTC/USDT", Timeframe.H4), None]
    assert memory.commands == [WantCandles("ETH/USDT", Timeframe.H1), WantCandles("BTC/USDT", Timeframe.H4)]


async def test_a_worker_that_came_back_is_asked_for_the_charts_again() -> None:
    view = desk_view()
    live = view._replace(transport=view.transport._replace(mode=Mode.LIVE))
    memory = Memory()
    app = make_desk(live, memory=memory, mode=Mode.LIVE)
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        for late_ms in (0, AGAIN_MS):
            app.view = live._replace(now_ms=live.now_ms + late_ms)
            app.wishes.candles(())
        await app._errands.flush()
    assert memory.commands == [WantCandles(live.chart.symbol, live.chart.timeframe)]


def test_a_second_chart_that_cannot_be_says_why() -> None:
    said = [second_choice(words, desk_view(), lambda _second: None) for words in ("qqq", "btc eth", "1h 4h")]
    assert [choice.run for choice in said] == [None] * 3
    assert said[0].detail == "QQQ has no prices here"
    assert second_choice("1h", None, lambda _second: None).run is None


def test_the_last_price_moves_over_the_volume_without_a_new_drawing() -> None:
    renderer = ChartRenderer()
    request = ChartRequest(with_volume([1.0] * 60)._replace(last=100.0), (), 90, 34, ChartOptions())
    renderer.render(request, STYLES)
    renderer.render(request._replace(view=request.view._replace(last=100.5)), STYLES)
    assert renderer.draws == 1
    assert renderer.plot is not None
    assert bar_at(renderer.plot, renderer.plot.left) == 0
