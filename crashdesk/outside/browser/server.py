"""The web server of `crashdesk serve`: one page, and a web socket that opens a desk of its own for each visitor."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from aiohttp import WSCloseCode, WSMsgType, web

from crashdesk.config.fonts import web_fonts
from crashdesk.model.errors import CrashdeskError
from crashdesk.outside.browser.complaints import complain_once, complaints_log
from crashdesk.outside.browser.guard import asked_here, from_our_page, same_token
from crashdesk.outside.browser.visit import Visit

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""On every answer. Styles within the page are those that the terminal's script makes for its own rows."""
FULL = 4001
WAIT_S = 3.0
"""How long a visitor waits for a place: a page that is loaded again leaves one in a moment."""
_HEARTBEAT_S = 20.0
_KEEP_S = 30.0
_CLOSE_S = 1.0
_MOST_TYPED = 1 << 16
_OWN = Path(__file__).parent


class Serving(NamedTuple):
    """What is served: the command of a desk and its environment, where, to how many at once.

    With a `token` every address begins with it; without one only this machine's own names are answered. `say` gets one
    sentence when a desk fails: it may name files, and is no business of others.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    host: str
    port: int
    most: int
    say: Callable[[str], None]
    token: str = ""


class DeskServer:
    """Answers requests and keeps the desks that are open."""

    def __init__(self, serving: Serving, terminal: Path) -> None:
        """`terminal` is the folder of the terminal's own script and style."""
        self._serving = serving
        self._files = {
            "page.css": _OWN / "page.css",
            "page.js": _OWN / "page.js",
            "textual.js": terminal / "js" / "textual.js",
            "xterm.css": terminal / "css" / "xterm.css",
            **{file.name: file for file in web_fonts()},
        }
        self._places = asyncio.Semaphore(serving.most)
        self._stopping = asyncio.Event()
        self._visits: set[asyncio.Task[object]] = set()

    def application(self) -> web.Application:
        """The routes, each behind the guard."""
        before = "/{token}" if self._serving.token else ""
        app = web.Application(middlewares=[self._guard])
        app.router.add_get(f"{before}/", self._page)
        if before:
            app.router.add_get(before, self._to_page)
        app.router.add_get(f"{before}/ws", self._desk)
        app.router.add_get(f"{before}/static/{{name}}", self._file)
        app.on_response_prepare.append(_with_headers)
        app.on_shutdown.append(self._close)
        return app

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        token = self._serving.token
        # what is asked for may be no path at all: `OPTIONS *`
        if token and not same_token("".join(request.path.split("/")[1:2]), token):
            raise web.HTTPForbidden(text="The address of this desk has a token in it, and this one has not.\n")
        if not token and not asked_here(request.headers.get("Host")):
            raise web.HTTPForbidden(text="This desk is only shown on the machine that it runs on.\n")
        return await handler(request)

    async def _page(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(_OWN / "page.html")

    async def _to_page(self, _: web.Request) -> web.StreamResponse:
        """An address that lost its last slash."""
        raise web.HTTPFound(f"/{self._serving.token}/")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file = self._files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        return web.FileResponse(file)

    async def _desk(self, request: web.Request) -> web.StreamResponse:
        """A desk for one visitor, for as long as the page is open."""
        if not from_our_page(request.headers.get("Origin"), request.headers.get("Host")):
            raise web.HTTPForbidden(text="Another page asked for this desk.\n")
        size = size_of(request.query.get("width"), request.query.get("height")) or (80, 24)
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT_S, max_msg_size=_MOST_TYPED, timeout=_CLOSE_S)
        await socket.prepare(request)
        if not await self._place():
            most = self._serving.most
            words = f"{most} desk{'s are' if most > 1 else ' is'} open already: no more than that at once (--desks)."
            await socket.close(code=FULL, message=words.encode())
            return socket
        visit = asyncio.create_task(self._visit(socket, size))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)
        await asyncio.shield(visit)  # a connection that is cut must not cut the end of its desk
        return socket

    async def _place(self) -> bool:
        if self._stopping.is_set():
            return False
        try:
            await asyncio.wait_for(self._places.acquire(), WAIT_S)
        except TimeoutError:
            return False
        return True

    async def _visit(self, socket: web.WebSocketResponse, size: tuple[int, int]) -> None:
        why = ""
        try:
            why = await self._shown(socket, size)
        except OSError as error:
            why = f"it could not be started: {error.strerror or error}"
        finally:
            self._places.release()
        if why:
            self._serving.say(f"a desk ended: {why}")
        code = WSCloseCode.GOING_AWAY if self._stopping.is_set() else WSCloseCode.OK
        gone = "`crashdesk serve` has ended." if self._stopping.is_set() else ""
        words = f"The desk ended: {why}" if why and not self._serving.token else gone
        with suppress(ConnectionError):
            await socket.close(code=code, message=words.encode()[:120])

    async def _shown(self, socket: web.WebSocketResponse, size: tuple[int, int]) -> str:
        """Carry to and fro until either side ends, or all of it; why the desk ended."""
        visit = await Visit.begin(self._serving.command, self._serving.environment, size)
        tasks = [
            asyncio.create_task(_draw(visit, socket)),
            asyncio.create_task(_type(visit, socket)),
            asyncio.create_task(self._stopping.wait()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            why = await visit.end()
        return why

    async def _close(self, _: web.Application) -> None:
        """End every desk; the pages are told."""
        self._stopping.set()
        if self._visits:
            await asyncio.wait(self._visits)


def make_runner(serving: Serving, terminal: Path) -> web.AppRunner:
    """The server, not yet begun. Nobody's requests are logged: their addresses hold the token."""
    application, log = DeskServer(serving, terminal).application(), complaints_log(serving.say)
    return web.AppRunner(application, access_log=None, logger=log, keepalive_timeout=_KEEP_S, shutdown_timeout=_CLOSE_S)


async def serve(serving: Serving, terminal: Path, ready: Callable[[int], None]) -> None:
    """Serve until SIGINT or SIGTERM, then end every desk. `ready` gets the port, when it listens.

    Raises CrashdeskError when nothing can listen there.
    """
    runner = make_runner(serving, terminal)
    await runner.setup()
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.set_exception_handler(complain_once(serving.say))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    try:
        try:
            await web.TCPSite(runner, serving.host, serving.port).start()
        except OSError as error:
            # asyncio says it at length; the system's own words are enough, where it has some
            code = error.errno or 0
            reason = (os.strerror(code) if code > 0 else error.strerror or str(error)).lower()
            where = f"{serving.host}, port {serving.port}"
            raise CrashdeskError(f"nothing can be served at {where}: {reason} (--port names another one)") from None
        ready(runner.addresses[0][1])
        await stop.wait()
    finally:
        await runner.cleanup()


def size_of(width: object, height: object) -> tuple[int, int] | None:
    """Columns and rows as a browser tells them, within reason; None when they are none."""
    try:
        columns, rows = int(str(width)), int(str(height))
    except ValueError:
        return None
    return min(max(columns, 1), _MOST_CELLS), min(max(rows, 1), _MOST_CELLS)


_MOST_CELLS = 500


async def _draw(visit: Visit, socket: web.WebSocketResponse) -> None:
    """What the desk draws goes to the page."""
    with suppress(ConnectionError):
        async for data in visit.drawn():
            await socket.send_bytes(data)


async def _type(visit: Visit, socket: web.WebSocketResponse) -> None:
    """What the page tells goes to the desk: lists in JSON, whose first word names what it is."""
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            return
        try:
            told = message.json()
            word, *rest = told
        except (ValueError, TypeError):
            return
        if word == "ping":
            with suppress(ConnectionError):
                await socket.send_json(["pong", *map(str, rest[:1])])
        elif not _take(visit, word, rest[0] if rest else None):
            return


def _take(visit: Visit, word: object, what: object) -> bool:
    """Whether it was understood, and the desk still takes it."""
    if word == "stdin" and isinstance(what, str):
        return visit.typed(what.encode("utf-8", "replace"))
    if word == "resize" and isinstance(what, dict):
        size = size_of(what.get("width"), what.get("height"))
        return size is not None and visit.resized(size)
    if word in {"focus", "blur"}:
        return visit.looked_at(seen=word == "focus")
    return False


async def _with_headers(_: web.Request, answer: web.StreamResponse) -> None:
    answer.headers.update(HEADERS)
