"""Liquidations of the same hours: the tape, the sums, what was liquidated at which price."""

from __future__ import annotations

import math
import random

from crashdesk.model.columns import LargestLiquidation
from crashdesk.model.money import MICRO
from crashdesk.model.records import Feed, Gap, HealthState, Method, Side
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.session.liquidation_views import (
    CoverageRow,
    FeedRow,
    LiquidationsView,
    NamedTotals,
    ProfileBin,
    SizeTotals,
    Totals,
    WindowTotals,
)
from tests.desk.sample_market import BASKETS, NOW_MS


def feed_rows(count: int = 2_000, first: int = 338_000, end_ms: int = NOW_MS) -> tuple[FeedRow, ...]:
    rng = random.Random(5)
    coins = [(c, p) for members in BASKETS.values() for c, p, _ in members]
    names = ("htx", "okx", "bybit", "binance", "gate")
    rows = []
    for place in range(count):
        coin, price = coins[0] if rng.random() < 0.1 else coins[min(int(rng.expovariate(0.12)), len(coins) - 1)]
        if rng.random() < 0.45:
            coin, price = ("BTC", 106_200.0) if rng.random() < 0.5 else ("ETH", 3_598.0)
        side = Side.LONG if rng.random() < 0.91 else Side.SHORT
        usd = min(rng.paretovariate(0.7) * 220, 4_800_000)
        ts = end_ms - (count - place) * 260
        rows.append(
            FeedRow(
                first + place,
                ts,
                rng.choice(names),
                f"{coin}/USDT:USDT",
                side,
                price * rng.uniform(0.99, 1.01),
                int(usd * MICRO),
            )
        )
    return tuple(rows)


def _totals(total: float, long_share: float, orders: int) -> Totals:
    whole = int(total * MICRO)
    long = int(whole * long_share)
    return Totals(whole, long, whole - long, orders)


def liquidations_view() -> LiquidationsView:
    largest = LargestLiquidation(
        "htx", "BTC/USDT:USDT", Side.LONG, 105_120.0, 33_958_700 * MICRO, NOW_MS - 40 * MINUTE_MS
    )
    windows = (
        WindowTotals("1h", HOUR_MS, _totals(118.2e6, 0.926, 21_410), largest),
        WindowTotals("4h", 4 * HOUR_MS, _totals(402.9e6, 0.93, 97_212), largest),
        WindowTotals("12h", 12 * HOUR_MS, _totals(811.4e6, 0.918, 214_800), largest),
        WindowTotals("24h", DAY_MS, _totals(1278.7e6, 0.909, 340_000), largest),
    )
    rng = random.Random(3)
    first = (NOW_MS - DAY_MS) // MINUTE_MS
    minutes = []
    for place in range(1_440):
        wave = (
            200_000
            + 2_500_000 * math.exp(-(((place - 1_300) / 60) ** 2))
            + 1_200_000 * math.exp(-(((place - 700) / 40) ** 2))
        )
        usd = wave * rng.lognormvariate(0, 0.6)
        minutes.append((first + place, int(usd * 0.91 * MICRO), int(usd * 0.09 * MICRO)))
    venues = (
        ("bybit", 488e6, 0.93, 120_110),
        ("htx", 362e6, 0.9, 60_400),
        ("okx", 251e6, 0.91, 92_020),
        ("binance", 178e6, 0.88, 67_470),
    )
    coins = (
        ("BTC", 391e6, 0.93, 71_020),
        ("ETH", 367e6, 0.92, 82_100),
        ("SOL", 141e6, 0.9, 51_000),
        ("XRP", 42e6, 0.89, 22_100),
        ("DOGE", 31e6, 0.93, 14_210),
        ("BNB", 21e6, 0.88, 9_300),
        ("HYPE", 18e6, 0.77, 8_000),
        ("TON", 12e6, 0.95, 5_020),
    )
    sizes = tuple(
        SizeTotals(least, _totals(usd, share, orders))
        for least, usd, share, orders in (
            (0, 210e6, 0.88, 301_000),
            (10_000, 301e6, 0.9, 31_210),
            (50_000, 172e6, 0.91, 5_100),
            (100_000, 366e6, 0.92, 2_480),
            (1_000_000, 229.7e6, 0.93, 210),
        )
    )
    gap = Gap("binance", Feed.LIQUIDATIONS, NOW_MS - 5 * HOUR_MS, NOW_MS - 5 * HOUR_MS + 190_000, "socket closed")
    coverage = (
        CoverageRow(
            "binance",
            HealthState.UNREACHABLE,
            Method.SAMPLED,
            0.31,
            (gap,),
            NOW_MS - 4 * HOUR_MS,
            "unreachable here (geo-block)",
            0,
            (0.0, 0.0, 0.62, 0.31),
        ),
        CoverageRow("bybit", HealthState.OK, Method.COMPLETE, 1.0, (), NOW_MS - 400, "", 0),
        CoverageRow(
            "htx",
            HealthState.OK,
            Method.PARTIAL,
            0.998,
            (),
            NOW_MS - 2_000,
            "",
            3,
            (1.0, 1.0, 1.0, 0.998),
            (("no price", 2), ("time in the future", 1)),
        ),
        CoverageRow("okx", HealthState.OK, Method.PARTIAL, 1.0, (), NOW_MS - 900, "", 0),
        CoverageRow("hyperliquid", HealthState.STOPPED, Method.NONE, 0.0, (), None, "no public market-wide feed", 0),
    )
    return LiquidationsView(
        windows,
        tuple(NamedTotals(n, _totals(u, s, o)) for n, u, s, o in venues),
        tuple(NamedTotals(n, _totals(u, s, o)) for n, u, s, o in coins),
        tuple(minutes),
        coverage,
        sizes,
        tuple(
            LargestLiquidation(
                rng.choice(("htx", "okx", "bybit")),
                f"{rng.choice(('BTC', 'ETH', 'SOL'))}/USDT:USDT",
                Side.LONG if place % 7 else Side.SHORT,
                105_120.0,
                (33_958_700 - 1_500_000 * place) * MICRO,
                NOW_MS - place * 40 * MINUTE_MS,
            )
            for place in range(20)
        ),
    )


def profile() -> tuple[ProfileBin, ...]:
    """What was liquidated of BTC by price: bins of $250, most of it around 105,000."""
    bins = []
    for place in range(32):
        low = 104_000.0 + 250 * place
        usd = 20e6 * math.exp(-(((low - 105_000) / 900) ** 2)) + 4e6 * math.exp(-(((low - 110_500) / 400) ** 2))
        bins.append(ProfileBin(low, low + 250, int(0.9 * usd * MICRO), int(0.1 * usd * MICRO)))
    return tuple(bins)
