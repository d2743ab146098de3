"""The size changes while something goes on: no exception, every line as wide as its pane, all rows of the terminal."""

from __future__ import annotations

import pytest

from crashdesk.config.layouts import PRESETS
from tests.desk.fake_link import FakeLink, make_desk
from tests.desk.sample_views import desk_view, moved
from tests.desk.test_desk_app import rows_of
from tests.desk.waiting import settled

SIZES = [(80, 24), (20, 5), (240, 67), (3, 2), (100, 31), (99, 30), (400, 10), (30, 100), (120, 36), (160, 48)]


@pytest.mark.parametrize(
    "keys",
    [(), ("colon", "t"), ("4", "a", "up"), ("4", "x", "left"), ("question_mark",), ("3", "z"), ("slash", "e")],
    ids=["playing", "typing", "placing", "crosshair", "reading", "zoomed", "filtering"],
)
async def test_while_something_goes_on(keys: tuple[str, ...]) -> None:
    view = desk_view()
    link = FakeLink(view)
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press(*keys)
        for number, size in enumerate(SIZES):
            await pilot.resize_terminal(*size)
            link.publish(view if number % 2 else moved(view))
            app.furnisher.use(list(PRESETS)[number % len(PRESETS)])
            await settled(pilot)
            assert app.size == size
            assert len(rows_of(app)) == size[1]
            for pane in app.desk.panes.values():
                if pane.shown and pane.size.area:
                    assert {strip.cell_length for strip in pane._lines} == {pane.size.width}
                    assert len(pane._lines) == pane.size.height
