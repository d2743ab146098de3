"""Whether a desk is opened for the very first time, kept in the file of what the desk remembers."""

from __future__ import annotations

from datetime import UTC, datetime

from crashdesk.cli.context import Context
from crashdesk.config.remembered import load_remembered, remember
from crashdesk.desk.ports import FirstStart


def first_start(context: Context) -> FirstStart:
    """What a desk asks and tells of it; what is remembered is the day (UTC)."""
    file = context.paths.remembered_file

    def done() -> None:
        day = f"{datetime.fromtimestamp(context.clock.now_ms() / 1000, UTC):%Y-%m-%d}"
        remember(file, lambda kept: kept._replace(welcomed=day))

    return FirstStart(lambda: not load_remembered(file).welcomed, done)
