"""The table of actions, key names, the user's own keys."""

from __future__ import annotations

import string
from itertools import product
from pathlib import Path

import pytest
from textual.keys import Keys, _character_to_key

from crashdesk.config.actions import ACTIONS, KeyMode
from crashdesk.config.key_names import SPECIAL_KEYS, canonical_key, show_key
from crashdesk.config.key_table import keys_markdown, keys_text, preset_markdown
from crashdesk.config.keymap import build_keymap

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize("character", [c for c in string.printable if c.isprintable()])
def test_characters_are_named_as_textual_names_their_key_events(character: str) -> None:
    assert canonical_key(character) == _character_to_key(character)


def test_special_keys_are_known_to_textual() -> None:
    assert set(SPECIAL_KEYS) <= {key.value for key in Keys}


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("ctrl+r", "ctrl+r"),
        ("Ctrl+R", "ctrl+r"),
        ("shift+ctrl+Left", "ctrl+shift+left"),
        ("shift+s", "S"),
        ("S", "S"),
        ("esc", "escape"),
        ("PgUp", "pageup"),
        ("question_mark", "question_mark"),
        ("+", "plus"),
        ("ctrl++", "ctrl+plus"),
        ("ctrl+i", "tab"),
        ("ctrl+m", "enter"),
        ("ctrl+[", "escape"),
        ("alt+?", "alt+question_mark"),
        (" ", "space"),
        ("é", "é"),
    ],
)
def test_what_a_user_may_write(written: str, canonical: str) -> None:
    assert canonical_key(written) == canonical


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("pageupp", "pageup"),
        ("ctlr+a", "ctrl"),
        ("quesion_mark", "question_mark"),
        ("", ""),
        ("ctrl+", ""),
        ("\x1b", ""),
    ],
)
def test_no_such_key(written: str, hint: str) -> None:
    with pytest.raises(ValueError, match="no key is called") as error:
        canonical_key(written)
    assert hint in str(error.value)
    assert "\x1b" not in str(error.value)


def test_every_key_of_the_table_is_canonical_and_has_one_owner_in_a_mode() -> None:
    for action in ACTIONS:
        assert action.keys
        for key in action.keys:
            assert canonical_key(key) == key
    for mode in (KeyMode.NORMAL, KeyMode.PLACE, KeyMode.CROSSHAIR, KeyMode.INPUT):
        keys = [key for action in build_keymap(())[0].in_mode(mode) for key in action.keys]
        assert len(keys) == len(set(keys)), mode
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


def test_show_key() -> None:
    assert [show_key(key) for key in ("slash", "ctrl+r", "shift+tab", "up", "S", "pageup", "f5", "space")] == [
        "/", "Ctrl+r", "Shift+Tab", "↑", "S", "PgUp", "F5", "Space",
    ]  # fmt: skip


def test_an_override_replaces_the_keys_of_its_action() -> None:
    keymap, problems = build_keymap([("filter", ("f", "Ctrl+F")), ("brief", ())])
    assert problems == ()
    assert keymap.action("filter").keys == ("f", "ctrl+f")
    assert keymap.owner(KeyMode.NORMAL, "slash") is None
    assert keymap.action("brief").keys == ()


def test_two_actions_may_swap_keys() -> None:
    keymap, problems = build_keymap([("sort", ("z",)), ("zoom", ("s",))])
    assert problems == ()
    assert (keymap.action("sort").keys, keymap.action("zoom").keys) == (("z",), ("s",))


def test_a_clash_is_refused_and_named() -> None:
    keymap, problems = build_keymap([("filter", ("q",))], Path("/home/x/config.toml"))
    assert keymap == build_keymap(())[0]
    assert len(problems) == 1
    assert str(problems[0]).startswith("/home/x/config.toml: keys.filter: q already belongs to quit")


def test_a_refused_override_that_gets_its_keys_back_refuses_the_next() -> None:
    keymap, problems = build_keymap([("zoom", ("s",)), ("sort", ("q",))])
    assert [problem.key for problem in problems] == ["keys.sort", "keys.zoom"]
    assert keymap == build_keymap(())[0]


def test_the_same_key_in_two_modes_is_no_clash_but_a_key_of_every_mode_is() -> None:
    assert build_keymap([("place_snap", ("q",))])[1] == ()
    assert [problem.key for problem in build_keymap([("place_snap", ("ctrl+c",))])[1]] == ["keys.place_snap"]


@pytest.mark.parametrize(
    ("action_id", "keys", "words"),
    [
        ("filtr", ("f",), "did you mean 'filter'?"),
        ("xyzzy", ("f",), "crashdesk keys"),
        ("interrupt", ("f",), "can't be changed"),
        ("filter", ("spcae",), "did you mean 'space'?"),
    ],
)
def test_what_cannot_be_used_is_said(action_id: str, keys: tuple[str, ...], words: str) -> None:
    keymap, problems = build_keymap([(action_id, keys)])
    assert keymap == build_keymap(())[0]
    assert [words in str(problem) for problem in problems] == [True]


def test_no_pair_of_overrides_ever_gives_a_key_two_owners() -> None:
    free = [action for action in ACTIONS if not action.fixed][::5]
    for first, second in product(free, free):
        if first is second:
            continue
        keymap, _ = build_keymap([(first.id, second.keys), (second.id, ("f9", *free[0].keys))])
        for mode in (KeyMode.NORMAL, KeyMode.PLACE, KeyMode.CROSSHAIR, KeyMode.INPUT):
            keys = [key for action in keymap.in_mode(mode) for key in action.keys]
            assert len(keys) == len(set(keys)), (first.id, second.id)


def test_tables_name_every_action() -> None:
    keymap, _ = build_keymap(())
    for table in (keys_markdown(keymap), keys_text(keymap)):
        for action in ACTIONS:
            assert action.id in table
            assert action.description in table
    assert "| `/` | filter the pane (fuzzy) | `filter` |" in keys_markdown(keymap)
    assert "`0-9` `.`" in keys_markdown(keymap)


@pytest.mark.skipif("<!-- keys -->" not in README.read_text(encoding="utf-8"), reason="README has no key table yet")
def test_the_readme_holds_the_key_table() -> None:
    text = README.read_text(encoding="utf-8")
    table = text.split("<!-- keys -->")[1].split("<!-- /keys -->")[0].strip()
    assert table == keys_markdown(build_keymap(())[0]).strip(), "run: crashdesk keys --format md"


def test_the_readme_holds_the_keys_of_the_vim_preset() -> None:
    text = README.read_text(encoding="utf-8")
    table = text.split("<!-- vim -->")[1].split("<!-- /vim -->")[0].strip()
    assert table == preset_markdown("vim").strip()
