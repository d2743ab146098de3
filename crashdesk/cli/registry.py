"""The commands, in the order of the help page."""

from __future__ import annotations

from crashdesk.cli import brief, config, doctor, keys, live, record, replay, snapshots, themes, venues
from crashdesk.cli.command import Command

COMMANDS: tuple[Command, ...] = (
    replay.DEMO,
    replay.REPLAY,
    record.COMMAND,
    brief.COMMAND,
    snapshots.COMMAND,
    venues.COMMAND,
    doctor.COMMAND,
    config.COMMAND,
    keys.COMMAND,
    themes.COMMAND,
)

DEFAULT: Command | None = live.COMMAND
"""What runs when no command is named."""
