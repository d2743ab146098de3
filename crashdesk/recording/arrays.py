"""Arrays as one zlib stream, and back."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence
from typing import Any

from crashdesk.recording.format import deflate, inflate
from crashdesk.recording.numbers import from_planes, little, planes

_PLANES_FROM = 256
_COLUMN = struct.Struct("<cI")


def pack_columns(columns: Sequence[array[Any]]) -> bytes:
    """Arrays as a zlib stream; long ones as byte planes."""
    parts: list[bytes] = []
    for column in columns:
        plain = planes(column) if len(column) >= _PLANES_FROM else little(column).tobytes()
        parts += (_COLUMN.pack(column.typecode.encode("ascii"), len(column)), plain)
    return deflate(b"".join(parts))


def unpack_columns(stored: bytes) -> list[array[Any]]:
    """The reverse. Raises ValueError or struct.error when the stream does not hold."""
    plain = inflate(stored)
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


def typecodes(columns: Sequence[array[Any]]) -> str:
    """The kinds of the columns, one letter each."""
    return "".join(column.typecode for column in columns)
