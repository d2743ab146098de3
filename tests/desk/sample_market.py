"""Prices and sectors of the early hours of 2025-11-04, written by hand and a seeded generator."""

from __future__ import annotations

import math
import random

from crashdesk.model.timeframe import DAY_MS
from crashdesk.session.views import (
    MemberMove,
    SectorsView,
    SectorTile,
    TickerRow,
    WeightMode,
)

NOW_MS = 1_762_225_964_000


"""2025-11-04 03:12:44 UTC."""


MIDNIGHT_MS = NOW_MS // DAY_MS * DAY_MS


BASKETS = {
    "SocialFi": (
        ("TON", 2.104, -10.67),
        ("CYBER", 1.021, -9.9),
        ("MASK", 0.871, -9.4),
        ("GALXE", 0.51, -10.6),
        ("DESO", 6.1, -9.93),
    ),
    "Layer2": tuple(
        (coin, price, change)
        for coin, price, change in (
            ("ARB", 0.2671, -11.2),
            ("OP", 0.3605, -10.1),
            ("MATIC", 0.1702, -7.9),
            ("STRK", 0.0982, -8.2),
            ("IMX", 0.4011, -7.7),
            ("MNT", 1.401, -6.9),
            ("ZK", 0.0392, -9.3),
            ("METIS", 11.2, -8.1),
            ("MANTA", 0.0931, -7.4),
            ("BLAST", 0.00171, -8.0),
        )
    ),
    "DeFi": (
        ("UNI", 5.31, -9.4),
        ("AAVE", 205.1, -8.4),
        ("LDO", 0.811, -8.0),
        ("CRV", 0.4621, -7.6),
        ("MKR", 1502.0, -6.1),
        ("SNX", 0.951, -8.8),
        ("COMP", 36.2, -7.1),
        ("DYDX", 0.3312, -6.9),
        ("BAL", 0.7612, -6.6),
    ),
    "Layer1": (
        ("BTC", 106_200.0, -3.4),
        ("ETH", 3_598.0, -8.84),
        ("SOL", 163.1, -11.3),
        ("XRP", 2.301, -7.5),
        ("BNB", 981.2, -8.4),
        ("ADA", 0.5552, -8.7),
        ("AVAX", 16.61, -7.7),
        ("DOT", 2.611, -7.1),
        ("NEAR", 1.891, -6.2),
        ("ATOM", 2.71, -5.6),
        ("SUI", 2.091, -9.1),
        ("TRX", 0.2812, -1.2),
    ),
    "Meme": (
        ("DOGE", 0.1661, -8.6),
        ("SHIB", 0.00000912, -7.2),
        ("PEPE", 0.00000561, -8.8),
        ("WIF", 0.4611, -7.9),
        ("BONK", 0.0000121, -6.8),
        ("FLOKI", 0.0000662, -6.5),
        ("BRETT", 0.0271, -5.9),
        ("POPCAT", 0.1312, -5.2),
        ("MOG", 0.00000041, -5.4),
        ("TRUMP", 7.31, -6.9),
    ),
    "CeFi": (
        ("OKB", 131.2, -5.1),
        ("CRO", 0.1211, -8.2),
        ("LEO", 9.31, 0.4),
        ("BGB", 4.41, -7.9),
        ("KCS", 13.1, -6.2),
        ("GT", 13.8, -7.0),
        ("HT", 0.52, -8.1),
        ("WOO", 0.0361, -8.2),
        ("NEXO", 1.071, -8.6),
    ),
    "PayFi": (
        ("LTC", 87.3, -7.2),
        ("BCH", 491.0, -6.6),
        ("XLM", 0.2722, -6.1),
        ("DASH", 101.2, 3.2),
        ("ACH", 0.0121, -7.4),
        ("COTI", 0.0331, -6.9),
        ("AMP", 0.00231, -7.1),
        ("REQ", 0.1162, -5.3),
        ("UTK", 0.0221, -6.55),
    ),
}


def decimals_of(price: float) -> int:
    """Decimals that show about five digits."""
    return max(0, min(8, 4 - math.floor(math.log10(price))))


