"""Rows of liquidations in columns, and packed while nobody looks at them."""

from __future__ import annotations

import zlib
from array import array
from typing import NamedTuple

from crashdesk.model.columns import LiquidationColumns
from crashdesk.session.liquidations.cells import KeyTable

_FAST = 1


class Rows(NamedTuple):
    """Rows in the order they came; `cell` is that of a row's key. Typecodes: ts, usd 'q', price 'd', cell 'I'."""

    ts: array[int]
    usd: array[int]
    price: array[float]
    cell: array[int]


class Batch(NamedTuple):
    """Rows that came together, as `Rows`."""

    ts: list[int]
    usd: list[int]
    price: list[float]
    cell: list[int]


def translated(columns: LiquidationColumns, table: KeyTable, first: int, count: int) -> Rows | None:
    """Rows of a chunk from `first` on in this table's cells; None when they are not `count`."""
    if len(columns.ts_ms) - first != count:
        return None
    cells = table.cells(columns.keys)
    return Rows(
        columns.ts_ms[first:],
        columns.usd_micro[first:],
        columns.price[first:],
        array("I", [cells[key] for key in columns.key[first:]]),
    )


def pack(rows: Rows) -> bytes:
    """The rows compressed, to about a third."""
    return zlib.compress(b"".join(column.tobytes() for column in rows), _FAST)


def unpack(packed: bytes, count: int) -> Rows:
    """The reverse for `count` rows."""
    data, at = memoryview(zlib.decompress(packed)), 0
    rows = Rows(array("q"), array("q"), array("d"), array("I"))
    for column in rows:
        end = at + count * column.itemsize
        column.frombytes(data[at:end])
        at = end
    return rows
