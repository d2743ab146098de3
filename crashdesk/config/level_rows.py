"""One level as a row: in levels.toml, and in what is imported and exported."""

from __future__ import annotations

from crashdesk.config.checks import BadValueError, member_of, number, text, time_ms
from crashdesk.config.names import symbol
from crashdesk.config.table import Table
from crashdesk.config.toml_rows import Row
from crashdesk.model.level import MOST_PRICE, Level, LevelKind, Point, TrendLine
from crashdesk.model.timeframe import Timeframe

_kind = member_of(LevelKind, "kind")
_timeframe = member_of(Timeframe, "timeframe")


def level_of(table: Table) -> Level | None:
    """The level of a row; None, with problems, when it has no symbol or no price that can be used."""
    of_symbol = table.require("symbol", symbol)
    trend = _trend(table)
    price = table.require("price", price_of) if trend is None else table.take("price", price_of, trend.end.price)
    created = table.take("created_ms", time_ms, 0)
    own_id = table.take("id", text, "")
    kind = table.take("kind", _kind, LevelKind.LINE)
    label = table.take("label", text, "")
    timeframe = table.take("timeframe", _timeframe, Timeframe.D1)
    updated = table.take("updated_ms", time_ms, created)
    alert = table.take("alert", text, "")
    if of_symbol is None or price is None:
        return None
    if trend is not None and price != trend.end.price:
        table.problem("price", "is not end_price", "a trend line needs no price")
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


def level_row(level: Level) -> Row:
    """The row of a level; a trend line's price is that of its second point and not written twice."""
    row: Row = {"id": level.id, "symbol": level.symbol}
    if level.trend is None:
        row["price"] = level.price
    else:
        start, end = level.trend
        row |= {"start_ms": start.ts_ms, "start_price": start.price, "end_ms": end.ts_ms, "end_price": end.price}
    row |= {"kind": level.kind.value, "label": level.label, "timeframe": level.timeframe.value}
    row |= {"created_ms": level.created_ms, "updated_ms": level.updated_ms}
    return row | {"alert": level.alert} if level.alert else row


def price_of(value: object) -> float:
    """A price above 0 that is no absurd one. Raises BadValueError."""
    price = number(0, MOST_PRICE)(value)
    if price == 0:
        raise BadValueError("must be more than 0, is 0")
    return price


def _trend(table: Table) -> TrendLine | None:
    """The line through (start_ms, start_price) and (end_ms, end_price); None when there is none, or with a problem."""
    start_ms, start_price = table.take("start_ms", time_ms, None), table.take("start_price", price_of, None)
    end_ms, end_price = table.take("end_ms", time_ms, None), table.take("end_price", price_of, None)
    if start_ms is None or start_price is None or end_ms is None or end_price is None:
        if (start_ms, start_price, end_ms, end_price) != (None, None, None, None):
            table.problem("start_ms", "a trend line needs start_ms, start_price, end_ms and end_price")
        return None
    if end_ms <= start_ms:
        table.problem("end_ms", "must be later than start_ms")
        return None
    return TrendLine(Point(start_ms, start_price), Point(end_ms, end_price))
