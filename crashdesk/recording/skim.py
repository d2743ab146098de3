"""QUOTES frames read for their end: the newest quotes, and the prices seen on the way, with no quote made in between.

The same columns as in `quotes`, added up in lists by instrument instead of cells, because a seek has to get over
thousands of quotes of which the last ones count.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from operator import add

from crashdesk.model.columns import BarSummary, InstrumentKey
from crashdesk.model.records import Quote
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.recording.numbers import NONE, unpack_varints, unscaled, unzigzag
from crashdesk.recording.quotes import FIELDS, Cell, Cells, check_quotes
from crashdesk.recording.step import Step, take_prices

_LAST, _BID, _ASK = 0, 1, 2
_STEPS = [unzigzag(code) for code in range(1 << 14)]
"""Of codes of one and two bytes."""


class QuoteSkim:
    """Adds up frames from a checkpoint on. What a payload raises that does not hold is what `decode_quotes` raises."""

    def __init__(self, cells: Cells, instruments: int) -> None:
        """`cells` are those of the checkpoint; they are changed by `finish`."""
        self._cells = cells
        self._wholes = [[0] * instruments for _ in FIELDS]
        self._modes = [[NONE] * instruments for _ in FIELDS]
        for number, cell in cells.items():
            for k, value in enumerate(cell.values):
                self._wholes[k][number] = cell.wholes[k]
                self._modes[k][number] = NONE if value is None else cell.modes[k]
        self._ts = [0] * instruments
        self._came = [0] * instruments
        self._masks = [0] * instruments
        self._bars: dict[int, list[float]] = {}
        self._minutes: dict[int, dict[int, float]] = {}

    def start(self, step: Step) -> None:
        """Take a STEP frame, in the place of the frames since the checkpoint."""
        ids = self._add(step.recv_ms, step.changes)
        wholes, modes = self._wholes[_LAST], self._modes[_LAST]
        prices = take_prices(step, [(modes[number], wholes[number]) for number in ids])
        for number, came, high, low in zip(ids, prices.came, prices.high, prices.low, strict=True):
            self._came[number] = came
            self._bars[number] = [high, low]
        for minute, closes in prices.minutes.items():
            self._minutes[minute] = {n: price for n, price in zip(ids, closes, strict=True) if price is not None}

    def add(self, recv_ms: int, payload: bytes) -> None:
        """Take a QUOTES frame."""
        self._see(recv_ms // MINUTE_MS, self._add(recv_ms, payload))

    def _add(self, recv_ms: int, payload: bytes) -> list[int]:
        stream = unpack_varints(payload)
        count = stream[0]
        ids = list(accumulate(map(unzigzag, stream[1 : 1 + count])))
        masks = stream[1 + count : 1 + 2 * count]
        times = accumulate(map(unzigzag, stream[1 + 2 * count : 1 + 3 * count]), initial=recv_ms)
        if len(stream) < 1 + 3 * count or min(ids, default=0) < 0:
            raise ValueError("quotes that are cut off")
        next(times)
        for number, ts_ms, mask in zip(ids, times, masks, strict=True):
            self._ts[number] = ts_ms
            self._came[number] = recv_ms
            self._masks[number] |= mask
        at = 1 + 3 * count
        leads: dict[int, int] = {}
        for k in range(len(FIELDS)):
            bit = 1 << k
            changed = [number for number, mask in zip(ids, masks, strict=True) if mask & bit]
            if changed:
                at = self._field(k, changed, stream, at, leads)
        return ids

    def _field(self, k: int, changed: list[int], stream: list[int], at: int, leads: dict[int, int]) -> int:
        """One field of the instruments that `changed`, from `stream[at:]`; where the next field begins."""
        codes = stream[at : at + len(changed)]
        if 0 in codes or len(codes) < len(changed):
            return self._field_with_escapes(k, changed, stream, at, leads)
        try:
            steps = [_STEPS[code - 1] for code in codes]
        except IndexError:
            steps = [unzigzag(code - 1) for code in codes]
        wholes = self._wholes[k]
        if k == _LAST:
            leads.update(zip(changed, steps, strict=True))
        elif k <= _ASK:
            modes, lead_modes = self._modes[k], self._modes[_LAST]
            led = [leads.get(n, 0) if modes[n] == lead_modes[n] else 0 for n in changed]
            steps = list(map(add, steps, led))
        for number, step in zip(changed, steps, strict=True):
            wholes[number] += step
        return at + len(changed)

    def _field_with_escapes(self, k: int, changed: list[int], stream: list[int], at: int, leads: dict[int, int]) -> int:
        wholes, modes = self._wholes[k], self._modes[k]
        for number in changed:
            code = stream[at]
            at += 1
            if code:
                step = unzigzag(code - 1)
                if k == _LAST:
                    leads[number] = step
                elif k <= _ASK and modes[number] == self._modes[_LAST][number]:
                    step += leads.get(number, 0)
                wholes[number] += step
                continue
            mode = modes[number] = stream[at]
            at += 1
            if mode != NONE:
                wholes[number] = unzigzag(stream[at])
                at += 1
        return at

    def _see(self, minute: int, ids: Sequence[int]) -> None:
        wholes, modes, bars = self._wholes[_LAST], self._modes[_LAST], self._bars
        closes = self._minutes.setdefault(minute, {})
        for number in ids:
            price = unscaled(modes[number], wholes[number])
            closes[number] = price
            bar = bars.get(number)
            if bar is None:
                bars[number] = [price, price]
            elif price > bar[0]:
                bar[0] = price
            elif price < bar[1]:
                bar[1] = price

    def finish(self, names: Sequence[tuple[str, str]]) -> list[tuple[int, int, Quote]]:
        """(instrument, when it came, quote) of those that changed; the cells take the changes."""
        seen = [number for number, came in enumerate(self._came) if came]
        found = []
        for number in seen:
            cell = self._cells.get(number)
            if cell is None:
                cell = self._cells[number] = Cell()
            self._take(number, cell)
            found.append((number, self._came[number], Quote(*names[number], cell.ts_ms, *cell.values)))  # type: ignore[arg-type]
        if found:
            _, _, times, *columns = zip(*(quote for _, _, quote in found), strict=True)
            check_quotes(times, columns)
        return found

    def _take(self, number: int, cell: Cell) -> None:
        cell.ts_ms = self._ts[number]
        mask = self._masks[number]
        for k in range(len(FIELDS)):
            if mask >> k & 1:
                mode, whole = self._modes[k][number], self._wholes[k][number]
                if mode == NONE:
                    cell.values[k] = None
                else:
                    cell.values[k] = unscaled(mode, whole)
                    cell.modes[k], cell.wholes[k] = mode, whole

    def closes(self, names: Sequence[InstrumentKey]) -> dict[int, dict[InstrumentKey, float]]:
        """By minute of `recv_ms` the last price of each instrument that was seen in it."""
        return {minute: {names[n]: price for n, price in row.items()} for minute, row in self._minutes.items()}

    def bars(self, names: Sequence[InstrumentKey]) -> dict[InstrumentKey, BarSummary]:
        """High, low and last of the prices of each instrument that was seen."""
        last, modes = self._wholes[_LAST], self._modes[_LAST]
        return {names[n]: BarSummary(high, low, unscaled(modes[n], last[n])) for n, (high, low) in self._bars.items()}
