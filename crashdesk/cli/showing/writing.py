"""Rows of a pane as JSON, NDJSON and CSV. Amounts of USD are exact, unknown is null (in CSV empty)."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from crashdesk.brief.json_rows import Json
from crashdesk.cli.export_formats import csv_table
from crashdesk.cli.record_forms import Cell, Column
from crashdesk.model.text import clean

SCHEMA = "crashdesk.show/1"
_MOST = 2_000
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode

_SUMS = ("total_usd", "long_usd", "short_usd", "orders")
_ORDER = ("venue", "symbol", "side", "price", "usd", "ts_ms")
CSV_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "tickers": (
        "symbol", "venue", "last", "quote_ts_ms", "stale", "change_5m_pct", "change_1h_pct", "change_4h_pct",
        "change_24h_pct", "change_7d_pct", "low_24h", "high_24h", "volume_24h_usd", "lowest_since_ts_ms",
        "drawdown_pct", "high", "high_ts_ms", "sma200", "sma200_distance_pct", "sma200_breached",
        "sma200_breached_since_ms", "next_level", "next_level_distance_pct", "funding_rate", "open_interest_usd",
        "open_interest_change_1h_pct", "open_interest_change_24h_pct", "basis_pct",
        "spread_pct", "spread_venues", "dislocated", "liquidated_1h_usd",
    ),
    "sectors": (
        "name", "group", "change_24h_pct", "members", "members_used", "weight_mode", "area_share", "worst.symbol",
        "worst.change_24h_pct",
    ),
    "windows": (
        "window", *_SUMS, *(f"largest.{name}" for name in _ORDER), "venues_seen", "venues_missing",
    ),
    "venues": (
        "venue", "window", *_SUMS, "method", "state", "connected_share", "last_message_ms", "set_aside", "detail",
    ),
    "coins": ("coin", "window", *_SUMS),
    "sizes": ("least_usd", "window", *_SUMS),
    "largest": _ORDER,
    "tape": _ORDER,
    "levels": (
        "symbol", "price", "kind", "label", "source", "state", "state_since_ms", "distance_pct", "distance_atr", "why",
        "touches", "liquidated_long_24h_usd", "liquidated_short_24h_usd",
    ),
}  # fmt: skip
"""By pane (of the liquidations by tab): those values of a row that are no lists of objects; `a.b` is `b` in `a`."""


def exact_json(value: object) -> str:
    """A value as JSON on one line; a Decimal with all of its digits, texts without control characters."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_encode(name)}:{exact_json(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(exact_json, value)) + "]"
    if isinstance(value, Decimal):
        return plain(value)
    return _encode(clean(value, _MOST) if isinstance(value, str) else value)


def plain(value: Decimal) -> str:
    """An amount without an exponent and without zeros at its end."""
    return f"{value.normalize():f}"


def document(head: Json, rows: Sequence[Json]) -> str:
    """One JSON object, a line for each row."""
    lines = [f"  {_encode(name)}: {exact_json(value)},\n" for name, value in head.items()]
    inside = ",\n".join(f"    {exact_json(row)}" for row in rows)
    return "{\n" + "".join(lines) + '  "rows": [' + (f"\n{inside}\n  " if rows else "") + "]\n}\n"


def line(as_of_ms: int, row: Json) -> str:
    """One row as a line of NDJSON."""
    return exact_json({"as_of_ms": as_of_ms, **row}) + "\n"


def csv_text(as_of_ms: int, rows: Sequence[Json], places: Sequence[str]) -> str:
    """The rows with a head; `places` are those of `CSV_COLUMNS`."""
    out = io.StringIO()
    names = ["as_of_ms", *(place.replace(".", "_") for place in places)]
    with csv_table(out, [Column(name, str) for name in names]) as take:
        for row in rows:
            take([as_of_ms, *(_cell(_at(row, place)) for place in places)])
    return out.getvalue()


def _at(row: Json, place: str) -> object:
    name, _, inner = place.partition(".")
    value = row[name]
    return value.get(inner) if inner and isinstance(value, dict) else None if inner else value


def _cell(value: object) -> Cell:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, (bool, list)):
        return exact_json(value)
    return clean(value, _MOST) if isinstance(value, str) else value  # type: ignore[return-value] # a number or None
