"""The same program in a real terminal multiplexer, driven by `tmux send-keys` and read by `tmux capture-pane`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from tests.e2e.recorder import LIMIT_S, ROOT
from tests.e2e.terminal import COLUMNS, ROWS, have_been_here

NAMES = {
    "shift+left": "S-Left",
    "shift+right": "S-Right",
    "ctrl+left": "C-Left",
    "ctrl+right": "C-Right",
    "ctrl+z": "C-z",
}


class TmuxPane:
    """One `crashdesk` in a pane of 160x48. It is looked at whenever it wrote something."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "s"
        self._news = asyncio.Event()
        self._pipe = folder / "pipe"
        os.mkfifo(self._pipe)
        self._fd = os.open(self._pipe, os.O_RDWR | os.O_NONBLOCK)
        asyncio.get_running_loop().add_reader(self._fd, self._read)

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._fd, 65_536)
        self._news.set()

    async def tmux(self, *arguments: str) -> str:
        """Run a command of this pane's own server; its output. Raises AssertionError when it fails."""
        child = await asyncio.create_subprocess_exec(
            *("tmux", "-S", str(self._socket), "-f", "/dev/null", *arguments),
            env=dict(os.environ),  # else that of the C library, into which readline puts the columns of this terminal
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await child.communicate()
        assert child.returncode == 0, f"tmux {arguments}: {err.decode()}"
        return out.decode()

    async def open(self, arguments: Sequence[str]) -> None:
        """Start the program."""
        await self._start(command_of(arguments))

    async def open_shell(self) -> None:
        """Start a shell that has jobs."""
        await self._start("env PS1='$ ' bash --norc --noprofile -i")

    async def _start(self, command: str) -> None:
        have_been_here(os.environ)
        await self.tmux("new-session", "-d", "-x", str(COLUMNS), "-y", str(ROWS), "-c", str(ROOT), command)
        await self.tmux("pipe-pane", "-O", f"cat > {shlex.quote(str(self._pipe))}")

    async def key(self, name: str) -> None:
        """Press a key by its canonical name."""
        await self.tmux("send-keys", NAMES[name])

    async def type(self, text: str) -> None:
        """Press keys that have characters."""
        await self.tmux("send-keys", "-l", "--", text)

    async def until(self, seen: Callable[[str], bool]) -> str:
        """The screen's text, once it is as wanted. Raises TimeoutError with what is on it."""
        text = ""
        try:
            async with asyncio.timeout(LIMIT_S):
                while True:
                    self._news.clear()
                    if seen(text := await self.tmux("capture-pane", "-p")):
                        return text
                    await self._news.wait()
        except TimeoutError:
            raise TimeoutError(f"not seen in {LIMIT_S} s:\n{text.rstrip()}") from None

    async def close(self) -> None:
        """End the server, which is this pane's alone."""
        asyncio.get_running_loop().remove_reader(self._fd)
        os.close(self._fd)
        await self.tmux("kill-server")


def command_of(arguments: Sequence[str]) -> str:
    """`crashdesk ARGUMENTS` for a shell."""
    return shlex.join([sys.executable, "-m", "crashdesk", *arguments])


@contextlib.asynccontextmanager
async def tmux_pane(arguments: Sequence[str] | None) -> AsyncIterator[TmuxPane]:
    """`crashdesk ARGUMENTS` under tmux, or (None) a shell; killed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="cd-"))  # a socket's path must be short
    pane = TmuxPane(folder)
    try:
        await (pane.open_shell() if arguments is None else pane.open(arguments))
        yield pane
    finally:
        await pane.close()
        shutil.rmtree(folder)
