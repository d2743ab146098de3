"""A hand that presses the keys of a replay, and what the status line then says."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from crashdesk.config.actions import ACTIONS
from crashdesk.config.key_names import show_key
from crashdesk.model.timeframe import MINUTE_MS
from tests.e2e.terminal import Terminal
from tests.e2e.transport_tape import END, START

BYTES = {"shift+left": "\x1b[1;2D", "shift+right": "\x1b[1;2C", "ctrl+left": "\x1b[1;5D", "ctrl+right": "\x1b[1;5C"}


SHOWN_SPEEDS = (
    *("0.25×", "0.5×", "1×", "2×", "5×", "10×", "24×", "60×", "120×", "300×", "600×"),
    *("1,800×", "3,600×", "7,200×", "18,000×", "36,000×", "max"),
)


STATUS = re.compile(r"REPLAY (?:(end)|(paused )?(\S+)) .*?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC")


HERE = START + 90 * MINUTE_MS + 5_000


"""Between two snapshots."""


class Seen(NamedTuple):
    """What the status line says."""

    state: str
    speed: str
    at_ms: int


def seen(text: str) -> Seen | None:
    found = STATUS.search(text)
    if found is None:
        return None
    end, paused, speed, at = found.groups()
    at_ms = int(datetime.fromisoformat(f"{at}+00:00").timestamp() * 1000)
    return Seen("ended" if end else "paused" if paused else "playing", speed or "", at_ms)


class Pane(Protocol):
    """A screen with a keyboard."""

    async def until(self, seen: Callable[[str], bool]) -> str:
        """The screen's text, once it is as wanted. Raises TimeoutError with what is on it."""
        ...

    async def key(self, name: str) -> None:
        """Press a key that has no character, by its canonical name."""
        ...

    async def type(self, text: str) -> None:
        """Press the keys of these characters."""
        ...


class PtyPane:
    """The keys of a terminal as it sends them."""

    def __init__(self, desk: Terminal) -> None:
        self._desk = desk

    async def until(self, seen: Callable[[str], bool]) -> str:
        return await self._desk.until(seen)

    async def key(self, name: str) -> None:
        self._desk.type(BYTES[name])

    async def type(self, text: str) -> None:
        self._desk.type(text)


class Hand:
    """Presses keys and waits for what must be on the screen."""

    def __init__(self, pane: Pane) -> None:
        self.pane = pane

    async def press(self, key: str, times: int = 1) -> None:
        """A key by its canonical name, so many times, as fast as a hand never is."""
        if key in BYTES:
            for _ in range(times):
                await self.pane.key(key)
        else:
            await self.pane.type((" " if key == "space" else show_key(key)) * times)

    async def command(self, line: str) -> None:
        await self.pane.type(":")
        await self.says("the tickers; only those like COIN")  # the list is open
        await self.pane.type(f"{line}\r")

    async def is_at(self, at_ms: int, state: str = "paused") -> None:
        await self.sees(lambda now: (now.at_ms, now.state) == (at_ms // 1_000 * 1_000, state), f"{state} at {at_ms}")

    async def sees(self, wanted: Callable[[Seen], bool], what: str) -> Seen:
        def look(text: str) -> bool:
            now = seen(text)
            return now is not None and wanted(now)

        try:
            found = seen(await self.pane.until(look))
        except TimeoutError as error:
            raise AssertionError(f"{what}: {error}") from None
        assert found is not None
        return found

    async def says(self, *words: str) -> str:
        """All of the words are on the screen."""
        try:
            text: str = await self.pane.until(lambda text: all(word in text for word in words))
        except TimeoutError as error:
            raise AssertionError(f"{words}: {error}") from None
        return text

    async def go(self, at_ms: int) -> None:
        """Stand there, paused."""
        await self.command(f"go {datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}")
        await self.is_at(at_ms, "ended" if at_ms >= END else "paused")


def keys_of(action_id: str) -> tuple[str, ...]:
    return next(action.keys for action in ACTIONS if action.id == action_id)


def moves(action_id: str, step_ms: int) -> Callable[[Hand], Awaitable[None]]:
    """Every key of the action moves by the step; pressed quickly they add up."""

    async def case(hand: Hand) -> None:
        for key in keys_of(action_id):
            await hand.go(HERE)
            await hand.press(key)
            await hand.is_at(HERE + step_ms)
            await hand.go(HERE)
            await hand.press(key, 2)
            at_ms = min(max(HERE + 2 * step_ms, START), END)
            await hand.is_at(at_ms, "ended" if at_ms == END else "paused")

    return case
