"""The `[keys]` table of config.toml: what can be used of it, what is wrong with it, what to be warned of."""

from __future__ import annotations

from pathlib import Path

from crashdesk.config.checks import list_of, text
from crashdesk.config.key_names import show_key
from crashdesk.config.key_presets import preset_actions
from crashdesk.config.keymap import Override, build_keymap
from crashdesk.config.settings import Problem
from crashdesk.config.table import Table
from crashdesk.config.versions import read_config

_KEYS = list_of(text, at_most=20)


def read_keys(table: Table, preset: str, file: Path, problems: list[Problem]) -> tuple[Override, ...]:
    """The actions whose keys are others than those of the preset, with canonical keys; each key has one owner."""
    keymap, found = build_keymap(_written(table), file, preset)
    problems.extend(found)
    pairs = zip(keymap.actions, preset_actions(preset), strict=True)
    return tuple((action.id, action.keys) for action, usual in pairs if action.keys != usual.keys)


def key_warnings(file: Path) -> tuple[Problem, ...]:
    """Keys in the `[keys]` of a file that can be used, but not on every terminal; mistakes are not told again."""
    from crashdesk.config.key_terminals import why_unsure

    ignored: list[Problem] = []
    table = Table(read_config(file, ignored) or {}, file, ignored).table("keys")
    warnings = []
    for action_id, names in _written(table):
        for name in names:
            try:
                why = why_unsure(name)
            except ValueError:
                continue
            if why:
                hint = f"give {action_id} a second key"
                warnings.append(Problem(file, table.dotted(action_id), f"{_shown(name)}: {why}", hint))
    return tuple(warnings)


def _shown(name: str) -> str:
    """A key as it was written, in the letters of the desk."""
    return "+".join(show_key(part) if len(part) > 1 else part for part in name.strip().lower().split("+"))


def _written(table: Table) -> list[Override]:
    """Ids and keys as they stand in the file."""
    taken = ((action_id, table.take(action_id, _key_names, None)) for action_id in table.names())
    return [(action_id, keys) for action_id, keys in taken if keys is not None]


def _key_names(value: object) -> tuple[str, ...]:
    """One key or a list of keys, as written."""
    return _KEYS(value if isinstance(value, list) else [value])
