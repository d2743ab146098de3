"""Any sequence of commands and clock steps, beside a simulation that adds up what each step of the clock plays."""

from __future__ import annotations

from fractions import Fraction
from math import isinf

from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from crashdesk.playback.transport import SPEEDS, Transport

START = 1_762_200_000_000
SPAN = 6 * 3_600_000
END = START + SPAN
times = st.one_of(
    st.integers(START - 10_000, END + 10_000),
    st.sampled_from([START, START + 1, END - 1, END]),
    st.integers(START, START + 60_000),
)


class Walk(RuleBasedStateMachine):
    """`at` is where the simulation is, exactly; each command may round the transport down by less than 1 ms."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = 0
        self.transport = Transport(START, END, START, 0)
        self.at = Fraction(START)
        self.rounded = 0
        self.playing = False
        self.speed = Fraction(1)
        self.racing = False
        self.loop: tuple[int, int] | None = None

    @initialize(clock=st.integers(-(10**12), 10**12), at=times)
    def begins(self, clock: int, at: int) -> None:
        self.clock = clock
        self._commanded(self.transport.seek(clock, at), _clipped(at))

    def _commanded(self, transport: Transport, at: int | None = None) -> None:
        self.transport = transport
        if at is None:
            self.rounded += 1
        else:
            self.at, self.rounded = Fraction(at), 0

    def _goal(self) -> int:
        return self.loop[1] if self._looping() and self.loop is not None else END

    def _looping(self) -> bool:
        return self.loop is not None and self.at <= self.loop[1]

    @rule(wait=st.one_of(st.just(0), st.integers(0, 2_000), st.integers(0, 10**8)))
    def the_clock_goes_on(self, wait: int) -> None:
        before = self.transport.position(self.clock)
        self.clock += wait
        after = self.transport.position(self.clock)
        if not self.playing:
            assert after == before
            return
        if self.racing:
            assert after == before == self._goal()
            return
        self.at += wait * self.speed
        if self._looping() or (self.loop is not None and before <= self.loop[1]):
            first, last = self.loop or (0, 0)
            if self.at > last:
                self.at = first + (self.at - last) % (last - first)
        else:
            assert after >= before
            self.at = min(self.at, Fraction(END))

    @rule(back=st.integers(1, 10**9))
    def the_clock_falls_back(self, back: int) -> None:
        """Nobody drives it by such a clock, and yet it stays inside."""
        at = self.transport.position(self.clock - back)
        assert START <= at <= END
        if not self._looping():
            assert at <= self.transport.position(self.clock)

    @rule()
    def plays(self) -> None:
        over = self.transport.ended(self.clock)
        self._commanded(self.transport.play(self.clock), START if over else self._anchor())
        self.playing = True

    @rule()
    def pauses(self) -> None:
        self._commanded(self.transport.pause(self.clock), self._anchor())
        self.playing = False

    @rule(at=times)
    def seeks(self, at: int) -> None:
        self._commanded(self.transport.seek(self.clock, at), _clipped(at))

    @rule(speed=st.sampled_from(SPEEDS))
    def changes_speed(self, speed: float) -> None:
        self._commanded(self.transport.with_speed(self.clock, speed), self._anchor())
        self._take_speed(speed)

    @rule(steps=st.integers(-20, 20))
    def climbs(self, steps: int) -> None:
        speed = self.transport.speed
        for _ in range(abs(steps)):
            speed = self.transport._replace(speed=speed).stepped_speed(1 if steps > 0 else -1)
        assert speed == self.transport.stepped_speed(steps)  # quick presses add up
        self._commanded(self.transport.with_speed(self.clock, speed), self._anchor())
        self._take_speed(speed)

    def _take_speed(self, speed: float) -> None:
        self.racing = isinf(speed)
        self.speed = Fraction(0) if self.racing else Fraction(speed)

    def _anchor(self) -> int | None:
        """At infinite speed the transport is at its goal; else where the simulation is."""
        return self._goal() if self.racing and self.playing else None

    @rule(loop=st.tuples(times, times))
    def loops(self, loop: tuple[int, int]) -> None:
        first, last = sorted(map(_clipped, loop))
        assume(first < last)
        here = self.transport.position(self.clock)
        self._commanded(self.transport.with_loop(self.clock, loop), here if first <= here < last else first)
        self.loop = (first, last)
        assert first <= self.transport.anchor_ms < last

    @rule()
    def loops_no_more(self) -> None:
        here = self.transport.position(self.clock)
        self._commanded(self.transport.with_loop(self.clock, None), here)
        self.loop = None

    @rule(skip_ms=st.none() | st.integers(1, SPAN), next_ms=times)
    def comes_to_an_empty_stretch(self, skip_ms: int | None, next_ms: int) -> None:
        before, goal = self.transport.position(self.clock), self._goal()
        moved = self.transport._replace(skip_ms=skip_ms).skipped(self.clock, next_ms)
        to_ms = min(next_ms, goal)
        if self.playing and skip_ms is not None and to_ms - before >= skip_ms:
            self._commanded(moved, to_ms)
            assert moved.position(self.clock) == (goal if self.racing else to_ms)
        else:
            assert moved == self.transport._replace(skip_ms=skip_ms)
            self.transport = moved

    @invariant()
    def stays_inside(self) -> None:
        at = self.transport.position(self.clock)
        assert START <= at <= END
        assert self.transport.playing is self.playing
        assert self.transport.loop == self.loop
        if self.transport.loop is not None and self.transport.looping:
            assert at <= self.transport.loop[1]

    @invariant()
    def is_where_the_simulation_is(self) -> None:
        at = self.transport.position(self.clock)
        if self.racing and self.playing:
            assert at == self._goal()
            return
        error = self.at - at
        if self._looping() and self.loop is not None and error < 0:
            error += self.loop[1] - self.loop[0]  # one of the two has begun again
        assert -1 < error < self.rounded + 1

    @invariant()
    def ends_only_at_the_end(self) -> None:
        at = self.transport.position(self.clock)
        assert self.transport.ended(self.clock) == (at == END and not self.transport.looping)


def _clipped(at_ms: int) -> int:
    return min(max(at_ms, START), END)


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
