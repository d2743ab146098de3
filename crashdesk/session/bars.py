"""What was seen of prices: the close of every minute, high and low of every chunk, for 25 hours.

Minutes and chunks are those of `recv_ms`, so a closed one never changes. All symbols of a minute lie in one array.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from itertools import repeat
from math import inf, isnan, nan

from crashdesk.model.columns import CHUNK_MS, BarSummary, Chunk, Hour, InstrumentKey
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.recording.rollup import add_bars
from crashdesk.session.known_bars import Columns, KnownBars
from crashdesk.session.seen_hours import SeenHours

KEPT_CHUNKS = 25 * 12
"""As many as lie wholly in the 25 hours that a checkpoint reaches back, with the one that runs."""
_MINUTES_A_CHUNK = CHUNK_MS // MINUTE_MS
_CHUNKS_AN_HOUR = HOUR_MS // CHUNK_MS
_LOOK_BACK_MINUTES = 10
_CLOSES_KEPT = 4
_NONE: Mapping[InstrumentKey, BarSummary] = {}
End = tuple[int, float]


class ObservedBars:
    """Bars of every instrument, made from the quotes that were folded. `known` is that of an earlier state."""

    def __init__(self, known: KnownBars | None = None) -> None:
        self._known = known or KnownBars()
        self._slots = self._known.slots
        self._minutes: dict[int, array[float]] = {}
        self._loaded: dict[int, dict[int, array[float]]] = {}
        self._chunks: dict[int, Mapping[InstrumentKey, BarSummary]] = {}
        self._details: dict[int, list[Chunk]] = {}
        self._open: dict[InstrumentKey, BarSummary] = {}
        self._open_chunk = -1
        self._hours = SeenHours()
        self._extremes: tuple[Sequence[float], Sequence[float]] | None = None
        self._closes: dict[int, list[End | None]] = {}
        self._lines: tuple[Sequence[int], list[tuple[float, ...]]] = ((), [])

    def restore(self, chunks: tuple[Chunk, ...], hours: tuple[Hour, ...] = ()) -> None:
        """Take the roll-ups of a recording, and forget everything else; `advance` then moves the clock."""
        for known in (self._minutes, self._loaded, self._chunks, self._details, self._closes):
            known.clear()
        self._hours, self._open, self._open_chunk = SeenHours(), {}, -1
        self._hours.take(hours)
        for chunk in chunks:
            if chunk.bars:
                self._merge(chunk.number, chunk.bars)
                self._details.setdefault(chunk.number, []).append(chunk)

    def _merge(self, index: int, bars: Mapping[InstrumentKey, BarSummary]) -> None:
        # a recorder that stopped and started inside one chunk rolled it up twice
        known = self._chunks.get(index)
        self._chunks[index] = bars if known is None else add_bars(known, bars)

    def see(self, key: InstrumentKey, price: float, recv_ms: int) -> None:
        """Fold one price."""
        slot = self._slots.get(key)
        if slot is None:
            slot = self._known.slot(key)
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

    def see_all(self, bars: Mapping[InstrumentKey, BarSummary], minutes: dict[int, dict[InstrumentKey, float]]) -> None:
        """Fold the prices seen in the chunk that runs: high, low and last, and the last one of each minute."""
        self._open = add_bars(self._open, bars)
        for minute, closes in minutes.items():
            slots = [self._known.slot(key) for key in closes]
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
        self._extremes = None
        self._lines = ((), [])
        oldest = chunk - KEPT_CHUNKS + 1
        for index in [i for i in self._chunks if i < oldest]:
            del self._chunks[index]
            self._details.pop(index, None)
        self._hours.forget(oldest)
        for index in [i for i in self._loaded if i < oldest]:
            del self._loaded[index]
        for minute in [m for m in self._minutes if m < oldest * _MINUTES_A_CHUNK]:
            del self._minutes[minute]

    def _rows_of(self, minute: int) -> list[array[float]]:
        """The closes of a minute by slot, what was seen here before what was loaded."""
        index = minute // _MINUTES_A_CHUNK
        loaded = self._loaded.get(index)
        if loaded is None:
            loaded = self._loaded[index] = self._load(index)
        rows = (self._minutes.get(minute), loaded.get(minute))
        return [row for row in rows if row is not None]

    def _load(self, index: int) -> dict[int, array[float]]:
        chunks = self._details.get(index)
        if chunks is None:
            of_hour = self._hours.chunk(index)
            chunks = [of_hour] if of_hour is not None else []
        first, *others = [self._known.minutes(chunk) for chunk in chunks] or [{}]
        if not others:
            return first
        made = {minute: array("d", row) for minute, row in first.items()}
        for minutes in others:
            for minute, row in minutes.items():
                known = made.setdefault(minute, array("d"))
                known.extend([nan] * (len(row) - len(known)))
                for slot, close in enumerate(row):
                    known[slot] = close if isnan(known[slot]) else known[slot]
        return made

    def close_before(self, key: InstrumentKey, at_ms: int) -> End | None:
        """(end, close) of the newest minute in which a price was seen and that ended at or before `at_ms`.

        None when there was none in the ten minutes before.
        """
        last = at_ms // MINUTE_MS - 1
        closes = self._closes.get(last)
        if closes is None or len(closes) < len(self._slots):
            closes = self._closes[last] = self._closes_before(last)
            if len(self._closes) > _CLOSES_KEPT:
                del self._closes[next(iter(self._closes))]
        slot = self._slots.get(key)
        return closes[slot] if slot is not None else None

    def _closes_before(self, last: int) -> list[End | None]:
        """The same of all instruments by slot; `last` is the newest minute that counts, which is over."""
        found: list[End | None] = []
        for minute in range(last, last - _LOOK_BACK_MINUTES, -1):
            for row in self._rows_of(minute):
                found += [None] * (len(self._slots) - len(found))
                missing = [slot for slot, known in enumerate(found) if known is None]
                for slot in missing:
                    if slot < len(row) and (close := row[slot]) == close:
                        found[slot] = (minute + 1) * MINUTE_MS, close
            if found and None not in found:
                break
        return found + [None] * (len(self._slots) - len(found))

    def minute_closes(self, key: InstrumentKey, index: int) -> list[tuple[int, float]]:
        """(start, last price) of the minutes of a chunk in which a price was seen."""
        found = []
        for minute in range(index * _MINUTES_A_CHUNK, (index + 1) * _MINUTES_A_CHUNK):
            rows = self._rows_of(minute)
            slot = self._slots.get(key)  # rows that had to be loaded may be the first to name it
            closes = [row[slot] for row in rows if slot is not None and slot < len(row) and not isnan(row[slot])]
            found += [(minute * MINUTE_MS, close) for close in closes[:1]]
        return found

    def chunk_close(self, key: InstrumentKey, index: int) -> float | None:
        """The last price seen in a closed chunk."""
        bar = self._bar(key, index)
        return bar.close if bar else None

    def _bar(self, key: InstrumentKey, index: int) -> BarSummary | None:
        bars = self._chunks.get(index)
        return bars.get(key) if bars is not None else self._hours.bar(key, index)

    def _columns(self, index: int) -> Columns:
        bars = self._chunks.get(index)
        if bars is None and (hour := self._hours.hour(index)) is not None:
            return self._known.of_hour(hour, index % _CHUNKS_AN_HOUR)
        return self._known.columns(_NONE if bars is None else bars)

    def chunk_closes(self, key: InstrumentKey, indices: Sequence[int]) -> tuple[float, ...]:
        """The same of several chunks, NaN where none was seen. `indices` are kept for the next instrument."""
        if self._lines[0] != indices or len(self._lines[1]) < len(self._slots):
            columns = [self._columns(index).close for index in indices]
            self._lines = indices, list(zip(*(self._padded(column, nan) for column in columns), strict=True))
        slot = self._slots.get(key)
        return self._lines[1][slot] if slot is not None else (nan,) * len(indices)

    def _padded(self, column: array[float], nothing: float) -> array[float]:
        more = len(self._slots) - len(column)
        return column if more <= 0 else column + array("d", [nothing]) * more

    def chunk_range(self, key: InstrumentKey, index: int) -> tuple[float, float] | None:
        """(low, high) seen in a chunk, closed or open."""
        bars = [self._bar(key, index), self._open.get(key) if index == self._open_chunk else None]
        seen = [bar for bar in bars if bar is not None]
        return (min(b.low for b in seen), max(b.high for b in seen)) if seen else None

    def extremes_24h(self, key: InstrumentKey, now_ms: int) -> tuple[float, float] | None:
        """(low, high) seen in the chunks that lie wholly in the last 24 h, and in the open one."""
        if self._extremes is None or len(self._extremes[0]) < len(self._slots):
            self._extremes = self._extremes_of((now_ms - DAY_MS) // CHUNK_MS + 1)
        slot = self._slots.get(key)
        if slot is None:
            return None
        low, high = self._extremes[0][slot], self._extremes[1][slot]
        bar = self._open.get(key)
        if bar is not None:
            low, high = min(low, bar.low), max(high, bar.high)
        return None if low > high else (low, high)

    def _extremes_of(self, first: int) -> tuple[Sequence[float], Sequence[float]]:
        """(lows, highs) by slot of the closed chunks from `first` on."""
        columns = [self._known.columns(bars) for index, bars in self._chunks.items() if index >= first]
        for start, hour in self._hours.starts():
            if start >= first:
                columns.append(self._known.columns(hour.bars))
            else:
                columns += [self._columns(index) for index in range(first, start + _CHUNKS_AN_HOUR)]
        nothing = len(self._slots)
        lows = [self._padded(column.low, inf) for column in columns]
        highs = [self._padded(column.high, -inf) for column in columns]
        return list(map(min, repeat(inf, nothing), repeat(inf), *lows)), list(
            map(max, repeat(-inf, nothing), repeat(-inf), *highs)
        )
