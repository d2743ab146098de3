"""Spans that something happens to at a time."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush

NEVER_MS = 1 << 62


class DueSpans:
    """Each span, by its number, is due once: at the earliest time that was asked for."""

    def __init__(self) -> None:
        self._next: dict[int, int] = {}
        self._heap: list[tuple[int, int]] = []

    def ask(self, number: int, ts_ms: int) -> None:
        """Let a span be due at `ts_ms`, if it is not before."""
        if ts_ms < self._next.get(number, NEVER_MS):
            self._next[number] = ts_ms
            heappush(self._heap, (ts_ms, number))

    def until(self, now_ms: int) -> Iterator[int]:
        """The spans that are due by `now_ms`, which may be asked for again meanwhile."""
        while self._heap and self._heap[0][0] <= now_ms:
            ts_ms, number = heappop(self._heap)
            if self._next.get(number) == ts_ms:
                del self._next[number]
                yield number

    def at(self, number: int) -> int:
        """When a span is due; `NEVER_MS` when it is not."""
        return self._next.get(number, NEVER_MS)

    def drop(self, number: int) -> None:
        """A span is not due any more."""
        self._next.pop(number, None)
