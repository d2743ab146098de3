"""The mouse: every place of the desk takes a click and the wheel, and what looks like a thing to press is one."""

from __future__ import annotations

import pytest
from textual.events import MouseScrollDown, MouseScrollUp
from textual.pilot import Pilot

from crashdesk.desk.app import CrashDesk
from crashdesk.session.views import Mode
from tests.desk.fake_link import FakeLink, make_desk
from tests.desk.sample_views import desk_view
from tests.desk.test_desk_app import rows_of
from tests.desk.waiting import settled

WHEEL = [MouseScrollDown, MouseScrollUp]


def whole(app: CrashDesk, size: tuple[int, int]) -> bool:
    """Every row of the terminal is there and as wide as the terminal."""
    return [len(row) for row in rows_of(app)] == [size[0]] * size[1]


async def on_words(pilot: Pilot[None], row: int, words: str) -> None:
    """Click where these words begin."""
    app = pilot.app
    assert isinstance(app, CrashDesk)
    await pilot.click(offset=(rows_of(app)[row].index(words), row))
    await settled(pilot)


@pytest.mark.parametrize(("size", "mode"), [((80, 24), Mode.REPLAY), ((160, 48), Mode.LIVE)])
async def test_a_click_and_the_wheel_at_every_place(size: tuple[int, int], mode: Mode) -> None:
    app = make_desk(mode=mode)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for pane in app.desk.panes if size == (80, 24) else ("tickers",):
            app.desk.focus_pane(pane)
            await pilot.pause()
            for y in range(0, size[1] - 1, 5):
                for x in (1, size[0] // 2, size[0] - 14):
                    await pilot.click(offset=(x, y))
                    await pilot._post_mouse_events([*WHEEL], offset=(x, y))
                    if app.desk.mode.value != "normal":
                        await pilot.press("escape")
        await settled(pilot)
        assert whole(app, size)
        assert app.return_code is None
        assert not [note for note in app._notifications if note.severity == "error"]


@pytest.mark.parametrize("name", ["tickers", "sectors", "liquidations", "levels", "timeline"])
async def test_a_click_gives_a_pane_the_focus(name: str) -> None:
    app = make_desk()
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        app.desk.focus_pane("sectors" if name == "tickers" else "tickers")
        await pilot.click(f"#{name}", offset=(5, 2))
        await settled(pilot)
        assert app.desk.arrangement.focus == name


async def test_the_head_of_a_column_sorts() -> None:
    app = make_desk()
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        row = next(place for place, text in enumerate(rows_of(app)) if "24h range" in text)
        await on_words(pilot, row, "24h")
        changes = [line.change_24h_pct or 0.0 for line in app.desk.tickers.listing.rows]
        assert changes == sorted(changes) != [line.change_24h_pct for line in desk_view().tickers]
        sorting = app.desk.tickers.order.sorting
        assert sorting is not None
        assert not sorting.live
        await on_words(pilot, row, "24h")
        sorting = app.desk.tickers.order.sorting
        assert sorting is not None
        assert sorting.live


@pytest.mark.parametrize(
    ("words", "call"), [("] event", ("step_event", 1)), ("[ ]", ("step_event", -1)), ("= speed", ("change_speed", 1))]
)
async def test_a_hint_is_pressed(words: str, call: tuple[str, int]) -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await on_words(pilot, 47, words)
        assert call in link.calls
        before = list(link.calls)
        await pilot.press("colon")
        await settled(pilot)
        await pilot.click(offset=(100, 47))
        await settled(pilot)
        assert link.calls == before


async def test_a_line_of_the_list_is_chosen() -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("colon", *"theme")
        await settled(pilot)
        row = next(place for place, text in enumerate(rows_of(app)) if "theme paper" in text)
        await on_words(pilot, row, "theme paper")
        assert app.theme == "paper"
        assert app.desk.bottom.prompt is None
