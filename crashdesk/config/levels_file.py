"""The trader's levels in levels.toml."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crashdesk.config.checks import BadValueError, member_of, number, text, time_ms
from crashdesk.config.names import symbol
from crashdesk.config.settings import Problem
from crashdesk.config.table import Table
from crashdesk.config.user_file import Row, UserFile
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.timeframe import Timeframe

Levels = tuple[Level, ...]


def load_levels(path: Path) -> tuple[Levels, tuple[Problem, ...]]:
    """All levels of the file, and what is wrong in it. A level needs only `symbol` and `price`.

    One without an id gets `SYMBOL@PRICE`, one without times counts from 1970: every candle there is.
    """
    return _FILE.load(path)


def edit_levels(path: Path, change: Callable[[Levels], Levels]) -> Levels:
    """Change the file's levels as one step, other desks kept out; returns the new ones. Raises CrashdeskError."""
    return _FILE.edit(path, change)


def save_levels(path: Path, levels: Levels) -> None:
    """Make `levels` all there are in the file. Raises CrashdeskError when it can't be, or the file has a mistake."""
    edit_levels(path, lambda _: levels)


def _price(value: object) -> float:
    price = number(0, 1e15)(value)
    if price == 0:
        raise BadValueError("must be more than 0, is 0")
    return price


def _decode(table: Table) -> Level | None:
    of_symbol = table.require("symbol", symbol)
    price = table.require("price", _price)
    created = table.take("created_ms", time_ms, 0)
    own_id = table.take("id", text, "")
    kind = table.take("kind", member_of(LevelKind, "kind"), LevelKind.LINE)
    label = table.take("label", text, "")
    timeframe = table.take("timeframe", member_of(Timeframe, "timeframe"), Timeframe.D1)
    updated = table.take("updated_ms", time_ms, created)
    if of_symbol is None or price is None:
        return None
    return Level(
        id=own_id or f"{of_symbol}@{price:.12g}",
        symbol=of_symbol,
        price=price,
        kind=kind,
        label=label,
        created_ms=created,
        updated_ms=updated,
        timeframe=timeframe,
    )


def _encode(level: Level) -> Row:
    return {
        "id": level.id,
        "symbol": level.symbol,
        "price": level.price,
        "kind": level.kind.value,
        "label": level.label,
        "timeframe": level.timeframe.value,
        "created_ms": level.created_ms,
        "updated_ms": level.updated_ms,
    }


def _identity(level: Level) -> str:
    return level.id


_FILE = UserFile(name="levels", decode=_decode, encode=_encode, identity=_identity)
