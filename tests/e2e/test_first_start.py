"""The very first start in a terminal: a card with keys, once in a lifetime, in no picture and in no pipe."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.e2e.recorder import LIMIT_S, ROOT
from tests.e2e.terminal import Terminal, terminal
from tests.e2e.test_themes import tape

WORDS = "Enter closes; any other key"


async def left(desk: Terminal) -> None:
    """Quit, and wait for the end."""
    desk.type("q")
    assert await desk.ended() == 0


async def test_the_card_is_shown_once_in_a_lifetime(tmp_path: Path) -> None:
    recording = tape(tmp_path)
    kept = Path(os.environ["XDG_DATA_HOME"]) / "crashdesk/desk.toml"
    svg = tmp_path / "desk.svg"
    command = [sys.executable, "-m", "crashdesk"]
    for arguments in (["picture", recording, "--out", str(svg)], ["replay", recording]):
        done = subprocess.run(  # noqa: ASYNC221 - nothing else runs here
            [*command, *arguments], cwd=ROOT, capture_output=True, check=True, timeout=LIMIT_S
        )
        assert WORDS not in done.stdout.decode()
    assert "Enter&#160;closes" not in svg.read_text(encoding="utf-8")
    assert not kept.exists()
    async with terminal(["replay", recording], first=True) as desk:
        await desk.wait_for(WORDS)
        desk.type("\r")
        await left(desk)
    assert len(tomllib.loads(kept.read_text(encoding="utf-8"))["welcomed"]) == len("2025-11-03")
    async with terminal(["replay", recording], first=True) as desk:
        await desk.wait_for("6 Timeline")
        desk.type("1")
        await left(desk)
        assert WORDS not in desk.text
