"""The terminal is left as it was found, however the desk ends; and its size may change at any moment."""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import termios
from pathlib import Path

import pytest

from bench.screen import Screen
from tests.e2e.recorder import ROOT
from tests.e2e.terminal import Terminal, terminal
from tests.session import market_tape

LEFT = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?1006l", b"\x1b[?2004l")
"""The other screen, a cursor that is hidden, three modes of the mouse and marked pastes are ended."""
ENTERED = (b"\x1b[?1049h", b"\x1b[?25l", b"\x1b[?1000h", b"\x1b[?2004h")

BROKEN_PANE = """
from crashdesk.desk.timeline.pane import TimelinePane
def broken(self, action_id):
    raise ZeroDivisionError("a pane broke")
TimelinePane.pane_key = broken
"""
BROKEN_FOLDING = """
from crashdesk.session.deck import Deck
def broken(self, at_ms):
    raise ZeroDivisionError("folding broke")
Deck.jump = broken
"""


def tape(folder: Path) -> str:
    file = folder / "a.crash"
    market_tape.write(file, hours=1)
    return str(file)


async def shown(desk: Terminal) -> None:
    await desk.until(lambda text: "Timeline" in text and "REPLAY" in text)
    assert all(mode in desk.raw for mode in ENTERED)


async def given_back(desk: Terminal, code: int) -> str:
    """Waits for the end; what is written behind the desk."""
    ended = await desk.ended()
    assert ended == code, desk.text[-900:]
    await desk.until(lambda _text: all(mode in desk.raw for mode in LEFT))
    for left, entered in zip(LEFT, (b"\x1b[?1049h", b"\x1b[?25l", b"\x1b[?1000h"), strict=False):
        assert desk.raw.rindex(left) > desk.raw.rindex(entered)
    assert_cooked(desk)
    return desk.text[desk.text.rindex("Timeline") :]


def assert_cooked(desk: Terminal) -> None:
    """Lines are read whole and echoed again, Ctrl+C is a signal."""
    flags = termios.tcgetattr(desk._master)[3]
    assert flags & termios.ECHO
    assert flags & termios.ICANON
    assert flags & termios.ISIG


async def test_after_quitting(tmp_path: Path) -> None:
    async with terminal(["replay", tape(tmp_path)]) as desk:
        assert_cooked(desk)
        await shown(desk)
        assert not termios.tcgetattr(desk._master)[3] & termios.ECHO
        desk.type("q")
        await given_back(desk, 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_after_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    async with terminal(["replay", tape(tmp_path)]) as desk:
        await shown(desk)
        desk.type(":go 5")
        desk.child.send_signal(number)
        await given_back(desk, 0)


@pytest.mark.parametrize(
    ("program", "keys", "said"),
    [(BROKEN_PANE, "6j", "a pane broke"), (BROKEN_FOLDING, ":go 50%\r", "folding broke")],
    ids=["a pane", "the folding thread"],
)
async def test_after_a_mistake_of_ours(tmp_path: Path, program: str, keys: str, said: str) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(program)
    async with terminal(["replay", tape(tmp_path)], {"PYTHONPATH": f"{broken}{os.pathsep}{ROOT}"}) as desk:
        await shown(desk)
        desk.type(keys)
        assert said in await given_back(desk, 1)


async def test_the_size_changes_at_any_moment(tmp_path: Path) -> None:
    sizes = [(80, 24), (20, 5), (240, 67), (1, 1), (99, 30), (120, 36), (160, 48)]
    async with terminal(["replay", tape(tmp_path), "--speed", "600"]) as desk:
        await shown(desk)
        for columns, rows in sizes:
            desk.screen = Screen(columns, rows)
            fcntl.ioctl(desk._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            desk.child.send_signal(signal.SIGWINCH)
            if rows >= 24:
                await desk.until(lambda text: "REPLAY" in text and "Tickers" in text and "help" in text)
        desk.type("q")
        await given_back(desk, 0)
