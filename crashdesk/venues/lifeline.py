"""Signs of life of a venue's connections: a frame of any kind, and data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crashdesk.venues.errors import SilenceError


class Lifeline:
    """Tells a dead connection by its silence, and one that is frozen behind answered pings by the lack of data.

    The latter only where data has been heard before, on this connection or an earlier one to the same address. Between
    two looks no more than `step_s` counts: while the program itself stood still nobody could be heard, and what came in
    that time is still to be read.
    """

    def __init__(self, silence_s: float, step_s: float) -> None:
        self._silence_s = silence_s
        self._step_s = step_s
        self._looked: float | None = None
        self._clock = 0.0
        self._frames: dict[str, tuple[int, float]] = {}
        self._data: dict[str, tuple[int, float]] = {}
        self._spoke: set[str] = set()
        self._stale: set[str] = set()

    @property
    def spoke(self) -> bool:
        """Whether data has ever been heard."""
        return bool(self._spoke)

    def begin(self) -> None:
        """The connections are made anew."""
        self._looked = None
        self._frames.clear()
        self._data.clear()
        self._stale.clear()

    def look(self, now: float, clients: Mapping[str, Any], data: Mapping[str, int]) -> bool:
        """Whether every connection has had a frame since this was last true.

        `now` is in seconds, `clients` ccxt's connections by address, `data` how many messages with
        data each has had since it was made. Raises SilenceError when one has been silent for too long.
        """
        if self._looked is not None:
            self._clock += min(now - self._looked, self._step_s)
        self._looked, now = now, self._clock
        for url, client in clients.items():
            if url not in self._frames:
                self._stale.add(url)
            if self._grown(self._frames, url, client.last_message_at or 0, now):
                self._stale.discard(url)
            if self._grown(self._data, url, data.get(url, 0), now):
                self._spoke.add(url)
            if now - self._frames[url][1] > self._silence_s:
                raise SilenceError("no frame, not even a ping")
            if url in self._spoke and now - self._data[url][1] > self._silence_s:
                raise SilenceError("pings are answered but no data comes")
        fresh = not self._stale and bool(clients)
        if fresh:
            self._stale = set(clients)
        return fresh

    @staticmethod
    def _grown(table: dict[str, tuple[int, float]], url: str, count: int, now: float) -> bool:
        """Whether the count has changed since the last look."""
        known = table.get(url)
        if known is None or known[0] != count:
            table[url] = (count, now)
        return (0 if known is None else known[0]) != count
