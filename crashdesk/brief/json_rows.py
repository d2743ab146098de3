"""The rows that the brief's JSON and `crashdesk show` have in common. Unknown is None, never 0.

Times are UTC milliseconds, `_pct` is percent, `_share` is 0 to 1; an amount of USD is an exact Decimal.
"""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.brief.coverage import Seen, share
from crashdesk.model.columns import LargestLiquidation
from crashdesk.model.money import exact_usd
from crashdesk.model.records import Gap
from crashdesk.session.level_views import LevelRow
from crashdesk.session.liquidation_views import CoverageRow, Totals, WindowTotals
from crashdesk.session.views import SectorTile, TickerRow

Json = dict[str, object]


def pct(value: float | None) -> float | None:
    """A percentage with four decimals."""
    return None if value is None else round(value, 4)


def figure(value: float | None) -> float | None:
    """A figure that was reckoned, with twelve digits: more than any venue writes, fewer than binary fractions blur."""
    return None if value is None else float(f"{value:.12g}")


def market_row(row: TickerRow) -> Json:
    """A ticker."""
    return {
        "symbol": row.symbol,
        "venue": row.venue,
        "last": row.last,
        "quote_ts_ms": row.ts_ms,
        "change_1h_pct": pct(row.change_1h_pct),
        "change_24h_pct": pct(row.change_24h_pct),
        "low_24h": row.low_24h,
        "high_24h": row.high_24h,
        "volume_24h_usd": figure(row.volume_24h_usd),
        "lowest_since_ts_ms": row.lowest_since_ms,
        "drawdown_pct": pct(row.drawdown_pct),
        "high": row.high,
        "high_ts_ms": row.high_ms,
        "sma200": figure(row.sma200),
        "sma200_distance_pct": pct(row.sma200_distance_pct),
        "sma200_breached": row.sma200_breached,
        "funding_rate": row.funding_rate,
        "open_interest_usd": figure(row.open_interest_usd),
    }


def sector_row(tile: SectorTile, weights: str) -> Json:
    """A sector, or a group beside the sectors, with the weights that its change is made with."""
    worst = tile.moves[0] if tile.moves else None
    return {
        "name": tile.name,
        "change_24h_pct": pct(tile.change_24h_pct),
        "members": tile.members,
        "members_used": tile.members_used,
        "weight_mode": weights,
        "worst": {"symbol": worst.symbol, "change_24h_pct": pct(worst.change_24h_pct)} if worst else None,
    }


def totals_row(sums: Totals) -> Json:
    """Sums."""
    return {
        "total_usd": exact_usd(sums.total),
        "long_usd": exact_usd(sums.long),
        "short_usd": exact_usd(sums.short),
        "orders": sums.orders,
    }


def order_row(row: LargestLiquidation) -> Json:
    """A single order."""
    return {
        "venue": row.venue,
        "symbol": row.symbol,
        "side": row.side.value,
        "price": row.price,
        "usd": exact_usd(row.usd_micro),
        "ts_ms": row.ts_ms,
    }


def window_row(window: WindowTotals, seen: Seen) -> Json:
    """A window: its sums, its largest order, who is behind them and who is missing."""
    sums = totals_row(window.totals)
    if not seen.venues and not window.totals.orders:
        sums = dict.fromkeys(sums)  # nothing seen because nobody looked is unknown, not zero
    largest = order_row(window.largest) if window.largest is not None else None
    behind: Json = {"venues_seen": list(seen.venues), "venues_missing": list(seen.missing)}
    return {**sums, "largest": largest, **behind}


def _gap(gap: Gap) -> Json:
    return {"start_ms": gap.start_ms, "end_ms": gap.end_ms, "reason": gap.reason}


def coverage_row(row: CoverageRow, names: Sequence[str], now_ms: int) -> Json:
    """What is seen of a venue at `now_ms`; `names` are those of the windows."""
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
        "last_message_age_ms": None if last is None else max(0, now_ms - last),
        "set_aside": row.set_aside,
        "set_aside_reasons": [{"reason": reason, "rows": rows} for reason, rows in row.reasons],
    }


def level_row(row: LevelRow) -> Json:
    """A level."""
    return {
        "symbol": row.symbol,
        "price": figure(row.price),
        "kind": row.kind.value,
        "label": row.label,
        "source": row.source,
        "state": row.state.value if row.state else None,
        "state_since_ms": row.state_since_ms,
        "distance_pct": pct(row.distance_pct),
        "distance_atr": pct(row.distance_atr),
        "why": list(row.why),
        "touches": row.touches,
        "trend": [{"ts_ms": point.ts_ms, "price": figure(point.price)} for point in row.trend] if row.trend else None,
        "history": [{"state": change.state.value, "since_ms": change.since_ms} for change in row.history],
    }
