"""Numbers in few bytes: varints, zigzag, floats as scaled integers that come back bit for bit, byte planes.

A float is written as (mode, integer). Mode 0 to 22: the value is integer / 10**mode, used only when that division
gives exactly the same float; `BITS`: the integer is the float's own 64 bits, which fits every float (nan, -0.0, 1/3).
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice
from typing import Any

NONE = 30
"""The mode of an unknown value."""
BITS = 31
MAX_SCALE = 22
MOST_DELTAS = 1 << 22
"""Numbers in a column of deltas: more than any chunk holds, and what memory bears."""
POWERS = [float(10**scale) for scale in range(MAX_SCALE + 1)]
_EXACT = 2**53
_DOUBLE = struct.Struct("<d")
_LONG = struct.Struct("<q")
_MAX_SHIFT = 140


def pack_varints(values: Iterable[int]) -> bytes:
    """Non-negative integers, seven bits a byte, the lowest first; the eighth bit says that more follow."""
    out = bytearray()
    push = out.append
    for value in values:
        rest = value
        while rest > 127:
            push(rest & 127 | 128)
            rest >>= 7
        push(rest)
    return bytes(out)


def unpack_varints(data: bytes) -> list[int]:
    """All integers of a stream. Raises ValueError when the last one is cut off or one is absurdly long."""
    values: list[int] = []
    push = values.append
    stream = iter(data)
    for byte in stream:
        if byte < 128:  # most are
            push(byte)
            continue
        value, shift = byte & 127, 7
        for more in stream:
            value |= (more & 127) << shift
            if more < 128:
                break
            shift += 7
            if shift > _MAX_SHIFT:
                raise ValueError("a number is too long")
        else:
            raise ValueError("a number is cut off")
        push(value)
    return values


def take_varint(data: bytes, at: int) -> tuple[int, int]:
    """(value, position behind it) of the varint at `at`. Raises ValueError when it is cut off."""
    value = shift = 0
    for position in range(at, min(at + 10, len(data))):
        byte = data[position]
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position + 1
        shift += 7
    raise ValueError("a number is cut off")


def zigzag(value: int) -> int:
    """Signed to non-negative: 0, -1, 1, -2 … become 0, 1, 2, 3 …"""
    return value << 1 if value >= 0 else (-value << 1) - 1


def unzigzag(value: int) -> int:
    """The reverse of `zigzag`."""
    return (value >> 1) ^ -(value & 1)


def deltas(values: Iterable[int], before: int = 0) -> Iterator[int]:
    """Zigzag of each value's distance to the one before it."""
    for value in values:
        yield zigzag(value - before)
        before = value


def take_deltas(stream: Iterator[int], count: int, before: int = 0) -> list[int]:
    """The reverse of `deltas`. Raises ValueError when the stream ends early, or for more than `MOST_DELTAS`."""
    if count > MOST_DELTAS:
        raise ValueError("too many numbers")
    values = list(accumulate(map(unzigzag, islice(stream, count)), initial=before))
    if len(values) != count + 1:
        raise ValueError("a column is cut off")
    return values[1:]


def take(stream: Iterator[int], count: int) -> list[int]:
    """`count` integers. Raises ValueError when the stream ends early."""
    values = list(islice(stream, count))
    if len(values) != count:
        raise ValueError("a column is cut off")
    return values


def scaled(value: float, mode: int) -> int | None:
    """The integer of `value` in `mode`, None when the mode cannot hold it exactly."""
    if mode == BITS:
        return int(_LONG.unpack(_DOUBLE.pack(value))[0])
    power = POWERS[mode]
    product = value * power
    if not -_EXACT < product < _EXACT:  # also nan
        return None
    whole = round(product)
    if whole / power != value or (whole == 0 and str(value).startswith("-")):
        return None
    return whole


