"""The replay's clock against plain arithmetic."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.playback.transport import FASTEST, SPEEDS, Transport, read_speed

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


@pytest.mark.parametrize(
    ("typed", "speed"), [("60", 60), ("60x", 60), ("0.5×", 0.5), ("max", inf), ("MAX", inf), (" 36000 ", FASTEST)]
)
def test_speeds_are_read_as_they_are_shown(typed: str, speed: float) -> None:
    assert read_speed(typed) == speed


@pytest.mark.parametrize("typed", ["", "0", "-1", "nan", "inf", "36001", "fast", "1e99"])
def test_what_is_no_speed_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="up to 36000, or max"):
        read_speed(typed)


LOOP = (START + 100_000, START + 160_000)


def test_a_loop_is_played_again_and_again() -> None:
    looping = _at(LOOP[0], playing=True, speed=10).with_loop(0, LOOP)
    assert [looping.position(s * 1000) - LOOP[0] for s in (0, 5, 6, 7, 15)] == [0, 50_000, 60_000, 10_000, 30_000]
    assert not looping.ended(10**9)
    assert looping.with_loop(15_000, None).position(15_000) == LOOP[0] + 30_000


def test_a_loop_is_entered_at_its_beginning_and_stays_when_the_clock_is_inside() -> None:
    assert _at(START).with_loop(0, LOOP).position(0) == LOOP[0]
    assert _at(LOOP[1]).with_loop(0, LOOP).position(0) == LOOP[0]
    assert _at(LOOP[0] + 5).with_loop(0, LOOP[::-1]).position(0) == LOOP[0] + 5


def test_what_lies_behind_a_loop_is_played_to_the_end() -> None:
    behind = _at(playing=True).with_loop(0, LOOP).seek(0, LOOP[1] + 1)
    assert behind.position(1_000) == LOOP[1] + 1_001
    assert behind.ended(10**9)


def test_a_loop_at_infinite_speed_goes_to_its_end() -> None:
    racing = _at(playing=True, speed=inf).with_loop(0, LOOP)
    assert racing.position(1) == LOOP[1]
    assert not racing.ended(1)


def test_a_loop_outside_of_the_recording_is_refused() -> None:
    with pytest.raises(ValueError, match="different times"):
        _at().with_loop(0, (END, END + 5))


def test_long_ways_without_frames_are_skipped_when_wanted() -> None:
    transport = _at(playing=True)._replace(skip_ms=60_000)
    assert transport.skipped(1_000, START + 61_000).position(1_000) == START + 61_000
    assert transport.skipped(1_001, START + 61_000) == transport
    assert _at(playing=True).skipped(0, END) == _at(playing=True)
    assert transport.pause(0).skipped(0, END).position(0) == START
    assert transport.with_loop(0, LOOP).skipped(0, END).position(0) == LOOP[1]


times = st.integers(START - 1_000, END + 1_000)
acts = st.one_of(
    st.tuples(st.sampled_from(["play", "pause"])),
    st.tuples(st.just("seek"), times),
    st.tuples(st.just("with_speed"), st.sampled_from(SPEEDS)),
    st.tuples(st.just("with_loop"), st.none() | st.tuples(times, times)),
    st.tuples(st.just("skipped"), times),
)


@given(st.lists(st.tuples(st.integers(0, 10**5), acts)), st.none() | st.integers(1, 10**6))
def test_whatever_is_pressed_the_clock_stays_inside_and_only_a_loop_takes_it_back(
    presses: list[tuple[int, tuple[object, ...]]], skip_ms: int | None
) -> None:
    transport, clock = _at()._replace(skip_ms=skip_ms), 0
    for wait, (act, *values) in presses:
        before, clock = transport.position(clock), clock + wait
        after = transport.position(clock)
        assert START <= after <= END
        if not transport.looping:
            assert after >= before
        if not transport.playing:
            assert after == before
        if act == "with_loop" and isinstance(values[0], tuple) and _clipped(values[0][0]) == _clipped(values[0][1]):
            continue
        transport = getattr(transport, str(act))(clock, *values)
        now = transport.position(clock)
        if transport.loop is not None and transport.looping:
            assert now <= transport.loop[1]
        if act == "pause" or (act == "with_loop" and values[0] is None and transport.speed != inf):
            assert now == after
        if act == "seek" and transport.speed != inf:
            assert now == _clipped(int(str(values[0])))
        assert transport.ended(clock) == (now == END and not transport.looping)


def _clipped(at_ms: int) -> int:
    return min(max(at_ms, START), END)
