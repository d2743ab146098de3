"""One desk that is open in a browser: a process of its own, and what goes to and fro.

The process draws by Textual's driver for browsers, whose packets are: a letter (`D` what a terminal gets or types, `M`
a message as JSON, `P` something packed), the length in 4 bytes, big end first, and that many bytes.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress

from crashdesk.model.text import clean
from crashdesk.outside.browser.pasting import Pasting

_READY = b"__GANGLION__\n"
_LEAVE_S = 6.0
_KILL_S = 2.0
_TAIL_BYTES = 4_000
_MOST_WAITING = 1 << 20
"""Bytes that were typed and that the desk has not read: one that holds up more does not answer."""


class Visit:
    """The process of one desk. `end` must be called, whatever happened."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._tail = b""
        self._left = False
        self._pasting = Pasting()
        self._complaints = asyncio.create_task(self._hear())

    @classmethod
    async def begin(cls, command: Sequence[str], environment: Mapping[str, str], size: tuple[int, int]) -> Visit:
        """Start a desk of `size` columns and rows. Raises OSError."""
        columns, rows = size
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env={**environment, "COLUMNS": str(columns), "ROWS": str(rows)},
            start_new_session=True,
        )
        return cls(process)

    async def drawn(self) -> AsyncIterator[bytes]:
        """What the desk draws, until it ends."""
        out = self._process.stdout
        if out is None:
            return
        try:
            await out.readuntil(_READY)
            while True:
                head = await out.readexactly(5)
                payload = await out.readexactly(int.from_bytes(head[1:], "big"))
                if head[:1] == b"D":
                    yield payload
                elif head[:1] == b"M" and json.loads(payload).get("type") == "exit":
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # it ended without a word
        self._left = True

    def typed(self, data: bytes) -> bool:
        """Keys, mouse and pastes; False when the desk takes no more."""
        return self._pasting.within_reason(data) and self._send(b"D", data)

    def resized(self, size: tuple[int, int]) -> bool:
        """The browser's window has another size in columns and rows; False when the desk takes no more."""
        return self._tell({"type": "resize", "width": size[0], "height": size[1]})

    def looked_at(self, *, seen: bool) -> bool:
        """The page got the focus or lost it; False when the desk takes no more."""
        return self._tell({"type": "focus" if seen else "blur"})

    async def end(self) -> str:
        """End the process and all that it started; why it ended before, empty when nothing was wrong with that."""
        if self._process.stdin is not None:
            self._process.stdin.close()  # a desk without a browser leaves
        draining = asyncio.create_task(self._drain())
        for patience, number in ((_LEAVE_S, signal.SIGTERM), (_KILL_S, signal.SIGKILL), (_KILL_S, None)):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), patience)
                break
            if number is not None:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, number)
        for task in (draining, self._complaints):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        return self._why()

    def _why(self) -> str:
        code = self._process.returncode
        if not self._left or not code:
            return ""
        lines = self._tail.decode("utf-8", "replace").strip().splitlines()
        return clean(lines[-1], 200).removeprefix("crashdesk: ") if lines else f"it ended with code {code}"

    def _tell(self, message: Mapping[str, str | int]) -> bool:
        return self._send(b"M", json.dumps(message).encode())

    def _send(self, kind: bytes, payload: bytes) -> bool:
        pipe = self._process.stdin
        if pipe is None or pipe.is_closing() or pipe.transport.get_write_buffer_size() > _MOST_WAITING:
            return False
        pipe.write(kind + len(payload).to_bytes(4, "big") + payload)
        return True

    async def _hear(self) -> None:
        """Keep the end of what it says on standard error."""
        pipe = self._process.stderr
        while pipe is not None and (data := await pipe.read(_TAIL_BYTES)):
            self._tail = (self._tail + data)[-_TAIL_BYTES:]

    async def _drain(self) -> None:
        """Read what nobody sees any more: a process that waits to write it could not end."""
        pipe = self._process.stdout
        while pipe is not None and await pipe.read(1 << 16):
            pass
