"""Sections of ROLLUP frames that are only read when asked for; each is a zlib stream that can be trusted by itself."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import Any

from crashdesk.model.columns import (
    MOST_LARGEST,
    InstrumentKey,
    LargestLiquidation,
    LiqKey,
    LiquidationColumns,
    LiquidationDetails,
    MinuteBar,
)
from crashdesk.model.records import Side
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.recording.arrays import pack_columns, typecodes, unpack_columns
from crashdesk.recording.details import details_of
from crashdesk.recording.figures import SIDES, Figures, check_figures, pack_wide, take_wide
from crashdesk.recording.format import deflate, inflate
from crashdesk.recording.liquidations import columns_of
from crashdesk.recording.numbers import deltas, pack_varints, take_deltas, take_varint, unpack_varints
from crashdesk.recording.packed_profile import PackedProfile
from crashdesk.recording.sound import check_prices, check_sums, check_times

MOST_FRAMES = 2_000
"""Rows are read from up to so many frames; of more, smaller ones a roll-up repeats the rows."""
_FRAMES, _ROWS = 0, 1
_FEWEST_ROWS = 500
_ROWS_TO_A_BIN = 4
Names = Sequence[tuple[str, str]]
Number = Callable[[str, str], int]
"""The id of (venue, symbol)."""


def pair_of(number: Number, key: LiqKey) -> int:
    """A (instrument, side) in one integer: twice the instrument's id, plus 1 for shorts."""
    return number(key[0], key[1]) << 1 | (key[2] is Side.SHORT)


def liq_keys(names: Names) -> list[LiqKey]:
    """The names by (instrument, side)."""
    return [(venue, symbol, side) for venue, symbol in names for side in SIDES]


def _liq_key(pair: int, names: Names) -> LiqKey:
    return (*names[pair >> 1], SIDES[pair & 1])


def encode_rows(rows: LiquidationColumns, frames: Sequence[int], number: Number) -> bytes:
    """Where the LIQUIDATIONS frames of a chunk start, or, when they are many, all rows; nothing without any."""
    if not frames:
        return b""
    if len(frames) <= MOST_FRAMES:
        return deflate(pack_varints((_FRAMES, *deltas(frames))))
    words = [number(venue, symbol) << 3 | (side is Side.SHORT) for venue, symbol, side in rows.keys]
    figures = Figures([words[key] for key in rows.key], rows.ts_ms, rows.price, rows.amount, rows.usd_micro)
    return deflate(pack_varints((_ROWS, len(rows.key))) + pack_wide(0, figures))


def decode_rows(section: bytes, names: Names) -> LiquidationColumns | list[int]:
    """The rows, or the offsets of the frames that hold them.

    Raises ValueError, IndexError, OverflowError or struct.error when the section does not hold.
    """
    if not section:
        return []
    plain = inflate(section)
    if plain is None:
        raise ValueError("a broken section")
    what, at = take_varint(plain, 0)
    if what == _FRAMES:
        stream = unpack_varints(plain[at:])
        return take_deltas(iter(stream), len(stream))
    if what != _ROWS:
        raise ValueError("neither rows nor frames")
    count, at = take_varint(plain, at)
    return columns_of(check_figures(take_wide(0, plain[at:], count), len(names)), names)


def encode_bars(bars: dict[InstrumentKey, tuple[MinuteBar, ...]], number: Number) -> bytes:
    """The minute bars of each instrument."""
    rows = [bar for run in bars.values() for bar in run]
    return pack_columns(
        (
            array("I", [number(*key) for key in bars]),
            array("I", map(len, bars.values())),
            array("q", [bar.minute for bar in rows]),
            array("d", [bar.high for bar in rows]),
            array("d", [bar.low for bar in rows]),
            array("d", [bar.close for bar in rows]),
        )
    )


def decode_bars(section: bytes, names: Names) -> dict[InstrumentKey, tuple[MinuteBar, ...]]:
    """The reverse. Raises ValueError, IndexError or struct.error when it does not hold."""
    parts = unpack_columns(section)
    if typecodes(parts) != "IIqddd" or {*map(len, parts[2:])} != {sum(parts[1])} or len(parts[0]) != len(parts[1]):
        raise ValueError("not the details of bars")
    ids, counts, *columns = parts
    check_times(columns[0], MINUTE_MS)
    for column in columns[1:]:
        check_prices(column)
    rows = list(map(MinuteBar, *columns))
    ends = list(accumulate(counts, initial=0))
    return {names[n]: tuple(rows[a:b]) for n, a, b in zip(ids, ends, ends[1:], strict=False)}


def encode_details(rows: LiquidationColumns, number: Number) -> bytes:
    """The largest of these rows, and the bins of each instrument's profile in the order of their price.

    Nothing where it would save little: of few rows, or of rows that spread over nearly as many bins.
    """
    if len(rows.key) < _FEWEST_ROWS:
        return b""
    details = details_of(rows)
    if sum(map(len, details.profile.values())) * _ROWS_TO_A_BIN > len(rows.key):
        return b""
    return pack_details(details, number)


def pack_details(details: LiquidationDetails, number: Number) -> bytes:
    """The largest rows, and the bins of each instrument's profile in the order of their price."""
    most, profile = details
    bins = [(place, *sums) for found in profile.values() for place, sums in sorted(found.items())]
    steps = [place - before for before, place in pairwise((0, *(found[0] for found in bins)))]
    return pack_columns(
        (
            array("I", [pair_of(number, (row.venue, row.symbol, row.side)) for row in most]),
            array("d", [row.price for row in most]),
            array("q", [row.usd_micro for row in most]),
            array("q", [row.ts_ms for row in most]),
            array("I", [number(*key) for key in profile]),
            array("I", map(len, profile.values())),
            array("i", steps),
            array("q", [long for _, long, _, _ in bins]),
            array("q", [short for _, _, short, _ in bins]),
            array("I", [orders for _, _, _, orders in bins]),
        )
    )


def decode_details(section: bytes, names: Names) -> LiquidationDetails:
    """The reverse. Raises ValueError, IndexError or struct.error when it does not hold."""
    columns = unpack_columns(section)
    if typecodes(columns) != "IdqqIIiqqI":
        raise ValueError("not the details of liquidations")
    pairs, price, usd, times, ids, counts, steps, long, short, orders = columns
    _check_details(columns)
    largest = tuple(
        LargestLiquidation(*_liq_key(pair, names), *figures)
        for pair, *figures in zip(pairs, price, usd, times, strict=True)
    )
    places = array("q", accumulate(steps))
    return LiquidationDetails(largest, PackedProfile([names[n] for n in ids], counts, places, long, short, orders))


def _check_details(columns: Sequence[array[Any]]) -> None:
    pairs, price, usd, times, ids, counts, *bins = columns
    if {len(price), len(usd), len(times)} != {len(pairs)} or len(pairs) > MOST_LARGEST or len(ids) != len(counts):
        raise ValueError("details of different length")
    if {*map(len, bins)} != {sum(counts)}:
        raise ValueError("details of different length")
    check_prices(price)
    check_times(times)
    for sums in (usd, *bins[1:3]):
        check_sums(sums)
