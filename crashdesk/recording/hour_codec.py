"""HOUR frames: the ROLLUPs of an hour of `recv_ms` summed up, written when it is over.

The payload: varints (the number of the hour, recv_ms // 3600000, then the lengths of the sections), then the sections,
each a zlib stream that can be trusted by itself:

1. as section 1 of a ROLLUP, with the number of the hour for that of the chunk;
2. high, low and last of each instrument by chunk, 0 where it was not seen in it;
3. varints: where the ROLLUP frames of the hour start (deltas) and their recv_ms (deltas against the first moment of the
   hour), oldest first;
4. the largest orders of the hour and the profile by price.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from crashdesk.model.columns import CHUNK_MS, BarSummary, HourBars, InstrumentKey, LiqKey, LiquidationDetails
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.recording.arrays import pack_columns, typecodes, unpack_columns
from crashdesk.recording.format import deflate, inflate
from crashdesk.recording.ledger import Ref
from crashdesk.recording.numbers import deltas, pack_varints, take_deltas, take_varint, unpack_varints
from crashdesk.recording.rollup_codec import Summary, decode_summary, encode_summary
from crashdesk.recording.sections import Names, Number, pack_details
from crashdesk.recording.sound import check_amounts, check_times

HOUR_SECTIONS = 4
CHUNKS = HOUR_MS // CHUNK_MS
_CODES = "Iddd"
Bars = dict[int, Mapping[InstrumentKey, BarSummary]]
"""By the number of the chunk."""


class RolledHour(NamedTuple):
    """All that an HOUR frame is made of. `chunks` are the bars by the number of the chunk, `frames` the ROLLUPs."""

    summary: Summary
    chunks: Bars
    frames: Sequence[Ref]
    details: LiquidationDetails


def encode_hour(hour: RolledHour, number: Number) -> bytes:
    """The payload of an HOUR frame."""
    start_ms = hour.summary.chunk * HOUR_MS
    places = (*deltas(ref.offset for ref in hour.frames), *deltas((ref.recv_ms for ref in hour.frames), start_ms))
    sections = (
        encode_summary(hour.summary, number),
        _encode_bars(hour, number),
        deflate(pack_varints(places)),
        pack_details(hour.details, number),
    )
    return b"".join((pack_varints((hour.summary.chunk, *map(len, sections))), *sections))


def _encode_bars(hour: RolledHour, number: Number) -> bytes:
    bars = lay_out(hour.chunks)
    return pack_columns((array("I", [number(*key) for key in bars.slots]), bars.high, bars.low, bars.close))


def lay_out(chunks: Bars) -> HourBars:
    """The bars of the chunks of an hour."""
    keys = list(dict.fromkeys(key for bars in chunks.values() for key in bars))
    by_place = {index % CHUNKS: bars for index, bars in chunks.items()}
    none, nothing = BarSummary(0.0, 0.0, 0.0), dict[InstrumentKey, BarSummary]()
    rows = [by_place.get(place, nothing).get(key, none) for place in range(CHUNKS) for key in keys]
    high, low, close = (array("d", column) for column in zip(*rows, strict=True)) if rows else (array("d"),) * 3
    return HourBars({key: slot for slot, key in enumerate(keys)}, high, low, close)


def split_hour(data: bytes) -> tuple[int, list[tuple[int, int]]]:
    """(number of the hour, (start, end) of its sections) from the first bytes of a payload.

    Raises ValueError when they are cut off.
    """
    found = []
    at = 0
    for _ in range(1 + HOUR_SECTIONS):
        value, at = take_varint(data, at)
        found.append(value)
    return found[0], list(pairwise(accumulate(found[1:], initial=at)))


def decode_hour_summary(section: bytes, hour: int, names: Names, keys: Sequence[LiqKey]) -> Summary:
    """Section 1. Raises ValueError, IndexError or struct.error when it does not hold."""
    check_times([hour], HOUR_MS)
    summary = decode_summary(section, names, keys)
    if summary.chunk != hour:
        raise ValueError("the sums of another hour")
    return summary


def decode_hour_bars(section: bytes, names: Names) -> HourBars:
    """Section 2. Raises ValueError, IndexError or struct.error when it does not hold."""
    columns = unpack_columns(section)
    if typecodes(columns) != _CODES:
        raise ValueError("not the bars of an hour")
    ids, high, low, close = columns
    slots = {names[number]: slot for slot, number in enumerate(ids)}
    if len(slots) != len(ids) or {len(high), len(low), len(close)} != {len(ids) * CHUNKS}:
        raise ValueError("bars of different length")
    check_amounts(high + low + close)
    return HourBars(slots, high, low, close)


def decode_hour_frames(section: bytes, hour: int) -> list[Ref]:
    """Section 3. Raises ValueError when it does not hold."""
    plain = inflate(section)
    if plain is None:
        raise ValueError("a broken section")
    values = unpack_varints(plain)
    count = len(values) // 2
    offsets = take_deltas(iter(values[:count]), count)
    times = take_deltas(iter(values[count:]), count, hour * HOUR_MS)
    check_times(times)
    return [Ref(offset, recv_ms, 1) for offset, recv_ms in zip(offsets, times, strict=True)]
