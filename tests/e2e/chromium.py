"""A headless Chromium, driven by its own protocol over a web socket: no driver of its own is needed."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import re
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientSession, ClientWebSocketResponse

LIMIT_S = 60
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_ADDRESS = re.compile(rb"DevTools listening on (ws://\S+)")


def find_chromium() -> str | None:
    """The program, None when there is none here."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


class Page:
    """One page: what it asked for, what it drew, what went wrong in it, and keys for it."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._session = ""
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())
        self.asked: list[str] = []
        """The address of everything that was loaded."""
        self.complaints: list[str] = []
        """What the browser refused or a script threw."""
        self.drawn = b""
        """What the terminal was sent, so far."""
        self.sockets: list[str] = []
        self.closed = 0

    @classmethod
    async def open(cls, socket: ClientWebSocketResponse, address: str, size: tuple[int, int] = (1280, 800)) -> Self:
        """Load an address in a window of that size in pixels."""
        page = cls(socket)
        target = await page.do("Target.createTarget", url="about:blank")
        attached = await page.do("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        page._session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            await page.do(f"{domain}.enable")
        await page.do(
            "Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1, mobile=False
        )
        await page.do("Page.navigate", url=address)
        return page

    async def do(self, method: str, **params: object) -> dict[str, Any]:
        """One command of the protocol; its answer."""
        number = len(self._waiting)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        command: dict[str, object] = {"id": number, "method": method, "params": params}
        if self._session:
            command["sessionId"] = self._session
        await self._socket.send_json(command)
        found = await asyncio.wait_for(answer, LIMIT_S)
        assert "error" not in found, found
        result: dict[str, Any] = found["result"]
        return result

    async def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        found = await self.do("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        return found["result"].get("value")

    async def until(self, condition: Callable[[Page], bool]) -> None:
        """Wait for what the browser tells to make it true."""
        async with asyncio.timeout(LIMIT_S):
            while not condition(self):
                self._news.clear()
                await self._news.wait()

    async def press(self, text: str) -> None:
        """Type letters, each a key of its own."""
        for letter in text:
            await self.do("Input.dispatchKeyEvent", type="keyDown", text=letter, key=letter)
            await self.do("Input.dispatchKeyEvent", type="keyUp", key=letter)

    async def press_key(self, key: str, code: int) -> None:
        """Press a key that is no letter, by its name and number."""
        about = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        await self.do("Input.dispatchKeyEvent", type="rawKeyDown", **about)
        await self.do("Input.dispatchKeyEvent", type="keyUp", **about)

    async def click(self, x: int, y: int) -> None:
        """Click there, in pixels."""
        for kind in ("mousePressed", "mouseReleased"):
            await self.do("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def picture(self) -> bytes:
        """What is seen now, as PNG."""
        found = await self.do("Page.captureScreenshot", format="png")
        return base64.b64decode(found["data"])

    async def close(self) -> None:
        """Leave it, as one who closes the tab."""
        await self.do("Page.close")
        self._reading.cancel()

    async def _read(self) -> None:
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                self._waiting[told["id"]].set_result(told)
            else:
                self._take(told["method"], told.get("params", {}))
            self._news.set()

    def _take(self, method: str, told: dict[str, Any]) -> None:
        match method:
            case "Network.requestWillBeSent":
                self.asked.append(told["request"]["url"])
            case "Network.webSocketCreated":
                self.sockets.append(told["url"])
            case "Network.webSocketFrameReceived":
                if told["response"]["opcode"] == 2:
                    self.drawn += base64.b64decode(told["response"]["payloadData"])
            case "Network.webSocketClosed":
                self.closed += 1
            case "Log.entryAdded":
                self.complaints.append(f"{told['entry']['text']} {told['entry'].get('url', '')}")
            case "Runtime.exceptionThrown":
                self.complaints.append(told["exceptionDetails"].get("exception", {}).get("description", "exception"))


@contextlib.asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[Callable[..., Any]]:
    """A browser that keeps its things in `folder`; gives what opens a page: `page = await open(address)`."""
    program = find_chromium()
    assert program is not None
    child = await asyncio.create_subprocess_exec(
        program,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--remote-debugging-port=0",
        f"--user-data-dir={folder}",
        "about:blank",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert child.stderr is not None
    try:
        async with asyncio.timeout(LIMIT_S):
            while not (found := _ADDRESS.search(line := await child.stderr.readline())):
                assert line, "Chromium has ended"
        draining = asyncio.create_task(_drain(child.stderr))
        async with contextlib.AsyncExitStack() as stack:
            session = await stack.enter_async_context(ClientSession())

            async def open_page(address: str, size: tuple[int, int] = (1280, 800)) -> Page:
                socket = await stack.enter_async_context(session.ws_connect(found[1].decode(), max_msg_size=0))
                return await Page.open(socket, address, size)

            yield open_page
        draining.cancel()
    finally:
        if child.returncode is None:
            child.terminate()
        await asyncio.wait_for(child.wait(), LIMIT_S)


async def _drain(stream: asyncio.StreamReader) -> None:
    while await stream.read(1 << 16):
        pass
