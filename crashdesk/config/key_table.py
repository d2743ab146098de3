"""The keymap as tables for people: Markdown for the README, text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.config.actions import ACTIONS, Action, KeyGroup
from crashdesk.config.key_names import show_key
from crashdesk.config.key_presets import DEFAULT_PRESET, PRESETS, preset_actions
from crashdesk.config.keymap import Keymap


def show_keys(action: Action) -> str:
    """The keys of an action with spaces between; ten digits in a row are `0-9`; an unbound action has `none`."""
    keys = [show_key(key) for key in action.keys]
    digits = [str(digit) for digit in range(10)]
    if all(digit in keys for digit in digits):
        keys = ["0-9", *(key for key in keys if key not in digits)]
    return " ".join(keys) if keys else "none"


def keys_markdown(keymap: Keymap) -> str:
    """One Markdown table of all actions, grouped, ending in a line end."""
    lines = ["| | keys | does | id |", "|---|---|---|---|"]
    for group in KeyGroup:
        for place, action in enumerate(_in_group(keymap, group)):
            keys = " ".join(_code(key) for key in show_keys(action).split())
            lines.append(f"| {f'**{group}**' if place == 0 else ''} | {keys} | {action.description} | `{action.id}` |")
    return "\n".join(lines) + "\n"


def preset_markdown(preset: str) -> str:
    """A Markdown table of the actions that have other keys in a preset, ending in a line end."""
    changed = PRESETS[preset].keys
    lines = [f"| keys in `{preset}` | does | keys in `{DEFAULT_PRESET}` | id |", "|---|---|---|---|"]
    for own, usual in zip(preset_actions(preset), ACTIONS, strict=True):
        if own.id in changed and own.keys != usual.keys:
            keys, before = (" ".join(map(_code, show_keys(action).split())) for action in (own, usual))
            lines.append(f"| {keys} | {own.description} | {before} | `{own.id}` |")
    return "\n".join(lines) + "\n"


def presets_markdown() -> str:
    """A Markdown table of all actions with their keys in every preset, ending in a line end."""
    heads = [f"`{preset}`" for preset in PRESETS]
    lines = [f"| | {' | '.join(heads)} | does | id |", "|---|" + "---|" * len(heads) + "---|---|"]
    columns = [preset_actions(preset) for preset in PRESETS]
    for group in KeyGroup:
        rows = [actions for actions in zip(*columns, strict=True) if actions[0].group is group]
        for place, actions in enumerate(rows):
            keys = " | ".join(" ".join(map(_code, show_keys(action).split())) for action in actions)
            head = f"**{group}**" if place == 0 else ""
            lines.append(f"| {head} | {keys} | {actions[0].description} | `{actions[0].id}` |")
    return "\n".join(lines) + "\n"


def keys_text(keymap: Keymap) -> str:
    """The same as aligned text, ending in a line end."""
    wide_keys = max(len(show_keys(action)) for action in keymap.actions)
    wide_text = max(len(action.description) for action in keymap.actions)
    blocks = []
    for group in KeyGroup:
        rows = [
            f"  {show_keys(action):<{wide_keys}}  {action.description:<{wide_text}}  {action.id}"
            for action in _in_group(keymap, group)
        ]
        blocks.append("\n".join([str(group), *rows]))
    return "\n\n".join(blocks) + "\n"


def _in_group(keymap: Keymap, group: KeyGroup) -> Sequence[Action]:
    return [action for action in keymap.actions if action.group is group]


def _code(key: str) -> str:
    return "`" + key.replace("|", "\\|") + "`" if "`" not in key else f"`` {key} ``"
