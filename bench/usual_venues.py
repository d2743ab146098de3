"""Loopback venues of a usual day, in a process of their own."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.place import ROOT, Place


@contextlib.contextmanager
def venues(place: Place, config: Path, coins: int, liquidations_per_second: int, poll_s: int) -> Iterator[None]:
    """All venues, while the block runs; `config` points to them. Raises RuntimeError when they do not start."""
    command = [sys.executable, "-m", "tests.loopback", "--config-out", str(config), "--coins", str(coins)]
    command += ["--liquidations-per-second", str(liquidations_per_second), "--poll-seconds", str(poll_s)]
    server = subprocess.Popen(command, cwd=ROOT, env=place.environment, stdout=subprocess.PIPE, text=True)
    try:
        if not (server.stdout and server.stdout.readline()):
            raise RuntimeError("the loopback venues did not start")
        yield
    finally:
        server.terminate()
        server.communicate(timeout=20)
