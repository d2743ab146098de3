"""What every key of a replay must lead to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.playback.transport import SPEEDS
from tests.e2e.transport_hand import HERE, SHOWN_SPEEDS, Hand, keys_of, moves
from tests.e2e.transport_tape import END, START, STEP_MS, STOPS


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
