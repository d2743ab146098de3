"""The product's own commands in processes of their own, against the loopback venues."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from crashdesk.config.baskets import load_baskets
from crashdesk.model.errors import RecordingError
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.player import Player
from crashdesk.session.state import MarketState

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 90


async def command(arguments: Sequence[str], environment: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Run `crashdesk ARGUMENTS` to its end: exit code, standard output, standard error."""
    child = await start(arguments, environment or {})
    out, err = await asyncio.wait_for(child.communicate(), LIMIT_S)
    return child.returncode or 0, out.decode(), err.decode()


async def start(arguments: Sequence[str], environment: dict[str, str]) -> asyncio.subprocess.Process:
    """`crashdesk ARGUMENTS`, its output in pipes."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "crashdesk",
        *arguments,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@contextlib.asynccontextmanager
async def recording(config: Path, out: Path, environment: dict[str, str] | None = None) -> AsyncIterator[Player]:
    """`crashdesk record` at work; gives a player that follows what it writes, and ends it with SIGTERM."""
    child = await start(["record", "--config", str(config), "--out", str(out)], environment or {})
    try:
        player = await following(out)
        yield player
        child.terminate()
        _, err = await asyncio.wait_for(child.communicate(), LIMIT_S)
        assert child.returncode == 0, err.decode()
        player.follow(60.0)
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


async def following(out: Path) -> Player:
    """A player at the end of a recording, as soon as there is one."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            try:
                reader = RecordingReader.open(out)
            except RecordingError:
                await asyncio.sleep(0.05)
                continue
            player = Player(reader, load_baskets(None)[0])
            player.seek(reader.end_ms)
            return player


async def until(player: Player, condition: Callable[[MarketState], bool]) -> None:
    """Follow until the state is as wanted; TimeoutError says that it never was."""
    async with asyncio.timeout(LIMIT_S):
        while not (player.follow(1.0) and condition(player.state)):  # noqa: ASYNC110 - a growing file tells nobody
            await asyncio.sleep(0.05)
