"""The keymap: the table of actions with the user's own keys in it, and what is wrong with those."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from crashdesk.config.actions import ACTIONS, Action, KeyMode
from crashdesk.config.key_names import canonical_key, show_key
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


def build_keymap(overrides: Iterable[Override], file: Path = Path("config.toml")) -> tuple[Keymap, tuple[Problem, ...]]:
    """The keymap with the user's keys, and what is wrong with them; `file` is named in the problems.

    A key that another action has in the same mode is refused with the whole override: that action keeps its default
    keys. Two actions may swap keys. No keys at all unbind an action.
    """
    problems: list[Problem] = []
    wanted: dict[str, tuple[str, ...]] = {}
    for action_id, names in overrides:
        keys = _checked(action_id, names, file, problems)
        if keys is not None:
            wanted[action_id] = keys
    while clash := _first_clash(_apply(wanted), list(wanted)):
        refused, key, owner = clash
        del wanted[refused]
        what = f"{show_key(key)} already belongs to {owner.id} ({owner.description}), kept the default keys"
        problems.append(
            Problem(file, f"keys.{refused}", what, f"choose another key, or give {owner.id} other keys too")
        )
    return Keymap(_apply(wanted)), tuple(problems)


def _checked(action_id: str, names: Sequence[str], file: Path, problems: list[Problem]) -> tuple[str, ...] | None:
    """The canonical keys of one override, or None (and a problem) when it can't be used."""
    where = f"keys.{clean(action_id, 60)}"
    action = next((action for action in ACTIONS if action.id == action_id), None)
    if action is None:
        hint = did_you_mean(action_id, (action.id for action in ACTIONS))
        problems.append(Problem(file, where, "no such action", hint or "`crashdesk keys` lists them"))
        return None
    if action.fixed:
        problems.append(Problem(file, where, "this key can't be changed", "remove the line"))
        return None
    try:
        return tuple(dict.fromkeys(canonical_key(name) for name in names))
    except ValueError as error:
        problems.append(Problem(file, where, str(error), "write a character or a name such as f5, ctrl+r, pageup"))
        return None


def _apply(wanted: dict[str, tuple[str, ...]]) -> tuple[Action, ...]:
    return tuple(action._replace(keys=wanted[action.id]) if action.id in wanted else action for action in ACTIONS)


def _first_clash(actions: Sequence[Action], overridden: Sequence[str]) -> tuple[str, str, Action] | None:
    """(override to refuse, key, the other owner) of a key with two owners: the last written override goes first."""
    for action_id in reversed(overridden):
        mine = next(action for action in actions if action.id == action_id)
        for other in actions:
            if other is mine or not (mine.mode == other.mode or KeyMode.EVERY in {mine.mode, other.mode}):
                continue
            for key in mine.keys:
                if key in other.keys:
                    return action_id, key, other
    return None
