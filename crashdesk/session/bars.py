"""What was seen of prices: the close of every minute, high and low of every chunk, for 25 hours.

Minutes and chunks are those of `recv_ms`, so a closed one never changes. All symbols of a minute lie in one array.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from math import isnan, nan
from operator import attrgetter

from crashdesk.model.columns import CHUNK_MS, BarSummary, Chunk, InstrumentKey
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS
from crashdesk.recording.rollup import add_bars

KEPT_CHUNKS = 25 * 12
"""As many as lie wholly in the 25 hours that a checkpoint reaches back, with the one that runs."""
_MINUTES_A_CHUNK = CHUNK_MS // MINUTE_MS
_LOOK_BACK_MINUTES = 10
_LOW, _HIGH = attrgetter("low"), attrgetter("high")


class ObservedBars:
    """Bars of every instrument, made from the quotes that were folded."""

    def __init__(self) -> None:
        self._slots: dict[InstrumentKey, int] = {}
        self._minutes: dict[int, array[float]] = {}
        self._chunks: dict[int, dict[InstrumentKey, BarSummary]] = {}
        self._details: dict[int, Chunk] = {}
        self._open: dict[InstrumentKey, BarSummary] = {}
        self._open_chunk = -1
        self._extremes: dict[InstrumentKey, tuple[float, float]] = {}

    def restore(self, chunks: tuple[Chunk, ...]) -> None:
        """Take the roll-ups of a recording."""
        for chunk in chunks:
            if chunk.bars:
                self._merge(chunk.number, chunk.bars)
                self._details[chunk.number] = chunk

    def _merge(self, index: int, bars: dict[InstrumentKey, BarSummary]) -> None:
        # a recorder that stopped and started inside one chunk rolled it up twice
        known = self._chunks.get(index)
        self._chunks[index] = bars if known is None else add_bars(known, bars)

    def see(self, key: InstrumentKey, price: float, recv_ms: int) -> None:
        """Fold one price."""
        slot = self._slots.get(key)
        if slot is None:
            slot = self._slots[key] = len(self._slots)
        minute = recv_ms // MINUTE_MS
        row = self._minutes.get(minute)
        if row is None:
            row = self._minutes[minute] = array("d", [nan]) * len(self._slots)
        if slot >= len(row):
            row.extend([nan] * (slot + 1 - len(row)))
        row[slot] = price
        bar = self._open.get(key)
        if bar is None:
            self._open[key] = BarSummary(price, price, price)
        else:
            self._open[key] = BarSummary(
                price if price > bar.high else bar.high, price if price < bar.low else bar.low, price
            )

    def see_all(self, bars: dict[InstrumentKey, BarSummary], minutes: dict[int, dict[InstrumentKey, float]]) -> None:
        """Fold the prices seen in the chunk that runs: high, low and last, and the last one of each minute."""
        self._open = add_bars(self._open, bars)
        for minute, closes in minutes.items():
            slots = [self._slots.setdefault(key, len(self._slots)) for key in closes]
            row = self._minutes.setdefault(minute, array("d"))
            row.extend([nan] * (len(self._slots) - len(row)))
            for slot, price in zip(slots, closes.values(), strict=True):
                row[slot] = price

    def advance(self, now_ms: int) -> None:
        """Move the clock: close the chunk that ended and forget what is older than a day."""
        chunk = now_ms // CHUNK_MS
        if chunk == self._open_chunk:
            return
        if self._open:
            self._merge(self._open_chunk, self._open)
            self._open = {}
        self._open_chunk = chunk
        self._extremes = {}
        oldest = chunk - KEPT_CHUNKS + 1
        for index in [i for i in self._chunks if i < oldest]:
            del self._chunks[index]
            self._details.pop(index, None)
        for minute in [m for m in self._minutes if m < oldest * _MINUTES_A_CHUNK]:
            del self._minutes[minute]

    def _load_minutes(self, index: int) -> None:
        chunk = self._details.pop(index, None)
        if chunk is None:
            return
        for key, bars in chunk.load_bars().items():
            slot = self._slots.setdefault(key, len(self._slots))
            for bar in bars:
                row = self._minutes.setdefault(bar.minute, array("d"))
                if slot >= len(row):
                    row.extend([nan] * (slot + 1 - len(row)))
                if isnan(row[slot]):
                    row[slot] = bar.close

    def close_before(self, key: InstrumentKey, at_ms: int) -> tuple[int, float] | None:
        """(end, close) of the newest minute in which a price was seen and that ended at or before `at_ms`.

        None when there was none in the ten minutes before.
        """
        last = at_ms // MINUTE_MS - 1
        for minute in range(last, last - _LOOK_BACK_MINUTES, -1):
            self._load_minutes(minute // _MINUTES_A_CHUNK)
            row = self._minutes.get(minute)
            slot = self._slots.get(key)
            if row is not None and slot is not None and slot < len(row) and not isnan(row[slot]):
                return (minute + 1) * MINUTE_MS, row[slot]
        return None

    def minute_closes(self, key: InstrumentKey, index: int) -> list[tuple[int, float]]:
        """(start, last price) of the minutes of a chunk in which a price was seen."""
        self._load_minutes(index)
        slot = self._slots.get(key)
        found = []
        for minute in range(index * _MINUTES_A_CHUNK, (index + 1) * _MINUTES_A_CHUNK):
            row = self._minutes.get(minute)
            if row is not None and slot is not None and slot < len(row) and not isnan(row[slot]):
                found.append((minute * MINUTE_MS, row[slot]))
        return found

    def chunk_close(self, key: InstrumentKey, index: int) -> float | None:
        """The last price seen in a closed chunk."""
        bar = self._chunks.get(index, {}).get(key)
        return bar.close if bar else None

    def chunk_closes(self, key: InstrumentKey, indices: Iterable[int]) -> list[float | None]:
        """The same of several chunks."""
        none: dict[InstrumentKey, BarSummary] = {}
        bars = [self._chunks.get(index, none).get(key) for index in indices]
        return [bar.close if bar is not None else None for bar in bars]

    def chunk_range(self, key: InstrumentKey, index: int) -> tuple[float, float] | None:
        """(low, high) seen in a chunk, closed or open."""
        bars = [self._chunks.get(index, {}).get(key), self._open.get(key) if index == self._open_chunk else None]
        seen = [bar for bar in bars if bar is not None]
        return (min(b.low for b in seen), max(b.high for b in seen)) if seen else None

    def extremes_24h(self, key: InstrumentKey, now_ms: int) -> tuple[float, float] | None:
        """(low, high) seen in the chunks that lie wholly in the last 24 h, and in the open one."""
        closed = self._extremes.get(key)
        if closed is None:
            first = (now_ms - DAY_MS) // CHUNK_MS + 1
            seen = [bars.get(key) for index, bars in self._chunks.items() if index >= first]
            bars = [bar for bar in seen if bar is not None]
            closed = (min(map(_LOW, bars), default=nan), max(map(_HIGH, bars), default=nan))
            self._extremes[key] = closed
        low, high = closed
        bar = self._open.get(key)
        if bar is not None:
            low = bar.low if isnan(low) or bar.low < low else low
            high = bar.high if isnan(high) or bar.high > high else high
        return None if isnan(low) else (low, high)
