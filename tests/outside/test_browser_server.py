"""The web server of a desk: who is let in, what is sent to the browser, and that no process is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError, web

from crashdesk.outside.browser import pasting, server, visit
from crashdesk.outside.browser.server import FULL, Serving, make_runner, serve, size_of

LIMIT_S = 20
TOKEN = "a-token-of-32-characters-exactly"
DESK = """
import json, os, signal, sys
def send(kind, data):
    os.write(1, kind + len(data).to_bytes(4, "big") + data)
def take(count):
    data = b""
    while len(data) < count:
        more = os.read(0, count - len(data))
        if not more:
            return b""
        data += more
    return data
if os.environ.get("STUBBORN"):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.write(1, b"words before\\n__GANGLION__\\n")
send(b"D", f"{os.getpid()} {os.environ['COLUMNS']}x{os.environ['ROWS']}".encode())
while head := take(5):
    payload = take(int.from_bytes(head[1:], "big"))
    if payload == b"leave":
        send(b"M", json.dumps({"type": "exit"}).encode())
        sys.exit()
    if payload == b"break, with a goodbye":
        send(b"M", json.dumps({"type": "exit"}).encode())
    if payload.startswith(b"break"):
        sys.exit("crashdesk: it is broken")
    if payload == b"flood":
        for _ in range(2000):
            send(b"D", b"x" * 10000)
    send(b"D", head[:1] + payload)
while os.environ.get("STUBBORN"):
    signal.pause()
"""
"""Speaks as a desk does: it tells its process and size, and then what it was told."""


class Place:
    """A server at work."""

    def __init__(self, address: str, session: ClientSession, said: list[str]) -> None:
        self.address, self.session, self.said = address, session, said

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.session.get(self.address + path, headers=headers) as answer:
            for name, value in server.HEADERS.items():
                assert answer.headers[name] == value
            return answer.status, (await answer.read()).decode("utf-8", "replace")

    @contextlib.asynccontextmanager
    async def desk(self, path: str = "/ws", **headers: str) -> AsyncIterator[ClientWebSocketResponse]:
        asked = {"Origin": self.address, **headers}
        async with self.session.ws_connect(f"{self.address}{path}?width=90&height=30", headers=asked) as socket:
            yield socket

    async def refused(self, path: str = "/ws", **headers: str) -> int:
        with pytest.raises(WSServerHandshakeError) as caught:
            async with self.desk(path, **headers):
                pass
        return caught.value.status


def terminal_folder(folder: Path) -> Path:
    for name in ("js/textual.js", "css/xterm.css"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"/* {name} */")
    return folder


@contextlib.asynccontextmanager
async def at_work(
    folder: Path, *, token: str = "", most: int = 2, environment: Mapping[str, str] | None = None, program: str = DESK
) -> AsyncIterator[Place]:
    said: list[str] = []
    surroundings = {"PATH": os.environ["PATH"], **(environment or {})}
    serving = Serving((sys.executable, "-c", program), surroundings, "127.0.0.1", 0, most, said.append, token)
    runner = make_runner(serving, terminal_folder(folder))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as session, asyncio.timeout(LIMIT_S):
        try:
            yield Place(f"http://127.0.0.1:{runner.addresses[0][1]}", session, said)
        finally:
            await runner.cleanup()


async def first(socket: ClientWebSocketResponse) -> tuple[int, str]:
    """The process of a desk and its size."""
    process, size = (await socket.receive_bytes()).decode().split()
    return int(process), size


def open_files() -> int:
    """How many this process has; 0 where the system does not tell."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


