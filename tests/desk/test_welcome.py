"""The card of the very first start: told once, closed by any key, in nobody's way."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from crashdesk.config.keymap import Keymap, build_keymap
from crashdesk.desk.ports import FirstStart
from crashdesk.desk.welcome import card_region
from crashdesk.session.views import Mode
from tests.desk.fake_link import FakeLink, make_desk
from tests.desk.sample_views import desk_view
from tests.desk.test_desk_app import rows_of
from tests.desk.waiting import settled

SIZE = (160, 48)
CLOSES = "Enter closes"


@dataclass
class Start:
    """A first start that remembers."""

    first: bool = True
    asked: int = 0

    def ports(self) -> FirstStart:
        def is_first() -> bool:
            self.asked += 1
            return self.first

        def done() -> None:
            self.first = False

        return FirstStart(is_first, done)


def shown(app: object) -> str:
    return "\n".join(rows_of(app))  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [SIZE, (80, 24)])
async def test_the_card_tells_the_keys_once(size: tuple[int, int]) -> None:
    start = Start()
    app = make_desk(first=start.ports())
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        text = shown(app)
        for words in (
            "?         help of the pane",
            "1-6 Tab",
            "/         filter",
            ":         everything by name",
            "Space ]",
        ):
            assert words in text
        await pilot.press("enter")
        await settled(pilot)
        await app._errands.flush()
        assert CLOSES not in shown(app)
        assert not start.first
    again = make_desk(first=start.ports())
    async with again.run_test(size=size) as pilot:
        await settled(pilot)
        assert CLOSES not in shown(again)
    assert start.asked == 2


async def test_enter_and_escape_only_close_other_keys_do_their_work_too() -> None:
    on = ("toggle_play", None)  # what waited for the reader goes on
    for key, calls in (("enter", [on]), ("escape", [on]), ("space", [on, ("toggle_play", None)])):
        link = FakeLink(desk_view())
        app = make_desk(link=link, first=Start().ports())
        async with app.run_test(size=SIZE) as pilot:
            await settled(pilot)
            assert CLOSES in shown(app)
            before = len(link.calls)
            await pilot.press(key)
            await settled(pilot)
            assert link.calls[before:] == calls
            assert CLOSES not in shown(app)


@pytest.mark.parametrize(
    ("mode", "playing", "calls"), [(Mode.REPLAY, True, 1), (Mode.REPLAY, False, 0), (Mode.LIVE, True, 0)]
)
async def test_a_replay_waits_while_the_card_is_read(mode: Mode, playing: bool, calls: int) -> None:
    view = desk_view(mode=mode)
    link = FakeLink(view._replace(transport=view.transport._replace(playing=playing)))
    app = make_desk(link=link, first=Start().ports(), mode=mode)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert link.calls.count(("toggle_play", None)) == calls
        await pilot.press("enter")
        await settled(pilot)
        assert link.calls.count(("toggle_play", None)) == 2 * calls


async def test_a_click_closes_it() -> None:
    start = Start()
    app = make_desk(first=start.ports())
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.click("#card")
        await settled(pilot)
        await app._errands.flush()
        assert CLOSES not in shown(app)
        assert not start.first


async def test_quitting_at_once_remembers_it() -> None:
    start = Start()
    app = make_desk(first=start.ports())
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("q")
    assert not start.first


def vim_like() -> Keymap:
    return build_keymap([("help", ("f1",)), ("pause", ("P",)), ("chart_profile", ("space",))])[0]


async def test_the_keys_are_those_of_the_user_and_of_what_is_shown() -> None:
    app = make_desk(first=Start().ports(), keymap=vim_like())
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert "F1        help of the pane" in shown(app)
        assert "P ]       pause" in shown(app)
    live = make_desk(first=Start().ports(), mode=Mode.LIVE)
    async with live.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert "a         place a level" in shown(live)
        assert "Space" not in "".join(line for line in rows_of(live) if "│  " in line and "event" in line)


async def test_a_small_terminal_waits_for_a_larger_one_and_remembers_nothing() -> None:
    start = Start()
    app = make_desk(first=start.ports())
    async with app.run_test(size=(72, 20)) as pilot:
        await settled(pilot)
        assert CLOSES not in shown(app)
        await pilot.press("j")
        await settled(pilot)
    assert start.first
    assert card_region(72, 20) is None


async def test_without_ports_nothing_is_asked_or_shown() -> None:
    app = make_desk()
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert CLOSES not in shown(app)
