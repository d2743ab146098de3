"""The clock of a replay: a pure state machine over an injected clock."""

from __future__ import annotations

from math import inf, isinf
from typing import NamedTuple

SPEEDS: tuple[float, ...] = (0.25, 0.5, 1, 2, 5, 10, 24, 60, 120, 300, 600, 1800, 3600, 7200, 18_000, 36_000, inf)
"""Replayed milliseconds per millisecond; the last is as fast as it folds."""


class Transport(NamedTuple):
    """Where the replay stands: while it plays, at `anchor_ms` plus the time since `since_ms` times `speed`.

    All calls take `clock_ms`, the time of the clock that drives it, and return a new transport; positions are clipped
    to start_ms..end_ms. At infinite speed the position is `end_ms`: whoever folds goes there as fast as it can.
    """

    start_ms: int
    end_ms: int
    anchor_ms: int
    since_ms: int
    speed: float = 1.0
    playing: bool = False

    def position(self, clock_ms: int) -> int:
        """The replayed time."""
        if not self.playing:
            return self.anchor_ms
        if isinf(self.speed):
            return self.end_ms
        gone = max(0, clock_ms - self.since_ms) * self.speed
        return min(self.end_ms, self.anchor_ms + int(gone))

    def ended(self, clock_ms: int) -> bool:
        """Whether the end is reached."""
        return self.position(clock_ms) >= self.end_ms

    def _anchored(self, clock_ms: int, at_ms: int) -> Transport:
        return self._replace(anchor_ms=min(max(at_ms, self.start_ms), self.end_ms), since_ms=clock_ms)

    def play(self, clock_ms: int) -> Transport:
        """Play on from here; from the end, play again from the start."""
        at = self.start_ms if self.ended(clock_ms) else self.position(clock_ms)
        return self._anchored(clock_ms, at)._replace(playing=True)

    def pause(self, clock_ms: int, at_ms: int | None = None) -> Transport:
        """Stop here, or at `at_ms` (what was really reached at infinite speed)."""
        at = self.position(clock_ms) if at_ms is None else at_ms
        return self._anchored(clock_ms, at)._replace(playing=False)

    def seek(self, clock_ms: int, at_ms: int) -> Transport:
        """Jump; playing goes on."""
        return self._anchored(clock_ms, at_ms)

    def with_speed(self, clock_ms: int, speed: float, at_ms: int | None = None) -> Transport:
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
