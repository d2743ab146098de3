"""A desk and its levels.toml: what others change comes on the screen, what can't be saved waits and is told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot

from crashdesk.cli.opening import BuiltDesk, run_desk
from crashdesk.config.level_store import LevelStore
from crashdesk.config.levels_file import edit_levels, load_levels
from crashdesk.desk.app import CrashDesk
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.level_edits import Delete, Put
from tests.desk.fake_link import FakeLink, make_desk
from tests.desk.sample_market import NOW_MS
from tests.desk.sample_views import desk_view
from tests.desk.test_desk_app import type_line
from tests.desk.waiting import settled

BROKEN = '[[levels]]\nsymbol = "BTC/USDT"\nprice = 100000\nkinds = "stop"\n'


class Stand:
    """A desk with a real file of levels."""

    def __init__(self, file: Path) -> None:
        self.file, self.link = file, FakeLink(desk_view())
        self.app = make_desk(link=self.link)
        store = LevelStore(file, lambda: NOW_MS)
        store.load()
        errands = self.app._errands
        errands._ports = errands._ports._replace(save_levels=store.save, look_at_levels=store.look)

    @property
    def prices(self) -> list[float]:
        """What the desk has, and what the folding thread was told last."""
        prices = [level.price for level in self.app.keeper.book.levels]
        told = [levels for name, levels in self.link.calls if name == "set_levels"]
        assert [level.price for level in told[-1]] == prices
        return prices

    def toasts(self) -> list[str]:
        return [note.message for note in self.app._notifications]

    async def look(self, pilot: Pilot[None]) -> None:
        self.app._tick()
        await settled(pilot)


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    return Stand(tmp_path / "levels.toml")


def other(name: str, price: float) -> Level:
    return Level(name, "BTC/USDT", price, LevelKind.LINE, "", NOW_MS, NOW_MS)


async def test_two_writers_meet_on_the_screen_and_undo_takes_back_only_ones_own(stand: Stand) -> None:
    async with stand.app.run_test(size=(120, 36)) as pilot:
        await type_line(pilot, "lv 105000")
        edit_levels(stand.file, [Put(other("theirs", 94_200.0))], NOW_MS)
        assert stand.prices == [105_000.0]
        await stand.look(pilot)
        assert stand.prices == [105_000.0, 94_200.0]
        await pilot.press("5", "u")
        await settled(pilot)
        assert stand.prices == [94_200.0]
        assert [level.id for level in load_levels(stand.file)[0]] == ["theirs"]
        edit_levels(stand.file, [Delete("theirs", NOW_MS + 1)], NOW_MS)
        await stand.look(pilot)
        assert stand.prices == []
        calls = len(stand.link.calls)
        await stand.look(pilot)
        assert len(stand.link.calls) == calls, "nothing changed, nothing was told"


async def test_a_mistake_is_told_and_edits_wait_until_it_is_mended(stand: Stand) -> None:
    async with stand.app.run_test(size=(120, 36)) as pilot:
        stand.file.write_text(BROKEN)
        await stand.look(pilot)
        assert stand.prices == [100_000.0]
        assert [text for text in stand.toasts() if "levels[0].kinds: unknown key (did you mean 'kind'?)" in text]
        await type_line(pilot, "lv 105000")
        await type_line(pilot, "lv 106000")
        assert stand.prices == [100_000.0, 105_000.0, 106_000.0]
        assert sum("levels are kept in memory" in text for text in stand.toasts()) == 1
        assert stand.file.read_text() == BROKEN
        assert "levels[0].kinds" in stand.app.unsaved
        stand.file.write_text(BROKEN.replace("kinds", "kind"))
        await stand.look(pilot)
        assert "levels saved" in stand.toasts()
        assert stand.app.unsaved == ""
    assert [level.price for level in load_levels(stand.file)[0]] == [100_000.0, 105_000.0, 106_000.0]


def test_what_could_not_be_saved_is_said_after_the_desk(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    async def use() -> None:
        async with stand.app.run_test(size=(120, 36)) as pilot:
            stand.file.write_text(BROKEN)
            await type_line(pilot, "lv 105000")

    def run(_: CrashDesk) -> None:
        asyncio.run(use())

    monkeypatch.setattr(CrashDesk, "run", run)
    with pytest.raises(CrashdeskError, match=r"changes of your levels are lost: .*mistake to mend first"):
        run_desk(BuiltDesk(stand.app, []), lambda _: None)
