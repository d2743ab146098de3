"""The built-in November 2025 recording, built once for all tests that need it."""

from __future__ import annotations

import fcntl
from pathlib import Path

from crashdesk.recording.writer import RecordingWriter
from crashdesk.scenarios.build import build, session_of
from crashdesk.scenarios.catalogue import get_scenario


def november_recording(folder: Path) -> Path:
    """The recording in `folder`; test processes that run side by side build it only once."""
    path = folder / "november-2025.crash"
    with (folder / "november-2025.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            scenario = get_scenario("november-2025")
            partial = folder / "november-2025.partial"
            writer = RecordingWriter.open(partial, session_of(scenario), scenario.start_ms, fsync=False)
            for now_ms, records in build(scenario):
                writer.append(records, now_ms)
            writer.close(scenario.end_ms)
            partial.replace(path)
    return path
