"""The brief as JSON after `brief.schema.json` (shipped beside this module). Unknown is null, never 0."""

from __future__ import annotations

import json
from collections.abc import Iterable

from crashdesk.brief.cascades import DEFINITION
from crashdesk.brief.content import Brief
from crashdesk.brief.coverage import seen_by_window
from crashdesk.brief.json_rows import (
    Json,
    coverage_row,
    figure,
    level_row,
    market_row,
    pct,
    sector_row,
    totals_row,
    window_row,
)
from crashdesk.model.money import exact_usd
from crashdesk.model.records import Event
from crashdesk.session.liquidation_views import NamedTotals
from crashdesk.session.stress_views import SCALES, STEP_MS, StressView
from crashdesk.session.views import SeriesRow, TimelineItem, WeightMode

SCHEMA = "crashdesk.brief/1"


def brief_json(brief: Brief) -> str:
    """The whole brief as JSON text with a line end. The same state always gives the same bytes."""
    session, view = brief.session, brief.liquidations
    names = [window.name for window in view.windows]
    content: Json = {
        "schema": SCHEMA,
        "as_of_ms": brief.as_of_ms,
        "label": session.label if session else "",
        "title": session.title if session else "",
        "sources": list(session.sources) if session else [],
        "market": [market_row(row) for row in brief.market],
        "sectors": [sector_row(tile, brief.sectors.weights.value) for tile in brief.sectors.tiles],
        "groups": [sector_row(tile, WeightMode.EQUAL.value) for tile in brief.sectors.groups],
        "breadth": {
            "falling": brief.breadth.falling,
            "members_used": brief.breadth.members_used,
            "members": brief.breadth.members,
            "below_sma200": brief.breadth.below_sma200,
        },
        "stress": _stress(brief.stress),
        "liquidations": {
            "windows": {
                w.name: window_row(w, seen) for w, seen in zip(view.windows, seen_by_window(view), strict=True)
            },
            "by_venue": _named(view.by_venue),
            "by_coin": _named(view.by_coin),
        },
        "cascade_definition": DEFINITION,
        "cascades": [_cascade(event) for event in brief.cascades],
        "coverage": [coverage_row(row, names, brief.as_of_ms) for row in view.coverage],
        "levels": [level_row(row) for row in brief.levels],
        "level_events": [_level_event(item) for item in brief.at_levels],
        "notes": [_note(item) for item in brief.notes],
        "series": [_series(row) for row in brief.series],
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False, default=float, indent=2) + "\n"


def _stress(view: StressView) -> Json:
    parts = [
        {
            "name": part.kind.value,
            "weight": SCALES[part.kind].weight,
            "value": None if part.value is None else round(part.value, 6),
            "score": pct(part.score),
            "percentile": pct(part.percentile),
            "past_ms": part.spans * STEP_MS,
        }
        for part in view.parts
    ]
    return {"value": view.value, "parts_known": view.known, "parts": parts}


def _named(rows: Iterable[NamedTotals]) -> list[Json]:
    return [{"name": row.name, **totals_row(row.totals)} for row in rows]


def _cascade(event: Event) -> Json:
    return {
        "start_ms": event.start_ms,
        "end_ms": event.end_ms,
        "total_usd": None if event.usd_micro is None else exact_usd(event.usd_micro),
        "long_usd": None if event.long_usd_micro is None else exact_usd(event.long_usd_micro),
        "orders": event.orders,
        "venues": list(event.venues),
        "symbol": event.symbol,
        "move_pct": pct(event.move_pct),
        "text": event.text,
    }


def _level_event(item: TimelineItem) -> Json:
    return {"ts_ms": item.ts_ms, "text": item.text, "source": item.source}


def _series(row: SeriesRow) -> Json:
    return {
        "name": row.name,
        "title": row.title,
        "unit": row.unit,
        "last": row.last,
        "last_ts_ms": row.last_ms,
        "sum_5": figure(row.sum_5),
        "sum_21": figure(row.sum_21),
    }


def _note(item: TimelineItem) -> Json:
    return {
        "ts_ms": item.ts_ms,
        "precision": item.precision.value,
        "kind": item.kind,
        "text": item.text,
        "source": item.source,
        "url": item.url,
    }
