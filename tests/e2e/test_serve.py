"""`crashdesk serve` with real desks: in Chromium where there is one, by its web socket everywhere else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import struct
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bench.screen import Screen
from tests.e2e.chromium import Page, chromium, find_chromium
from tests.e2e.recorder import LIMIT_S, ROOT
from tests.e2e.terminal import have_been_here
from tests.session import market_tape

pytest.importorskip("textual_serve")


class Served:
    """A running `crashdesk serve`."""

    def __init__(self, child: asyncio.subprocess.Process, address: str) -> None:
        self.child, self.address = child, address

    def desks(self) -> list[int]:
        """The processes of its desks."""
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,command="], capture_output=True, text=True, check=True)
        rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
        return [int(row[0]) for row in rows if row[1] == str(self.child.pid) and "crashdesk" in row[2]]

    async def complaints(self) -> str:
        """What it said until it ended."""
        assert self.child.stderr is not None
        return (await self.child.stderr.read()).decode()


class Visitor:
    """A browser as far as a desk knows: a web socket with a screen behind it."""

    def __init__(self, served: Served, session: ClientSession) -> None:
        self._served, self._session = served, session
        self.screen = Screen(160, 48)

    async def __aenter__(self) -> Visitor:
        address = f"{self._served.address}ws?width=160&height=48"
        origin = "/".join(self._served.address.split("/")[:3])
        self.socket = await self._session.ws_connect(address, origin=origin)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    async def until(self, words: str) -> str:
        """The screen, once it shows these words."""
        async with asyncio.timeout(LIMIT_S):
            while words not in (text := self.screen.text()):
                self.screen.feed(await self.socket.receive_bytes())
        return text

    async def press(self, keys: str) -> None:
        await self.socket.send_json(["stdin", keys])


@contextlib.asynccontextmanager
async def serving(folder: Path, *options: str) -> AsyncIterator[Served]:
    """`crashdesk serve replay` on a small recording, ended in the end if it still runs."""
    file = folder / "a.crash"
    market_tape.write(file, hours=1)
    have_been_here(os.environ)
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "crashdesk", "serve", "replay", str(file), "--port", "0", *options),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    try:
        address = (await asyncio.wait_for(child.stdout.readline(), LIMIT_S)).decode().strip()
        assert address.startswith("http://"), await child.communicate()
        yield Served(child, address)
    finally:
        if child.returncode is None:
            child.terminate()
        await asyncio.wait_for(child.wait(), LIMIT_S)


async def ended(processes: list[int]) -> None:
    """Wait until none of them is there any more."""
    async with asyncio.timeout(LIMIT_S):
        for process in processes:
            while _alive(process):  # noqa: ASYNC110 - a process that is not ours tells nobody that it ends
                await asyncio.sleep(0.05)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def files(home: Path) -> dict[str, bytes]:
    """Everything under a folder."""
    return {str(file): file.read_bytes() for file in sorted(home.rglob("*")) if file.is_file()}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_no_desk_outlives_the_server(tmp_path: Path, number: signal.Signals) -> None:
    async with serving(tmp_path) as served, ClientSession() as session, Visitor(served, session) as visitor:
        await visitor.until("Timeline")
        desks = served.desks()
        assert len(desks) == 1
        served.child.send_signal(number)
        assert await asyncio.wait_for(served.child.wait(), LIMIT_S) == (0 if number != signal.SIGKILL else -number)
        await ended(desks)


async def test_no_desk_outlives_its_page(tmp_path: Path) -> None:
    async with serving(tmp_path) as served, ClientSession() as session:
        for _ in range(3):
            async with Visitor(served, session) as visitor:
                await visitor.until("Timeline")
                desks = served.desks()
                assert len(desks) == 1
            await ended(desks)
        assert served.desks() == []


async def test_for_others_it_is_read_only_and_has_a_token(tmp_path: Path, hermetic_environment: Path) -> None:
    async with serving(tmp_path, "--allow-remote") as served, ClientSession() as session:
        base, token = served.address.rsplit("/", 2)[:2]
        assert len(token) == 32
        async with session.get(f"{base}/") as answer:
            assert answer.status == 403
        before = files(hermetic_environment)
        async with Visitor(served, session) as visitor:
            await visitor.until("READ-ONLY")
            for keys in ("n", "a", "p", "B"):
                await visitor.press(keys)
            await visitor.until("this desk is read-only")
            await visitor.press(":theme paper\r")
            await visitor.press("D")
            await visitor.press(":LV 105000\r")
            await visitor.press("?")
            await visitor.until("Help")
            await visitor.press("q")
            await visitor.press("q")
            async with asyncio.timeout(LIMIT_S):
                while not visitor.socket.closed:
                    await visitor.socket.receive()
        cache = str(hermetic_environment / "cache")
        after = {name: data for name, data in files(hermetic_environment).items() if not name.startswith(cache)}
        assert after == before
        served.child.terminate()
        complaints = await served.complaints()
        assert "read-only, for up to 4 at once" in complaints
        assert "a desk ended" not in complaints


@pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium here")
async def test_in_a_browser(tmp_path: Path) -> None:
    async with serving(tmp_path) as served, chromium(tmp_path / "browser") as open_page:
        page = await open_page(served.address)
        screen, fed = Screen(200, 60), 0

        def shows(words: str) -> bool:
            nonlocal fed
            screen.feed(page.drawn[fed:])
            fed = len(page.drawn)
            return words in screen.text()

        await page.until(lambda _: shows("Timeline"))
        await page.until(lambda _: shows("REPLAY"))
        assert await page.run("document.fonts.check('16px \"Roboto Mono\"')") is True
        await page.press(" ")
        await page.until(lambda _: shows("paused"))
        await page.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        desk = await page.picture()
        await page.press("?")
        await page.until(lambda _: shows("Help"))
        help_page = await settled_picture(page, desk)
        assert colours(desk) > 50
        assert colours(help_page) > 20
        await page.press_key("Escape", 27)
        await page.until(lambda _: not shows("Help"))
        assert not shows("h tabs")
        await page.click(1_000, 120)
        await page.until(lambda _: shows("h tabs"))
        for address in page.asked:
            assert address.startswith((served.address, "data:")), address
        assert [text for text in page.complaints if "WebGL" not in text] == []
        desks = served.desks()
        assert len(desks) == 1
        await page.close()
        await ended(desks)


@pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium here")
async def test_a_browser_is_told_why_there_is_no_desk(tmp_path: Path) -> None:
    async with (
        serving(tmp_path, "--desks", "1") as served,
        ClientSession() as session,
        chromium(tmp_path / "browser") as open_page,
        Visitor(served, session) as visitor,
    ):
        await visitor.until("Timeline")
        page = await open_page(served.address)
        await page.until(lambda page: page.closed > 0)
        words = await page.run("document.getElementById('ended').innerText")
        assert "1 desk is open already" in words
        assert await page.run("getComputedStyle(document.getElementById('ended')).display") == "flex"
        await visitor.socket.close()
        await page.run("document.getElementById('again').click()")
        await page.until(lambda page: b"Timeline" in page.drawn)


async def settled_picture(page: Page, before: bytes) -> bytes:
    """A picture that is another one than `before`."""
    async with asyncio.timeout(LIMIT_S):
        while (picture := await page.picture()) == before:  # noqa: ASYNC110 - what is drawn tells nobody
            await asyncio.sleep(0.05)
    return picture


def colours(png: bytes) -> int:
    """How many different pixels a PNG of 8 bits a channel has in every tenth of its rows, filters left as they are."""
    at, data, width, channels = 8, b"", 0, 3
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, channels = struct.unpack(">I", body[:4])[0], 4 if body[9] == 6 else 3
        data += body if kind == b"IDAT" else b""
        at += length + 12
    rows, step = zlib.decompress(data), 1 + width * channels
    return len(
        {rows[x : x + channels] for y in range(0, len(rows), step * 10) for x in range(y + 1, y + step, channels)}
    )
