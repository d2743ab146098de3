"""Each bad keymap yields its exact sentences, and no action loses a key to it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from crashdesk.config.actions import ACTIONS, KeyMode
from crashdesk.config.key_names import canonical_key
from crashdesk.config.key_presets import PRESETS, preset_actions
from crashdesk.config.key_terminals import why_unsure
from crashdesk.config.keymap import Keymap, build_keymap
from crashdesk.config.load import load_settings
from crashdesk.config.user_keys import key_warnings
from tests.config.bad_keymaps import BAD_KEYMAPS, write_bad_keymaps

MODES = (KeyMode.NORMAL, KeyMode.PLACE, KeyMode.CROSSHAIR, KeyMode.INPUT)


def has_one_owner_each(keymap: Keymap) -> bool:
    """Whether no key has two owners in any mode."""
    keys = [[key for action in keymap.in_mode(mode) for key in action.keys] for mode in MODES]
    return all(len(set(of_mode)) == len(of_mode) for of_mode in keys)


@pytest.mark.parametrize("name", BAD_KEYMAPS)
def test_a_bad_keymap_yields_its_sentences(tmp_path: Path, name: str) -> None:
    write_bad_keymaps(tmp_path / "keymaps")
    file = tmp_path / "keymaps" / f"{name}.toml"
    settings, problems = load_settings(file, {})
    bad = BAD_KEYMAPS[name]
    assert [str(problem) for problem in problems] == [f"{file}: {text}" for text in bad.said]
    assert [str(problem) for problem in key_warnings(file)] == [f"{file}: {text}" for text in bad.warned]
    assert all(str(problem).isprintable() for problem in problems)
    keymap, more = build_keymap(settings.keys, file, settings.desk.keymap)
    assert more == ()
    assert has_one_owner_each(keymap)
    assert all(action.keys for action in keymap.actions)


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    write_bad_keymaps(tmp_path / "keymaps")
    settings, problems = load_settings(tmp_path / "keymaps/all.toml", {})
    assert len(problems) >= 10
    keymap, more = build_keymap(settings.keys, preset=settings.desk.keymap)
    assert more == ()
    assert has_one_owner_each(keymap)
    assert all(action.keys for action in keymap.actions)
    assert keymap.action("hour_on").keys == ("F", "ctrl+right")


@pytest.mark.parametrize("preset", PRESETS)
def test_in_every_preset_every_action_has_keys_of_its_own(preset: str) -> None:
    keymap = Keymap(preset_actions(preset))
    assert all(action.keys for action in keymap.actions)
    assert has_one_owner_each(keymap)
    known = {action.id: action for action in ACTIONS}
    for action_id, keys in PRESETS[preset].keys.items():
        assert not known[action_id].fixed
        for key in keys.split():
            assert canonical_key(key) == key
    for action in keymap.actions:
        assert any(not why_unsure(key) for key in action.keys), f"{action.id} has no key that every terminal sends"


def test_vim_moves_with_four_letters_in_every_mode() -> None:
    keymap = Keymap(preset_actions("vim"))
    for mode, names in (
        (KeyMode.NORMAL, ("move_left", "move_down", "move_up", "move_right")),
        (KeyMode.PLACE, ("place_left", "place_down", "place_up", "place_right")),
        (KeyMode.CROSSHAIR, ("crosshair_left", "crosshair_down", "crosshair_up", "crosshair_right")),
    ):
        owners = [keymap.owner(mode, key) for key in "hjkl"]
        assert [owner.id for owner in owners if owner is not None] == list(names)


def test_a_users_key_over_a_preset(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[desk]\nkeymap = "vim"\n[keys]\nfeed_tabs = "f"\nsort = "z"\nzoom = "s"\n')
    settings, problems = load_settings(file, {})
    assert problems == ()
    assert set(settings.keys) == {("feed_tabs", ("f",)), ("sort", ("z",)), ("zoom", ("s",))}
    keymap, _ = build_keymap(settings.keys, file, settings.desk.keymap)
    assert keymap.action("move_left").keys == ("h", "left")
    assert keymap.owner(KeyMode.NORMAL, "H") is None


def test_a_ring_of_swaps_is_taken_as_it_is_written() -> None:
    ring = ("sort", "zoom", "brief", "picture", "sort")
    known = {action.id: action.keys for action in ACTIONS}
    keymap, problems = build_keymap([(mine, known[other]) for mine, other in pairwise(ring)])
    assert problems == ()
    assert all(keymap.action(mine).keys == known[other] for mine, other in pairwise(ring))


@pytest.mark.parametrize(
    "key",
    [
        "f5",
        "f12",
        "ctrl+r",
        "Ctrl+R",
        "ctrl+left",
        "shift+left",
        "shift+tab",
        "ctrl+shift+left",
        "shift+s",
        "S",
        "?",
        "tab",
        "enter",
        "esc",
        "space",
        "ctrl+\\",
        "ctrl+]",
        "+",
        "é",
        "shift+f5",
        "ctrl+pageup",
    ],
)
def test_keys_that_come_through_everywhere(key: str) -> None:
    assert why_unsure(key) == ""


@pytest.mark.parametrize(
    "key",
    [
        "ctrl+m",
        "ctrl+[",
        "ctrl+enter",
        "ctrl+space",
        "ctrl+tab",
        "shift+space",
        "ctrl+comma",
        "alt+left",
        "ctrl+alt+s",
        "ctrl+shift+p",
        "f24",
        "ctrl+é",
        "shift+/",
    ],
)
def test_keys_that_get_lost_somewhere(key: str) -> None:
    assert why_unsure(key)
