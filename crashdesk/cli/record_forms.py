"""Records as rows of a table and back: what `export` writes and `import` reads again, for every kind of record."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from crashdesk.model.records import (
    Candle,
    Event,
    Gap,
    Instrument,
    Liquidation,
    Note,
    PerpStats,
    PriceSource,
    PublishedLevel,
    Quote,
    Record,
    RowsSetAside,
    Session,
    VenueHealth,
)
from crashdesk.model.text import clean
from crashdesk.model.times import iso_utc

Cell = str | int | float | Decimal | None
"""None is unknown. A Decimal is an exact amount of USD."""


class Column(NamedTuple):
    """One column of a table; `type` is str, int, float or Decimal."""

    name: str
    type: type


class Form(NamedTuple):
    """How records of one kind stand in a table. `time` is the field with their own time, None: they have none."""

    record: type[Record]
    time: str | None
    summary: str


FORMS = {
    "quotes": Form(Quote, "ts_ms", "tickers as they changed: prices in the quote currency"),
    "perps": Form(PerpStats, "ts_ms", "funding rates (fractions for one interval), open interest"),
    "candles": Form(Candle, "open_ms", "every revision of every candle"),
    "liquidations": Form(Liquidation, "ts_ms", "one row an order: side of the position, price, coins, USD"),
    "notes": Form(Note, "ts_ms", "causes in the recording"),
    "levels": Form(PublishedLevel, "created_ms", "price levels in the recording"),
    "events": Form(Event, "start_ms", "cascades and what else happened"),
    "instruments": Form(Instrument, None, "the markets"),
    "sources": Form(PriceSource, "ts_ms", "which venue speaks for a symbol"),
    "health": Form(VenueHealth, "since_ms", "the state of every feed"),
    "gaps": Form(Gap, "start_ms", "spans of missed data"),
    "set_aside": Form(RowsSetAside, None, "rows that were not trusted, running totals"),
    "sessions": Form(Session, "created_ms", "who wrote, and what the data is"),
}
"""By the word behind `--what`."""
_COLUMNS: Mapping[tuple[type[Record], str], str] = {(Candle, "volume"): "volume_base"}
_RAW = "raw"


def columns_of(form: Form, *, raw: bool) -> tuple[Column, ...]:
    """The columns of a table: the records' own time, the same in words, when they came, then their other fields."""
    own = [field for field in _fields(form) if field.name != form.time and (raw or field.name != _RAW)]
    times = ("recv_ms", "time_utc") if form.time is None else (form.time, "time_utc", "recv_ms")
    made = [Column(name, str if name == "time_utc" else int) for name in times]
    for field in own:
        if form.record is Liquidation and field.name == "usd_micro":
            made.append(Column("usd", Decimal))
        made.append(Column(field.column, field.type))
    return tuple(made)


def cells_of(form: Form, record: Record, recv_ms: int, *, raw: bool) -> tuple[Cell, ...]:
    """A record in the order of `columns_of`."""
    own_ms = time_of(form, record, recv_ms)
    said = iso_utc(own_ms)
    cells: list[Cell] = [recv_ms, said] if form.time is None else [own_ms, said, recv_ms]
    if isinstance(record, Liquidation):
        usd = Decimal(record.usd_micro).scaleb(-6)
        cells += [record.venue, record.symbol, record.side.value, record.price, record.amount, usd]
        cells += [record.usd_micro, record.basis.value]
        return (*cells, _printable(record.raw)) if raw else tuple(cells)
    cells += [field.write(value) for field, value in zip(_fields(form), record, strict=True) if field.name != form.time]
    return tuple(cells)


def time_of(form: Form, record: Record, recv_ms: int) -> int:
    """A record's own time; where it has none, when it came."""
    return recv_ms if form.time is None else int(getattr(record, form.time))


def record_of(form: Form, row: Mapping[str, object]) -> tuple[int, Record]:
    """(recv_ms, record) of a row by the names of its columns; others are passed over.

    Raises ValueError in a few words: a column that is missing, a cell that is wrong.
    """
    recv_ms = _whole(_present(row, "recv_ms"), "recv_ms")
    usual = form.record._field_defaults
    values = {
        field.name: field.read(row.get(field.column, "") if field.name == _RAW else _present(row, field.column))
        for field in _fields(form)
        if field.column in row or field.name not in usual
    }
    return recv_ms, form.record(**values)


