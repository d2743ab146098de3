"""The control socket and the parent's pipe."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from pathlib import Path

import pytest

from crashdesk.model.control import AddSymbol, Command, RemoveSymbol, WantCandles
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.timeframe import Timeframe
from crashdesk.venues.control import serve_control
from crashdesk.venues.control_client import control_path, send_command
from crashdesk.venues.parent import call_at_end_of_input


def test_the_path_depends_on_the_recording_and_stays_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one = control_path(Path("/run/user/1000"), tmp_path / "live.crash")
    assert one == control_path(Path("/run/user/1000"), Path("live.crash"))
    assert one != control_path(Path("/run/user/1000"), tmp_path / "other.crash")
    assert len(one.name) < 32


async def test_commands_arrive_and_are_acknowledged(tmp_path: Path) -> None:
    got: list[Command] = []
    path = tmp_path / "run" / "w.sock"
    commands = [WantCandles("BTC/USDT", Timeframe.H1), AddSymbol("ETH/USDT"), RemoveSymbol("ETH/USDT")]
    async with serve_control(path, got.append):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        for command in commands:
            await asyncio.to_thread(send_command, path, command)
    assert got == commands
    assert not path.exists()


async def test_a_refusal_reaches_the_user(tmp_path: Path) -> None:
    def refuse(command: Command) -> None:
        raise ValueError("no configured venue lists FOO/USDT")

    path = tmp_path / "w.sock"
    path.write_text("stale")
    async with serve_control(path, refuse):
        with pytest.raises(CrashdeskError, match="no configured venue lists FOO/USDT"):
            await asyncio.to_thread(send_command, path, AddSymbol("FOO/USDT"))


def talk(path: Path, data: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(5)
        connection.connect(str(path))
        try:
            connection.sendall(data)
            return connection.recv(4096)
        except ConnectionError:
            return b""


@pytest.mark.parametrize("line", [b"x\n", b"[]\n", b"\xff\n", b'{"do": "dance", "symbol": "BTC/USDT"}\n', b"\n"])
async def test_nonsense_is_answered_and_the_worker_goes_on(tmp_path: Path, line: bytes) -> None:
    got: list[Command] = []
    path = tmp_path / "w.sock"
    async with serve_control(path, got.append):
        assert b'"ok": false' in await asyncio.to_thread(talk, path, line)
        assert await asyncio.to_thread(talk, path, b"x" * 100_000) == b""
        await asyncio.to_thread(send_command, path, AddSymbol("ETH/USDT"))
    assert got == [AddSymbol("ETH/USDT")]


def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(CrashdeskError, match="does not answer"):
        send_command(tmp_path / "none.sock", AddSymbol("BTC/USDT"))


async def test_the_end_of_the_parents_pipe_is_noticed() -> None:
    reading, writing = os.pipe()
    ended = asyncio.Event()
    with os.fdopen(reading, "rb", buffering=0) as stream:
        call_at_end_of_input(stream, ended.set)
        os.write(writing, b"ignored")
        await asyncio.sleep(0)
        assert not ended.is_set()
        os.close(writing)
        await asyncio.wait_for(ended.wait(), 5)


async def test_watching_the_pipe_can_be_stopped() -> None:
    reading, writing = os.pipe()
    ended = asyncio.Event()
    with os.fdopen(reading, "rb", buffering=0) as stream:
        call_at_end_of_input(stream, ended.set)()
        os.close(writing)
        await asyncio.sleep(0.02)
    assert not ended.is_set()
