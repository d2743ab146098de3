"""Ctrl+Z gives the terminal back to the shell, `fg` brings the desk again, as it was and with its keys."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.e2e.tmux_pane import command_of, tmux_pane
from tests.session import market_tape


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
async def test_the_desk_is_suspended_and_comes_back(tmp_path: Path) -> None:
    tape = tmp_path / "a.crash"
    market_tape.write(tape, hours=1)
    async with tmux_pane(None) as pane:
        await pane.until(lambda text: text.rstrip().endswith("$"))
        await pane.type(command_of(["replay", str(tape)]) + "\n")
        for time in ("first", "second"):
            await pane.until(lambda text: "REPLAY" in text and "1 Tickers" in text and "q quit" in text)
            await pane.key("ctrl+z")
            shell = await pane.until(lambda text: "Stopped" in text and text.rstrip().endswith("$"))
            assert "1 Tickers" not in shell
            await pane.type(f"echo the {time} time\n")
            await pane.until(lambda text, time=time: f"\nthe {time} time" in text)  # type: ignore[misc]
            await pane.type("fg\n")
        await pane.until(lambda text: "1 Tickers" in text and "q quit" in text)
        await pane.type("?")
        await pane.until(lambda text: "Help, " in text)
        await pane.type("q")
        await pane.type("q")
        await pane.until(lambda text: "the second time" in text and text.rstrip().endswith("$"))
        await pane.type("jobs; echo code $?\n")
        assert "Stopped" not in (await pane.until(lambda text: "\ncode 0" in text)).rpartition("jobs;")[2]
