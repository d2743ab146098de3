"""The chart pane in a running app: what it shows, its keys and modes, and every size."""

from __future__ import annotations

import re
import subprocess
import sys
from array import array
from pathlib import Path

import pytest

from crashdesk.config.actions import KeyMode
from crashdesk.desk.chart.facts import average_slope, fact_groups, since_words
from crashdesk.desk.chart.pane import ChartPane
from crashdesk.desk.picture import _TEXT, _without_blanks
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, Timeframe
from crashdesk.session.views import Mode
from tests.desk.chart_data import chart_of, flat_candles
from tests.desk.panes_app import MINE, PanesApp, mouse_at, own_ladder
from tests.desk.sample_chart import chart_view
from tests.desk.sample_look import sample_look
from tests.desk.sample_market import NOW_MS
from tests.desk.sample_views import desk_view


async def test_the_chart_says_what_it_shows() -> None:
    app = PanesApp()
    async with app.run_test(size=(160, 30)) as pilot:
        assert "waiting for the first candles" in app.text(app.chart)
        app.show(desk_view())
        await pilot.pause()
        text = app.text(app.chart)
        assert "4 Chart ─ BTC/USDT okx · 1d · SMA200 109,800 ▼ breached (close 11-03)" in text
        assert f"close 11-03 {chart_view().close[-2]:,.0f}" in text
        assert "SMA200 109,800  last −3.28%" in text  # of the last price, not of the close before it
        assert "breached 3 h ago" in text
        assert "◀106,200" in text


async def test_keys_change_the_chart() -> None:
    app = PanesApp()
    async with app.run_test(size=(160, 30)) as pilot:
        app.show(desk_view())
        await pilot.pause()
        candles = app.text(app.chart)
        for action in ("chart_kind", "chart_log", "chart_averages", "chart_zoom_in", "move_left", "chart_zoom_out"):
            before = app.text(app.chart)
            assert app.chart.pane_key(action)
            assert app.text(app.chart) != before, action
        assert app.chart.pane_key("move_first")
        assert f"{app.chart.options.pan} candles back" in app.text(app.chart)
        assert app.chart.pane_key("move_last")
        assert app.chart.options.pan == 0
        for _ in range(3):
            app.chart.pane_key("chart_averages")
        app.chart.pane_key("chart_kind")
        app.chart.pane_key("chart_log")
        app.chart.options = app.chart.options._replace(zoom=None)
        assert app.text(app.chart) == candles
        assert not app.chart.pane_key("pause")
        app.chart.pane_key("timeframe_next")
        app.chart.pane_key("timeframe_previous")
        await pilot.pause()
        assert app.heard == [("BTC/USDT", Timeframe.W1), ("BTC/USDT", Timeframe.H4)]


async def test_the_key_of_the_volume_says_why_there_is_none() -> None:
    app = PanesApp()
    async with app.run_test(size=(160, 16)) as pilot:
        app.show(desk_view())
        await pilot.pause()
        assert "vol" not in app.text(app.chart).split()
        assert app.chart.pane_key("chart_volume")
        await pilot.pause()
        (said,) = app.heard
        rows = re.fullmatch(r"the volume needs (\d+) more rows: z zooms the chart", str(said[1]))  # type: ignore[index]
        assert rows
        await pilot.resize_terminal(160, 16 + int(rows[1]))
        while app.chart.size.height == 16:
            await pilot.pause()
        assert "vol│" in app.text(app.chart)  # it was not switched off while it could not be seen
        assert app.chart.pane_key("chart_volume")
        assert "vol│" not in app.text(app.chart)
        await pilot.pause()
        assert len(app.heard) == 1


