"""QUOTES frames read for their end: the newest quotes, and the prices seen on the way, with no quote made in between.

The same steps as in `quotes`, added up in the cells field by field, because a seek has to get over thousands of quotes
of which the last ones count: values are made of integers at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from operator import itemgetter

from crashdesk.model.columns import BarSummary, InstrumentKey
from crashdesk.model.records import Quote
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.recording.cells import LAST, Cells
from crashdesk.recording.quotes import check_quotes, read_steps, tell_anew
from crashdesk.recording.step import Step, take_prices


class QuoteSkim:
    """Adds up frames from a checkpoint on. What a payload raises that does not hold is what `decode_quotes` raises."""

    def __init__(self, cells: Cells, instruments: int) -> None:
        """`cells` are those of the checkpoint; their integers are changed by `add`, their values by `finish`."""
        self._cells = cells
        self._instruments = instruments
        self._came: dict[int, int] = {}
        self._highs: dict[int, float] = {}
        self._lows: dict[int, float] = {}
        self._minutes: dict[int, dict[int, float]] = {}

    def start(self, step: Step) -> None:
        """Take a STEP frame, in the place of the frames since the checkpoint."""
        ids = self._add(step.recv_ms, step.changes)
        prices = take_prices(step, ids, self._cells.fields[LAST])
        self._came.update(zip(ids, prices.came, strict=True))
        self._highs.update(zip(ids, prices.high, strict=True))
        self._lows.update(zip(ids, prices.low, strict=True))
        for minute, closes in prices.minutes.items():
            self._minutes[minute] = {n: price for n, price in zip(ids, closes, strict=True) if price is not None}

    def add(self, recv_ms: int, payload: bytes) -> None:
        """Take a QUOTES frame."""
        self._see(recv_ms // MINUTE_MS, self._add(recv_ms, payload))

    def _add(self, recv_ms: int, payload: bytes) -> list[int]:
        cells = self._cells
        ids, times, fields, words = read_steps(recv_ms, payload, self._instruments)
        cells.know(ids)
        cells.times.update(zip(ids, times, strict=True))
        self._came.update(zip(ids, repeat(recv_ms)))
        for field, steps in zip(cells.fields, fields, strict=True):
            if steps is not None:
                field.step(ids, steps)
        for _ in tell_anew(cells, ids, words):
            pass  # the cells hold them
        return ids

    def _see(self, minute: int, ids: Sequence[int]) -> None:
        if len(set(ids)) < len(ids):
            raise ValueError("two prices of an instrument at once")  # only playing sees both
        prices = self._cells.fields[LAST].now(ids)
        highs, lows = self._highs, self._lows
        self._minutes.setdefault(minute, {}).update(zip(ids, prices, strict=True))  # type: ignore[arg-type]
        highs.update(zip(ids, map(max, map(highs.get, ids, prices), prices), strict=True))  # type: ignore[arg-type]
        lows.update(zip(ids, map(min, map(lows.get, ids, prices), prices), strict=True))  # type: ignore[arg-type]

    def finish(self, names: Sequence[tuple[str, str]]) -> list[tuple[int, int, Quote]]:
        """(instrument, when it came, quote) of those that changed; the cells take the changes."""
        cells, ids = self._cells, list(self._came)
        columns = []
        for field in cells.fields:
            values = field.now(ids)
            field.values.update(zip(ids, values, strict=True))
            columns.append(values)
        times = [cells.times[number] for number in ids]
        check_quotes(times, columns)
        pairs = [names[number] for number in ids]
        rows = zip(map(itemgetter(0), pairs), map(itemgetter(1), pairs), times, *columns, strict=True)
        return list(zip(ids, self._came.values(), map(Quote._make, rows), strict=True))

    def closes(self, names: Sequence[InstrumentKey]) -> dict[int, dict[InstrumentKey, float]]:
        """By minute of `recv_ms` the last price of each instrument that was seen in it."""
        return {minute: {names[n]: price for n, price in row.items()} for minute, row in self._minutes.items()}

    def bars(self, names: Sequence[InstrumentKey]) -> dict[InstrumentKey, BarSummary]:
        """High, low and last of the prices of each instrument that was seen."""
        ids = list(self._highs)
        closes = self._cells.fields[LAST].now(ids)
        return {
            names[n]: BarSummary(self._highs[n], self._lows[n], close)  # type: ignore[arg-type]
            for n, close in zip(ids, closes, strict=True)
        }
