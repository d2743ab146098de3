"""Apache Parquet, in and out, through pyarrow: an extra of the package that is loaded when it is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from crashdesk.model.errors import CrashdeskError

_ROWS = 65_536
"""Rows of a row group."""
_MISSING = "Parquet needs pyarrow, which is not installed: pip install 'crashdesk[parquet]'"


class ParquetSink:
    """Writes one table row by row, a row group at a time."""

    def __init__(self, out: BinaryIO, columns: Sequence[tuple[str, type]]) -> None:
        """`columns` are names with str, int, float or Decimal (USD with six decimals).

        Raises CrashdeskError when pyarrow is not installed.
        """
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError:
            raise CrashdeskError(_MISSING) from None
        kinds = {
            str: pa.string(),
            int: pa.int64(),
            float: pa.float64(),
            Decimal: pa.decimal128(38, 6),
        }
        self._arrow: Any = pa
        self._schema = pa.schema([(name, kinds[kind]) for name, kind in columns])
        self._writer = pq.ParquetWriter(out, self._schema, compression="zstd")
        self._rows: list[Sequence[object]] = []

    def __enter__(self) -> ParquetSink:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._flush()
        self._writer.close()

    def take(self, cells: Sequence[object]) -> None:
        """One row, in the order of the columns."""
        self._rows.append(cells)
        if len(self._rows) >= _ROWS:
            self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        arrow = self._arrow
        values = zip(*self._rows, strict=True)
        arrays = [arrow.array(column, field.type) for column, field in zip(values, self._schema, strict=True)]
        self._writer.write_table(arrow.Table.from_arrays(arrays, schema=self._schema))
        self._rows = []


def parquet_rows(path: Path) -> Iterator[tuple[Sequence[Mapping[str, object]], int]]:
    """Rows by column, some of them at a time, and how many the file has in all.

    Raises CrashdeskError: no pyarrow, no Parquet, damaged.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise CrashdeskError(_MISSING) from None
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_ROWS):
                yield batch.to_pylist(), file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise CrashdeskError(f"{path}: cannot be read as Parquet: {str(error).splitlines()[0]}") from None
