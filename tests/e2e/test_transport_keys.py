"""A script that presses every key of a replay and types every command: after each the screen says where it stands."""

from __future__ import annotations

import re
import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from crashdesk.config import commands
from crashdesk.config.actions import ACTIONS, KeyGroup
from crashdesk.config.key_names import show_key
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.playback.transport import SPEEDS
from crashdesk.session.stops import StopKind
from tests.e2e.terminal import COLUMNS, ROWS, Terminal, terminal
from tests.e2e.test_level_keys import mouse
from tests.e2e.tmux_pane import tmux_pane
from tests.e2e.transport_tape import EMPTY, END, SMALL_MS, START, STEP_MS, STOPS, write

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


def steps(action_id: str, direction: int) -> Callable[[Hand], Awaitable[None]]:
    """To the next snapshots, one behind the other."""

    async def case(hand: Hand) -> None:
        for key in keys_of(action_id):
            await hand.go(HERE)
            await hand.press(key)
            await hand.is_at(HERE + direction * STEP_MS // 2)
            await hand.press(key, 3)
            await hand.is_at(HERE + direction * STEP_MS // 2 + 3 * direction * STEP_MS)
            await hand.go(END if direction > 0 else START)
            await hand.press(key)
            await hand.says(f"no {'later' if direction > 0 else 'earlier'} snapshot in this recording")

    return case


def events(action_id: str, direction: int) -> Callable[[Hand], Awaitable[None]]:
    """From stop to stop, and no farther."""

    async def case(hand: Hand) -> None:
        times = sorted(STOPS.values())[::direction]
        for key in keys_of(action_id):
            await hand.go(START if direction > 0 else START + 3 * HOUR_MS)
            for at_ms in times:
                await hand.press(key)
                await hand.is_at(at_ms)
            await hand.press(key)
            await hand.says(f"no {'later' if direction > 0 else 'earlier'} event in this recording")
            await hand.is_at(times[-1])

    return case


async def pauses(hand: Hand) -> None:
    (key,) = keys_of("pause")
    await hand.go(HERE)
    await hand.press(key)
    await hand.sees(lambda now: now.state == "playing" and now.at_ms >= HERE + 2_000, "it plays")
    await hand.press(key)
    stopped = await hand.sees(lambda now: now.state == "paused", "it is paused")
    assert HERE + 2_000 <= stopped.at_ms < HERE + 90_000
    await hand.press(key, 2)
    await hand.press("full_stop")
    await hand.is_at((stopped.at_ms // STEP_MS + 1) * STEP_MS)
    await hand.command("go end")
    await hand.is_at(END, "ended")
    await hand.press(key)
    await hand.says("the end of the recording")


def changes_speed(action_id: str, direction: int) -> Callable[[Hand], Awaitable[None]]:
    """Rung by rung over the whole ladder, and no farther."""

    async def case(hand: Hand) -> None:
        assert len(SPEEDS) == len(SHOWN_SPEEDS)
        ladder = SHOWN_SPEEDS[::direction]
        for key in keys_of(action_id):
            await hand.go(HERE)
            await hand.command(f"speed {'0.25' if direction > 0 else 'max'}")
            for speed in ladder:
                await hand.sees(lambda now, speed=speed: now.speed == speed, speed)  # type: ignore[misc]
                await hand.press(key)
            await hand.sees(lambda now: now.speed == ladder[-1], "the last rung")
            await hand.command("speed 1")
            await hand.press(key, 4)
            at = SHOWN_SPEEDS.index("1×") + 4 * direction
            await hand.sees(lambda now, at=at: now.speed == SHOWN_SPEEDS[max(at, 0)], "four rungs")  # type: ignore[misc]
            await hand.is_at(HERE)
        await hand.command("speed 1")

    return case


async def bookmarks(hand: Hand) -> None:
    (key,) = keys_of("bookmark")
    for n, name in enumerate("AB"):
        await hand.go(START + (40 + 10 * n) * MINUTE_MS)
        await hand.press(key)
        await hand.says(f"bookmark {name} at 11-03 20:{40 + 10 * n}:00")
    await hand.go(HERE)
    await hand.says("⚑A", "⚑B")


def goes_to_bookmarks(action_id: str, direction: int) -> Callable[[Hand], Awaitable[None]]:
    async def case(hand: Hand) -> None:
        for key in keys_of(action_id):
            await hand.go(START if direction > 0 else START + HOUR_MS)
            for minutes in (40, 50)[::direction]:
                await hand.press(key)
                await hand.is_at(START + minutes * MINUTE_MS)
            await hand.press(key)
            await hand.says(f"no {'later' if direction > 0 else 'earlier'} bookmark in this recording")

    return case


async def loops(hand: Hand) -> None:
    """Between the two bookmarks, and out of the loop again."""
    (key,) = keys_of("loop")
    first, last = START + 40 * MINUTE_MS, START + 50 * MINUTE_MS
    await hand.go(HERE)
    await hand.press(key)
    await hand.is_at(first)
    await hand.says("loop 20:40-20:50")
    await hand.command("speed 120")
    await hand.press("space")
    await hand.sees(lambda now: now.at_ms > last - 4 * MINUTE_MS, "near the end of the loop")
    again = await hand.sees(lambda now: now.at_ms < last - 5 * MINUTE_MS, "begun again")
    assert again.at_ms >= first
    assert again.state == "playing"
    await hand.press(key)
    await hand.pane.until(lambda text: "loop 20:40" not in text)
    await hand.press("space")
    await hand.sees(lambda now: now.state == "paused", "paused")
    await hand.command("speed 1")


async def to_the_edge(hand: Hand) -> None:
    (key,) = keys_of("live_edge")
    await hand.go(HERE)
    await hand.press(key)
    await hand.sees(lambda now: now.state == "ended" and now.at_ms == END, "the end")


CASES: dict[str, Callable[[Hand], Awaitable[None]]] = {
    "pause": pauses,
    "step_back": steps("step_back", -1),
    "step_on": steps("step_on", 1),
    "minute_back": moves("minute_back", -MINUTE_MS),
    "minute_on": moves("minute_on", MINUTE_MS),
    "hour_back": moves("hour_back", -HOUR_MS),
    "hour_on": moves("hour_on", HOUR_MS),
    "part_back": moves("part_back", -144_000),
    "part_on": moves("part_on", 144_000),
    "event_previous": events("event_previous", -1),
    "event_next": events("event_next", 1),
    "bookmark": bookmarks,
    "bookmark_previous": goes_to_bookmarks("bookmark_previous", -1),
    "bookmark_next": goes_to_bookmarks("bookmark_next", 1),
    "loop": loops,
    "slower": changes_speed("slower", -1),
    "faster": changes_speed("faster", 1),
    "live_edge": to_the_edge,
}
"""One for every action of a replay, in an order in which the later ones find what they need."""


async def _goes(hand: Hand) -> None:
    for words, at_ms in (
        ("20:45", START + 45 * MINUTE_MS),
        ("-30m", START + 15 * MINUTE_MS),
        ("+1h30m", START + 105 * MINUTE_MS),
        ("50%", START + 2 * HOUR_MS),
        ("nov 3 21:00", START + HOUR_MS),
        ("3 nov 21:30", START + 90 * MINUTE_MS),
        ("today 20:01", START + MINUTE_MS),
        ("2025-11-03T20:10:00Z", START + 10 * MINUTE_MS),
        ("start", START),
    ):
        await hand.command(f"go {words}")
        await hand.is_at(at_ms)
    await hand.command("go end")
    await hand.is_at(END, "ended")
    await hand.go(HERE)
    for words, why in (("soon", "'soon'"), ("101%", "percentage"), ("19:00", "outside")):
        await hand.command(f"go {words}")
        await hand.says(why)  # one word of the sentence: a toast breaks its lines
    await hand.is_at(HERE)


async def _speeds(hand: Hand) -> None:
    for words, speed in (("max", "max"), ("70.5x", "70.5×"), ("0.5", "0.5×"), ("1", "1×")):
        await hand.command(f"speed {words}")
        await hand.sees(lambda now, speed=speed: now.speed == speed, speed)  # type: ignore[misc]
    await hand.command("speed 0")
    await hand.says("write a number above 0")


async def _stops(hand: Hand, word: str) -> None:
    beyond = START if word == "next" else START + 3 * HOUR_MS
    for kind, at_ms in STOPS.items():
        await hand.go(beyond)
        await hand.command(f"{word} {kind}")
        await hand.is_at(at_ms)
    await hand.go(beyond)
    await hand.command(f"{word} liquidation 250k")
    await hand.is_at(STOPS[StopKind.LIQUIDATION] if word == "next" else SMALL_MS)
    await hand.go(beyond)
    await hand.command(f"{word} event")
    await hand.is_at((min if word == "next" else max)(STOPS.values()))
    await hand.go(beyond)
    await hand.command(f"{word} bookmark")
    await hand.is_at(START + (40 if word == "next" else 50) * MINUTE_MS)
    await hand.command(f"{word} crash")
    await hand.says("write one of event")


async def _skips(hand: Hand) -> None:
    await hand.go(EMPTY[0] - 5_000)
    await hand.command("skip 10m")
    await hand.says("skip on")
    await hand.command("speed 10")
    await hand.press("space")
    await hand.sees(lambda now: now.at_ms >= EMPTY[1], "behind the empty stretch")
    await hand.says("without data")
    await hand.press("space")
    await hand.command("skip off")
    await hand.pane.until(lambda text: "skip on" not in text)
    await hand.command("skip on")
    await hand.says("skip on")
    await hand.command("skip off")
    await hand.command("speed 1")


async def _names_a_bookmark(hand: Hand) -> None:
    await hand.go(START + 3 * HOUR_MS)
    await hand.command("bookmark lunch")
    await hand.says("bookmark lunch at 11-03 23:00:00")
    await hand.go(HERE)
    await hand.says("⚑lunch")


COMMANDS: dict[str, Callable[[Hand], Awaitable[None]]] = {
    "go": _goes,
    "speed": _speeds,
    "next": lambda hand: _stops(hand, "next"),
    "previous": lambda hand: _stops(hand, "previous"),
    "skip": _skips,
    "bookmark": _names_a_bookmark,
}


def test_no_key_and_no_command_is_left_out() -> None:
    assert set(CASES) == {action.id for action in ACTIONS if action.group is KeyGroup.REPLAY}
    replay = {word.id.value for word in commands.COMMANDS if word.description.startswith("replay: ")}
    assert set(COMMANDS) == {*replay, "bookmark"}
    assert {"go", "speed", "next", "previous", "skip"} <= replay
    assert {*STOPS, StopKind.EVENT, StopKind.BOOKMARK} == set(StopKind)


async def _follows(pane: Pane) -> None:
    hand = Hand(pane)
    await hand.sees(lambda now: now.state == "playing" and now.at_ms >= START + HOUR_MS, "it plays from there")
    await hand.press("space")
    await hand.sees(lambda now: now.state == "paused", "paused")
    for case in (*CASES.values(), *COMMANDS.values()):
        await case(hand)


async def test_the_screen_follows_every_key_and_command(tmp_path: Path) -> None:
    tape = tmp_path / "tape.crash"
    write(tape)
    async with terminal(["replay", str(tape), "--at", "21:00"]) as desk:
        await _follows(PtyPane(desk))


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
async def test_it_does_so_inside_tmux(tmp_path: Path) -> None:
    tape = tmp_path / "tape.crash"
    write(tape)
    async with tmux_pane(["replay", str(tape), "--at", "21:00"]) as pane:
        await _follows(pane)


async def test_the_scrubber_is_clicked_and_dragged(tmp_path: Path) -> None:
    tape = tmp_path / "tape.crash"
    write(tape)
    async with terminal(["replay", str(tape), "--at", "21:00"]) as desk:
        hand = Hand(PtyPane(desk))
        await hand.sees(lambda now: now.state == "playing", "it plays")
        await hand.press("space")
        await hand.sees(lambda now: now.state == "paused", "paused")
        y, slot = ROWS - 2, (END - START) / COLUMNS
        desk.type(mouse(0, 20, y, "M") + mouse(0, 20, y, "m"))
        await hand.sees(lambda now: START + 20 * slot <= now.at_ms < START + 21 * slot, "clicked")
        desk.type(mouse(0, 40, y, "M") + mouse(32, 60, y, "M") + mouse(32, 80, y, "M") + mouse(0, 80, y, "m"))
        await hand.sees(lambda now: START + 80 * slot <= now.at_ms < START + 81 * slot, "dragged")
