"""A script that presses every key of a replay and types every command: after each the screen says where it stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crashdesk.config import commands
from crashdesk.config.actions import ACTIONS, KeyGroup
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.session.stops import StopKind
from tests.e2e.terminal import COLUMNS, ROWS, terminal
from tests.e2e.test_level_keys import mouse
from tests.e2e.tmux_pane import tmux_pane
from tests.e2e.transport_cases import CASES
from tests.e2e.transport_commands import COMMANDS
from tests.e2e.transport_hand import Hand, Pane, PtyPane
from tests.e2e.transport_tape import END, START, STOPS, write


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
