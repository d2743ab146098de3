"""Alerts on their whole way to a chat service: a live desk sends them gathered, a replay and a read-only desk never."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.e2e.recorder import LIMIT_S
from tests.e2e.terminal import terminal
from tests.loopback import Forced, LoopbackVenues
from tests.outside.web_hook import Service

pytest.importorskip("apprise")
SYMBOLS = ["BTC/USDT", "BTC/USDT:USDT"]
SENTENCE = "$52.5k long liquidated: BTC-USDT on okx at 105,000"
LAST = "$104.0k long liquidated: BTC-USDT on okx at 104,000"
RULES = """
[alerts.one]
kind = "liquidation"
min_usd = 50_000
bell = false
[alerts.other]
kind = "liquidation"
min_usd = 40_000
[alerts.larger]
kind = "liquidation"
min_usd = 100_000
[alerts.unsent]
kind = "liquidation"
min_usd = 50_000
send = false
"""


async def test_a_live_desk_sends_what_comes_together_as_one_message(tmp_path: Path, hermetic_environment: Path) -> None:
    service = Service()
    config = tmp_path / "config.toml"
    config.touch(mode=0o600)
    async with LoopbackVenues(venues=["okx"]) as server:
        sending = f'[notify]\nurls = ["json://user:hunter2@127.0.0.1:{service.port}/hook"]\nevery_seconds = 1\n'
        config.write_text(server.config_toml(symbols=SYMBOLS) + RULES + sending, encoding="utf-8")
        async with (
            terminal(["--config", str(config)]) as desk,
            terminal(["--config", str(config), "--read-only"]) as looking,
        ):
            for shown in (desk, looking):
                await shown.wait_for("LIVE")
            await server.wait_topic("okx", "liquidation-orders:SWAP", 60)
            await server.liquidate("okx", Forced("BTC", "long", 105_000.0, 0.5))
            message = await asyncio.to_thread(service.next.get, timeout=LIMIT_S)
            assert message["title"] == "crashdesk: 2 alerts"
            lines = message["message"].splitlines()
            assert sorted(line.split(" UTC ", 1)[1] for line in lines) == [f"one: {SENTENCE}", f"other: {SENTENCE}"]
            for shown in (desk, looking):
                await shown.wait_for(SENTENCE)
            # the desk is left before more of them are gathered
            await server.liquidate("okx", Forced("BTC", "long", 104_000.0, 1.0))
            await desk.wait_for(LAST)
            for shown in (looking, desk):
                assert "hunter2" not in shown.text
                shown.type("q")
                assert await shown.ended() == 0
    recording = hermetic_environment / "data" / "crashdesk" / "recordings" / "live.crash"
    async with terminal(["--config", str(config), "replay", str(recording), "--speed", "max"]) as desk:
        await desk.wait_for(SENTENCE)
        await desk.wait_for("REPLAY end")
        desk.type("q")
        assert await desk.ended() == 0
    message = await asyncio.to_thread(service.next.get, timeout=LIMIT_S)
    assert f"larger: {LAST}" in message["message"]
    service.close()
    assert len(service.taken) == 2
