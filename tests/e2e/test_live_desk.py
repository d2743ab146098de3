"""The live desk in a terminal, with its recorder, against loopback venues."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

from tests.e2e.recorder import command
from tests.e2e.terminal import terminal
from tests.loopback import Forced, LoopbackVenues

SYMBOLS = ["BTC/USDT", "ETH/USDT", "BTC/USDT:USDT", "ETH/USDT:USDT"]


def _recorder_of(data: Path) -> int:
    """The process that writes the live recording."""
    (lock,) = (data.parent.parent / "run").rglob("*.lock")
    return int(lock.read_text())


async def test_live_desk_brief_equals_the_file_and_a_killed_recorder_comes_back(
    tmp_path: Path, hermetic_environment: Path
) -> None:
    data = hermetic_environment / "data" / "crashdesk"
    async with LoopbackVenues(venues=["okx", "bybit"]) as server:
        config = tmp_path / "config.toml"
        config.write_text(server.config_toml(symbols=SYMBOLS), encoding="utf-8")
        async with terminal(["--config", str(config)]) as desk:
            await desk.wait_for("LIVE")
            await server.wait_topic("okx", "liquidation-orders:SWAP", 60)
            await server.liquidate("okx", Forced("BTC", "long", 105_000.0, 0.5))
            await desk.wait_for("52,500")
            desk.type("b")
            await desk.wait_for("brief written")
            (brief,) = (data / "briefs").glob("*.json")
            written = brief.read_text(encoding="utf-8")
            as_of = str(json.loads(written)["as_of_ms"])
            code, again, errors = await command(["brief", "--at", as_of, "--format", "json", "--config", str(config)])
            assert (code, errors) == (0, "")
            assert again == written
            desk.type("q")  # the brief is left
            os.kill(_recorder_of(data), signal.SIGKILL)
            await desk.wait_for("SIGKILL")
            desk.clear()
            await desk.wait_for("worker ok")
            polls = len(server.seen("okx", "market/tickers"))
            await server.wait_request("okx", "market/tickers", polls + 2, 60)
            await server.wait_topic("okx", "liquidation-orders:SWAP", 60)
            await server.liquidate("okx", Forced("BTC", "long", 106_000.0, 0.5))
            await desk.wait_for("53,000")
            desk.type("q")
            assert await desk.ended() == 0
            assert not re.search(r"Traceback", desk.text)
        code, told, _ = await command(["snapshots", "info", "live.crash", "--json"])
        assert code == 0
        contents = json.loads(told)
        assert contents["damage"] == []
        assert contents["sessions"] == 2
        assert contents["liquidations"]["long_usd"] == 105_500.0
