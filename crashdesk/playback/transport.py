"""The clock of a replay: a pure state machine over an injected clock."""

from math import inf, isinf
from typing import NamedTuple, Self

from crashdesk.model.text import clean

SPEEDS: tuple[float, ...] = (0.25, 0.5, 1, 2, 5, 10, 24, 60, 120, 300, 600, 1800, 3600, 7200, 18_000, 36_000, inf)
"""Replayed milliseconds per millisecond; the last is as fast as it folds."""
FASTEST = 36_000.0
"""The highest speed that has a number."""


def read_speed(text: str) -> float:
    """The factor of `60`, `60x`, `0.5` or `max` (infinity). Raises ValueError with one sentence."""
    word = text.strip().lower()
    if word == "max":
        return inf
    try:
        speed = float(word.removesuffix("x").removesuffix("×"))
    except ValueError:
        speed = 0.0
    if not 0 < speed <= FASTEST:
        raise ValueError(f"write a number above 0 and up to {FASTEST:.0f}, or max, not {clean(text, 20)!r}")
    return speed


class Transport(NamedTuple):
    """Where the replay stands: while it plays, at `anchor_ms` plus the time since `since_ms` times `speed`.

    All calls take `clock_ms`, the time of the clock that drives it, and return a new transport; positions are clipped
    to start_ms..end_ms. At infinite speed the position is `end_ms`: whoever folds goes there as fast as it can.

    `loop` (first, last in UTC ms) is played again and again once it is entered; what lies behind it is played as ever.
    `skip_ms` is the shortest stretch without frames that is jumped over, None for none.
    """

    start_ms: int
    end_ms: int
    anchor_ms: int
    since_ms: int
    speed: float = 1.0
    playing: bool = False
    loop: tuple[int, int] | None = None
    skip_ms: int | None = None

    def position(self, clock_ms: int) -> int:
        """The replayed time."""
        if not self.playing:
            return self.anchor_ms
        last_ms = self.goal_ms
        if isinf(self.speed):
            return last_ms
        at_ms = self.anchor_ms + int(max(0, clock_ms - self.since_ms) * self.speed)
        if at_ms > last_ms and self.loop is not None and self.looping:
            return self.loop[0] + (at_ms - last_ms) % (last_ms - self.loop[0])
        return min(last_ms, at_ms)

    @property
    def looping(self) -> bool:
        """Whether playing on stays in the loop (or comes to it)."""
        return self.loop is not None and self.anchor_ms <= self.loop[1]

    @property
    def goal_ms(self) -> int:
        """Where playing on ends, or begins again."""
        return self.loop[1] if self.loop is not None and self.looping else self.end_ms

    def ended(self, clock_ms: int) -> bool:
        """Whether the end is reached; a loop has none."""
        return not self.looping and self.position(clock_ms) >= self.end_ms

    def _anchored(self, clock_ms: int, at_ms: int) -> Self:
        return self._replace(anchor_ms=min(max(at_ms, self.start_ms), self.end_ms), since_ms=clock_ms)

    def play(self, clock_ms: int) -> Self:
        """Play on from here; from the end, play again from the start."""
        at = self.start_ms if self.ended(clock_ms) else self.position(clock_ms)
        return self._anchored(clock_ms, at)._replace(playing=True)

    def pause(self, clock_ms: int, at_ms: int | None = None) -> Self:
        """Stop here, or at `at_ms` (what was really reached at infinite speed)."""
        at = self.position(clock_ms) if at_ms is None else at_ms
        return self._anchored(clock_ms, at)._replace(playing=False)

    def seek(self, clock_ms: int, at_ms: int) -> Self:
        """Jump; playing goes on."""
        return self._anchored(clock_ms, at_ms)

    def with_speed(self, clock_ms: int, speed: float, at_ms: int | None = None) -> Self:
        """Another speed from here on. Raises ValueError when it is not above 0."""
        if not speed > 0:
            raise ValueError(f"a speed must be above 0, not {speed}")
        at = self.position(clock_ms) if at_ms is None else at_ms
        return self._anchored(clock_ms, at)._replace(speed=float(speed))

    def stepped_speed(self, steps: int) -> float:
        """The speed `steps` rungs up or down the ladder."""
        below = sum(1 for s in SPEEDS if s < self.speed)
        exact = below < len(SPEEDS) and SPEEDS[below] == self.speed
        rung = below + steps - (0 if exact or steps < 0 else 1)
        return float(SPEEDS[min(max(rung, 0), len(SPEEDS) - 1)])

    def with_loop(self, clock_ms: int, loop: tuple[int, int] | None, at_ms: int | None = None) -> Self:
        """A range to be played again and again (None: no more), from its beginning unless the clock stands inside.

        Raises ValueError when nothing of it lies inside of the recording.
        """
        here = self.position(clock_ms) if at_ms is None else at_ms
        if loop is None:
            return self._anchored(clock_ms, here)._replace(loop=None)
        first, last = (min(max(ms, self.start_ms), self.end_ms) for ms in sorted(loop))
        if first == last:
            raise ValueError("a loop needs a beginning and an end at different times of the recording")
        inside = first <= here < last
        return self._anchored(clock_ms, here if inside else first)._replace(loop=(first, last))

    def skipped(self, clock_ms: int, next_ms: int) -> Self:
        """Where there are frames again (at `next_ms`), when it is wanted and the way there is long enough.

        A loop is not left by it.
        """
        if not self.playing or self.skip_ms is None:
            return self
        to_ms = min(next_ms, self.goal_ms)
        return self._anchored(clock_ms, to_ms) if to_ms - self.position(clock_ms) >= self.skip_ms else self