async def test_a_level_is_placed_on_the_chart() -> None:
    app = PanesApp()
    async with app.run_test(size=(160, 30)) as pilot:
        assert not app.chart.modes.place()
        app.show(desk_view())
        assert app.chart.modes.place()
        for char in "104250":
            assert app.chart.mode_key("place_type", char)
        assert "▶104,250" not in app.text(app.chart)
        assert "▶104250_ −1.8%" in app.text(app.chart)
        assert "placing a level" in app.text(app.chart)
        app.chart.mode_key("place_set")
        assert app.asked is not None
        assert "▶104,250 −1.8%" in app.text(app.chart)
        app.asked.done("stop under the low")
        await pilot.pause()
        assert app.saved[-1][-1].price == 104_250.0
        assert ("kept", "new0") in app.heard
        assert app.chart.key_mode is KeyMode.NORMAL
        assert "placing a level" not in app.text(app.chart)


async def test_the_crosshair_and_a_trend_line_are_seen() -> None:
    app = PanesApp()
    async with app.run_test(size=(160, 30)) as pilot:
        app.show(desk_view())
        await pilot.pause()
        assert app.chart.modes.cross()
        app.chart.mode_key("crosshair_left_far")
        text = app.text(app.chart)
        assert " crosshair " in text
        assert "┼" in text
        day = chart_view().open[-11]
        assert f"O {day:,.0f}" in text.replace(".00", "") or f"O {day:,.2f}" in text
        assert "▲ 109,800 SMA200" in text
        assert "▼ 105,000 line −1.1%" in text.splitlines()[-1]
        app.chart.mode_key("crosshair_leave")
        assert "▼ 105,000 line −1.1%" not in app.text(app.chart)
        assert app.chart.modes.trend()
        app.chart.mode_key("place_left_far")
        app.chart.mode_key("place_set")
        app.chart.mode_key("place_left_far")
        text = app.text(app.chart)
        assert "trend line: second point" in text
        assert text.count("●") == 2
        other = desk_view()
        app.show(other._replace(symbol="ETH/USDT", chart=chart_view("ETH/USDT")))
        assert app.chart.mode is None


async def test_a_click_on_the_price_axis_places_a_level_there_and_a_drag_moves_one() -> None:
    app = PanesApp()
    async with app.run_test(size=(160, 30)) as pilot:
        app.show(desk_view())
        await pilot.pause()
        await pilot.click(ChartPane, offset=(3, 12))
        plot = app.chart.charts.first.renderer.plot
        assert plot is not None
        assert app.asked is not None
        app.asked.done("")
        assert plot.scale.row(app.saved[-1][-1].price) == 12 - 2
        await pilot.click(ChartPane, offset=(30, 12))
        assert app.chart.mode is None
        row = plot.scale.row(105_000.0)
        app.show(desk_view()._replace(ladder=own_ladder()))
        await pilot.mouse_down(ChartPane, offset=(30, row + 2))
        await pilot.pause()
        app.chart.post_message(mouse_at(app.chart, 30, row + 5))
        await pilot.pause()
        await pilot.mouse_up(ChartPane, offset=(30, row + 5))
        await pilot.pause()
        moved = next(level for level in app.saved[-1] if level.id == "L1")
        assert plot.scale.row(moved.price) == row + 3
        assert (moved.label, moved.kind, app.chart.mode) == (MINE.label, MINE.kind, None)


@pytest.mark.parametrize("size", [(160, 48), (80, 24), (30, 10), (12, 4), (3, 2)])
@pytest.mark.parametrize("plain", [True, False])
async def test_every_size_and_terminal(size: tuple[int, int], plain: bool) -> None:
    app = PanesApp(plain_ascii=plain, colour=not plain)
    async with app.run_test(size=size) as pilot:
        app.show(desk_view())
        await pilot.pause()
        for pane in (app.chart, app.levels):
            text = app.text(pane)
            assert {len(line) for line in text.splitlines()} <= {pane.size.width}
            if plain:
                assert text.isascii(), text


async def test_a_new_picture_that_changes_nothing_draws_nothing() -> None:
    app = PanesApp()
    async with app.run_test(size=(160, 30)) as pilot:
        view = desk_view()
        app.show(view)
        await pilot.pause()
        draws = app.chart.charts.first.renderer.draws
        lines = app.chart._lines
        app.show(view._replace(now_ms=view.now_ms + 1000))
        assert app.chart._lines is lines
        app.show(view._replace(chart=view.chart._replace(last=106_900.0)))
        assert app.chart.charts.first.renderer.draws == draws


