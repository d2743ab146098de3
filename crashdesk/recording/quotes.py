"""QUOTES frames: what changed since the newest quote of each instrument, in columns of varints.

The payload is one stream of varints: the number of quotes; the instruments' ids (deltas); one mask a quote (bit k set:
field k of `FIELDS` changed); the `ts_ms` (deltas, the first against the frame's recv_ms); then for each field its
changed values in order. A value is 1 + the zigzag distance of its integer to the last integer of that instrument's
field, in the same mode (see `numbers`), for bid and ask less the distance that `last` went in this quote if that has
the same mode; 0 escapes: a mode follows and, unless it says `NONE`, the zigzag integer itself.

Both sides keep the same `Cells`. A KEY frame starts them afresh with the newest quotes of all instruments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

from crashdesk.model.records import Quote
from crashdesk.recording.numbers import (
    NONE,
    deltas,
    pack_varints,
    scaled,
    shortest,
    take,
    take_deltas,
    unpack_varints,
    unscaled,
    unzigzag,
    zigzag,
)
from crashdesk.recording.sound import check_amounts, check_prices, check_rates, check_times

FIELDS = ("last", "bid", "ask", "high_24h", "low_24h", "volume_24h_usd", "change_24h_pct")
_SPAN = range(len(FIELDS))
_BID, _ASK = 1, 2
_LIMIT = 1 << 63


def check_quotes(times: Sequence[int], columns: Sequence[Sequence[float | None]]) -> None:
    """Times, and the columns of `FIELDS`: numbers that can be reckoned with. Raises ValueError."""
    *prices, volumes, changes = columns
    check_times(times)
    for column in prices:
        check_prices(column)
    check_amounts(volumes)
    check_rates(changes)
    if None in columns[0]:
        raise ValueError("a quote without a price")


class Cell:
    """What both sides know of one instrument: its newest values, and each field's mode and last integer."""

    __slots__ = ("modes", "ts_ms", "values", "wholes")

    def __init__(self) -> None:
        self.ts_ms = 0
        self.values: list[float | None] = [None] * len(FIELDS)
        self.modes = [0] * len(FIELDS)
        self.wholes = [0] * len(FIELDS)

    def copy(self) -> Cell:
        """An independent copy."""
        other = Cell()
        other.ts_ms = self.ts_ms
        other.values, other.modes, other.wholes = self.values[:], self.modes[:], self.wholes[:]
        return other


Cells = dict[int, Cell]


def encode_quotes(cells: Cells, recv_ms: int, rows: Sequence[tuple[int, Quote]]) -> tuple[bytes, Cells, list[Quote]]:
    """Quotes with their instruments' ids as (payload, the cells that change, the quotes it holds).

    Quotes equal to the instrument's newest one are left out. `cells` is not changed: update it when the frame is
    written.
    """
    fresh: Cells = {}
    kept: list[Quote] = []
    ids: list[int] = []
    masks: list[int] = []
    columns: list[list[int]] = [[] for _ in FIELDS]
    for number, quote in rows:
        old = fresh.get(number) or cells.get(number)
        cell = old.copy() if old else Cell()
        mask = _changes(cell, quote, columns)
        if not mask and old and old.ts_ms == quote.ts_ms:
            continue
        cell.ts_ms = quote.ts_ms
        fresh[number] = cell
        kept.append(quote)
        ids.append(number)
        masks.append(mask)
    stream = [len(ids), *deltas(ids), *masks, *deltas((quote.ts_ms for quote in kept), recv_ms)]
    for column in columns:
        stream += column
    return pack_varints(stream), fresh, kept


def _changes(cell: Cell, quote: Quote, columns: list[list[int]]) -> int:
    mask = 0
    values, modes, wholes = cell.values, cell.modes, cell.wholes
    new = (
        quote.last,
        quote.bid,
        quote.ask,
        quote.high_24h,
        quote.low_24h,
        quote.volume_24h_usd,
        quote.change_24h_pct,
    )
    lead = 0
    for k in _SPAN:
        value, old = new[k], values[k]
        if value is old or (value and value == old):
            continue
        if value is None:
            columns[k] += (0, NONE)
        else:
            whole = scaled(value, modes[k])
            if whole is not None and old is not None:
                step = whole - wholes[k]
                if not step:
                    continue  # 0.0 or the same nan again
                if k == 0:
                    lead = step
                elif k <= _ASK and modes[k] == modes[0]:
                    step -= lead
                columns[k].append(zigzag(step) + 1)
            else:
                mode, whole = shortest(value)
                modes[k] = mode
                columns[k] += (0, mode, zigzag(whole))
            wholes[k] = whole
        values[k] = value
        mask |= 1 << k
    return mask


def decode_quotes(
    cells: Cells, recv_ms: int, payload: bytes, names: Sequence[tuple[str, str]]
) -> list[tuple[int, Quote]]:
    """(id, complete quote) of a payload; `cells` takes the changes.

    Raises ValueError, IndexError, OverflowError or struct.error when the payload does not hold or a number in it is
    none; `cells` is then of no use until the next KEY.
    """
    stream = iter(unpack_varints(payload))
    count = take(stream, 1)[0]
    ids = take_deltas(stream, count)
    masks = take(stream, count)
    times = take_deltas(stream, count, recv_ms)
    if ids and not 0 <= min(ids) <= max(ids) < len(names):
        raise IndexError("a quote of an unknown instrument")
    rows = []
    for number, ts_ms in zip(ids, times, strict=True):
        cell = cells.get(number)
        if cell is None:
            cell = cells[number] = Cell()
        cell.ts_ms = ts_ms
        rows.append(cell)
    leads: list[tuple[int, int]] = []
    touched = reduce(or_, masks, 1)
    columns = [
        _take_field(stream, k, masks, rows, leads) if touched >> k & 1 else [cell.values[k] for cell in rows]
        for k in _SPAN
    ]
    check_quotes(times, columns)
    quotes = map(Quote, (names[n][0] for n in ids), (names[n][1] for n in ids), times, *columns)
    return list(zip(ids, quotes, strict=True))


def _take_field(
    stream: Iterator[int], k: int, masks: list[int], rows: list[Cell], leads: list[tuple[int, int]]
) -> list[float | None]:
    """One field of all rows. `leads` holds for each row the mode of `last` and how far it went: field 0 fills it."""
    bit = 1 << k
    follows = _BID <= k <= _ASK
    column: list[float | None] = []
    for place, (mask, cell) in enumerate(zip(masks, rows, strict=True)):
        step = 0
        if mask & bit:
            code = next(stream, -1)
            if code < 0:
                raise ValueError("a column is cut off")
            if code:
                mode = cell.modes[k]
                step = unzigzag(code - 1)
                if follows and leads[place][0] == mode:
                    step += leads[place][1]
                whole = cell.wholes[k] = cell.wholes[k] + step
                cell.values[k] = unscaled(mode, whole)
            else:
                _take_escape(stream, cell, k)
        if k == 0:
            leads.append((cell.modes[0], step))
        column.append(cell.values[k])
    return column


def _take_escape(stream: Iterator[int], cell: Cell, k: int) -> None:
    mode = take(stream, 1)[0]
    if mode == NONE:
        cell.values[k] = None
        return
    whole = unzigzag(take(stream, 1)[0])
    cell.values[k] = unscaled(mode, whole)
    if not -_LIMIT <= whole < _LIMIT:
        raise ValueError("a number is too large")
    cell.modes[k] = mode
    cell.wholes[k] = whole
