"""What can be exported of a recording: named tables whose rows are read one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from crashdesk.cli.record_forms import FORMS, Cell, Column, Form, cells_of, columns_of, time_of
from crashdesk.cli.summary_table import SUMMARY_COLUMNS, summary_rows
from crashdesk.model.records import Batch, Candle, Liquidation, PerpStats, Quote

if TYPE_CHECKING:
    from crashdesk.recording.reader import RecordingReader

EARLY_MS = 60_000
"""A row may be dated so far ahead of its coming; rows dated further ahead are refused at the border."""
_IN_TIME = (Quote, PerpStats, Candle, Liquidation)
"""Of what comes through that border; people date levels and notes as they like."""


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
    """`columns` and `rows` are given what is wanted. Rows come in the order in which they were recorded.

    `spans` tells whether a part of it can be had (`--from`, `--to`).
    """

    summary: str
    columns: Callable[[Wanted], tuple[Column, ...]]
    rows: Callable[[RecordingReader, Wanted], Iterator[Row]]
    spans: bool = True


def _table(form: Form) -> Table:
    return Table(
        form.summary,
        lambda wanted: columns_of(form, raw=wanted.raw),
        lambda reader, wanted: _rows(form, reader, wanted),
    )


def _rows(form: Form, reader: RecordingReader, wanted: Wanted) -> Iterator[Row]:
    """Every row of the span. Late rows of it may stand anywhere behind, so the file is read to its end."""
    for batch in _batches(form, reader, wanted):
        for record in batch.records:
            if isinstance(record, form.record) and wanted.holds(time_of(form, record, batch.recv_ms)):
                usd = record.usd_micro if isinstance(record, Liquidation) else 0
                yield Row(cells_of(form, record, batch.recv_ms, raw=wanted.raw), usd, batch.recv_ms)


def _batches(form: Form, reader: RecordingReader, wanted: Wanted) -> Iterator[Batch]:
    first_ms = reader.start_ms
    if wanted.from_ms is not None and form.record in _IN_TIME:
        first_ms = wanted.from_ms - EARLY_MS
    if form.record is Liquidation:
        yield from reader.liquidations(first_ms, reader.end_ms)
        return
    key = reader.checkpoint(first_ms)
    for _, batch in reader.batches(reader.first_offset if key is None else key[0].end):
        yield batch


TABLES = {name: _table(form) for name, form in FORMS.items()} | {
    "summary": Table(
        "totals: what `snapshots info` counts, and the brief's windows at the end",
        lambda _: SUMMARY_COLUMNS,
        lambda reader, _: (Row(cells, 0, reader.end_ms) for cells in summary_rows(reader)),
        spans=False,
    )
}
"""By the word behind `--what`."""
