"""`crashdesk record --alerts`: levels of the user's file, prices over sockets, a program that really runs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

from crashdesk.config.levels_file import edit_levels
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.level_edits import Put
from crashdesk.session.player import Player
from crashdesk.session.state import MarketState
from tests.e2e.recorder import LIMIT_S, command, following, start, until
from tests.loopback import LoopbackVenues

RULE = '[alerts.loud]\nkind = "level"\nnotify = "osc9"\nrun = ["./tell.sh"]\n[alerts.sma200]\nenabled = false\n'
FALLEN = "BTC-USDT down through support 80,000 (the floor): 50,000 on okx"
RISEN = "BTC-USDT up through level 60,000: 70,000 on okx"


def _program(tmp_path: Path) -> Path:
    """A script that writes what it is told into a pipe, which waits for it."""
    script, pipe = tmp_path / "tell.sh", tmp_path / "pipe"
    os.mkfifo(pipe)
    script.write_text(f'#!/bin/sh\necho "$CRASHDESK_ALERT: $CRASHDESK_ALERT_TEXT" > {pipe}\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return pipe


def _put(file: Path, price: float, kind: LevelKind, label: str, alert: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    level = Level(f"at{price:.0f}", "BTC/USDT", price, kind, label, 1, 1, alert=alert)
    edit_levels(file, [Put(level)], 2)


async def _listen(pipe: Path) -> asyncio.StreamReader:
    """What is written into a pipe; it stays open between two writers."""
    reader = asyncio.StreamReader()
    end = os.fdopen(os.open(pipe, os.O_RDWR | os.O_NONBLOCK), "rb", buffering=0)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), end)
    return reader


async def _line(stream: asyncio.StreamReader, words: str) -> str:
    """The next line that holds the words."""
    async with asyncio.timeout(LIMIT_S):
        while words not in (line := (await stream.readline()).decode()):
            assert line, "ended without a word"
        return line


def _measured(state: MarketState) -> bool:
    """A price at 106,000, and days to measure nearness by."""
    key = state.price_key("BTC/USDT")
    daily = state.levels.daily(key) if key is not None else None
    return key is not None and state.quotes[key][1].last == 106_000.0 and daily is not None and bool(daily.atrs)


async def _next_price(player: Player) -> None:
    """One more price from now on: by it whoever watches knows where the market is."""
    player.follow(LIMIT_S)
    before_ms = player.state.now_ms
    await until(player, lambda state: state.quotes[("okx", "BTC/USDT")][0] > before_ms)


@contextlib.asynccontextmanager
async def _recorder(arguments: list[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    child = await start(["record", "--alerts", *arguments], {})
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


async def test_a_recorder_without_a_screen_tells_levels_and_takes_new_ones(
    tmp_path: Path, hermetic_environment: Path
) -> None:
    levels = hermetic_environment / "data" / "crashdesk" / "levels.toml"
    pipe, out = _program(tmp_path), tmp_path / "x.crash"
    _put(levels, 80_000.0, LevelKind.SUPPORT, "the floor", "loud")
    async with LoopbackVenues(venues=["okx"]) as server:
        server.set_price("BTC", 106_000.0)
        config = tmp_path / "config.toml"
        config.write_text(server.config_toml(symbols=["BTC/USDT"]) + RULE, encoding="utf-8")
        arguments = ["--config", str(config), "--out", str(out)]
        async with _recorder(arguments) as child:
            assert child.stdout is not None
            assert child.stderr is not None
            told, player = await _listen(pipe), await following(out)
            await until(player, _measured)
            await _next_price(player)
            server.set_price("BTC", 50_000.0)
            assert await _line(told, "loud") == f"loud: {FALLEN}\n"
            _put(levels, 60_000.0, LevelKind.LINE, "", "loud")
            _put(levels, 65_000.0, LevelKind.LINE, "", "nobody")
            await _line(child.stderr, "levels name the alert 'nobody'")
            await _next_price(player)
            server.set_price("BTC", 70_000.0)
            assert await _line(told, "loud") == f"loud: {RISEN}\n"
            code, _, refused = await command(["record", "--alerts", *arguments])
            assert code == 1
            assert "alerts are told by the recorder that writes" in refused
            child.terminate()
            printed = (await asyncio.wait_for(child.stdout.read(), LIMIT_S)).decode()
            assert await asyncio.wait_for(child.wait(), LIMIT_S) == 0
    assert [line.partition(" UTC  ")[2] for line in printed.splitlines()] == [f"loud: {FALLEN}", f"loud: {RISEN}"]
    assert printed.replace("\n", "").isprintable()  # no bell and no sequence where there is no terminal
