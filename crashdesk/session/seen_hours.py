"""What was seen of prices in hours that a recording has rolled up: looked up where it lies, not unpacked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crashdesk.model.columns import CHUNK_MS, BarSummary, Chunk, Hour, HourBars, InstrumentKey
from crashdesk.model.timeframe import HOUR_MS

_CHUNKS = HOUR_MS // CHUNK_MS


class SeenHours:
    """Bars of chunks by their number, as far back as chunk `oldest`."""

    def __init__(self) -> None:
        self.oldest = 0
        self._hours: dict[int, Hour] = {}

    def take(self, hours: Iterable[Hour]) -> None:
        """Have these hours too."""
        self._hours.update((hour.number, hour) for hour in hours)

    def forget(self, oldest: int) -> None:
        """Let go of what lies before a chunk."""
        self.oldest = oldest
        for number in [number for number in self._hours if (number + 1) * _CHUNKS <= oldest]:
            del self._hours[number]

    def bar(self, key: InstrumentKey, index: int) -> BarSummary | None:
        """The bar of an instrument in a chunk; None when it was not seen, or not in these hours."""
        hour = self._hours.get(index // _CHUNKS)
        return hour.load_bars().bar(key, index % _CHUNKS) if hour is not None and index >= self.oldest else None

    def hour(self, index: int) -> HourBars | None:
        """The bars of the hour of a chunk."""
        hour = self._hours.get(index // _CHUNKS)
        return hour.load_bars() if hour is not None and index >= self.oldest else None

    def chunk(self, index: int) -> Chunk | None:
        """A chunk of these hours."""
        hour = self._hours.get(index // _CHUNKS)
        if hour is None or index < self.oldest:
            return None
        return next((chunk for chunk in hour.load_chunks() if chunk.number == index), None)

    def starts(self) -> Iterator[tuple[int, Hour]]:
        """Each hour with its first chunk."""
        return ((number * _CHUNKS, hour) for number, hour in self._hours.items())
