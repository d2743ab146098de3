"""Columns of whole numbers that are mostly small, in one of two layouts, whichever is shorter.

The payload is a varint, twice the number of rows, plus 1 for the second layout. **Few rows**: a mask (bit c: column c
is not all zeros) and the zigzag numbers of those columns, all varints; behind them whatever else the caller packs.
**Many rows**: byte planes, the regular ones deflated, the noise left as it is: a bare deflate stream, and behind it the
planes that are noise. The stream holds varints, first their length in bytes: a word for each column, and what else the
caller packs. Behind them come the other planes. A word is 0 for a column of zeros, else 1 to 4 for signed integers of
1, 2, 4 or 8 bytes, plus 8 << p for each plane p (0: the lowest bytes) that is noise. Both kinds of planes are in the
order of their columns, the lowest bytes first.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Sequence

from crashdesk.recording.numbers import (
    from_planes,
    pack_varints,
    planes,
    take,
    take_varint,
    unpack_varints,
    unzigzag,
    zigzag,
)

MOST_ROWS = 1 << 16
"""Numbers in a column; a writer puts fewer rows into a frame."""
_MOST_PLAIN = 256 * MOST_ROWS
"""Bytes of a stream."""
STEP_LIMIT = 1 << 60
_CODES = "bhiq"
_FEW = 64
"""Of more rows the second layout is shorter."""
_NOISE_SHARE, _NOISE_LIMIT = 0.35, 140
"""A plane with so many different bytes, by the number of its bytes and at most, is noise: deflate saves nothing."""


def pack_steps(columns: Sequence[Sequence[int]], words: Sequence[int]) -> bytes:
    """Columns of equal length (numbers from -2**63 on, below 2**63), and more non-negative integers."""
    count = len(columns[0])
    in_planes = pack_varints((count << 1 | 1,)) + _in_planes(columns, words)
    if count > _FEW:
        return in_planes
    mask = sum(1 << place for place, column in enumerate(columns) if any(column))
    steps = (zigzag(step) for column in columns if any(column) for step in column)
    varints = pack_varints((count << 1, mask, *steps, *words))
    return min(varints, in_planes, key=len)


def _in_planes(columns: Sequence[Sequence[int]], words: Sequence[int]) -> bytes:
    regular: list[bytes] = []
    noise: list[bytes] = []
    heads = [_split(column, regular, noise) for column in columns]
    stream = pack_varints((*heads, *words))
    machine = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_RLE)
    plain = b"".join((pack_varints((len(stream),)), stream, *regular))
    return b"".join((machine.compress(plain), machine.flush(), *noise))


def _split(column: Sequence[int], regular: list[bytes], noise: list[bytes]) -> int:
    least, most = min(column, default=0), max(column, default=0)
    if least == most == 0:
        return 0
    bits = max(most, -least - 1).bit_length()
    place = next(place for place, code in enumerate(_CODES) if bits < 8 * array(code).itemsize)
    mixed, count = planes(array(_CODES[place], column)), len(column)
    word = place + 1
    for plane, start in enumerate(range(0, len(mixed), count)):
        part = mixed[start : start + count]
        if len(set(part)) > min(_NOISE_LIMIT, _NOISE_SHARE * count):
            word |= 8 << plane
            noise.append(part)
        else:
            regular.append(part)
    return word


def unpack_steps(payload: bytes, columns: int) -> tuple[int, list[Sequence[int] | None], list[int]]:
    """(how many numbers each column has, the columns, None for one of zeros, the further integers).

    Raises ValueError when the payload does not hold.
    """
    head, at = take_varint(payload, 0)
    count = head >> 1
    if count > MOST_ROWS:
        raise ValueError("too many rows")
    if head & 1:
        return count, *_from_planes(payload[at:], count, columns)
    stream = iter(unpack_varints(payload[at:]))
    mask = take(stream, 1)[0]
    found: list[Sequence[int] | None] = [
        list(map(unzigzag, take(stream, count))) if mask >> place & 1 else None for place in range(columns)
    ]
    return count, found, list(stream)


def _from_planes(stored: bytes, count: int, columns: int) -> tuple[list[Sequence[int] | None], list[int]]:
    plain, noise = _inflate(stored)
    length, start = take_varint(plain, 0)
    end = start + length
    words = unpack_varints(plain[start:end])
    if len(words) < columns:
        raise ValueError("no columns")
    sources = [(plain, end), (noise, 0)]
    found = [_join(word, count, sources) for word in words[:columns]]
    if any(at != len(data) for data, at in sources):
        raise ValueError("more than the columns")
    return found, words[columns:]


def _join(word: int, count: int, sources: list[tuple[bytes, int]]) -> Sequence[int] | None:
    """A column of the planes that are next in `sources`: the regular ones, the noise."""
    place = word & 7
    if not place:
        return None
    if place > len(_CODES):
        raise ValueError("a column of no known width")
    code = _CODES[place - 1]
    parts = []
    for plane in range(array(code).itemsize):
        which = word >> 3 + plane & 1
        data, at = sources[which]
        parts.append(data[at : at + count])
        sources[which] = (data, at + count)
    mixed = b"".join(parts)
    if len(mixed) != count * len(parts):
        raise ValueError("a column is cut off")
    return from_planes(code, mixed)


def _inflate(payload: bytes) -> tuple[bytes, bytes]:
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = machine.decompress(payload, _MOST_PLAIN)
    except zlib.error as error:
        raise ValueError(f"a broken stream: {error}") from None
    if not machine.eof:
        raise ValueError("a stream is cut off")
    return plain, machine.unused_data
