"""The commands by name, in the order of the help page; a module is loaded when its command is wanted."""

from __future__ import annotations

from importlib import import_module

from crashdesk.cli.command import Command

_MODULES = {
    "demo": "replay.DEMO",
    "replay": "replay.REPLAY",
    "serve": "serve.COMMAND",
    "record": "record.COMMAND",
    "brief": "brief.COMMAND",
    "show": "showing.command.COMMAND",
    "picture": "picture.COMMAND",
    "export": "export.COMMAND",
    "import": "importing.command.COMMAND",
    "note": "notes.NOTE",
    "notes": "notes.NOTES",
    "levels": "levels.COMMAND",
    "snapshots": "snapshots.COMMAND",
    "venues": "venues.COMMAND",
    "alerts": "alerts.COMMAND",
    "doctor": "doctor.COMMAND",
    "config": "config.COMMAND",
    "keys": "keys.COMMAND",
    "themes": "themes.COMMAND",
    "completion": "completion.COMMAND",
    "man": "man.COMMAND",
}

NAMES = tuple(_MODULES)


def command_of(name: str) -> Command:
    """A command by its name. Raises KeyError."""
    return _load(_MODULES[name])


def default_command() -> Command:
    """What runs when no command is named."""
    return _load("live.COMMAND")


def _load(place: str) -> Command:
    module, _, name = place.rpartition(".")
    found: Command = getattr(import_module(f"crashdesk.cli.{module}"), name)
    return found
