"""A disk that refuses a real recorder: the system's own limit on the size of files stands for a full disk."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from pathlib import Path

import pytest

from crashdesk.model.records import EventKind
from crashdesk.recording.reader import RecordingReader
from tests.e2e.recorder import command, following, start, until
from tests.e2e.terminal import terminal
from tests.loopback import Forced, LoopbackVenues

SYMBOLS = ["BTC/USDT", "BTC/USDT:USDT"]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's own")


def _limit(pid: int, size: int) -> None:
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


async def _line(stream: asyncio.StreamReader | None, part: str) -> str:
    assert stream is not None
    async with asyncio.timeout(60):
        while part not in (line := (await stream.readline()).decode()):
            assert line, f"{part!r} was never said"
    return line


async def test_a_recorder_pauses_says_so_and_goes_on_without_a_loss(tmp_path: Path, hermetic_environment: Path) -> None:
    out = tmp_path / "night.crash"
    async with LoopbackVenues(venues=["okx"]) as server:
        config = tmp_path / "config.toml"
        config.write_text(server.config_toml(symbols=SYMBOLS), encoding="utf-8")
        child = await start(["record", "--config", str(config), "--out", str(out)], {})
        try:
            player = await following(out)
            await server.wait_topic("okx", "liquidation-orders:SWAP", 60)
            await until(player, lambda state: bool(state.quotes))
            _limit(child.pid, out.stat().st_size)
            said = await _line(child.stderr, "paused")
            assert said.startswith("crashdesk: night.crash: REC paused: file as large as it may be, ")
            assert said.endswith(f" GB free in {tmp_path}\n")
            refused = out.stat().st_size
            await server.liquidate("okx", Forced("BTC", "long", 105_000.0, 0.5))
            again = await command(["record", "--config", str(config), "--out", str(out), "--for", "1s"])
            assert again[0] == 1
            assert f"is being written by process {child.pid}" in again[2]
            assert out.stat().st_size <= refused
            _limit(child.pid, resource.RLIM_INFINITY)
            assert await _line(child.stderr, "night.crash") == "crashdesk: night.crash: ok\n"
            await until(player, lambda state: state.liquidations.totals(0).orders == 1)
            child.terminate()
            assert await asyncio.wait_for(child.wait(), 60) == 0
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
    reader = RecordingReader.open(out)
    told = [mark for mark in reader.marks() if getattr(mark, "kind", None) is EventKind.WORKER]
    assert any(mark.text.startswith("recording paused for ") for mark in told if hasattr(mark, "text"))
    assert reader.info().damage == ()
    assert [name for name in os.listdir(tmp_path) if "crash" in name] == ["night.crash"]  # noqa: PTH208 - names are all


async def test_the_desk_says_that_nothing_is_recorded_and_when_it_is_again(
    tmp_path: Path, hermetic_environment: Path
) -> None:
    live = hermetic_environment / "data" / "crashdesk" / "recordings" / "live.crash"
    async with LoopbackVenues(venues=["okx"]) as server:
        config = tmp_path / "config.toml"
        config.write_text(server.config_toml(symbols=SYMBOLS), encoding="utf-8")
        async with terminal(["--config", str(config)]) as desk:
            await desk.until(lambda text: "worker ok" in text and "okx 0." in text)
            (lock,) = (hermetic_environment / "run").rglob("*.lock")
            pid = int(lock.read_text().split()[0])
            _limit(pid, live.stat().st_size)
            screen = await desk.until(lambda text: "REC paused: file as large as it may be" in text)
            assert "LIVE" in screen.splitlines()[0]
            assert "BTC/USDT" in screen, "the last picture stays"
            code, told, _ = await command(["doctor", "--config", str(config)])
            assert code == 1
            assert f"WRONG  recorder: process {pid}: REC paused: file as large as it may be" in told
            _limit(pid, resource.RLIM_INFINITY)
            await desk.until(lambda text: "worker ok" in text and "REC paused" not in text)
            desk.type("q")
            assert await desk.ended() == 0
    assert os.listdir(live.parent) == ["live.crash"]  # noqa: PTH208 - names are all that matters
