"""The user's own keys on a running desk: swaps, clashes, mistakes, presets."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.config.key_presets import PRESETS
from crashdesk.config.keymap import build_keymap
from crashdesk.config.load import load_settings
from crashdesk.desk.app import CrashDesk
from tests.config.bad_keymaps import BAD_KEYMAPS, write_bad_keymaps
from tests.desk.fake_link import FakeLink, make_desk
from tests.desk.sample_views import desk_view
from tests.desk.waiting import settled

SIZE = (160, 48)


def desk_with(tmp_path: Path, toml: str, link: FakeLink | None = None) -> CrashDesk:
    """A desk with the keys of a config.toml."""
    file = tmp_path / "config.toml"
    file.write_text(toml, encoding="utf-8")
    settings, _ = load_settings(file, {})
    keymap, problems = build_keymap(settings.keys, file, settings.desk.keymap)
    assert problems == ()
    return make_desk(desk_view(), link=link, keymap=keymap, settings=settings.desk)


async def test_swapped_keys_do_each_others_work(tmp_path: Path) -> None:
    app = desk_with(tmp_path, '[keys]\nzoom = "b"\nbrief = "z"\n')
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("b")
        await settled(pilot)
        assert app.desk.arrangement.zoomed
        assert app.desk.reader is None
        await pilot.press("z")
        await settled(pilot)
        assert app.desk.arrangement.zoomed
        assert app.desk.reader is not None


async def test_a_clash_leaves_the_key_with_its_action(tmp_path: Path) -> None:
    app = desk_with(tmp_path, '[keys]\nzoom = ["space", "f5"]\n', link := FakeLink(desk_view()))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("space")
        await settled(pilot)
        assert ("toggle_play", None) in link.calls
        assert not app.desk.arrangement.zoomed
        await pilot.press("f5")
        await settled(pilot)
        assert app.desk.arrangement.zoomed


@pytest.mark.parametrize("line", ['zoooom = "f5"', 'zoom = ["spcae"]'])
async def test_an_unknown_id_and_an_unknown_key_change_nothing(tmp_path: Path, line: str) -> None:
    app = desk_with(tmp_path, f"[keys]\n{line}\n")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("f5")
        await settled(pilot)
        assert not app.desk.arrangement.zoomed
        await pilot.press("z")
        await settled(pilot)
        assert app.desk.arrangement.zoomed


async def test_the_desk_starts_with_every_mistake_at_once(tmp_path: Path) -> None:
    write_bad_keymaps(tmp_path / "bad")
    app = desk_with(tmp_path, (tmp_path / "bad/all.toml").read_text(encoding="utf-8"), link := FakeLink(desk_view()))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("space", "2", "F", "f5")
        await settled(pilot)
        assert ("toggle_play", None) in link.calls
        assert ("move", 3_600_000) in link.calls
        assert app.desk.bottom.prompt is not None
    assert len(BAD_KEYMAPS) > 12


@pytest.mark.parametrize("preset", PRESETS)
async def test_help_shows_the_keys_of_the_preset(tmp_path: Path, preset: str) -> None:
    app = desk_with(tmp_path, f'[desk]\nkeymap = "{preset}"\n')
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("3", "question_mark")
        await settled(pilot)
        reader = app.desk.reader
        assert reader is not None
        words = "\n".join(strip.text for strip in reader.lines(*reader.size))
        assert f"{'H' if preset == 'vim' else 'h'}  " in words.split("feed tabs")[0].splitlines()[-1]


async def test_vim_moves(tmp_path: Path) -> None:
    app = desk_with(tmp_path, '[desk]\nkeymap = "vim"\n', link := FakeLink(desk_view()))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("j", "j", "k", "enter", "n", "N", "2", "l")
        await settled(pilot)
        assert ("select_symbol", "ETH/USDT") in link.calls
        assert [argument for name, argument in link.calls if name == "step_event"] == [1, -1]
        await pilot.press("g", "G", "ctrl+d", "ctrl+u", "4", "h", "h", "l")
        await settled(pilot)
        assert app.desk.chart.options.pan > 0
