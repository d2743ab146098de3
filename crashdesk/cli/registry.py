"""The commands, in the order of the help page."""

from __future__ import annotations

from crashdesk.cli import config, keys, themes, venues
from crashdesk.cli.command import Command

COMMANDS: tuple[Command, ...] = (
    venues.COMMAND,
    config.COMMAND,
    keys.COMMAND,
    themes.COMMAND,
)

DEFAULT: Command | None = None
"""What runs when no command is named."""