def ticker_row(coin: str, last: float, change: float, rng: random.Random, now_ms: int = NOW_MS) -> TickerRow:
    decimals = decimals_of(last) if last < 10_000 else 0
    before = last / (1 + change / 100)
    low, high = min(last, before) * (1 - rng.uniform(0.004, 0.02)), max(last, before) * (1 + rng.uniform(0.002, 0.01))
    spark = tuple(before + (last - before) * i / 47 + before * 0.008 * rng.gauss(0, 1) for i in range(48))
    top = before * (1 + rng.uniform(0.1, 0.9))
    sma = last * (1 + rng.uniform(-0.1, 0.5))
    return TickerRow(
        symbol=f"{coin}/USDT",
        base=coin,
        venue="okx",
        price_decimals=decimals,
        last=last,
        ts_ms=now_ms - 900,
        recv_ms=now_ms - 800,
        stale=False,
        change_1h_pct=rng.gauss(-1.2, 0.8),
        change_24h_pct=change,
        low_24h=low,
        high_24h=high,
        volume_24h_usd=rng.lognormvariate(18, 2),
        spark=spark,
        lowest_since_ms=MIDNIGHT_MS - rng.randrange(5, 90) * DAY_MS,
        high=top,
        high_ms=MIDNIGHT_MS - rng.randrange(10, 300) * DAY_MS,
        drawdown_pct=(last / top - 1) * 100,
        sma200=sma,
        sma200_distance_pct=(last / sma - 1) * 100,
        sma200_breached=last < sma,
        breached_since_ms=MIDNIGHT_MS - 3 * DAY_MS if last < sma else None,
        funding_rate=rng.gauss(0, 0.0001),
        open_interest_usd=rng.lognormvariate(19, 1.5),
    )


def ticker_rows(now_ms: int = NOW_MS) -> tuple[TickerRow, ...]:
    """64 symbols, the great ones first; ETH without a funding rate, one row stale, one without history."""
    rng = random.Random(11)
    flat = [member for members in BASKETS.values() for member in members]
    first = ("BTC", "ETH", "SOL", "XRP", "BNB", "DOGE", "ADA", "TON")
    flat.sort(key=lambda member: first.index(member[0]) if member[0] in first else len(first))
    rows = {coin: ticker_row(coin, last, change, rng, now_ms) for coin, last, change in flat}
    rows["BTC"] = rows["BTC"]._replace(
        low_24h=104_912.0,
        high_24h=110_771.0,
        high=126_200.0,
        high_ms=1_759_708_800_000,
        drawdown_pct=-15.85,
        sma200=109_800.0,
        sma200_distance_pct=-3.28,
        sma200_breached=True,
        breached_since_ms=MIDNIGHT_MS,
        change_1h_pct=-0.82,
        funding_rate=-0.0000213,
    )
    rows["ETH"] = rows["ETH"]._replace(
        high=4_885.0,
        high_ms=1_755_820_800_000,
        drawdown_pct=-26.35,
        sma200=3_362.0,
        sma200_distance_pct=7.0,
        sma200_breached=False,
        breached_since_ms=None,
        funding_rate=None,
    )
    rows["CRO"] = rows["CRO"]._replace(stale=True, recv_ms=now_ms - 94_000)
    rows["UTK"] = rows["UTK"]._replace(
        high=None,
        high_ms=None,
        drawdown_pct=None,
        sma200=None,
        sma200_distance_pct=None,
        sma200_breached=None,
        breached_since_ms=None,
        change_1h_pct=None,
        spark=(),
        low_24h=None,
        high_24h=None,
    )
    return tuple(rows.values())


def sectors_view(rows: tuple[TickerRow, ...]) -> SectorsView:
    changes = {row.base: row.change_24h_pct for row in rows}
    tiles = []
    for name, members in BASKETS.items():
        moves = sorted(
            (MemberMove(coin, f"{coin}/USDT", changes[coin] or 0.0, 1 / len(members)) for coin, _, _ in members),
            key=lambda m: m.change_24h_pct,
        )
        mean = sum(move.change_24h_pct for move in moves) / len(moves)
        tiles.append(
            SectorTile(name, mean, len(members) + (name == "CeFi"), len(members), tuple(moves), len(members) / 64)
        )
    tiles.sort(key=lambda tile: tile.change_24h_pct or 0.0)
    return SectorsView("crashdesk baskets", WeightMode.EQUAL, tuple(tiles), 65, 64)