async def test_too_few_candles_are_counted() -> None:
    app = PanesApp()
    async with app.run_test(size=(120, 30)):
        view = desk_view()
        app.show(view._replace(chart=chart_of(flat_candles(132), last=100.0)))
        assert "no SMA200: 132 of 200 daily candles" in app.text(app.chart)
        app.show(view._replace(chart=chart_of([])))
        assert "no 1d candles of BTC/USDT in this recording" in app.text(app.chart)
        live = view.transport._replace(mode=Mode.LIVE)
        app.show(view._replace(chart=chart_of([], last=100.0), transport=live))
        assert "loading 1d candles of BTC/USDT from okx" in app.text(app.chart)
        rising = chart_of(flat_candles(260), last=100.0)._replace(sma200_daily=99.0, sma200_breached=False)
        app.show(view._replace(chart=rising))
        assert "SMA200 99.00 last close above" in app.text(app.chart)


async def test_a_chart_without_plotext_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotext", None)
    app = PanesApp()
    async with app.run_test(size=(120, 30)):
        app.show(desk_view())
        assert "the chart needs plotext" in app.text(app.chart)


def test_a_run_of_the_picture_starts_where_it_is_seen() -> None:
    run = '<text class="r1" x="24.4" y="20" textLength="61" clip-path="url(#a)">&#160;&#160;&lt;b&#160;</text>'
    assert _TEXT.sub(_without_blanks, run) == (
        '<text class="r1" x="48.8" y="20" textLength="24.4" clip-path="url(#a)">&lt;b</text>'
    )
    assert _TEXT.sub(_without_blanks, run.replace("&lt;b", "")) == ""


def test_a_week_is_named_by_the_day_on_which_it_closed() -> None:
    view = chart_view()
    monday_ms = 1_761_523_200_000  # 2025-10-27; the week ends with Sunday, 2025-11-02
    count = len(view.open_ms)
    opens = array("q", [monday_ms + (i - count + 2) * 7 * DAY_MS for i in range(count)])
    weekly = view._replace(timeframe=Timeframe.W1, open_ms=opens, open_last=True)
    words = ["".join(text for text, _ in group) for group in fact_groups(weekly, NOW_MS, sample_look())]
    assert words[0].startswith("close 11-02 ")


def test_exact_values() -> None:
    view = chart_view()
    words = ["".join(text for text, _ in group) for group in fact_groups(view, NOW_MS, sample_look())]
    assert words[0] == f"close 11-03 {view.close[-2]:,.0f}"
    slope = average_slope(view)
    assert slope == pytest.approx((view.sma200[-2] / view.sma200[-3] - 1) * 100)
    assert average_slope(view._replace(timeframe=Timeframe.H4)) is None
    assert [since_words(ms) for ms in (0, 5 * HOUR_MS, DAY_MS, 3 * DAY_MS + 1)] == [
        "0 h ago",
        "5 h ago",
        "1 day ago",
        "3 days ago",
    ]


def test_few_candles_of_another_timeframe_are_counted_too() -> None:
    view = chart_of(flat_candles(120), last=100.0, timeframe=Timeframe.H4, open_last=True, sma200_daily=99.0)
    words = ["".join(text for text, _ in group) for group in fact_groups(view, NOW_MS, sample_look())]
    assert words[1:3] == ["119 of 200 4h candles for an average", "SMA200 99.00"]
    enough = chart_of(flat_candles(201), last=100.0, timeframe=Timeframe.H4, open_last=True)
    assert not any(
        "for an average" in text for group in fact_groups(enough, NOW_MS, sample_look()) for text, _ in group
    )


def test_plotext_is_not_imported_with_the_pane() -> None:
    code = "import sys, crashdesk.desk.chart.pane; print('plotext' in sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
