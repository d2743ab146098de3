"""Layouts on the desk: seen at once by key and by name, kept, and no wrong file stops the desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from textual.pilot import Pilot

from crashdesk.config.layout_file import load_layouts
from crashdesk.config.layouts import PANES, PRESETS, panes_of
from crashdesk.desk.app import CrashDesk
from tests.config.bad_layouts import write_bad_layouts
from tests.desk.fake_link import make_desk
from tests.desk.test_desk_app import rows_of, type_line
from tests.desk.waiting import settled

SIZE = (160, 48)


def shown(app: CrashDesk) -> set[str]:
    """The panes on the screen."""
    return {name for name, pane in app.desk.panes.items() if pane.shown}


@dataclass
class Keeper:
    """Remembers what was chosen; `said` is told then."""

    said: str = ""
    chosen: list[str] = field(default_factory=list)

    def __call__(self, layout_id: str) -> str:
        self.chosen.append(layout_id)
        return self.said


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


async def test_the_key_goes_through_all_layouts_and_keeps_each() -> None:
    keeper = Keeper()
    app = make_desk(keep_layout=keeper)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert shown(app) == set(PANES)
        for name in (*list(PRESETS)[1:], "desk"):
            await pressed(pilot, "D")
            assert app.furnisher.used.id == name
            assert shown(app) == set(panes_of(PRESETS[name].root))
            assert app.desk.arrangement.focus in shown(app)
        assert keeper.chosen == [*list(PRESETS)[1:], "desk"]


async def test_a_small_terminal_shows_the_pane_that_a_layout_is_for() -> None:
    main = {
        "desk": "tickers",
        "chart": "chart",
        "liquidations": "liquidations",
        "heatmap": "sectors",
        "watch": "tickers",
    }
    app = make_desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for name in (*list(PRESETS)[1:], "desk"):
            await pressed(pilot, "D")
            assert shown(app) == {main[name]}
            assert app.desk.arrangement.focus == main[name]
    for name, pane in main.items():
        app = make_desk(layout=name)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            assert shown(app) == {pane}


async def test_the_command_shows_each_and_leaving_brings_the_old_one_back() -> None:
    keeper = Keeper("layout watch until the desk closes: config.toml says desk")
    app = make_desk(keep_layout=keeper)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await pressed(pilot, "colon", *"layout", "down")
        assert app.furnisher.used.id == "chart"
        await pressed(pilot, "escape")
        assert app.furnisher.used.id == "desk"
        assert shown(app) == set(PANES)
        await type_line(pilot, "layout watch")
        assert app.furnisher.used.id == "watch"
        assert keeper.chosen == ["watch"]
        assert [note.message for note in app._notifications] == [keeper.said]
        await type_line(pilot, "layout nothing")
        assert app.furnisher.used.id == "watch"
        assert keeper.chosen == ["watch"]


async def test_a_pane_without_a_place_is_seen_while_it_has_the_focus() -> None:
    app = make_desk(layout="heatmap")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert shown(app) == {"tickers", "sectors", "timeline"}
        assert "$1.279bn" in "\n".join(rows_of(app))
        await pressed(pilot, "3")
        assert shown(app) == {"liquidations"}
        await pressed(pilot, "2")
        assert shown(app) == {"tickers", "sectors", "timeline"}
        await pressed(pilot, "2", *["tab"] * 6)
        assert app.desk.arrangement.focus == "sectors"
        await pressed(pilot, "4", "D")
        assert app.desk.arrangement.focus == "chart"
        await pressed(pilot, "z", "D")
        assert shown(app) == set(PANES)


async def test_the_desk_starts_with_every_bad_layout_at_once(tmp_path: Path) -> None:
    write_bad_layouts(tmp_path / "layouts")
    layouts, problems = load_layouts(tmp_path / "layouts")
    assert problems
    app = make_desk(layouts=layouts, layout="latin")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert shown(app) == set(PANES)
        for name in layouts:
            await type_line(pilot, f"layout {name}")
            assert shown(app) == set(panes_of(layouts[name].root)), name
            assert len(rows_of(app)) == SIZE[1]
