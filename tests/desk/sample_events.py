"""Cascades, notes and events of the same hours."""

from __future__ import annotations

from crashdesk.model.money import MICRO
from crashdesk.model.records import Event, EventKind, Precision
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS
from crashdesk.session.views import (
    TimelineItem,
)
from tests.desk.sample_market import MIDNIGHT_MS, NOW_MS

NOTES = (
    (
        "2025-10-29",
        -6,
        Precision.DAY,
        "macro",
        'Powell: a December cut is "not a foregone conclusion"',
        "Federal Reserve",
    ),
    ("ibit", -1, Precision.WEEK, "flows", "IBIT net inflow under 600 BTC a week for three weeks", "report"),
    (
        "cook",
        -1,
        Precision.DAY,
        "macro",
        "Cook: a December cut is possible, it depends on new information",
        "Federal Reserve",
    ),
    ("balancer", -1, Precision.DAY, "hack", "Balancer exploited: first over $100M, later $120M", "report"),
    ("etf", -1, Precision.DAY, "flows", "US BTC ETFs −$946M last week, IBIT about −$400M", "CoinShares"),
    ("stocks", -1, Precision.DAY, "stocks", "Circle −7 %, Coinbase −4 %, MicroStrategy −1.8 % at the close", "report"),
)


def cascades() -> tuple[Event, ...]:
    return (
        Event(
            EventKind.CASCADE,
            NOW_MS - 214_000,
            NOW_MS - 52_000,
            "cascade $61.30M, 96% long, BTC -1.9%, htx okx bybit",
            None,
            "BTC/USDT",
            61_300_000 * MICRO,
            58_848_000 * MICRO,
            -1.9,
            9_412,
            ("htx", "okx", "bybit"),
        ),
    )


def timeline() -> tuple[TimelineItem, ...]:
    notes = [
        TimelineItem(name, MIDNIGHT_MS + days * DAY_MS, precision, kind, text, source, None, False)
        for name, days, precision, kind, text, source in NOTES
    ]
    events = [
        TimelineItem(
            "sma",
            MIDNIGHT_MS,
            Precision.MINUTE,
            "level",
            "BTC daily close under its SMA200, 109,800",
            "okx",
            None,
            False,
        ),
        TimelineItem(
            "mine", NOW_MS - 70 * MINUTE_MS, Precision.MINUTE, "mine", "watch 105k into the open", "", None, True
        ),
        TimelineItem(
            "lost",
            NOW_MS - 55 * MINUTE_MS,
            Precision.MINUTE,
            "feed_lost",
            "binance liquidations: unreachable here",
            "binance",
            None,
            False,
        ),
        TimelineItem(
            "cascade",
            NOW_MS - 214_000,
            Precision.MINUTE,
            "cascade",
            "$61.3M in 2m42s, 96 % long, BTC −1.9 %",
            "",
            None,
            False,
        ),
    ]
    return tuple(sorted(notes + events, key=lambda item: item.ts_ms))
