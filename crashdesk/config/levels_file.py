"""The trader's levels in levels.toml."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crashdesk.config.checks import BadValueError, member_of, number, text, time_ms
from crashdesk.config.names import symbol
from crashdesk.config.settings import Problem
from crashdesk.config.table import Table
from crashdesk.config.user_file import Row, UserFile
from crashdesk.model.level import Level, LevelKind, Point, TrendLine
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
    trend = _trend(table)
    price = table.require("price", _price) if trend is None else table.take("price", _price, trend.end.price)
    created = table.take("created_ms", time_ms, 0)
    own_id = table.take("id", text, "")
    kind = table.take("kind", member_of(LevelKind, "kind"), LevelKind.LINE)
    label = table.take("label", text, "")
    timeframe = table.take("timeframe", member_of(Timeframe, "timeframe"), Timeframe.D1)
    updated = table.take("updated_ms", time_ms, created)
    alert = table.take("alert", text, "")
    if trend is not None and price != trend.end.price:
        table.problem("price", "is not end_price", "a trend line needs no price")
        return None
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
        alert=alert,
        trend=trend,
    )


def _trend(table: Table) -> TrendLine | None:
    """The line through (start_ms, start_price) and (end_ms, end_price); None when there is none, or with a problem."""
    start_ms, start_price = table.take("start_ms", time_ms, None), table.take("start_price", _price, None)
    end_ms, end_price = table.take("end_ms", time_ms, None), table.take("end_price", _price, None)
    if start_ms is None or start_price is None or end_ms is None or end_price is None:
        if (start_ms, start_price, end_ms, end_price) != (None, None, None, None):
            table.problem("start_ms", "a trend line needs start_ms, start_price, end_ms and end_price")
        return None
    if end_ms <= start_ms:
        table.problem("end_ms", "must be later than start_ms")
        return None
    return TrendLine(Point(start_ms, start_price), Point(end_ms, end_price))


def _encode(level: Level) -> Row:
    row: Row = {"id": level.id, "symbol": level.symbol}
    if level.trend is None:
        row["price"] = level.price
    else:
        start, end = level.trend
        row |= {"start_ms": start.ts_ms, "start_price": start.price, "end_ms": end.ts_ms, "end_price": end.price}
    row |= {"kind": level.kind.value, "label": level.label, "timeframe": level.timeframe.value}
    row |= {"created_ms": level.created_ms, "updated_ms": level.updated_ms}
    return row | {"alert": level.alert} if level.alert else row


def _identity(level: Level) -> str:
    return level.id


_FILE = UserFile(name="levels", decode=_decode, encode=_encode, identity=_identity)
