"""How an exported table is written: row by row, so that its length costs no memory."""

from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import BinaryIO, TextIO

from crashdesk.cli.record_forms import Cell, Column

Take = Callable[[Sequence[Cell]], object]
"""Takes the cells of one row."""


@contextlib.contextmanager
def csv_table(out: TextIO, columns: Sequence[Column]) -> Iterator[Take]:
    """Comma-separated after RFC 4180 with a head and line feeds; unknown is empty. Cells are written as they are."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    money = [place for place, column in enumerate(columns) if column.type is Decimal]
    if not money:
        yield writer.writerow
        return

    def take(cells: Sequence[Cell]) -> None:
        writer.writerow([f"{cell:f}" if isinstance(cell, Decimal) else cell for cell in cells])

    yield take


@contextlib.contextmanager
def ndjson_table(out: TextIO, columns: Sequence[Column]) -> Iterator[Take]:
    """One JSON object a line; unknown is null."""
    encode = _encoder(columns)
    yield lambda cells: out.write(f"{encode(cells)}\n")


@contextlib.contextmanager
def json_table(out: TextIO, columns: Sequence[Column]) -> Iterator[Take]:
    """One JSON array of objects; unknown is null."""
    encode = _encoder(columns)
    before = ["["]

    def take(cells: Sequence[Cell]) -> None:
        out.write(f"{before[0]}\n{encode(cells)}")
        before[0] = ","

    yield take
    out.write("\n]\n" if before[0] == "," else "[]\n")


@contextlib.contextmanager
def parquet_table(out: BinaryIO, columns: Sequence[Column]) -> Iterator[Take]:
    """Apache Parquet with zstd; unknown is null, exact USD a decimal. Raises CrashdeskError without pyarrow."""
    from crashdesk.analytics.parquet import ParquetSink

    with ParquetSink(out, columns) as sink:
        yield sink.take


def write_table(form: str, out: TextIO, names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """All rows of a table without money in a format of text."""
    with TEXT_FORMATS[form](out, [Column(name, str) for name in names]) as take:
        for cells in rows:
            take(cells)


def _encoder(columns: Sequence[Column]) -> Callable[[Sequence[Cell]], str]:
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=float, separators=(",", ":")).encode
    names = [column.name for column in columns]
    return lambda cells: encode(dict(zip(names, cells, strict=True)))


TEXT_FORMATS = {"csv": csv_table, "ndjson": ndjson_table, "json": json_table}
BINARY_FORMATS = {"parquet": parquet_table}
FORMATS = (*TEXT_FORMATS, *BINARY_FORMATS)
"""The words behind `--format`; they are the suffixes of files too."""
