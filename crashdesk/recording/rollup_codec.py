"""ROLLUP frames: sums first, details in sections of their own that are only read when asked for.

The payload: three varints (the lengths of the sections), then the sections, each a zlib stream of columns (with the
checksum that zlib adds, so one is trusted without reading the others):

1. the chunk's index and bounds; sums by (instrument, side); sums by minute; the largest liquidation; high, low and
   last of each instrument;
2. the liquidations in columns, in the order they came;
3. the minute bars.

A (instrument, side) is one integer: twice the instrument's id, plus 1 for shorts.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from crashdesk.model.columns import (
    CHUNK_MS,
    BarSummary,
    InstrumentKey,
    LargestLiquidation,
    LiqKey,
    LiquidationColumns,
    LiquidationSummary,
    MinuteBar,
)
from crashdesk.model.records import Side
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.recording.format import inflate
from crashdesk.recording.numbers import from_planes, little, pack_varints, planes, take_varint
from crashdesk.recording.sound import check_amounts, check_prices, check_sums, check_times

_SIDES = (Side.LONG, Side.SHORT)
_PLANES_FROM = 256
_COLUMN = struct.Struct("<cI")
_SECTION_LIMIT = 128 << 20
SECTIONS = 3
Names = Sequence[tuple[str, str]]
Number = Callable[[str, str], int]
"""The id of (venue, symbol)."""


class Summary(NamedTuple):
    """Section 1."""

    chunk: int
    liquidations: LiquidationSummary | None
    bars: dict[InstrumentKey, BarSummary]


def pack_columns(columns: Sequence[array[Any]]) -> bytes:
    """Arrays as a zlib stream; long ones as byte planes."""
    parts: list[bytes] = []
    for column in columns:
        plain = planes(column) if len(column) >= _PLANES_FROM else little(column).tobytes()
        parts += (_COLUMN.pack(column.typecode.encode("ascii"), len(column)), plain)
    return zlib.compress(b"".join(parts), 6)


def unpack_columns(stored: bytes) -> list[array[Any]]:
    """The reverse. Raises ValueError or struct.error when the stream does not hold."""
    plain = inflate(stored, limit=_SECTION_LIMIT)
    if plain is None:
        raise ValueError("a broken section")
    columns = []
    at = 0
    while at < len(plain):
        code, count = _COLUMN.unpack_from(plain, at)
        column: array[Any] = array(code.decode("ascii"))
        start = at + _COLUMN.size
        at = start + count * column.itemsize
        if at > len(plain):
            raise ValueError("a column is cut off")
        if count >= _PLANES_FROM:
            column = from_planes(column.typecode, plain[start:at])
        else:
            column.frombytes(plain[start:at])
            column = little(column)
        columns.append(column)
    return columns


def _codes(columns: Sequence[array[Any]]) -> str:
    return "".join(column.typecode for column in columns)


def encode_rollup(
    summary: Summary,
    rows: LiquidationColumns,
    bars: dict[InstrumentKey, tuple[MinuteBar, ...]],
    number: Number,
) -> bytes:
    """The payload of a ROLLUP frame."""
    sections = (
        pack_columns(_summary_columns(summary, number)),
        pack_columns(_row_columns(rows, number)),
        pack_columns(_bar_columns(bars, number)),
    )
    return b"".join((pack_varints(map(len, sections)), *sections))


def split_rollup(data: bytes) -> list[tuple[int, int]]:
    """(start, end) of the sections from the first bytes of a payload. Raises ValueError when they are cut off."""
    lengths = []
    at = 0
    for _ in range(SECTIONS):
        length, at = take_varint(data, at)
        lengths.append(length)
    ends = list(accumulate(lengths, initial=at))
    return list(pairwise(ends))


def _pair(number: Number, key: LiqKey) -> int:
    return number(key[0], key[1]) << 1 | (key[2] is Side.SHORT)


def _summary_columns(summary: Summary, number: Number) -> list[array[Any]]:
    head, price = [summary.chunk], 0.0
    sums: dict[LiqKey, tuple[int, int]] = {}
    minutes: dict[int, tuple[int, int, int]] = {}
    found = summary.liquidations
    if found is not None:
        most, sums, minutes = found.largest, found.sums, found.minutes
        pair = _pair(number, (most.venue, most.symbol, most.side))
        head += [found.first_ts_ms, found.last_ts_ms, pair, most.usd_micro, most.ts_ms]
        price = most.price
    bars = list(summary.bars.values())
    return [
        array("q", head),
        array("d", [price]),
        array("I", [_pair(number, key) for key in sums]),
        array("q", [usd for usd, _ in sums.values()]),
        array("I", [orders for _, orders in sums.values()]),
        array("q", minutes),
        array("q", [long for long, _, _ in minutes.values()]),
        array("q", [short for _, short, _ in minutes.values()]),
        array("I", [orders for _, _, orders in minutes.values()]),
        array("I", [number(*key) for key in summary.bars]),
        array("d", [bar.high for bar in bars]),
        array("d", [bar.low for bar in bars]),
        array("d", [bar.close for bar in bars]),
    ]


def decode_summary(section: bytes, names: Names, keys: Sequence[LiqKey]) -> Summary:
    """Section 1; `keys` are the names by (instrument, side). Raises ValueError, IndexError or struct.error."""
    columns = unpack_columns(section)
    if _codes(columns) != "qdIqIqqqIIddd":
        raise ValueError("not the summary of a roll-up")
    head, price, pairs, usd, orders, minutes, long, short, counts, ids, high, low, close = columns
    check_times(head[:1], CHUNK_MS)
    check_times(minutes, MINUTE_MS)
    check_prices(high + low + close)
    check_sums(usd + long + short)
    bars = dict(zip(map(names.__getitem__, ids), map(BarSummary, high, low, close), strict=True))
    if len(head) == 1:
        return Summary(head[0], None, bars)
    index, first, last, pair, most, ts_ms = head
    check_times([first, last, ts_ms])
    check_prices(price)
    venue, symbol, side = keys[pair]
    largest = LargestLiquidation(venue, symbol, side, price[0], most, ts_ms)
    sums = dict(zip(map(keys.__getitem__, pairs), zip(usd, orders, strict=True), strict=True))
    by_minute = dict(zip(minutes, zip(long, short, counts, strict=True), strict=True))
    return Summary(index, LiquidationSummary(sums, by_minute, largest, first, last), bars)


def liq_keys(names: Names) -> list[LiqKey]:
    """The names by (instrument, side)."""
    return [(venue, symbol, side) for venue, symbol in names for side in _SIDES]


def _row_columns(rows: LiquidationColumns, number: Number) -> list[array[Any]]:
    times = rows.ts_ms
    steps = array("q", [b - a for a, b in zip([0, *times[:-1]], times, strict=True)] if times else [])
    pairs = array("I", [_pair(number, key) for key in rows.keys])
    return [pairs, steps, rows.usd_micro, rows.price, rows.amount, rows.key]


def decode_rows(section: bytes, names: Names) -> LiquidationColumns:
    """Section 2. Raises ValueError, IndexError or struct.error when it does not hold."""
    columns = unpack_columns(section)
    if _codes(columns) != "IqqddH" or len(set(map(len, columns[1:]))) != 1:
        raise ValueError("not the details of liquidations")
    pairs, steps, usd, price, amount, key = columns
    if key and max(key) >= len(pairs):
        raise ValueError("details of an unknown instrument")
    times = array("q", accumulate(steps))
    check_times(times)
    check_sums(usd)
    check_prices(price)
    check_amounts(amount)
    keys = liq_keys(names)
    return LiquidationColumns(tuple(keys[pair] for pair in pairs), times, usd, price, amount, key)


def _bar_columns(bars: dict[InstrumentKey, tuple[MinuteBar, ...]], number: Number) -> list[array[Any]]:
    rows = [bar for run in bars.values() for bar in run]
    return [
        array("I", [number(*key) for key in bars]),
        array("I", map(len, bars.values())),
        array("q", [bar.minute for bar in rows]),
        array("d", [bar.high for bar in rows]),
        array("d", [bar.low for bar in rows]),
        array("d", [bar.close for bar in rows]),
    ]


def decode_bars(section: bytes, names: Names) -> dict[InstrumentKey, tuple[MinuteBar, ...]]:
    """Section 3. Raises ValueError, IndexError or struct.error when it does not hold."""
    parts = unpack_columns(section)
    if _codes(parts) != "IIqddd" or {*map(len, parts[2:])} != {sum(parts[1])} or len(parts[0]) != len(parts[1]):
        raise ValueError("not the details of bars")
    ids, counts, *columns = parts
    check_times(columns[0], MINUTE_MS)
    for column in columns[1:]:
        check_prices(column)
    rows = list(map(MinuteBar, *columns))
    ends = list(accumulate(counts, initial=0))
    return {names[n]: tuple(rows[a:b]) for n, a, b in zip(ids, ends, ends[1:], strict=False)}