async def gone(process: int) -> None:
    """Wait until there is no such process."""
    async with asyncio.timeout(LIMIT_S):
        while alive(process):  # noqa: ASYNC110 - a process that is not ours tells nobody that it ends
            await asyncio.sleep(0.01)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def test_the_page_and_all_that_it_asks_for_come_from_here(tmp_path: Path) -> None:
    async with at_work(tmp_path) as place:
        status, page = await place.get("/")
        assert status == 200
        style = (await place.get("/static/page.css"))[1]
        script = (await place.get("/static/page.js"))[1]
        wanted = {*re.findall(r'(?:href|src)="(static/[^"]+)"', page), *re.findall(r'"(static/[^"]+)"', script)}
        wanted |= {f"static/{name}" for name in re.findall(r'url\("([^"]+)"\)', style)}
        assert {"static/textual.js", "static/xterm.css", "static/DejaVuSansMono.woff2"} <= wanted
        for path in wanted:
            assert (await place.get(f"/{path}"))[0] == 200
        for text in (page, style, script):
            assert not re.search(r"https?://|//[a-z]+\.", text.replace('"https:"', ""))
        assert "<script>" not in page
        for path in ("/static/", "/static/server.py", "/static/..%2fserver.py", "/download/x", "/favicon.ico"):
            assert (await place.get(path))[0] == 404


async def test_only_names_of_this_machine_are_answered(tmp_path: Path) -> None:
    async with at_work(tmp_path) as place:
        for host in ("evil.example", "127.0.0.1.evil.example:8000", "192.168.1.4"):
            assert (await place.get("/", Host=host))[0] == 403
            assert (await place.get("/static/page.js", Host=host))[0] == 403
            assert await place.refused(Host=host, Origin=f"http://{host}") == 403
        for host in ("localhost:1234", "[::1]:8000"):
            assert (await place.get("/", Host=host))[0] == 200
            async with place.desk(Host=host, Origin=f"http://{host}") as socket:
                await first(socket)


async def test_a_web_socket_of_another_page_is_refused(tmp_path: Path) -> None:
    async with at_work(tmp_path) as place:
        for origin in ("http://evil.example", "null", "", "http://127.0.0.1:1"):
            assert await place.refused(Origin=origin) == 403


@pytest.mark.parametrize("wrong", ["", "/", "/wrong", f"/{TOKEN[:-1]}", f"/{TOKEN}x", f"/{TOKEN.upper()}", "/%00"])
async def test_without_the_token_nothing_is_shown(tmp_path: Path, wrong: str) -> None:
    async with at_work(tmp_path, token=TOKEN) as place:
        for path in ("/", "/static/page.js", "/static/textual.js", "/ws", "/nothing"):
            status, text = await place.get(wrong + path)
            assert status == 403
            assert TOKEN not in text
        assert await place.refused(f"{wrong}/ws") == 403


