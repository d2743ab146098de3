"""What tests of the desk wait for."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from crashdesk.desk.app import CrashDesk


async def settled(pilot: Pilot[Any]) -> None:
    """Nothing is left to do: messages, errands, workers, and the first chart, which waits for a quiet moment."""
    app = pilot.app
    assert isinstance(app, CrashDesk)
    for _ in range(3):
        await pilot.pause()
    await app._errands.flush()
    await app.workers.wait_for_complete()
    if app.desk._chart_late and app.desk._view is not None:
        app.desk._first_chart()
    await pilot.pause()
