"""Small kinds as JSON: one array a record, its fields in the order of the record; read back strictly."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Mapping, Sequence
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
from crashdesk.recording.sound import check_prices, check_rates, check_times, safe_name, safe_text

Small = Session | Instrument | Note | PublishedLevel | Event | VenueHealth | Gap | RowsSetAside | PriceSource
S = TypeVar("S", bound=Small)
_Check = Callable[[Any], Any]
_LIMIT = 1 << 63
_MOST_DECIMALS = 24


def encode_small(records: Sequence[Small]) -> bytes:
    """Records of one type as JSON."""
    if not records:
        return b"[]"
    fields = _fields(type(records[0]))  # type: ignore[arg-type]  # a class is hashable
    rows = [[getattr(record, name) for name, _ in fields] for record in records]
    return json.dumps(rows, separators=(",", ":")).encode("ascii")


def decode_small(kind: type[S], payload: bytes) -> tuple[S, ...]:
    """The records of a payload, texts safe to show. Raises ValueError when it is anything else than sound rows."""
    try:
        rows = json.loads(payload)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(rows, list):
        raise ValueError("not a list of rows")  # noqa: TRY004 - one error for every payload that does not hold
    fields = _fields(kind)  # type: ignore[arg-type]  # a class is hashable
    least = len(fields) - len(kind._field_defaults)  # a row of an older version lacks the fields that came later
    records = []
    for row in rows:
        if not isinstance(row, list) or not least <= len(row) <= len(fields):
            raise ValueError(f"not a row of {len(fields)} fields")
        records.append(kind(*[check(value) for (_, check), value in zip(fields, row, strict=False)]))
    return tuple(records)


def check_small(records: Sequence[Small]) -> None:
    """Raises ValueError when `decode_small` would refuse one of these records of one type."""
    fields = _fields(type(records[0])) if records else ()  # type: ignore[arg-type]  # a class is hashable
    for record in records:
        for (_, check), value in zip(fields, record, strict=True):
            check(value)


@cache
def _fields(kind: type[Small]) -> tuple[tuple[str, _Check], ...]:
    hints = typing.get_type_hints(kind)
    return tuple((name, _check_for(name, hints[name])) for name in kind._fields)


def _check_for(name: str, hint: Any) -> _Check:
    if isinstance(hint, types.UnionType):
        inner = _check_for(name, next(part for part in typing.get_args(hint) if part is not type(None)))
        return lambda value: None if value is None else inner(value)
    if name.endswith("_ms"):
        return _time
    if name in _SPECIAL:
        return _SPECIAL[name]
    if typing.get_origin(hint) is tuple:
        return _texts
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    return {str: _text, bool: _flag, int: _whole, float: _number}[hint]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004 - as above
    return safe_text(value)


def _name(value: Any) -> str:
    return safe_name(_text(value))


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("not a whole number")  # noqa: TRY004 - as above
    if not -_LIMIT <= value < _LIMIT:
        raise ValueError("a number that is too large")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not true or false")  # noqa: TRY004 - as above
    return value


def _time(value: Any) -> int:
    check_times((_whole(value),))
    return int(value)


def _decimals(value: Any) -> int:
    if not 0 <= _whole(value) <= _MOST_DECIMALS:
        raise ValueError("not a number of decimals")
    return int(value)


def _number(value: Any) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise ValueError("not a number")  # noqa: TRY004 - as above
    check_rates((value,))
    return float(value)


def _price(value: Any) -> float:
    check_prices((_number(value),))
    return float(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise ValueError("not a list of texts")  # noqa: TRY004 - as above
    return tuple(_text(part) for part in value)


def _names(value: Any) -> tuple[str, ...]:
    return tuple(map(safe_name, _texts(value)))


def _count(value: Any) -> int:
    if _whole(value) < 0:
        raise ValueError("a count below 0")
    return int(value)


_SPECIAL: Mapping[str, _Check] = {
    "venue": _name,
    "symbol": _name,
    "venues": _names,
    "orders": _count,
    "price": _price,
    "contract_size": _price,
    "price_decimals": _decimals,
}
"""Fields of which their type does not say all."""
