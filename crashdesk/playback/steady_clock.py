"""A clock that a replay can be driven by, whatever happens to the one it is made of."""

from __future__ import annotations

from collections.abc import Callable

MOST_AT_ONCE_MS = 5_000
"""More than this between two looks was no waiting: the process was stopped (Ctrl+Z), or the clock was set."""


class SteadyClock:
    """Milliseconds that follow `clock`, but never go back, and leap by no more than `MOST_AT_ONCE_MS`.

    So a desk that was suspended goes on where it was, and does not stand at the end of the recording.
    """

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._seen = clock()
        self._ms = self._seen

    def __call__(self) -> int:
        """The time now."""
        seen, before = self._clock(), self._seen
        self._seen = seen
        self._ms += min(max(seen - before, 0), MOST_AT_ONCE_MS)
        return self._ms
