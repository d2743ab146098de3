"""An alert on its whole way: socket, recorder, desk, terminal, the user's program; then replayed."""

from __future__ import annotations

import asyncio
import os
import re
import stat
from pathlib import Path

from tests.e2e.recorder import LIMIT_S
from tests.e2e.terminal import terminal
from tests.loopback import Forced, LoopbackVenues

SYMBOLS = ["BTC/USDT", "BTC/USDT:USDT"]
SENTENCE = "$52.5k long liquidated: BTC-USDT on okx at 105,000"
OSC9 = re.compile(rb"\x1b\]9;crashdesk: ([^\x07]*)\x07")
OTHER_SEQUENCES = re.compile(rb"\x1b\][^\x07\x1b]*(\x07|\x1b\\)")


def _told(raw: bytes) -> list[str]:
    return [text.decode() for text in OSC9.findall(raw)]


def _bells(raw: bytes) -> int:
    """Bells that end no sequence."""
    return OTHER_SEQUENCES.sub(b"", raw).count(b"\x07")


def _program(tmp_path: Path) -> tuple[Path, Path]:
    """A script that notes its call in a file and then in a pipe, that waits for it."""
    script, log, pipe = tmp_path / "tell.sh", tmp_path / "log", tmp_path / "pipe"
    os.mkfifo(pipe)
    line = 'echo "$1 $CRASHDESK_ALERT: $CRASHDESK_ALERT_TEXT"'
    script.write_text(f"#!/bin/sh\n{line} >> {log}\n{line} > {pipe}\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return log, pipe


async def test_an_alert_reaches_terminal_and_program_once_and_a_replay_is_silent(
    tmp_path: Path, hermetic_environment: Path
) -> None:
    log, pipe = _program(tmp_path)
    async with LoopbackVenues(venues=["okx"]) as server:
        config = tmp_path / "config.toml"
        rule = '[alerts.tell]\nkind = "liquidation"\nmin_usd = 50_000\nnotify = "osc9"\nrun = ["./tell.sh", "a b"]\n'
        config.write_text(server.config_toml(symbols=SYMBOLS) + rule, encoding="utf-8")
        async with terminal(["--config", str(config)]) as desk:
            await desk.wait_for("LIVE")
            await server.wait_topic("okx", "liquidation-orders:SWAP", 60)
            await server.liquidate("okx", Forced("BTC", "long", 105_000.0, 0.4))  # too small
            await server.liquidate("okx", Forced("BTC", "long", 105_000.0, 0.5))
            said = await asyncio.wait_for(asyncio.to_thread(pipe.read_text), LIMIT_S)
            assert said == f"a b tell: {SENTENCE}\n"
            await desk.wait_for(f"ALERT  {SENTENCE}")
            assert (_told(desk.raw), _bells(desk.raw)) == ([SENTENCE], 1)
            desk.type("q")
            assert await desk.ended() == 0
            assert (_told(desk.raw), _bells(desk.raw)) == ([SENTENCE], 1)
    recording = hermetic_environment / "data" / "crashdesk" / "recordings" / "live.crash"
    async with terminal(["replay", str(recording), "--speed", "max", "--config", str(config)]) as desk:
        await desk.wait_for("REPLAY end")
        await desk.wait_for(f"replayed: {SENTENCE}")
        desk.type("q")
        assert await desk.ended() == 0
        assert (_told(desk.raw), _bells(desk.raw)) == ([], 0)
    assert log.read_text() == f"a b tell: {SENTENCE}\n"
