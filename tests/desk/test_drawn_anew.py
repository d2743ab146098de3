"""What is kept of a drawing is what would be drawn anew; what says the same stays the very same strip."""

from __future__ import annotations

import random

from rich.segment import Segment
from textual.strip import Strip

from crashdesk.desk.chart.profile import ProfileColumn
from crashdesk.desk.chart.scale import PriceScale
from crashdesk.desk.levels.book import LevelBook, LevelKeeper
from crashdesk.desk.levels.pane import LevelsPane
from crashdesk.desk.status import StatusBar
from crashdesk.model.level import LevelState
from crashdesk.model.money import MICRO
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS
from crashdesk.session.liquidation_views import ProfileBin
from crashdesk.session.views import DeskView
from tests.desk.panes_app import PanesApp
from tests.desk.sample_look import sample_look
from tests.desk.sample_market import NOW_MS
from tests.desk.sample_views import desk_view

SIZE = (52, 14)


def _levels() -> LevelsPane:
    return LevelsPane(
        sample_look(), LevelKeeper(LevelBook([]), lambda edit, levels: None, lambda: NOW_MS), lambda _: None
    )


def _changed(view: DeskView, dice: random.Random) -> DeskView:
    """Another moment: one level stands otherwise, or the price, the digits or the time are others."""
    ladder, rows = view.ladder, list(view.ladder.rows)
    place = dice.randrange(len(rows))
    match dice.randrange(5):
        case 0:
            rows[place] = rows[place]._replace(liquidated=(dice.randrange(9) * 10**12, 0))
        case 1:
            state = dice.choice(list(LevelState))
            rows[place] = rows[place]._replace(state=state, state_since_ms=view.now_ms - dice.randrange(2 * DAY_MS))
        case 2:
            ladder = ladder._replace(last=dice.uniform(95_000, 111_000))
        case 3:
            ladder = ladder._replace(price_decimals=dice.randrange(3))
        case _:
            view = view._replace(now_ms=view.now_ms + dice.choice((MINUTE_MS, DAY_MS)))
    return view._replace(ladder=ladder._replace(rows=tuple(rows)))


def test_levels_that_are_kept_are_those_that_would_be_drawn() -> None:
    dice, view, pane = random.Random(7), desk_view(), _levels()
    for _ in range(200):
        view = _changed(view, dice)
        fresh = _levels()
        for one in (pane, fresh):
            one.show(view)
        width = dice.choice((SIZE[0], SIZE[0] - 9))
        assert list(pane.body(width, SIZE[1])) == list(fresh.body(width, SIZE[1]))


def test_a_level_that_says_the_same_keeps_its_strip() -> None:
    view, pane = desk_view(), _levels()
    pane.show(view)
    before = list(pane.body(*SIZE))
    other = view.ladder.rows[0]._replace(distance_pct=12.3)
    pane.show(view._replace(ladder=view.ladder._replace(rows=(other, *view.ladder.rows[1:]))))
    after = list(pane.body(*SIZE))
    levels = len(view.ladder.rows)
    assert [a is b for a, b in zip(before[1:4], after[1:4], strict=True)] == [
        True,
        True,
        False,
    ]  # the last price is new
    assert before[0] != after[0]
    assert all(a is b for a, b in zip(before[4 : levels + 1], after[4 : levels + 1], strict=True))


def test_the_status_line_is_the_same_strip_while_it_says_the_same() -> None:
    view, bar = desk_view(), StatusBar(sample_look())
    bar.show(view)
    (before,) = bar.lines(150, 1)
    bar.show(view._replace(seq=view.seq + 1))
    assert bar.lines(150, 1)[0] is before
    bar.show(view._replace(now_ms=view.now_ms + 1_000))
    (later,) = bar.lines(150, 1)
    assert later != before
    assert bar.lines(149, 1)[0].cell_length == 149
    bar.look = sample_look(theme="paper")
    assert bar.lines(150, 1)[0] != later


def test_a_row_of_the_profile_stays_while_its_bar_and_the_chart_beside_it_do() -> None:
    look, scale = sample_look(), PriceScale(100.0, 140.0, 4)
    chart = [Strip.blank(10) for _ in range(6)]
    bins = (ProfileBin(100.0, 110.0, 30 * MICRO, 10 * MICRO), ProfileBin(120.0, 130.0, 0, 20 * MICRO))
    kept = ProfileColumn()
    kept.take(bins)
    before = kept.beside(chart, scale, look)
    more = (bins[0], bins[1]._replace(short=38 * MICRO))
    kept.take(more)
    chart[0] = Strip([Segment("x" * 10)])
    after, fresh = kept.beside(chart, scale, look), ProfileColumn()
    fresh.take(more)
    assert after == fresh.beside(chart, scale, look)
    assert [a is b for a, b in zip(before, after, strict=True)] == [False, False, True, True, True, True]


async def test_a_frame_follows_focus_look_and_size() -> None:
    app = PanesApp()
    async with app.run_test(size=(120, 30)) as pilot:
        app.show(desk_view())
        await pilot.pause()
        pane = app.levels
        width, height = pane.size
        first = pane.lines(width, height)
        assert all(a is b for a, b in zip(first, pane.lines(width, height), strict=True))
        pane.focus()
        await pilot.pause()
        assert pane.lines(width, height)[0] != first[0]
        assert [strip.cell_length for strip in pane.lines(width - 3, height)] == [width - 3] * height
        pane.restyle(sample_look(theme="paper"))
        drawn = pane.lines(width, height)
        assert not any(a == b for a, b in zip(first, drawn, strict=True))
