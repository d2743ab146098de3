"""What runs beside the venues puts records into the same recording."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from crashdesk.config.settings import DeskSettings, Settings, VenueSettings
from crashdesk.model.clock import SystemClock
from crashdesk.model.records import Note, Precision, Record
from crashdesk.venues.worker import WorkerOptions, run_worker
from tests.venues.rig import QUICK, ListSink

NOTE = Note("news:1", 1_000, Precision.MINUTE, "news", "a title", "example.org", None)


async def test_records_from_beside_are_written_and_it_ends_with_the_worker(tmp_path: Path) -> None:
    stop, ended = asyncio.Event(), []

    async def beside(put: Callable[[Sequence[Record]], None]) -> None:
        try:
            put([NOTE])
            stop.set()
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    sink = ListSink()
    nowhere = VenueSettings("okx", "okx", api_url="http://127.0.0.1:1", ws_url="ws://127.0.0.1:1")
    options = WorkerOptions(tmp_path, pace=QUICK, beside=(beside,))
    async with asyncio.timeout(15):
        await run_worker(Settings((nowhere,), DeskSettings()), sink, SystemClock(), stop, options)
    assert sink.of(Note) == [NOTE]
    assert ended == [True]