def shortest(value: float) -> tuple[int, int]:
    """(mode, integer) with the fewest decimals that give `value` back, `BITS` when no number of decimals does."""
    if value == value and abs(value) < _EXACT:
        head, _, exponent = repr(float(value)).partition("e")
        decimals = len(head.partition(".")[2].rstrip("0")) - int(exponent or 0)
        if decimals <= MAX_SCALE:
            mode = max(decimals, 0)
            whole = scaled(value, mode)
            if whole is not None:
                return mode, whole
    return BITS, int(_LONG.unpack(_DOUBLE.pack(value))[0])


def unscaled(mode: int, whole: int) -> float:
    """The float of (mode, integer). Raises ValueError when there is no such mode, struct.error when it does not fit."""
    if 0 <= mode <= MAX_SCALE:
        return whole / POWERS[mode]
    if mode != BITS:
        raise ValueError(f"unknown number mode {mode}")
    return float(_DOUBLE.unpack(_LONG.pack(whole))[0])


def float_column(values: Sequence[float | None]) -> list[int]:
    """The modes of all values, then the integers (zigzag) of those that are known."""
    pairs = [(NONE, 0) if value is None else shortest(value) for value in values]
    return [mode for mode, _ in pairs] + [zigzag(whole) for mode, whole in pairs if mode != NONE]


def take_float_column(stream: Iterator[int], count: int) -> list[float | None]:
    """The reverse of `float_column`. Raises ValueError when the stream ends early."""
    modes = take(stream, count)
    wholes = iter(take(stream, count - modes.count(NONE)))
    return [None if mode == NONE else unscaled(mode, unzigzag(next(wholes))) for mode in modes]


def planes(column: array[Any]) -> bytes:
    """An array's bytes, first the lowest byte of every item, then the next …: like bytes together compress better."""
    data = little(column).tobytes()
    return b"".join(data[k :: column.itemsize] for k in range(column.itemsize))


def from_planes(typecode: str, data: bytes) -> array[Any]:
    """The reverse of `planes`. Raises ValueError when the length does not fit."""
    column: array[Any] = array(typecode)
    width = column.itemsize
    count, rest = divmod(len(data), width)
    if rest:
        raise ValueError("a column is cut off")
    if width == 1:
        column.frombytes(data)
        return column
    mixed = bytearray(len(data))
    for k in range(width):
        mixed[k::width] = data[k * count : (k + 1) * count]
    column.frombytes(mixed)
    return little(column)


_UNSIGNED = "BHIQ"
_MOST = {code: (1 << 8 * array(code).itemsize) - 1 for code in _UNSIGNED}


def uint_columns(columns: Sequence[Sequence[int]]) -> bytes:
    """Columns of non-negative integers, equally long: of each a letter (B, H, I or Q: 1, 2, 4 or 8 bytes), its planes.

    Raises OverflowError when a number does not fit 64 bits.
    """
    parts = []
    for column in columns:
        most = max(column, default=0)
        code = next((code for code in _UNSIGNED if most <= _MOST[code]), _UNSIGNED[-1])
        parts.append(code.encode("ascii") + planes(array(code, column)))
    return b"".join(parts)


def take_uint_columns(data: bytes, count: int, columns: int) -> list[array[int]]:
    """The reverse. Raises ValueError when `data` is not exactly `columns` columns of `count` numbers."""
    found: list[array[int]] = []
    at = 0
    for _ in range(columns):
        code = data[at : at + 1].decode("ascii")
        if code not in _MOST:
            raise ValueError("a column of no known width")
        end = at + 1 + count * array(code).itemsize
        if end > len(data):
            raise ValueError("a column is cut off")
        found.append(from_planes(code, data[at + 1 : end]))
        at = end
    if at != len(data):
        raise ValueError("more than the columns")
    return found


def little(column: array[Any]) -> array[Any]:
    """The array as a little-endian machine has it (itself, on one)."""
    if sys.byteorder == "big":
        column = column[:]
        column.byteswap()
    return column
