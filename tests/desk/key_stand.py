"""A desk whose keys are pressed, and checks that many keys share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from textual.pilot import Pilot

from crashdesk.config.ticker_settings import USUAL_COLUMNS
from crashdesk.desk.app import CrashDesk
from tests.desk.fake_link import FakeLink, Memory

SIZE = (160, 48)


@dataclass
class Stand:
    """A running desk and what it told the outside."""

    app: CrashDesk
    pilot: Pilot[None]
    link: FakeLink
    memory: Memory
    key: str

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        for _ in range(3):  # from the pane to the screen, to the app, and back
            await self.pilot.pause()
        await self.app._errands.flush()

    async def act(self) -> None:
        await self.press(self.key)

    def asked(self, name: str) -> list[object]:
        return [argument for call, argument in self.link.calls if call == name]


Check = Callable[[Stand], Awaitable[None]]


def groups(name: str) -> Check:
    """The sample has no perpetuals and no stocks."""

    async def check(stand: Stand) -> None:
        await stand.act()
        pane = stand.app.desk.tickers
        assert pane.listing.group == name
        assert len(pane.listing.rows) == 20
        await stand.act()
        assert pane.listing.group == ""

    return check


def opens_command(text: str) -> Check:
    async def check(stand: Stand) -> None:
        await stand.act()
        prompt = stand.app.desk.bottom.prompt
        assert prompt is not None
        assert prompt.text == text

    return check


async def chooses_columns(stand: Stand) -> None:
    await stand.press("4")
    await stand.act()
    pane = stand.app.desk.tickers
    assert stand.app.desk.arrangement.focus == "tickers"
    await stand.press("space", "J", "enter")
    assert pane.columns == ("symbol", *USUAL_COLUMNS[2:])
    assert stand.asked("select_columns")[-1] == pane.columns
    await stand.act()
    await stand.press("space", "escape")
    assert pane.columns == ("symbol", *USUAL_COLUMNS[2:])


def focuses(name: str) -> Check:
    async def check(stand: Stand) -> None:
        if name == "tickers":
            await stand.press("4")
        await stand.act()
        assert stand.app.desk.arrangement.focus == name
        assert stand.app.focused is stand.app.desk.panes[name]

    return check


def asks(name: str, argument: object = None, *, before: tuple[str, ...] = ()) -> Check:
    async def check(stand: Stand) -> None:
        await stand.press(*before)
        await stand.act()
        assert stand.asked(name)[-1:] == [argument]

    return check


def moves_tickers(before: tuple[str, ...], row: int) -> Check:
    async def check(stand: Stand) -> None:
        rows = [view.symbol for view in stand.app.view.tickers]  # type: ignore[union-attr]
        await stand.press(*before)
        await stand.act()
        await stand.press("enter")
        assert stand.asked("select_symbol") == [rows[row]]

    return check


async def next_pane(stand: Stand) -> None:
    await stand.act()
    assert stand.app.desk.arrangement.focus == "sectors"


async def previous_pane(stand: Stand) -> None:
    await stand.act()
    assert stand.app.desk.arrangement.focus == "timeline"
