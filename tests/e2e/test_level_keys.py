"""A script of key presses: after each step the file of levels and the screen say the same."""

from __future__ import annotations

import asyncio
import re
import time
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.recorder import LIMIT_S
from tests.e2e.terminal import Terminal, terminal
from tests.loopback import LoopbackVenues
from tests.session.market_tape import START, write

ESCAPE, CTRL_U, CTRL_R, DOWN = "\x1b", "\x15", "\x12", "\x1b[B"
PLACED = re.compile(r"▶([\d,]+(?:\.\d+)?) [+−]\d")
"""The price of the line that is being placed, at the chart's right edge."""


@asynccontextmanager
async def live(folder: Path) -> AsyncIterator[Terminal]:
    """A desk with its recorder on loopback venues."""
    async with LoopbackVenues(venues=["okx"]) as server:
        server.set_price("BTC", 106_000.0)
        config = folder / "config.toml"
        config.write_text(server.config_toml(symbols=["BTC/USDT"]), encoding="utf-8")
        async with terminal(["--config", str(config)]) as desk:
            yield desk


@asynccontextmanager
async def replay(folder: Path) -> AsyncIterator[Terminal]:
    """A recording of a day long ago, ten minutes after its start."""
    tape = folder / "tape.crash"
    write(tape, hours=0.5)
    async with terminal(["replay", str(tape), "--at", str(START + 10 * 60_000)]) as desk:
        yield desk


