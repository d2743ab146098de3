"""Quotes as versions 1 and 2 of the format have them in QUOTES frames, and KEY frames in all versions.

The payload is one stream of varints: the number of quotes; the instruments' ids (deltas); one mask a quote (bit k set:
field k of `FIELDS` changed); the `ts_ms` (deltas, the first against the frame's recv_ms); then for each field its
changed values in order. A value is 1 + the zigzag distance of its integer to the last integer of that instrument's
field, in the same mode (see `numbers`), for bid and ask less the distance that `last` went in this quote if that has
the same mode; 0 escapes: a mode follows and, unless it says `NONE`, the zigzag integer itself. A KEY escapes all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

from crashdesk.model.records import Quote
from crashdesk.recording.cells import ASK, BID, FIELDS, PRICES, Cells, Field
from crashdesk.recording.numbers import (
    BITS,
    MAX_SCALE,
    NONE,
    deltas,
    pack_varints,
    scaled,
    shortest,
    take,
    take_deltas,
    take_varint,
    unpack_varints,
    unzigzag,
    zigzag,
)
from crashdesk.recording.quotes import check_quotes
from crashdesk.recording.steps import MOST_ROWS

_SPAN = range(len(FIELDS))
_VALUES = Quote._fields.index(FIELDS[0])
_LIMIT = 1 << 63


def encode_newest(recv_ms: int, rows: Sequence[tuple[int, Quote]]) -> tuple[bytes, Cells]:
    """The newest quotes of a KEY with their instruments' ids as (payload, the cells behind it).

    The prices of an instrument all take the decimals of the one that has most, for it will soon have company.
    """
    cells = Cells()
    masks: list[int] = []
    columns: list[list[int]] = [[] for _ in FIELDS]
    for number, quote in rows:
        cells.know((number,))
        cells.times[number] = quote.ts_ms
        mask = 0
        for k, value, (mode, whole) in _wholes(quote):
            cells.fields[k].set(number, value, mode, whole)
            columns[k] += (0, mode, zigzag(whole))
            mask |= 1 << k
        masks.append(mask)
    stream = [len(rows), *deltas(number for number, _ in rows), *masks]
    stream += deltas((quote.ts_ms for _, quote in rows), recv_ms)
    for column in columns:
        stream += column
    return pack_varints(stream), cells


def _wholes(quote: Quote) -> list[tuple[int, float, tuple[int, int]]]:
    """(field, value, (mode, integer)) of the known values."""
    values: tuple[float | None, ...] = quote[_VALUES:]  # type: ignore[assignment]
    found = [(k, value, shortest(value)) for k, value in enumerate(values) if value is not None]
    most = max((mode for k, _, (mode, _) in found if k in PRICES and mode != BITS), default=0)
    shared = []
    for k, value, pair in found:
        whole = scaled(value, most) if k in PRICES else None
        shared.append((k, value, pair if whole is None else (most, whole)))
    return shared


def decode_quotes_2(
    cells: Cells, recv_ms: int, payload: bytes, names: Sequence[tuple[str, str]]
) -> list[tuple[int, Quote]]:
    """(id, complete quote) of a payload; `cells` takes the changes.

    Raises ValueError, IndexError, OverflowError or struct.error when the payload does not hold or a number in it is
    none; `cells` is then of no use until the next KEY.
    """
    if take_varint(payload, 0)[0] > max(MOST_ROWS, len(names)):
        raise ValueError("too many quotes")  # a frame holds fewer, a KEY one of each instrument
    stream = iter(unpack_varints(payload))
    count = take(stream, 1)[0]
    ids = take_deltas(stream, count)
    masks = take(stream, count)
    times = take_deltas(stream, count, recv_ms)
    if ids and not 0 <= min(ids) <= max(ids) < len(names):
        raise IndexError("a quote of an unknown instrument")
    cells.know(ids)
    cells.times.update(zip(ids, times, strict=True))
    rows = list(zip(ids, masks, strict=True))
    rest = list(stream)
    columns = _told_anew(rest, ids, masks, cells)
    if columns is None:
        columns = _stepped(iter(rest), rows, cells)
    check_quotes(times, columns)
    quotes = map(Quote, (names[n][0] for n in ids), (names[n][1] for n in ids), times, *columns)
    return list(zip(ids, quotes, strict=True))


def _told_anew(
    words: Sequence[int], ids: Sequence[int], masks: Sequence[int], cells: Cells
) -> list[list[float | None]] | None:
    """The fields when all are escaped, as a KEY has them, a column at once. None, and no change, when they are not."""
    if len(set(ids)) < len(ids):
        return None
    told: list[tuple[list[int], Sequence[int], list[int]]] = []
    at = 0
    for k in _SPAN:
        own = [number for number, mask in zip(ids, masks, strict=True) if mask >> k & 1]
        end = at + 3 * len(own)
        modes, wholes = words[at + 1 : end : 3], list(map(unzigzag, words[at + 2 : end : 3]))
        if end > len(words) or any(words[at:end:3]) or (own and max(modes) > MAX_SCALE):
            return None
        if own and not -_LIMIT <= min(wholes) <= max(wholes) < _LIMIT:
            return None
        told.append((own, modes, wholes))
        at = end
    for field, column in zip(cells.fields, told, strict=True):
        field.fill(*column)
    return [list(map(field.values.__getitem__, ids)) for field in cells.fields]


def _stepped(stream: Iterator[int], rows: list[tuple[int, int]], cells: Cells) -> list[list[float | None]]:
    """The fields of all (id, mask), value by value."""
    leads: list[tuple[int, int]] = []
    touched = reduce(or_, (mask for _, mask in rows), 1)
    return [
        _take_field(stream, k, rows, cells.fields[k], leads)
        if touched >> k & 1
        else [cells.fields[k].values[number] for number, _ in rows]
        for k in _SPAN
    ]


def _take_field(
    stream: Iterator[int], k: int, rows: list[tuple[int, int]], field: Field, leads: list[tuple[int, int]]
) -> list[float | None]:
    """One field of all (id, mask). `leads` holds for each row the mode and step of `last`: field 0 fills it."""
    bit = 1 << k
    follows = BID <= k <= ASK
    column: list[float | None] = []
    for place, (number, mask) in enumerate(rows):
        step = 0
        if mask & bit:
            code = next(stream, -1)
            if code < 0:
                raise ValueError("a column is cut off")
            if code:
                mode = field.modes[number]
                step = unzigzag(code - 1)
                if follows and leads[place][0] == mode:
                    step += leads[place][1]
                field.put(number, mode, field.wholes[number] + step)
            else:
                _take_escape(stream, field, number)
        if k == 0:
            leads.append((field.modes[number], step))
        column.append(field.values[number])
    return column


def _take_escape(stream: Iterator[int], field: Field, number: int) -> None:
    mode = take(stream, 1)[0]
    whole = unzigzag(take(stream, 1)[0]) if mode != NONE else 0
    if not -_LIMIT <= whole < _LIMIT:
        raise ValueError("a number is too large")
    field.put(number, mode, whole)
