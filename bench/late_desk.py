"""`python -m bench.late_desk OUT ARGUMENTS...`: the desk, which writes to OUT how late its event loop was.

A task sleeps for 20 ms again and again; a line for each time: when it was (seconds since 1970), and how many seconds
later than wanted it woke up.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from crashdesk.cli.main import main
from crashdesk.desk.app import CrashDesk

SLEEP_S = 0.02


def probe(samples: list[tuple[float, float]]) -> None:
    """Look at the clock beside the desk's own work."""
    mounted = CrashDesk.on_mount
    tasks: list[asyncio.Task[None]] = []

    async def watch() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(SLEEP_S)
            samples.append((time.time(), time.monotonic() - before - SLEEP_S))

    def on_mount(self: CrashDesk) -> None:
        tasks.append(asyncio.get_running_loop().create_task(watch()))
        mounted(self)

    CrashDesk.on_mount = on_mount  # type: ignore[method-assign]


if __name__ == "__main__":
    found: list[tuple[float, float]] = []
    probe(found)
    code = main(sys.argv[2:])
    Path(sys.argv[1]).write_text("".join(f"{at} {late}\n" for at, late in found))
    raise SystemExit(code)
