"""Seeks against playing there: the state in all its parts, and the screen to the last byte of its SVG."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

from crashdesk.recording.reader import RecordingReader
from tests.desk.driven_desk import driven_desk
from tests.session import all_kinds
from tests.session.seek_moments import moments, wrong_seeks


def wrong_states(path: Path, seed: int, count: int) -> list[str]:
    """What differs in the state at `count` moments of a recording that is written to `path`."""
    all_kinds.write(path, seed)
    dice = random.Random(seed)
    return list(wrong_seeks(path, all_kinds.OWN, moments(RecordingReader.open(path), dice, count), dice))


def wrong_screens(path: Path, seed: int, count: int) -> list[str]:
    """The moments at which the screens differ, of `count` in the recording at `path`."""
    return asyncio.run(_screens(path, seed, count))


async def _screens(path: Path, seed: int, count: int) -> list[str]:
    dice, reader = random.Random(seed + 1), RecordingReader.open(path)
    times = [at_ms for at_ms in moments(reader, dice, count + 1) if at_ms <= reader.end_ms]
    async with driven_desk(path, all_kinds.OWN) as desk:
        played = {at_ms: await desk.play(at_ms) for at_ms in times}
    async with driven_desk(path, all_kinds.OWN) as desk:
        shuffled = dice.sample(times, len(times))
        return [f"the screen at {at_ms}" for at_ms in shuffled if await desk.seek(at_ms) != played[at_ms]]


def seek_everywhere(path: Path, seed: int, count: int, tell: Callable[[str], None]) -> int:
    """Both, at `count` moments each; how many differences there are."""
    faults = 0
    for find in (wrong_states, wrong_screens):
        found = find(path, seed, count)
        faults += len(found)
        for line in found[:20]:
            tell(f"  FAULT: {line[:300]}")
        tell(f"  {count} moments: {len(found)} differences ({find.__name__})")
    return faults
