"""The screen at a time that was sought is, to the last byte of its SVG, the screen of having played there."""

from __future__ import annotations

import random
from pathlib import Path

from crashdesk.recording.reader import RecordingReader
from tests.desk.driven_desk import driven_desk
from tests.session import all_kinds
from tests.session.seek_moments import moments

COUNT = 12
"""The full number is for `python -m tests.torture --only seek`."""


async def test_the_screen_does_not_tell_a_seek_from_a_play(tmp_path: Path) -> None:
    path = tmp_path / "kinds.crash"
    all_kinds.write(path)
    dice = random.Random(31)
    reader = RecordingReader.open(path)
    times = [at_ms for at_ms in moments(reader, dice, COUNT + 1) if at_ms <= reader.end_ms]
    played: dict[int, str] = {}
    async with driven_desk(path, all_kinds.OWN) as desk:
        for at_ms in times:
            played[at_ms] = await desk.play(at_ms)
    async with driven_desk(path, all_kinds.OWN) as desk:
        for at_ms in dice.sample(times, len(times)):
            assert await desk.seek(at_ms) == played[at_ms], at_ms
