"""ROLLUP frames: sums first, details in sections of their own that are only read when asked for.

The payload: varints (the lengths of the sections), then the sections, each a zlib stream (with the checksum that zlib
adds, so one is trusted without reading the others), or nothing:

1. the chunk's index and bounds; sums by (instrument, side); sums by minute; the largest liquidation; high, low and
   last of each instrument; sums by size (`model.columns.SIZE_STEPS_USD`);
2. varints: 0 and the offsets of the LIQUIDATIONS frames that hold the rows (zigzag steps), or, where these are very
   many, 1, the number of rows and the rows themselves in the wide layout of `figures` (against 0);
3. the minute bars;
4. the largest liquidations and the profile by price, only where they are much shorter than the rows.

Version 1 (the frame's codec is `RAW`, not `PARTS`) has three sections: no sums by size, the rows always in columns of
their own, no details. A (instrument, side) is one integer: twice the instrument's id, plus 1 for shorts.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from crashdesk.model.columns import (
    CHUNK_MS,
    SIZE_STEPS_USD,
    BarSummary,
    InstrumentKey,
    LargestLiquidation,
    LiqKey,
    LiquidationColumns,
    LiquidationSummary,
    MinuteBar,
    SideSums,
)
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.recording.arrays import pack_columns, typecodes, unpack_columns
from crashdesk.recording.migrations import v1_to_v2
from crashdesk.recording.numbers import pack_varints, take_varint
from crashdesk.recording.packed_bars import PackedBars
from crashdesk.recording.sections import (
    Names,
    Number,
    encode_bars,
    encode_details,
    encode_rows,
    pair_of,
)
from crashdesk.recording.sound import check_prices, check_sums, check_times

SECTIONS = 4
_CODES = f"{v1_to_v2.SUMMARY_CODES}q"
_SIZES = len(SIZE_STEPS_USD) + 1


class Summary(NamedTuple):
    """Section 1."""

    chunk: int
    liquidations: LiquidationSummary | None
    bars: Mapping[InstrumentKey, BarSummary]


class Rollup(NamedTuple):
    """All that a ROLLUP frame is made of. `frames` are the offsets of the LIQUIDATIONS frames that hold `rows`."""

    summary: Summary
    rows: LiquidationColumns
    frames: Sequence[int]
    bars: dict[InstrumentKey, tuple[MinuteBar, ...]]


def encode_rollup(rollup: Rollup, number: Number) -> bytes:
    """The payload of a ROLLUP frame."""
    sections = (
        encode_summary(rollup.summary, number),
        encode_rows(rollup.rows, rollup.frames, number),
        encode_bars(rollup.bars, number),
        encode_details(rollup.rows, number),
    )
    return b"".join((pack_varints(map(len, sections)), *sections))


def split_rollup(data: bytes, sections: int = SECTIONS) -> list[tuple[int, int]]:
    """(start, end) of the sections from the first bytes of a payload. Raises ValueError when they are cut off."""
    lengths = []
    at = 0
    for _ in range(sections):
        length, at = take_varint(data, at)
        lengths.append(length)
    ends = list(accumulate(lengths, initial=at))
    return list(pairwise(ends))


def encode_summary(summary: Summary, number: Number) -> bytes:
    """Section 1."""
    return pack_columns(_summary_columns(summary, number))


def _summary_columns(summary: Summary, number: Number) -> list[array[Any]]:
    head, price = [summary.chunk], 0.0
    sums: dict[LiqKey, tuple[int, int]] = {}
    minutes: dict[int, tuple[int, int, int]] = {}
    sizes: tuple[SideSums, ...] = ()
    found = summary.liquidations
    if found is not None:
        most, sums, minutes, sizes = found.largest, found.sums, found.minutes, found.sizes or ()
        pair = pair_of(number, (most.venue, most.symbol, most.side))
        head += [found.first_ts_ms, found.last_ts_ms, pair, most.usd_micro, most.ts_ms]
        price = most.price
    bars = list(summary.bars.values())
    return [
        array("q", head),
        array("d", [price]),
        array("I", [pair_of(number, key) for key in sums]),
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
        array("q", [part for size in sizes for part in size]),
    ]


def decode_summary(section: bytes, names: Names, keys: Sequence[LiqKey]) -> Summary:
    """Section 1; `keys` are the names by (instrument, side). Raises ValueError, IndexError or struct.error."""
    columns = unpack_columns(section)
    if typecodes(columns) == v1_to_v2.SUMMARY_CODES:
        columns.append(array("q"))
    if typecodes(columns) != _CODES:
        raise ValueError("not the summary of a roll-up")
    head, price, pairs, usd, orders, minutes, long, short, counts, ids, high, low, close, sizes = columns
    check_times(head[:1], CHUNK_MS)
    check_times(minutes, MINUTE_MS)
    check_prices(high + low + close)
    check_sums(usd + long + short + sizes)
    bars = PackedBars(names, ids, high, low, close)
    if len(head) == 1:
        return Summary(head[0], None, bars)
    index, first, last, pair, most, ts_ms = head
    check_times([first, last, ts_ms])
    check_prices(price)
    venue, symbol, side = keys[pair]
    largest = LargestLiquidation(venue, symbol, side, price[0], most, ts_ms)
    sums = dict(zip(map(keys.__getitem__, pairs), zip(usd, orders, strict=True), strict=True))
    by_minute = dict(zip(minutes, zip(long, short, counts, strict=True), strict=True))
    by_size = _sizes(sizes)
    return Summary(index, LiquidationSummary(sums, by_minute, largest, first, last, by_size), bars)


def _sizes(parts: array[int]) -> tuple[SideSums, ...] | None:
    if not parts:
        return None
    if len(parts) != 3 * _SIZES:
        raise ValueError("sums by size that do not fit the sizes")
    return tuple((parts[k], parts[k + 1], parts[k + 2]) for k in range(0, len(parts), 3))
