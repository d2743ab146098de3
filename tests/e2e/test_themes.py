"""Themes of the program as it runs: what a terminal is sent, what is remembered, what a saved file changes."""

from __future__ import annotations

import re
from pathlib import Path

from tests.config.bad_themes import write_bad_themes
from tests.e2e.terminal import Terminal, terminal
from tests.session import market_tape

SGR = re.compile(rb"\x1b\[([0-9;]*)m")
_SETTLED = "Timeline"


def codes(desk: Terminal) -> set[str]:
    """The colour codes that were sent since the last `clear`, whole."""
    return {found.decode() for found in SGR.findall(desk.raw)}


def tape(folder: Path) -> str:
    file = folder / "a.crash"
    market_tape.write(file, hours=1)
    return str(file)


def ground(rgb: str) -> str:
    return f"48;2;{int(rgb[1:3], 16)};{int(rgb[3:5], 16)};{int(rgb[5:7], 16)}"


async def test_the_terminal_theme_sends_the_sixteen_colours_alone(tmp_path: Path, hermetic_environment: Path) -> None:
    config = hermetic_environment / "config" / "crashdesk"
    config.mkdir()
    (config / "config.toml").write_text('[desk]\ntheme = "terminal"\n')
    async with terminal(["replay", tape(tmp_path)]) as desk:
        await desk.until(lambda text: _SETTLED in text and "REPLAY" in text)
        desk.type("?")
        await desk.until(lambda text: "Esc closes" in text)
        desk.type("?")
        await desk.until(lambda text: "Esc closes" not in text)
        desk.type("p")
        await desk.until(lambda text: "picture written" in text)
        sent = codes(desk)
        desk.type("q")
        assert await desk.ended() == 0
    numbers = {int(part) for code in sent for part in code.split(";") if part}
    assert not any(code.startswith(("38", "48")) or ";38;" in code or ";48;" in code for code in sent)
    assert numbers & {31, 32, 35, 36}
    assert {39, 49} <= numbers
    assert numbers <= {0, 1, 2, 4, 7, 39, 49, *range(30, 38), *range(40, 48), *range(90, 98), *range(100, 108)}


async def test_without_colours_only_weight_is_sent(tmp_path: Path) -> None:
    async with terminal(["replay", tape(tmp_path)], {"NO_COLOR": "1"}) as desk:
        await desk.until(lambda text: _SETTLED in text and "REPLAY" in text)
        desk.type("I\x1b[B\r")
        desk.type("p")
        await desk.until(lambda text: "picture written" in text)
        sent = codes(desk)
        desk.type("q")
        assert await desk.ended() == 0
    numbers = {int(part) for code in sent for part in code.split(";") if part}
    assert numbers <= {0, 1, 2, 4, 7, 39, 49}


async def test_a_theme_is_remembered_and_a_saved_file_is_seen(tmp_path: Path, hermetic_environment: Path) -> None:
    themes = hermetic_environment / "config" / "crashdesk" / "themes"
    write_bad_themes(themes)
    mine = themes / "mine.toml"
    mine.write_text('[base]\nsurface = "#010203"\n')
    recording = tape(tmp_path)
    async with terminal(["replay", recording]) as desk:
        # with every bad theme at once the desk starts, says what it can, and goes on
        await desk.until(lambda text: _SETTLED in text and "more mistakes" in text)
        desk.type(":theme mine\r")
        await desk.until(lambda _: ground("#010203").encode() in desk.raw)
        desk.type("q")
        assert await desk.ended() == 0
    async with terminal(["replay", recording]) as desk:
        await desk.until(lambda _: ground("#010203").encode() in desk.raw)
        mine.write_text('[base]\nsurface = "#040506"\n')
        await desk.until(lambda _: ground("#040506").encode() in desk.raw)
        desk.clear()
        mine.write_text("[base\n")
        await desk.until(lambda text: "the theme stays as it was" in " ".join(text.split()))
        assert ground("#010203").encode() not in desk.raw
        desk.type("q")
        assert await desk.ended() == 0
