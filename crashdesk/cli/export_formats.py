"""How an exported table is written: row by row, so that its length costs no memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TextIO

from crashdesk.cli.export_tables import Cell

Rows = Iterable[Sequence[Cell]]


def write_csv(out: TextIO, columns: Sequence[str], rows: Rows) -> None:
    """Comma-separated after RFC 4180 with a head and line feeds; unknown is empty. Cells are written as they are."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([f"{cell:f}" if isinstance(cell, Decimal) else cell for cell in row] for row in rows)


def write_ndjson(out: TextIO, columns: Sequence[str], rows: Rows) -> None:
    """One JSON object a line; unknown is null."""
    out.writelines(f"{text}\n" for text in _objects(columns, rows))


def write_json(out: TextIO, columns: Sequence[str], rows: Rows) -> None:
    """One JSON array of objects; unknown is null."""
    before = "["
    for text in _objects(columns, rows):
        out.write(f"{before}\n{text}")
        before = ","
    out.write("\n]\n" if before == "," else "[]\n")


def _objects(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=float, separators=(",", ":")).encode
    return (encode(dict(zip(columns, row, strict=True))) for row in rows)


FORMATS = {"csv": write_csv, "ndjson": write_ndjson, "json": write_json}
"""By the word behind `--format`."""
