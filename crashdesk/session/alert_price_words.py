"""The sentences of alerts on prices: levels, averages, drawdowns."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.config.alert_settings import LevelEvent
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.times import format_utc
from crashdesk.model.words import exact_price, pair_name
from crashdesk.session.alert_gate import Told
from crashdesk.session.alert_lines import CLOSE_LATE_MS, Happened, Priced
from crashdesk.session.alert_words import span
from crashdesk.session.daily import AverageCross
from crashdesk.session.views import TickerRow

_NAMED = 3


def as_one(told: Sequence[Told]) -> Told | None:
    """Everything that is told in the same moment as one alert; it is calm when all of it is."""
    if not told:
        return None
    first = sorted(told, key=lambda each: each.calm)
    more = f"; and {len(first) - _NAMED} more" if len(first) > _NAMED else ""
    return Told("; ".join(each.text for each in first[:_NAMED]) + more, calm=all(each.calm for each in told))


def at_level(level: Level, happened: Happened, market: Priced) -> str:
    """`BTC-USDT near support 105,000 (yearly open): 105,420 on okx`, with the level's timeframe for a close."""
    kind = "trend line" if level.trend is not None else "level" if level.kind is LevelKind.LINE else level.kind.value
    label = f" ({level.label})" if level.label else ""
    name = f"{kind} {exact_price(happened.level, market.decimals)}{label}"
    return _sentence(level.symbol, name, level.timeframe.value, happened, market)


def at_average(symbol: str, happened: Happened, market: Priced) -> str:
    """`BTC-USDT 1d close under SMA200 109,834.15: 106,583.04 on binance`."""
    name = f"SMA200 {exact_price(happened.level, market.decimals)}"
    return _sentence(symbol, name, "1d", happened, market)


def _sentence(symbol: str, name: str, timeframe: str, happened: Happened, market: Priced) -> str:
    side = "over" if happened.over else "under"
    match happened.event:
        case LevelEvent.BREACH:
            what = f"{timeframe} close {side}"
        case LevelEvent.RECLAIM:
            what = f"{timeframe} close back {side}"
        case _ if happened.through:
            what = "up through" if happened.over else "down through"
        case _:
            what = "near"
    price = f"{exact_price(happened.price, market.decimals)} on {market.key[0]}"
    return f"{pair_name(symbol)} {what} {name}: {price}{_late(happened)}"


def _late(happened: Happened) -> str:
    if not happened.late_ms:
        return ""
    if happened.event is LevelEvent.TOUCH:
        return f", the first price after {span(happened.late_ms)}"
    return f", at {format_utc(happened.at_ms)}"


def averages_crossed(symbol: str, cross: AverageCross, market: Priced) -> Told:
    """`BTC-USDT: SMA50 crossed under SMA200 with the close of 2025-11-16`."""
    side = "over" if cross.golden else "under"
    day = format_utc(cross.end_ms - 1)[:10]
    late = market.now_ms - cross.end_ms > CLOSE_LATE_MS
    return Told(f"{pair_name(symbol)}: SMA50 crossed {side} SMA200 with the close of {day}", calm=late)


def drawdown(row: TickerRow, late_ms: int) -> str:
    """`BTC-USDT 20.3% under its high of 126,199.63 on 2025-10-06: 100,540 on binance`."""
    price, high = (exact_price(value or 0.0, row.price_decimals) for value in (row.last, row.high))
    day = f" on {format_utc(row.high_ms)[:10]}" if row.high_ms is not None else ""
    late = f", the first price after {span(late_ms)}" if late_ms else ""
    fallen = f"{-(row.drawdown_pct or 0.0):.1f}%"
    return f"{pair_name(row.symbol)} {fallen} under its high of {high}{day}: {price} on {row.venue}{late}"
