"""Reading the `[tickers]` and `[groups]` tables."""

from __future__ import annotations

import re

from crashdesk.config.checks import BadValueError, a_list, number, shown, text
from crashdesk.config.near import did_you_mean
from crashdesk.config.table import Table
from crashdesk.config.ticker_settings import (
    ALL_GROUP,
    SECTOR,
    TICKER_COLUMNS,
    TickerGroup,
    TickerSettings,
    known_columns,
    top_of,
)

_SYMBOL = re.compile(r"[^\s/:]{1,30}(?:/[^\s/:]{1,30}(?::[^\s/:]{1,30})?)?")
_MOST_NAME = 20
_MOST_GROUPS, _MOST_MEMBERS = 100, 1_000
_MOST_TOP = 1_000


def read_tickers(table: Table, groups: Table) -> TickerSettings:
    """The settings in a `[tickers]` and a `[groups]` table."""
    usual = TickerSettings()
    columns = _columns(table)
    settings = TickerSettings(
        columns, table.take("dislocation_pct", number(0, 100), usual.dislocation_pct), _groups(groups)
    )
    table.finish()
    return settings


def _columns(table: Table) -> tuple[str, ...]:
    """Wrong and repeated ones are named and left out."""
    nothing: list[object] = []
    found: list[str] = []
    for value in table.take("columns", a_list, nothing):
        try:
            name = text(value)
        except BadValueError as bad:
            table.problem("columns", f"an entry {bad}", bad.hint)
            continue
        if name not in TICKER_COLUMNS:
            hint = did_you_mean(name, TICKER_COLUMNS) or "crashdesk config init lists them"
            table.problem("columns", f"unknown column {shown(name)}", hint)
        elif name in found:
            table.problem("columns", f"{shown(name)} is there twice", "the first one counts")
        else:
            found.append(name)
    if table.has("columns") and not found:
        table.problem("columns", "names no column", "the usual ones are shown")
    return known_columns(tuple(found)) if found else ()


def _groups(table: Table) -> tuple[TickerGroup, ...]:
    found: list[TickerGroup] = []
    for name in table.names():
        members = table.take(name, _members, None)
        if members is None:
            continue
        if name.casefold() == ALL_GROUP:
            table.problem(name, "is built in: it has every symbol", "choose another name")
        elif not name.strip() or len(name) > _MOST_NAME or not name.isprintable():
            table.problem(name, f"a group's name has 1 to {_MOST_NAME} characters", "rename it")
        elif len(found) == _MOST_GROUPS:
            table.problem(name, f"there are {_MOST_GROUPS} groups already", "leave some out")
        else:
            found.append(TickerGroup(name.strip(), members))
    return tuple(found)


def _members(value: object) -> tuple[str, ...]:
    """A list of members, or one of them by itself."""
    entries = a_list(value) if isinstance(value, list) else [value]
    if not 0 < len(entries) <= _MOST_MEMBERS:
        raise BadValueError(f"must have 1 to {_MOST_MEMBERS} entries, has {len(entries)}")
    return tuple(dict.fromkeys(map(_member, entries)))


def _member(value: object) -> str:
    member = text(value).strip()
    if member.startswith(SECTOR) and member.removeprefix(SECTOR).strip():
        return SECTOR + member.removeprefix(SECTOR).strip()
    top = top_of(member)
    if top is not None and 0 < top <= _MOST_TOP:
        return f"top {top} by volume"
    if top is not None or not _SYMBOL.fullmatch(member) or member.endswith(":"):
        hint = 'write "BTC", "BTC/USDT", "sector:DeFi" or "top 20 by volume"'
        raise BadValueError(f"{shown(member)} is no coin, symbol, sector or top list", hint)
    return member.upper()
