"""What a flood of connections makes a server complain of."""

from __future__ import annotations

import asyncio
import resource
import socket
from contextlib import closing

from crashdesk.outside.browser.complaints import complain_once


async def test_connections_that_cannot_be_taken_are_told_once() -> None:
    """A loop that is out of files complains for each of them, again and again."""
    said: list[str] = []
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    complain = complain_once(said.append)

    def heard(loop: asyncio.AbstractEventLoop, about: dict[str, object]) -> None:
        complain(loop, about)
        told.set()

    loop.set_exception_handler(heard)
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    with closing(socket.socket()) as one:
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (one.fileno() + 1, before[1]))
        try:
            one.setblocking(False)
            await loop.sock_connect(one, address)
            async with asyncio.timeout(10):
                await told.wait()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
            server.close()
    assert said == ["socket.accept() out of system resource: too many open files"]


async def test_other_errors_are_told_with_their_kind() -> None:
    said: list[str] = []
    complain = complain_once(said.append)
    for _ in range(3):
        complain(asyncio.get_running_loop(), {"message": "Task exception", "exception": ValueError("x\x1b[31m")})
        complain(asyncio.get_running_loop(), {"message": "a word"})
    assert said == ["Task exception: ValueError: x[31m", "a word"]
