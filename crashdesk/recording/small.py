"""Small kinds as JSON: one array a record, its fields in the order of the dataclass; read back strictly."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from crashdesk.model.records import (
    Event,
    Gap,
    Instrument,
    Note,
    PriceSource,
    PublishedLevel,
    RowsSetAside,
    Session,
    VenueHealth,
)

Small = Session | Instrument | Note | PublishedLevel | Event | VenueHealth | Gap | RowsSetAside | PriceSource
S = TypeVar("S", bound=Small)
_Check = Callable[[Any], Any]


def encode_small(records: Sequence[Small]) -> bytes:
    """Records of one type as JSON."""
    if not records:
        return b"[]"
    fields = _fields(type(records[0]))  # type: ignore[arg-type]  # a class is hashable
    rows = [[getattr(record, name) for name, _ in fields] for record in records]
    return json.dumps(rows, separators=(",", ":")).encode("ascii")


def decode_small(kind: type[S], payload: bytes) -> tuple[S, ...]:
    """The records of a payload. Raises ValueError when it is anything else than rows of that type."""
    try:
        rows = json.loads(payload)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(rows, list):
        raise ValueError("not a list of rows")  # noqa: TRY004 - one error for every payload that does not hold
    fields = _fields(kind)  # type: ignore[arg-type]  # a class is hashable
    records = []
    for row in rows:
        if not isinstance(row, list) or len(row) != len(fields):
            raise ValueError(f"not a row of {len(fields)} fields")
        records.append(kind(*[check(value) for (_, check), value in zip(fields, row, strict=True)]))
    return tuple(records)


@cache
def _fields(kind: type[Small]) -> tuple[tuple[str, _Check], ...]:
    hints = typing.get_type_hints(kind)
    return tuple((name, _check_for(hints[name])) for name in kind._fields)


def _check_for(hint: Any) -> _Check:
    if isinstance(hint, types.UnionType):
        inner = _check_for(next(part for part in typing.get_args(hint) if part is not type(None)))
        return lambda value: None if value is None else inner(value)
    if typing.get_origin(hint) is tuple:
        return _texts
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    return {str: _text, int: _whole, float: _number}[hint]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004 - as above
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("not a whole number")  # noqa: TRY004 - as above
    return value


def _number(value: Any) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise ValueError("not a number")  # noqa: TRY004 - as above
    return float(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("not a list of texts")  # noqa: TRY004 - as above
    return tuple(_text(part) for part in value)
