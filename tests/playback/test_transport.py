"""The replay's clock against plain arithmetic."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.playback.transport import SPEEDS, Transport

START, END = 1_000_000, 2_000_000


def _at(anchor: int = START, *, playing: bool = False, speed: float = 1.0) -> Transport:
    return Transport(START, END, anchor, 0, speed, playing)


def test_position_follows_the_clock_times_the_speed_and_stops_at_the_end() -> None:
    transport = _at(playing=True, speed=60)
    assert transport.position(1_000) == START + 60_000
    assert transport.position(10**9) == END
    assert transport.ended(10**9)
    assert not transport.ended(1_000)
    assert _at(playing=True, speed=0.25).position(1_000) == START + 250


def test_pause_keeps_the_place_and_play_goes_on_from_it() -> None:
    paused = _at(playing=True, speed=10).pause(500)
    assert paused.position(99_999) == START + 5_000
    assert paused.play(100_000).position(100_100) == START + 6_000


def test_play_at_the_end_starts_again() -> None:
    assert _at(END).play(50).position(150) == START + 100


def test_infinite_speed_is_the_end_and_can_be_stopped_where_it_got_to() -> None:
    racing = _at(playing=True, speed=inf)
    assert racing.position(1) == END
    assert racing.pause(1, START + 7).position(5) == START + 7
    assert racing.with_speed(1, 2, START + 7).position(2) == START + 9


@given(st.integers(-(10**7), 10**7), st.integers(0, 10**6))
def test_a_seek_is_clipped_and_playing_goes_on(at: int, clock: int) -> None:
    transport = _at(playing=True).seek(clock, at)
    assert START <= transport.position(clock) <= END
    assert transport.playing
    if START <= at <= END:
        assert transport.position(clock) == at


def test_speed_ladder_goes_up_down_and_holds_at_its_ends() -> None:
    speed = SPEEDS[0]
    climbed = [speed]
    for _ in range(len(SPEEDS) + 2):
        speed = _at(speed=speed).stepped_speed(1)
        climbed.append(speed)
    assert climbed[: len(SPEEDS)] == list(SPEEDS)
    assert climbed[-1] == inf
    assert _at(speed=SPEEDS[0]).stepped_speed(-1) == SPEEDS[0]
    assert _at(speed=70).stepped_speed(1) == 120
    assert _at(speed=70).stepped_speed(-1) == 60


def test_a_speed_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        _at().with_speed(0, 0)
