"""Keymaps to begin with: the table's own keys, and those with other keys for some actions."""

from collections.abc import Mapping
from typing import NamedTuple

from crashdesk.config.actions import ACTIONS, Action

DEFAULT_PRESET = "default"


class KeyPreset(NamedTuple):
    """Other keys for some actions: ids and canonical keys with spaces between. The rest keeps those of the table."""

    id: str
    title: str
    keys: Mapping[str, str]


_VIM = {
    "move_left": "h left",
    "move_right": "l right",
    "page_up": "ctrl+b pageup",
    "page_down": "ctrl+f pagedown",
    # n and N go to what comes next, as after a search; what h and l did moves to other letters
    "event_next": "n right_square_bracket",
    "event_previous": "N left_square_bracket",
    "note": "J",
    "feed_tabs": "H",
    "feed_side": "E",
}

PRESETS: Mapping[str, KeyPreset] = {
    preset.id: preset
    for preset in (
        KeyPreset(DEFAULT_PRESET, "the keys of the table", {}),
        KeyPreset("vim", "h j k l in every pane, Ctrl+d and Ctrl+u, n and N for events", _VIM),
    )
}


def preset_actions(preset: str) -> tuple[Action, ...]:
    """The table of actions with a preset's keys in it. Raises KeyError for an unknown preset."""
    keys = PRESETS[preset].keys
    return tuple(
        action._replace(keys=tuple(keys[action.id].split())) if action.id in keys else action for action in ACTIONS
    )
