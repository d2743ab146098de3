"""What every command of a replay must lead to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.session.stops import StopKind
from tests.e2e.transport_hand import HERE, Hand
from tests.e2e.transport_tape import EMPTY, END, SMALL_MS, START, STOPS


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
