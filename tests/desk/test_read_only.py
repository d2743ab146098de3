"""A desk that is read-only: nothing that keeps or asks for anything does so, by key, mouse or command."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.cli.read_only import looking
from crashdesk.config.actions import ACTIONS, WRITES
from crashdesk.config.told import CHECK
from crashdesk.desk.app import CrashDesk
from crashdesk.desk.levels.book import LevelBook, LevelKeeper
from crashdesk.desk.ports import ThemePorts
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.level import Level, LevelKind
from crashdesk.session.found import FOUND
from crashdesk.session.views import Mode
from tests.desk.fake_link import Memory, make_desk
from tests.desk.sample_views import desk_view
from tests.desk.waiting import settled

SENTENCE = "this desk is read-only: it keeps no levels, notes or pictures, and asks for no symbols"


class Watched(Memory):
    """Whether anything was written or asked, whatever it was."""

    @property
    def kept(self) -> tuple[object, ...]:
        return (*self.levels, *self.notes, *self.briefs, *self.pictures, *self.commands)


def read_only_desk(memory: Memory, mode: Mode = Mode.REPLAY) -> tuple[CrashDesk, list[str]]:
    """The desk, and the choices that it gave away to be kept."""
    chosen: list[str] = []

    def keep(*words: str) -> str:
        chosen.extend(words)
        return ""

    themes = ThemePorts(lambda: None, keep, CHECK)
    ports = memory.ports(live=mode is Mode.LIVE)
    ports = looking(ports._replace(themes=themes, remember=keep, keep_layout=keep))
    full = memory.ports
    memory.ports = lambda **_: ports  # type: ignore[method-assign]
    app = make_desk(memory=memory, mode=mode, theme_ports=ports.themes, remember=ports.remember)
    memory.ports = full  # type: ignore[method-assign]
    return app, chosen


def toasts(app: CrashDesk) -> list[str]:
    return [note.message for note in app._notifications]


def test_the_table_names_only_actions_that_there_are() -> None:
    assert {action.id for action in ACTIONS} >= WRITES


@pytest.mark.parametrize("mode", [Mode.REPLAY, Mode.LIVE])
@pytest.mark.parametrize("action", sorted(WRITES))
async def test_actions_that_write_are_refused(action: str, mode: Mode) -> None:
    memory = Watched()
    app, chosen = read_only_desk(memory, mode)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        app.perform(action)
        await settled(pilot)
        assert toasts(app) == [SENTENCE]
        assert app.desk.chart.mode is None
        assert app.desk.bottom.prompt is None
    assert (memory.kept, chosen) == ((), [])


@pytest.mark.parametrize("mode", [Mode.REPLAY, Mode.LIVE])
async def test_no_action_at_all_keeps_or_asks_for_anything(mode: Mode) -> None:
    memory = Watched()
    app, chosen = read_only_desk(memory, mode)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        for action in ACTIONS:
            if action.id not in {"quit", "interrupt", "input_accept", "input_cancel"}:
                app.perform(action.id)
                await pilot.pause()
                await pilot.press("escape", "escape")
        await settled(pilot)
        assert not any("written" in text or "not " in text for text in toasts(app) if text != SENTENCE)
    assert (memory.kept, chosen) == ((), [])


@pytest.mark.parametrize("typed", ["LV 105000", "note hack: x", "BM here", "PX", "add hype", "remove ETH", "NT"])
async def test_commands_that_write_are_refused(typed: str) -> None:
    memory = Watched()
    app, chosen = read_only_desk(memory, Mode.LIVE)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("colon", *("space" if letter == " " else letter for letter in typed), "enter")
        await settled(pilot)
        assert "read-only" in toasts(app)[-1]
    assert (memory.kept, chosen) == ((), [])


async def test_themes_layouts_and_symbols_change_what_is_shown_and_nothing_else() -> None:
    memory = Watched()
    app, chosen = read_only_desk(memory, Mode.LIVE)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("D", "down", "enter", "t", *"K", "escape")
        await pilot.press("colon", *"theme", "space", *"paper", "enter")
        await settled(pilot)
        assert app._wardrobe.worn.id == "paper"
        assert toasts(app) == []
    assert (memory.kept, chosen) == ((), [])


async def test_a_level_is_not_placed_by_the_mouse() -> None:
    memory = Watched()
    app, _ = read_only_desk(memory)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        app.desk.chart.modes.place_at_once(105_000.0)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert toasts(app) == [SENTENCE]
        assert app.keeper.book.levels == ()
    assert memory.kept == ()


async def test_a_brief_is_shown_and_not_written() -> None:
    memory = Watched()
    app, _ = read_only_desk(memory)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await pilot.press("b")
        await settled(pilot)
        assert app.desk.reader is not None
        assert toasts(app) == []
    assert memory.kept == ()


@pytest.mark.parametrize("pane", ["tickers", "chart", "levels", "timeline"])
async def test_help_has_no_keys_that_are_refused(pane: str) -> None:
    app, _ = read_only_desk(Memory())
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        app.desk.focus_pane(pane)
        await pilot.press("question_mark")
        await settled(pilot)
        reader = app.desk.reader
        assert reader is not None
        text = "\n".join("".join(words for words, _ in line) for line in reader._page)
        assert "pause, go on" in text
        for action in ACTIONS:
            if action.id in WRITES - {"undo", "redo", "picture"}:  # words that others have too
                assert action.description[:40] not in text


async def test_it_says_so_in_the_status_line_at_every_size() -> None:
    for size in ((80, 24), (160, 48)):
        app, _ = read_only_desk(Memory())
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            assert "READ-ONLY" in "".join(segment.text for segment in app.desk.status.lines(size[0], 1)[0])
            hints = "".join(segment.text for segment in app.desk.bottom.lines(size[0], 1)[0])
            assert "zoom" in hints
            assert "level" not in hints
            assert "note" not in hints


def test_even_what_asks_all_the_same_is_refused(tmp_path: Path) -> None:
    ports = looking(Memory().ports(live=True))
    assert ports.send_command is None
    assert ports.alerts is None
    for write in (
        lambda: ports.save_levels(()),
        lambda: ports.remove_note("x"),
        lambda: ports.save_picture("<svg/>", 0),
    ):
        with pytest.raises(CrashdeskError, match="read-only"):
            write()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", ["enter", "twice", "keys"])
async def test_a_level_of_the_ladder_is_not_changed_and_nothing_else_is_said(how: str) -> None:
    memory = Watched()
    app, _ = read_only_desk(memory)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        view = desk_view()
        found = view.ladder.rows[-1]._replace(id=None, source=FOUND, why=("swing low 2025-06-22",))
        app.publish(view._replace(ladder=view.ladder._replace(rows=(*view.ladder.rows[:-1], found))))
        await settled(pilot)
        ladder = app.desk.levels
        for choose in ("move_first", "move_last"):
            ladder.pane_key(choose)
            if how == "enter":
                ladder.pane_key("choose")
            elif how == "keys":
                for key in ("level_edit", "level_delete", "undo", "redo"):
                    ladder.pane_key(key)
            else:
                for y in range(len(ladder._seen)):
                    ladder.click_cell(3, y, double=True)
        await settled(pilot)
        assert {*toasts(app)} == {SENTENCE}
        assert app.desk.chart.mode is None
        assert app.desk.bottom.prompt is None
    assert memory.kept == ()


def test_the_keeper_of_levels_changes_nothing() -> None:
    said: list[str] = []
    level = Level("L1", "BTC/USDT", 105_000.0, LevelKind.LINE, "", 0, 0)
    keeper = LevelKeeper(
        LevelBook([level]), lambda *_: said.append("changed"), lambda: 1, refuse=lambda: said.append("no")
    )
    keeper.put(level._replace(price=1.0))
    assert not keeper.delete("L1")
    assert not keeper.undo()
    assert not keeper.redo()
    assert said == ["no"] * 4
    assert keeper.book.levels == (level,)