class Hand:
    """Presses keys, waits for what they show, and looks into the file."""

    def __init__(self, desk: Terminal, file: Path) -> None:
        self.desk = desk
        self._file = file

    async def press(self, keys: str, *words: str) -> str:
        """The screen with all of the words on it, behind these keys."""
        self.desk.type(keys)
        return await self.desk.until(lambda text: all(word in text for word in words))

    async def price_after(self, keys: str, before: float) -> float:
        """Where the line is when it has moved."""
        self.desk.type(keys)
        return placed(await self.desk.until(lambda text: placed(text) not in (before, 0.0)))

    async def file_is(self, wanted: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """The levels in the file, once they are as wanted: it is written behind the screen, by another thread."""
        async with asyncio.timeout(LIMIT_S):
            while not wanted(rows := self.levels()):  # noqa: ASYNC110 - a file tells nobody
                await asyncio.sleep(0.01)
        return rows

    def levels(self) -> list[dict[str, Any]]:
        """What is in levels.toml."""
        if not self._file.exists():
            return []
        rows: list[dict[str, Any]] = tomllib.loads(self._file.read_text(encoding="utf-8")).get("levels", [])
        return rows

    async def agree(self, price: float, kind: str, label: str) -> dict[str, Any]:
        """One level, in the file and in the ladder; gives its row."""
        rows = await self.file_is(
            lambda rows: [(r["price"], r["kind"], r["label"]) for r in rows] == [(price, kind, label)]
        )
        wanted = re.compile(rf'{re.escape(shown(price))} +mine "{label}"')
        await self.desk.until(lambda text: wanted.search(text) is not None)
        return rows[0]

    async def none(self, label: str) -> None:
        """No level, in the file and on the screen."""
        await self.file_is(lambda rows: not rows)
        await self.desk.until(lambda text: f'"{label}"' not in text)


def shown(price: float) -> str:
    """A price as the desk writes one that was set."""
    return f"{price:,.2f}".removesuffix(".00")


def placed(text: str) -> float:
    """The price of the line that is being placed; 0 without one."""
    found = PLACED.search(text)
    return float(found.group(1).replace(",", "")) if found else 0.0


@pytest.mark.parametrize("stage", [live, replay])
async def test_file_and_screen_agree_after_every_key(
    stage: Callable[[Path], Any], tmp_path: Path, hermetic_environment: Path
) -> None:
    started_ms = int(time.time() * 1000)
    async with stage(tmp_path) as desk:
        hand = Hand(desk, hermetic_environment / "data" / "crashdesk" / "levels.toml")
        await desk.until(lambda text: "4 Chart ─ BTC/USDT" in text and "◀" in text and " 5 Levels " in text)
        await _places(hand)
        level = await _moves(hand)
        await _takes_back(hand, level["price"])
        is_replay = stage is replay
        assert (level["created_ms"] < started_ms) is is_replay  # a replay's level counts from the time shown
        if is_replay:
            assert START + 10 * 60_000 <= level["created_ms"] < START + 30 * 60_000
        assert level["updated_ms"] >= started_ms
        desk.type("q")
        assert await desk.ended() == 0


async def test_the_mouse_places_a_level_and_drags_it(tmp_path: Path, hermetic_environment: Path) -> None:
    async with replay(tmp_path) as desk:
        hand = Hand(desk, hermetic_environment / "data" / "crashdesk" / "levels.toml")
        text = await desk.until(lambda text: "◀" in text and "│liq 24h " in text and "swing high" in text)
        last = next(y for y, line in enumerate(text.splitlines()) if "◀" in line)
        axis = re.search("(?<=.)[│┤]", text.splitlines()[last + 3])
        assert axis is not None
        desk.type(mouse(0, axis.start() - 2, last + 3, "M") + mouse(0, axis.start() - 2, last + 3, "m"))
        await desk.until(lambda text: "label of " in text)
        desk.type("low\r")
        (row,) = await hand.file_is(lambda rows: len(rows) == 1)
        await hand.agree(row["price"], "line", "low")
        text = await desk.until(lambda text: low_line(text) >= 0)
        y = low_line(text)
        desk.type(
            mouse(0, axis.start() + 9, y, "M")
            + mouse(32, axis.start() + 9, y - 1, "M")
            + mouse(32, axis.start() + 9, y - 2, "M")
        )
        price = placed(await desk.until(lambda text: "placing a level" in text and placed(text) > row["price"]))
        desk.type(mouse(0, axis.start() + 9, y - 2, "m"))
        (moved,) = await hand.file_is(lambda rows: rows[0]["price"] != row["price"])
        assert moved["price"] >= price > row["price"]
        await hand.agree(moved["price"], "line", "low")


def low_line(text: str) -> int:
    """Where the chart, at the left, names the level "low"; -1 where it doesn't yet."""
    return next((y for y, line in enumerate(text.splitlines()) if " low " in line[: len(line) // 2]), -1)


def mouse(button: int, x: int, y: int, end: str) -> str:
    """What a terminal sends for its mouse: 32 added to the button while it moves; `m` is the release."""
    return f"\x1b[<{button};{x + 1};{y + 1}{end}"


async def _places(hand: Hand) -> None:
    """Adds, types, labels; Esc leaves all as it was."""
    await hand.press("a", "placing a level")
    await hand.press("104250.5", "▶104250.5_")
    await hand.press("\r", "label of 104,250.50")
    await hand.press("support base\r")
    await hand.agree(104_250.5, "support", "base")
    await hand.press("a", "placing a level")
    await hand.press("99", "▶99_")
    hand.desk.type(ESCAPE)
    await hand.desk.until(lambda text: "placing a level" not in text)
    await hand.agree(104_250.5, "support", "base")


async def _moves(hand: Hand) -> dict[str, Any]:
    """Nudges, snaps, changes label and kind."""
    price = placed(await hand.press("e", "placing a level", "▶104,250.50 "))
    for keys in ("k", "K", "j", DOWN, CTRL_U):
        price = await hand.price_after(keys, price)
    await hand.press("\r", f"label of {shown(price)} ", "support base")
    await hand.press("\r")
    await hand.agree(price, "support", "base")
    await hand.press("e", "placing a level")
    snapped = await hand.price_after("x", price)
    hand.desk.type("\r\r")  # one behind the other, as fast as a hand never is
    await hand.agree(snapped, "support", "base")
    await hand.press("e", "placing a level")
    hand.desk.type(f"\r{CTRL_U}stop exit\r")
    return await hand.agree(snapped, "stop", "exit")


async def _takes_back(hand: Hand, price: float) -> None:
    """Deletes, undoes, redoes."""
    hand.desk.type("d")
    await hand.none("exit")
    await hand.press("u", "undone: level")
    await hand.agree(price, "stop", "exit")
    await hand.press(CTRL_R, "done again: level")
    await hand.none("exit")
    hand.desk.type("u")
    await hand.agree(price, "stop", "exit")
    hand.desk.type("u")  # the label before
    await hand.agree(price, "support", "base")
