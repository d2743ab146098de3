"""A program in a terminal of its own: what it writes is waited for, keys are typed into it."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import re
import struct
import sys
import termios
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path

from bench.screen import Screen
from tests.e2e.recorder import LIMIT_S, ROOT

COLUMNS, ROWS = 160, 48
_ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\x1b[=>()].?")


class Terminal:
    """One running `crashdesk` on a 160x48 terminal."""

    def __init__(self, child: asyncio.subprocess.Process, master: int) -> None:
        self.child = child
        self.screen = Screen(COLUMNS, ROWS)
        self._master = master
        self._text = b""
        self._news = asyncio.Event()
        self._over = False
        asyncio.get_running_loop().add_reader(master, self._read)

    def _read(self) -> None:
        try:
            data = os.read(self._master, 65_536)
        except OSError:
            data = b""
        if not data:
            self._over = True
            asyncio.get_running_loop().remove_reader(self._master)
        self._text += data
        self.screen.feed(data)
        self._news.set()

    @property
    def text(self) -> str:
        """Everything written so far, without escape sequences."""
        return _ESCAPES.sub(b"", self._text).decode("utf-8", "replace")

    @property
    def raw(self) -> bytes:
        """Everything written since the last `clear`, as it was written."""
        return self._text

    async def wait_for(self, words: str) -> None:
        """Until `words` are written (after the last `clear`)."""
        async with asyncio.timeout(LIMIT_S):
            while words not in self.text:
                self._news.clear()
                await self._news.wait()

    async def until(self, seen: Callable[[str], bool]) -> str:
        """The screen's text, once it is as wanted. Raises TimeoutError with what is on it, also when it has ended."""
        try:
            async with asyncio.timeout(LIMIT_S):
                while not seen(text := self.screen.text()):
                    if self._over:
                        raise TimeoutError
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise TimeoutError(f"not seen in {LIMIT_S} s, or it ended:\n{self.screen.text().rstrip()}") from None
        return text

    def clear(self) -> None:
        """Forget what was written so far."""
        self._text = b""

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    async def ended(self) -> int:
        """Its exit code."""
        return await asyncio.wait_for(self.child.wait(), LIMIT_S)


def have_been_here(environment: Mapping[str, str]) -> None:
    """The trader has closed the card of the first start."""
    file = Path(environment["XDG_DATA_HOME"]) / "crashdesk/desk.toml"
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text('welcomed = "2025-11-03"\n', encoding="utf-8")


@contextlib.asynccontextmanager
async def terminal(
    arguments: Sequence[str], environment: dict[str, str] | None = None, *, first: bool = False
) -> AsyncIterator[Terminal]:
    """`crashdesk ARGUMENTS` in a terminal; killed in the end if it still runs. `first`: nobody was ever here before."""
    surroundings = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})}
    if not first:
        have_been_here(surroundings)
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "crashdesk",
        *arguments,
        cwd=ROOT,
        env=surroundings,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    shown = Terminal(child, master)
    try:
        yield shown
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
        asyncio.get_running_loop().remove_reader(master)
        os.close(master)
