"""The keymap: the table of actions with the user's own keys in it, and what is wrong with those."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from crashdesk.config.actions import ACTIONS, Action, KeyMode
from crashdesk.config.key_names import canonical_key, show_key
from crashdesk.config.key_presets import DEFAULT_PRESET, preset_actions
from crashdesk.config.near import did_you_mean
from crashdesk.config.settings import Problem
from crashdesk.model.text import clean

Override = tuple[str, tuple[str, ...]]
"""An action's id and the keys that a user wants for it, as written."""


class Keymap(NamedTuple):
    """Every action with the keys in force, in the order of the table. In one mode a key has one owner."""

    actions: tuple[Action, ...]

    def action(self, action_id: str) -> Action:
        """The action of that id. Raises KeyError when there is none."""
        for action in self.actions:
            if action.id == action_id:
                return action
        raise KeyError(action_id)

    def in_mode(self, mode: KeyMode) -> tuple[Action, ...]:
        """The actions that keys reach in `mode`, those of every mode among them."""
        return tuple(action for action in self.actions if action.mode in {mode, KeyMode.EVERY})

    def owner(self, mode: KeyMode, key: str) -> Action | None:
        """The action that a canonical key belongs to in `mode`."""
        return next((action for action in self.in_mode(mode) if key in action.keys), None)


def build_keymap(
    overrides: Iterable[Override], file: Path = Path("config.toml"), preset: str = DEFAULT_PRESET
) -> tuple[Keymap, tuple[Problem, ...]]:
    """The keymap of a preset with the user's keys, and what is wrong with them; `file` is named in the problems.

    A key that another action has in the same mode stays with that one, whose owner may have it by the preset or by an
    earlier line of the user's; the rest of the line is used. An action that is left without any keeps those of the
    preset. Two actions that are both given other keys may swap theirs. No keys at all unbind an action.
    """
    base = preset_actions(preset)
    problems: list[Problem] = []
    wanted: dict[str, tuple[str, ...]] = {}
    for action_id, names in overrides:
        keys = _checked(action_id, names, file, problems)
        if keys is not None:
            wanted[action_id] = keys
    clashes: list[_Clash] = []
    while clash := _first_clash(_apply(base, wanted), list(wanted)):
        clashes.append(clash)
        wanted[clash.refused] = tuple(key for key in wanted[clash.refused] if key != clash.key)
        if not wanted[clash.refused]:
            del wanted[clash.refused]
    keymap = Keymap(_apply(base, wanted))
    problems += [_clash_problem(clash, keymap, wanted, file) for clash in clashes]
    return keymap, tuple(problems)


class _Clash(NamedTuple):
    """A key with two owners: the override that does not get it, and the action that has it."""

    refused: str
    key: str
    owner: Action


def _clash_problem(clash: _Clash, keymap: Keymap, wanted: Mapping[str, object], file: Path) -> Problem:
    """Who keeps the key, what the other action has now, and what can be done."""
    owner, refused = clash.owner, keymap.action(clash.refused)
    now = " ".join(map(show_key, refused.keys)) or "no key"
    has = f"has only {now}" if clash.refused in wanted else f"keeps {now}"
    what = f"{show_key(clash.key)} already belongs to {owner.id} ({owner.description}); {refused.id} {has}"
    if owner.fixed:
        hint = "choose another key, this one can't be given away"
    elif owner.id in wanted:
        hint = "write the key for one of them"
    else:
        hint = f"choose another key, or give {owner.id} other keys too"
    return Problem(file, f"keys.{clash.refused}", what, hint)


def _checked(action_id: str, names: Sequence[str], file: Path, problems: list[Problem]) -> tuple[str, ...] | None:
    """The canonical keys of one override, or None (and a problem) when none of them can be used."""
    where = f"keys.{clean(action_id, 60)}"
    action = next((action for action in ACTIONS if action.id == action_id), None)
    if action is None:
        hint = did_you_mean(action_id, (action.id for action in ACTIONS))
        problems.append(Problem(file, where, "no such action", hint or "`crashdesk keys` lists them"))
        return None
    if action.fixed:
        problems.append(Problem(file, where, "these keys can't be changed", "remove the line"))
        return None
    keys = []
    for name in names:
        try:
            keys.append(canonical_key(name))
        except ValueError as error:
            problems.append(Problem(file, where, str(error), "write a character or a name such as f5, ctrl+r, pageup"))
    return tuple(dict.fromkeys(keys)) if keys or not names else None


def _apply(base: Sequence[Action], wanted: Mapping[str, tuple[str, ...]]) -> tuple[Action, ...]:
    return tuple(action._replace(keys=wanted[action.id]) if action.id in wanted else action for action in base)


def _first_clash(actions: Sequence[Action], overridden: Sequence[str]) -> _Clash | None:
    """A key with two owners: of two that the user gave it to, the one that was written later goes without."""
    for action_id in reversed(overridden):
        mine = next(action for action in actions if action.id == action_id)
        for other in actions:
            if other is mine or not (mine.mode == other.mode or KeyMode.EVERY in {mine.mode, other.mode}):
                continue
            for key in mine.keys:
                if key in other.keys:
                    return _Clash(action_id, key, other)
    return None
