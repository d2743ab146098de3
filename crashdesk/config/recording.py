"""The `[recording]` table: a new file each day, and how long automatic ones are kept."""

from __future__ import annotations

from crashdesk.config.checks import member_of, whole
from crashdesk.config.settings import RecordingSettings, Roll
from crashdesk.config.table import Table

MOST_DAYS = 3_650


def read_recording(table: Table) -> RecordingSettings:
    """The settings in `table`, the usual ones where it says nothing."""
    usual = RecordingSettings()
    found = RecordingSettings(
        roll=table.take("roll", member_of(Roll, "way of rolling"), usual.roll),
        prune_days=table.take("prune_days", whole(0, MOST_DAYS), usual.prune_days),
    )
    table.finish()
    return found
