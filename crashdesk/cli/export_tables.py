"""What can be exported of a recording: named tables whose rows are read one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from crashdesk.model.records import Liquidation
from crashdesk.model.times import iso_utc

if TYPE_CHECKING:
    from crashdesk.recording.reader import RecordingReader

EARLY_MS = 60_000
"""A row may be dated so far ahead of its coming; rows dated further ahead are refused at the border."""

Cell = str | int | float | Decimal | None
"""None is unknown. A Decimal is an exact amount of USD."""


class Wanted(NamedTuple):
    """Rows whose own time is `from_ms` <= time < `to_ms` (None: no bound); `raw` asks for the venues' payloads too."""

    from_ms: int | None = None
    to_ms: int | None = None
    raw: bool = False

    def holds(self, ts_ms: int) -> bool:
        """Whether a row of that time is wanted."""
        return (-inf if self.from_ms is None else self.from_ms) <= ts_ms < (inf if self.to_ms is None else self.to_ms)


class Row(NamedTuple):
    """One row in the order of the table's columns, what it adds to the sum of money, and when it was received."""

    cells: tuple[Cell, ...]
    usd_micro: int
    recv_ms: int


class Table(NamedTuple):
    """`columns` and `rows` are given what is wanted. Rows come in the order in which they were recorded."""

    summary: str
    columns: Callable[[Wanted], tuple[str, ...]]
    rows: Callable[[RecordingReader, Wanted], Iterator[Row]]


_LIQUIDATION = (
    "ts_ms",
    "time_utc",
    "recv_ms",
    "venue",
    "symbol",
    "side",
    "price",
    "amount",
    "usd",
    "usd_micro",
    "basis",
)


def _liquidation_columns(wanted: Wanted) -> tuple[str, ...]:
    return (*_LIQUIDATION, "raw") if wanted.raw else _LIQUIDATION


def _liquidations(reader: RecordingReader, wanted: Wanted) -> Iterator[Row]:
    """Every liquidation of the span. Late rows of it may stand anywhere behind, so the file is read to its end."""
    first_ms = reader.start_ms if wanted.from_ms is None else wanted.from_ms - EARLY_MS
    for batch in reader.liquidations(first_ms, reader.end_ms):
        for row in batch.records:
            if isinstance(row, Liquidation) and wanted.holds(row.ts_ms):
                raw = (_printable(row.raw),) if wanted.raw else ()
                yield Row((*_liquidation_cells(row, batch.recv_ms), *raw), row.usd_micro, batch.recv_ms)


def _printable(payload: str) -> str:
    """JSON that says the same, with everything escaped that a terminal obeys or that is no text (lone surrogates)."""
    if payload.isprintable():
        return payload
    return "".join(c if c.isprintable() else "".join(f"\\u{unit:04x}" for unit in _utf16(c)) for c in payload)


def _utf16(character: str) -> tuple[int, ...]:
    data = character.encode("utf-16-le", "surrogatepass")
    return tuple(int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2))


def _liquidation_cells(row: Liquidation, recv_ms: int) -> tuple[Cell, ...]:
    return (
        row.ts_ms,
        iso_utc(row.ts_ms),
        recv_ms,
        row.venue,
        row.symbol,
        row.side.value,
        row.price,
        row.amount,
        Decimal(row.usd_micro).scaleb(-6),
        row.usd_micro,
        row.basis.value,
    )


TABLES = {
    "liquidations": Table(
        "one row an order: side of the position, price in the quote currency, amount in coins, USD",
        _liquidation_columns,
        _liquidations,
    )
}
"""By the word behind `--what`."""
