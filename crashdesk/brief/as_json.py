"""The brief as JSON after `brief.schema.json` (shipped beside this module). Unknown is null, never 0."""

from __future__ import annotations

import json
from collections.abc import Iterable

from crashdesk.brief.cascades import DEFINITION
from crashdesk.brief.content import Brief
from crashdesk.brief.coverage import Seen, seen_by_window, share
from crashdesk.model.columns import LargestLiquidation
from crashdesk.model.money import to_usd
from crashdesk.model.records import Event, Gap
from crashdesk.session.level_views import LevelRow
from crashdesk.session.liquidation_views import CoverageRow, NamedTotals, Totals, WindowTotals
from crashdesk.session.stress_views import SCALES, STEP_MS, StressView
from crashdesk.session.views import SectorTile, SeriesRow, TickerRow, TimelineItem, WeightMode

SCHEMA = "crashdesk.brief/1"
Json = dict[str, object]


def brief_json(brief: Brief) -> str:
    """The whole brief as JSON text with a line end. The same state always gives the same bytes."""
    session, view = brief.session, brief.liquidations
    content: Json = {
        "schema": SCHEMA,
        "as_of_ms": brief.as_of_ms,
        "label": session.label if session else "",
        "title": session.title if session else "",
        "sources": list(session.sources) if session else [],
        "market": [_market(row) for row in brief.market],
        "sectors": [_sector(tile, brief.sectors.weights.value) for tile in brief.sectors.tiles],
        "groups": [_sector(tile, WeightMode.EQUAL.value) for tile in brief.sectors.groups],
        "breadth": {
            "falling": brief.breadth.falling,
            "members_used": brief.breadth.members_used,
            "members": brief.breadth.members,
            "below_sma200": brief.breadth.below_sma200,
        },
        "stress": _stress(brief.stress),
        "liquidations": {
            "windows": {w.name: _window(w, seen) for w, seen in zip(view.windows, seen_by_window(view), strict=True)},
            "by_venue": _named(view.by_venue),
            "by_coin": _named(view.by_coin),
        },
        "cascade_definition": DEFINITION,
        "cascades": [_cascade(event) for event in brief.cascades],
        "coverage": [_coverage(row, brief) for row in view.coverage],
        "levels": [_level(row) for row in brief.levels],
        "level_events": [_level_event(item) for item in brief.at_levels],
        "notes": [_note(item) for item in brief.notes],
        "series": [_series(row) for row in brief.series],
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _pct(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _market(row: TickerRow) -> Json:
    return {
        "symbol": row.symbol,
        "venue": row.venue,
        "last": row.last,
        "quote_ts_ms": row.ts_ms,
        "change_1h_pct": _pct(row.change_1h_pct),
        "change_24h_pct": _pct(row.change_24h_pct),
        "low_24h": row.low_24h,
        "high_24h": row.high_24h,
        "volume_24h_usd": row.volume_24h_usd,
        "lowest_since_ts_ms": row.lowest_since_ms,
        "drawdown_pct": _pct(row.drawdown_pct),
        "high": row.high,
        "high_ts_ms": row.high_ms,
        "sma200": row.sma200,
        "sma200_distance_pct": _pct(row.sma200_distance_pct),
        "sma200_breached": row.sma200_breached,
        "funding_rate": row.funding_rate,
        "open_interest_usd": row.open_interest_usd,
    }


def _sector(tile: SectorTile, weights: str) -> Json:
    worst = tile.moves[0] if tile.moves else None
    return {
        "name": tile.name,
        "change_24h_pct": _pct(tile.change_24h_pct),
        "members": tile.members,
        "members_used": tile.members_used,
        "weight_mode": weights,
        "worst": {"symbol": worst.symbol, "change_24h_pct": _pct(worst.change_24h_pct)} if worst else None,
    }


def _stress(view: StressView) -> Json:
    parts = [
        {
            "name": part.kind.value,
            "weight": SCALES[part.kind].weight,
            "value": None if part.value is None else round(part.value, 6),
            "score": _pct(part.score),
            "percentile": _pct(part.percentile),
            "past_ms": part.spans * STEP_MS,
        }
        for part in view.parts
    ]
    return {"value": view.value, "parts_known": view.known, "parts": parts}


def _totals(sums: Totals) -> Json:
    return {
        "total_usd": to_usd(sums.total),
        "long_usd": to_usd(sums.long),
        "short_usd": to_usd(sums.short),
        "orders": sums.orders,
    }


def _largest(row: LargestLiquidation | None) -> Json | None:
    if row is None:
        return None
    return {
        "venue": row.venue,
        "symbol": row.symbol,
        "side": row.side.value,
        "price": row.price,
        "usd": to_usd(row.usd_micro),
        "ts_ms": row.ts_ms,
    }


def _window(window: WindowTotals, seen: Seen) -> Json:
    sums = _totals(window.totals)
    if not seen.venues and not window.totals.orders:
        sums = dict.fromkeys(sums)  # nothing seen because nobody looked is unknown, not zero
    behind: Json = {"venues_seen": list(seen.venues), "venues_missing": list(seen.missing)}
    return {**sums, "largest": _largest(window.largest), **behind}


def _named(rows: Iterable[NamedTotals]) -> list[Json]:
    return [{"name": row.name, **_totals(row.totals)} for row in rows]


def _cascade(event: Event) -> Json:
    return {
        "start_ms": event.start_ms,
        "end_ms": event.end_ms,
        "total_usd": None if event.usd_micro is None else to_usd(event.usd_micro),
        "long_usd": None if event.long_usd_micro is None else to_usd(event.long_usd_micro),
        "orders": event.orders,
        "venues": list(event.venues),
        "symbol": event.symbol,
        "move_pct": _pct(event.move_pct),
        "text": event.text,
    }


def _gap(gap: Gap) -> Json:
    return {"start_ms": gap.start_ms, "end_ms": gap.end_ms, "reason": gap.reason}


def _coverage(row: CoverageRow, brief: Brief) -> Json:
    names = [window.name for window in brief.liquidations.windows]
    last = row.last_message_ms
    return {
        "venue": row.venue,
        "state": row.state.value,
        "detail": row.detail,
        "method": row.method.value,
        "connected_share": round(row.connected_share, 6),
        "connected": {name: round(share(row, place), 6) for place, name in enumerate(names)},
        "gaps": [_gap(gap) for gap in row.gaps],
        "last_message_ms": last,
        "last_message_age_ms": None if last is None else max(0, brief.as_of_ms - last),
        "set_aside": row.set_aside,
        "set_aside_reasons": [{"reason": reason, "rows": rows} for reason, rows in row.reasons],
    }


def _level(row: LevelRow) -> Json:
    return {
        "symbol": row.symbol,
        "price": row.price,
        "kind": row.kind.value,
        "label": row.label,
        "source": row.source,
        "state": row.state.value if row.state else None,
        "state_since_ms": row.state_since_ms,
        "distance_pct": _pct(row.distance_pct),
        "distance_atr": _pct(row.distance_atr),
        "why": list(row.why),
        "touches": row.touches,
        "trend": [{"ts_ms": point.ts_ms, "price": point.price} for point in row.trend] if row.trend else None,
        "history": [{"state": change.state.value, "since_ms": change.since_ms} for change in row.history],
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
        "sum_5": row.sum_5,
        "sum_21": row.sum_21,
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