async def raw(place: Place, request: bytes) -> bytes:
    """The first line of the answer to something that no browser sends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(place.address.rpartition(":")[2]))
    writer.write(request)
    try:
        return (await reader.readline()).partition(b" ")[2].strip()
    finally:
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("token", ["", TOKEN])
async def test_what_is_no_proper_request_is_refused_and_fills_no_screen(
    tmp_path: Path, token: str, capfd: pytest.CaptureFixture[str]
) -> None:
    host = b"Host: 127.0.0.1\r\n"
    async with at_work(tmp_path, token=token) as place:
        for request, answer in (
            (b"OPTIONS * HTTP/1.1\r\n" + host + b"\r\n", b"403 Forbidden" if token else b"404 Not Found"),
            (b"CONNECT a:80 HTTP/1.1\r\n" + host + b"\r\n", b"403 Forbidden" if token else b"404 Not Found"),
            (b"GET / HTTP/1.1\r\n\r\n", b"400 Bad Request"),
            (b"GET / HTTP/1.1\r\n" + host + host + b"\r\n", b"400 Bad Request"),
            (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + host + b"\r\n", b"400 Bad Request"),
            (b"\x16\x03\x01\x1b]0;x\x07\r\n\r\n", b"400 Bad Request"),
        ):
            assert await raw(place, request) == answer
        assert place.said == []
    assert capfd.readouterr() == ("", "")


async def test_an_error_of_the_program_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async with at_work(tmp_path) as place:
        monkeypatch.setattr(server, "_OWN", None)
        async with place.session.get(f"{place.address}/") as answer:
            assert answer.status == 500
            assert "Traceback" not in await answer.text()
        assert len(place.said) == 1
        assert place.said[0].startswith("a request failed, an error of the program: TypeError: ")
    assert capfd.readouterr() == ("", "")


async def test_with_the_token_any_name_is_answered_but_no_other_page(tmp_path: Path) -> None:
    async with at_work(tmp_path, token=TOKEN) as place:
        assert (await place.get(f"/{TOKEN}/", Host="desk.example"))[0] == 200
        assert (await place.get(f"/{TOKEN}", Host="desk.example"))[0] == 200
        assert (await place.get(f"/{TOKEN}/static/page.js"))[0] == 200
        async with place.desk(f"/{TOKEN}/ws", Host="desk.example", Origin="https://desk.example") as socket:
            await first(socket)
        assert await place.refused(f"/{TOKEN}/ws", Origin="http://evil.example") == 403


async def test_what_is_typed_reaches_the_desk_and_what_it_draws_the_page(tmp_path: Path) -> None:
    async with at_work(tmp_path) as place, place.desk() as socket:
        assert (await first(socket))[1] == "90x30"
        await socket.send_json(["stdin", "q é"])
        assert (await socket.receive_bytes()).decode() == "Dq é"
        await socket.send_json(["resize", {"width": 100, "height": 9_999}])
        assert await socket.receive_bytes() == b'M{"type": "resize", "width": 100, "height": 500}'
        await socket.send_json(["blur"])
        assert await socket.receive_bytes() == b'M{"type": "blur"}'
        await socket.send_json(["ping", "12"])
        assert await socket.receive_json() == ["pong", "12"]


@pytest.mark.parametrize(
    "nonsense", ["{", "12", "null", "[]", '["stdin"]', '["stdin", 5]', '["resize", {"width": "x"}]', '["run", "ls"]']
)
async def test_what_is_not_understood_ends_that_desk_alone(tmp_path: Path, nonsense: str) -> None:
    async with at_work(tmp_path) as place:
        async with place.desk() as socket:
            process, _ = await first(socket)
            await socket.send_str(nonsense)
            assert (await socket.receive()).type is WSMsgType.CLOSE
        await gone(process)
        async with place.desk() as socket:
            await first(socket)
        assert place.said == []


async def test_a_paste_that_does_not_end_ends_that_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pasting, "MOST_PASTED", 1_000)
    async with at_work(tmp_path) as place, place.desk() as socket:
        process, _ = await first(socket)
        await socket.send_json(["stdin", "\x1b[200~" + "x" * 900])
        assert len(await socket.receive_bytes()) == 1 + 6 + 900
        await socket.send_json(["stdin", "x" * 100])
        assert (await socket.receive()).type is WSMsgType.CLOSE
        await gone(process)


async def test_no_more_desks_than_there_are_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "WAIT_S", 0.05)
    async with at_work(tmp_path, most=1) as place:
        async with place.desk() as socket:
            process, _ = await first(socket)
            async with place.desk() as late:
                closed = await late.receive()
                assert (closed.data, closed.extra) == (
                    FULL,
                    "1 desk is open already: no more than that at once (--desks).",
                )
        await gone(process)
        async with place.desk() as socket:
            await first(socket)


async def test_a_page_that_is_loaded_again_gets_the_place_of_the_one_before(tmp_path: Path) -> None:
    async with at_work(tmp_path, most=1) as place:
        for _ in range(5):
            async with place.desk() as socket:
                await first(socket)


async def test_a_desk_that_is_left_closes_its_page(tmp_path: Path) -> None:
    async with at_work(tmp_path) as place, place.desk() as socket:
        process, _ = await first(socket)
        await socket.send_json(["stdin", "leave"])
        closed = await socket.receive()
        assert (closed.type, closed.data, closed.extra) == (WSMsgType.CLOSE, 1000, "")
        await gone(process)


@pytest.mark.parametrize("breaks", ["break", "break, with a goodbye"])
async def test_a_desk_that_breaks_says_why(tmp_path: Path, breaks: str) -> None:
    async with at_work(tmp_path) as place, place.desk() as socket:
        await first(socket)
        await socket.send_json(["stdin", breaks])
        assert (await socket.receive()).extra == "The desk ended: it is broken"
        assert place.said == ["a desk ended: it is broken"]


async def test_others_are_not_told_why_a_desk_breaks(tmp_path: Path) -> None:
    async with at_work(tmp_path, token=TOKEN) as place, place.desk(f"/{TOKEN}/ws") as socket:
        await first(socket)
        await socket.send_json(["stdin", "break"])
        assert (await socket.receive()).extra == ""
        assert place.said == ["a desk ended: it is broken"]


async def test_a_desk_that_never_begins_says_why(tmp_path: Path) -> None:
    async with at_work(tmp_path, program="import sys; sys.exit('no recording')") as place, place.desk() as socket:
        assert (await socket.receive()).extra == "The desk ended: no recording"


async def test_a_page_that_is_closed_ends_its_desk_while_that_draws(tmp_path: Path) -> None:
    async with at_work(tmp_path) as place:
        async with place.desk() as socket:
            process, _ = await first(socket)
            await socket.send_json(["stdin", "flood"])
            await socket.receive_bytes()
        await gone(process)


@pytest.mark.parametrize("ends", ["page", "server"])
async def test_a_desk_that_does_not_leave_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: str) -> None:
    monkeypatch.setattr(visit, "_LEAVE_S", 0.1)
    monkeypatch.setattr(visit, "_KILL_S", 0.1)
    async with at_work(tmp_path, environment={"STUBBORN": "1"}) as place:
        socket = await place.session.ws_connect(f"{place.address}/ws", origin=place.address)
        process, _ = await first(socket)
        if ends == "page":
            await socket.close()
            await gone(process)
    await gone(process)


async def test_the_server_ends_every_desk_and_tells_the_pages(tmp_path: Path) -> None:
    async with at_work(tmp_path) as place:
        sockets = [await place.session.ws_connect(f"{place.address}/ws", origin=place.address) for _ in range(2)]
        processes = [(await first(socket))[0] for socket in sockets]
    for socket in sockets:
        closed = await socket.receive()
        assert (closed.data, closed.extra) == (1001, "`crashdesk serve` has ended.")
    assert not any(map(alive, processes))


async def test_many_visits_leave_nothing(tmp_path: Path) -> None:
    async with at_work(tmp_path, most=4) as place:
        before = open_files()

        async def look() -> int:
            async with place.desk() as socket:
                return (await first(socket))[0]

        for _ in range(10):
            for process in await asyncio.gather(look(), look(), look(), look()):
                await gone(process)
        after = open_files()
        assert after <= before + 8


async def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    async with at_work(tmp_path) as place:
        port = int(place.address.rpartition(":")[2])
        serving = Serving(("true",), {}, "127.0.0.1", port, 1, place.said.append)
        with pytest.raises(
            Exception, match=rf"at 127.0.0.1, port {port}: address already in use \(--port names another one\)"
        ):
            await serve(serving, tmp_path, lambda _port: None)


@pytest.mark.parametrize(
    ("told", "size"),
    [(("80", "24"), (80, 24)), ((0, -5), (1, 1)), ((10**9, 7), (500, 7)), (("x", 1), None), ((None, None), None)],
)
def test_sizes(told: tuple[object, object], size: tuple[int, int] | None) -> None:
    assert size_of(*told) == size
