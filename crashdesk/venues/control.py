"""The worker's end of the control socket: JSON lines in, an acknowledgement each; the answers arrive as records."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from crashdesk.model.control import Command, decode_command

_MOST_LINE = 4096
_IDLE_S = 60.0


@contextlib.asynccontextmanager
async def serve_control(path: Path, handle: Callable[[Command], None]) -> AsyncIterator[None]:
    """Listen on a Unix socket that only the user may open, until the block ends; a stale one is replaced.

    `handle` may raise ValueError: its text is the refusal. Raises OSError when the socket cannot be made.
    """
    server = await _listen(path, handle)
    try:
        yield
    finally:
        server.close()
        _remove(path)


async def _listen(path: Path, handle: Callable[[Command], None]) -> asyncio.Server:
    path_text = _make_room(path)
    before = os.umask(0o177)
    try:
        return await asyncio.start_unix_server(lambda r, w: _client(r, w, handle), path_text, limit=_MOST_LINE)
    finally:
        os.umask(before)


def _make_room(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _remove(path)
    return str(path)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


async def _client(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handle: Callable[[Command], None]
) -> None:
    try:
        while True:
            async with asyncio.timeout(_IDLE_S):
                line = await reader.readline()
            if not line:
                break
            writer.write(_answer(line, handle))
            await writer.drain()
    except (TimeoutError, ConnectionError, ValueError):
        return  # idle, gone, or a line without end: this client is done, the next one may come
    finally:
        writer.close()


def _answer(line: bytes, handle: Callable[[Command], None]) -> bytes:
    try:
        handle(decode_command(line.decode()))
    except ValueError as error:
        return json.dumps({"ok": False, "error": str(error)}).encode() + b"\n"
    return b'{"ok": true}\n'