class _Field(NamedTuple):
    name: str
    column: str
    type: type
    write: Callable[[Any], Cell]
    read: Callable[[object], Any]


@cache
def _fields(form: Form) -> tuple[_Field, ...]:
    hints = typing.get_type_hints(form.record)
    return tuple(_field(_COLUMNS.get((form.record, name), name), name, hints[name]) for name in form.record._fields)


def _field(column: str, name: str, hint: Any) -> _Field:
    optional = isinstance(hint, types.UnionType)
    kind = next(part for part in typing.get_args(hint) if part is not type(None)) if optional else hint
    if typing.get_origin(kind) is tuple:
        return _Field(name, column, str, _list_text, lambda cell: _texts(cell, column))
    if issubclass(kind, StrEnum):
        read: Callable[[object], Any] = lambda cell: _word(cell, column, kind)  # noqa: E731 - one of four
        return _Field(name, column, str, _value, _maybe(read) if optional else read)
    if kind is bool:
        return _Field(name, column, int, int, lambda cell: _flag(cell, column))
    one = {str: _text, int: _whole, float: _number}[kind]
    read = lambda cell: one(cell, column)  # noqa: E731 - one of four
    return _Field(name, column, kind, _same, _maybe(read) if optional else read)


def _maybe(read: Callable[[object], Any]) -> Callable[[object], Any]:
    return lambda cell: None if cell is None or cell == "" else read(cell)


def _same(value: Any) -> Cell:
    cell: Cell = value
    return cell


def _value(value: StrEnum | None) -> Cell:
    return None if value is None else value.value


def _list_text(value: Sequence[str]) -> Cell:
    return json.dumps(list(value), ensure_ascii=False)


def _present(row: Mapping[str, object], column: str) -> object:
    if column not in row:
        raise ValueError(f"no column {column}")
    return row[column]


def _wrong(cell: object, column: str, what: str) -> ValueError:
    return ValueError(f"{column}: not {what}: {clean(str(cell), 40)!r}" if cell not in (None, "") else f"no {column}")


def _text(cell: object, column: str) -> str:
    if not isinstance(cell, str):
        raise _wrong(cell, column, "a text")
    return cell


def _whole(cell: object, column: str) -> int:
    try:
        if isinstance(cell, (str, int)) and not isinstance(cell, bool):
            return int(cell)
    except ValueError:
        pass  # said below
    raise _wrong(cell, column, "a whole number")


def _number(cell: object, column: str) -> float:
    try:
        if isinstance(cell, (str, int, float)) and not isinstance(cell, bool):
            return float(cell)
    except (ValueError, OverflowError):
        pass  # said below
    raise _wrong(cell, column, "a number")


def _word(cell: object, column: str, kind: type[StrEnum]) -> StrEnum:
    try:
        return kind(_text(cell, column))
    except ValueError:
        raise _wrong(cell, column, f"one of {', '.join(kind)}") from None


def _flag(cell: object, column: str) -> bool:
    number = _whole(cell, column)
    if number not in (0, 1):
        raise _wrong(cell, column, "0 or 1")
    return bool(number)


def _texts(cell: object, column: str) -> tuple[str, ...]:
    try:
        found = json.loads(_text(cell, column))
    except (ValueError, RecursionError):
        raise _wrong(cell, column, "a list of texts") from None
    if not isinstance(found, list) or not all(isinstance(part, str) for part in found):
        raise _wrong(cell, column, "a list of texts")
    return tuple(found)


def _printable(payload: str) -> str:
    """JSON that says the same, with everything escaped that a terminal obeys or that is no text (lone surrogates)."""
    if payload.isprintable():
        return payload
    return "".join(c if c.isprintable() else "".join(f"\\u{unit:04x}" for unit in _utf16(c)) for c in payload)


def _utf16(character: str) -> tuple[int, ...]:
    data = character.encode("utf-16-le", "surrogatepass")
    return tuple(int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2))
