"""What the arguments of `import` ask for: files, and how the columns of each are to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from crashdesk.cli.importing.wrong_rows import RowError
from crashdesk.config.file_rows import FileRow
from crashdesk.config.near import did_you_mean
from crashdesk.model.errors import UsageError
from crashdesk.model.records import PriceBasis, Side
from crashdesk.model.text import clean
from crashdesk.model.timeframe import Timeframe

LIQUIDATIONS, CANDLES = "liquidations", "candles"
_WITH_A_HEAD = (".csv", ".parquet")
"""Tables whose every row has every column; objects of JSON may lack what is unknown."""
_Read = TypeVar("_Read")
_TIMES = ("ts", "ts_ms", "timestamp", "time", "datetime", "date")
FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    LIQUIDATIONS: {
        "ts": _TIMES,
        "side": ("side",),
        "price": ("price",),
        "amount": ("amount", "size", "quantity", "qty"),
        "usd": ("usd",),
        "venue": ("venue", "exchange"),
        "symbol": ("symbol",),
        "basis": ("basis",),
        "raw": ("raw",),
    },
    CANDLES: {
        "ts": ("open_ms", "open_time", *_TIMES),
        "open": ("open",),
        "high": ("high",),
        "low": ("low",),
        "close": ("close",),
        "volume": ("volume_base", "volume"),
        "venue": ("venue", "exchange"),
        "symbol": ("symbol",),
        "timeframe": ("timeframe",),
        "closed": ("closed",),
    },
}
"""By kind of file: the fields that `--map` names, and the columns that are taken for them unasked, case aside."""


@dataclass(slots=True)
class Wish:
    """One file. What is None is in its columns."""

    kind: str
    path: Path
    columns: dict[str, str] = field(default_factory=dict)
    symbol: str | None = None
    venue: str | None = None
    timeframe: Timeframe | None = None
    buy_is: Side | None = None
    basis: PriceBasis = PriceBasis.FILL
    overruled: Counter[str] = field(default_factory=Counter)
    """By field: the rows whose column says something else than the option that was given for all of them."""
    unread: Counter[str] = field(default_factory=Counter)
    """By field: the rows whose column says something under such an option that cannot be read."""

    def settle(self, row: FileRow, needed: Sequence[str]) -> None:
        """Find the columns in the first row. Raises UsageError for one that is not there, and for a needed field."""
        there = {name.lower(): name for name in row.values}
        if self.path.suffix.lower() in _WITH_A_HEAD:
            for name, column in self.columns.items():
                if column not in row.values and column.partition(".")[0] not in row.values:
                    hint = did_you_mean(column, row.values)
                    raise UsageError(
                        f"{self.path}: has no column {clean(column, 60)!r} for {name}: {hint}".rstrip(": ")
                    )
        for name, usual in FIELDS[self.kind].items():
            found = next((there[column] for column in usual if column in there), None)
            if found is not None:
                self.columns.setdefault(name, found)
        for name in needed:
            if name not in self.columns:
                has = clean(", ".join(row.values), 200)
                raise UsageError(f"{self.path}: which column is {name}? Say --map {name}=COLUMN; it has {has}")

    def cell(self, row: FileRow, name: str) -> object:
        """The cell of a field; None when the row or the file has none. `data.o.T` reaches into JSON objects."""
        column = self.columns.get(name)
        if column is None or column in row.values:
            return None if column is None else row.values[column]
        found: object = row.values
        for part in column.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        return found

    def of_all(self, row: FileRow, name: str, given: _Read | None, read: Callable[[object], _Read]) -> _Read:
        """What was given for all rows, else the cell of the field as it is read. Raises RowError for such a cell."""
        if given is None:
            return read(self.cell(row, name))
        cell = self.cell(row, name)
        if cell is not None and str(cell).strip():
            self._compare(name, cell, given, read)
        return given

    def _compare(self, name: str, cell: object, given: _Read, read: Callable[[object], _Read]) -> None:
        try:
            self.overruled[name] += read(cell) != given
        except RowError:
            self.unread[name] += 1

    def overruled_lines(self) -> list[str]:
        """What was given for all rows although columns say something else, a sentence for each."""
        found = []
        for name in dict.fromkeys((*+self.overruled, *self.unread)):
            counts = ((self.overruled[name], "says something else"), (self.unread[name], "cannot be read"))
            said = " and ".join(f"{words} in {rows:,} of them" for rows, words in counts if rows)
            column = clean(self.columns[name], 60)
            found.append(
                f"{self.path}: --{name} {getattr(self, name)} is taken for all rows; the column {column!r} {said}"
            )
        return found


def mapping(text: str, kind: str) -> dict[str, str]:
    """`ts=time,side=Side` as fields and columns. Raises UsageError."""
    found: dict[str, str] = {}
    for pair in text.split(","):
        name, equals, column = (part.strip() for part in pair.partition("="))
        if not equals or not column or name not in FIELDS[kind]:
            fields = ", ".join(FIELDS[kind])
            raise UsageError(f"--map: write FIELD=COLUMN, not {clean(pair, 60)!r}; fields of {kind} are {fields}")
        found[name] = column
    return found
