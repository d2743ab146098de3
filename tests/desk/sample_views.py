"""A believable picture of the market, written by hand and a seeded generator: the early hours of 2025-11-04."""

from __future__ import annotations

import math
import random
from array import array

from crashdesk.model.columns import LargestLiquidation
from crashdesk.model.level import LevelKind, LevelState
from crashdesk.model.money import MICRO
from crashdesk.model.records import Event, EventKind, Feed, Gap, HealthState, Method, Precision, Side
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.session.level_views import LadderView, LevelRow
from crashdesk.session.liquidation_views import (
    CoverageRow,
    FeedRow,
    FeedView,
    LiquidationsView,
    NamedTotals,
    ProfileBin,
    SizeTotals,
    Totals,
    WindowTotals,
)
from crashdesk.session.views import (
    Breadth,
    ChartView,
    DeskView,
    FeedLine,
    MemberMove,
    Mode,
    ScrubberView,
    SectorsView,
    SectorTile,
    StatusView,
    TickerRow,
    TimelineItem,
    TransportView,
    VenueLine,
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


def chart_view(symbol: str = "BTC/USDT", count: int = 400) -> ChartView:
    """Daily candles with the high of October, the slide after it, and averages made the plain way."""
    rng = random.Random(29)
    closes: list[float] = []
    price = 92_000.0
    for place in range(count):
        aim = 92_000 + 30_000 * (place / count) + 9_000 * math.sin(place / 31)
        price += (aim - price) * 0.06 + price * rng.gauss(0, 0.017)
        closes.append(price)
    bend = 106_583.0 / closes[-2]
    closes = [c * (1 + (bend - 1) * (i / count) ** 6) for i, c in enumerate(closes)]
    closes[-1] = 106_200.0
    opens = [closes[0], *closes[:-1]]
    highs = [max(o, c) * (1 + abs(rng.gauss(0, 0.008))) for o, c in zip(opens, closes, strict=True)]
    lows = [min(o, c) * (1 - abs(rng.gauss(0, 0.008))) for o, c in zip(opens, closes, strict=True)]
    times = [MIDNIGHT_MS - (count - 1 - i) * DAY_MS for i in range(count)]
    return ChartView(
        symbol=symbol,
        venue="okx",
        timeframe=Timeframe.D1,
        price_decimals=0,
        revision=1,
        open_ms=array("q", times),
        open=array("d", opens),
        high=array("d", highs),
        low=array("d", lows),
        close=array("d", closes),
        volume=array("d", [rng.lognormvariate(9, 0.4) for _ in closes]),
        open_last=True,
        sma200=_average(closes, 200),
        sma50=_average(closes, 50),
        ema200=_average(closes, 150),
        last=106_200.0,
        sma200_daily=109_800.0,
        sma200_breached=True,
        breached_since_ms=MIDNIGHT_MS,
    )


def _average(values: list[float], span: int) -> array[float]:
    return array(
        "d", [sum(values[i - span + 1 : i + 1]) / span if i >= span - 1 else math.nan for i in range(len(values))]
    )


def ladder_view(symbol: str = "BTC/USDT", last: float = 106_200.0) -> LadderView:
    atr = 3_642.4

    def row(
        price: float,
        kind: LevelKind,
        label: str,
        source: str,
        state: LevelState | None,
        since: int | None,
        level_id: str | None = None,
    ) -> LevelRow:
        return LevelRow(
            level_id,
            symbol,
            price,
            kind,
            label,
            source,
            state,
            since,
            (price / last - 1) * 100,
            abs(price - last) / atr,
        )

    return LadderView(
        symbol,
        0,
        last,
        atr,
        (
            row(126_200, LevelKind.RESISTANCE, "all-time high", "report", LevelState.UNTOUCHED, None),
            row(110_000, LevelKind.ROUND, "round", "report", LevelState.UNTOUCHED, None),
            row(109_800, LevelKind.AVERAGE, "SMA200", "SMA200", LevelState.BREACHED, MIDNIGHT_MS),
            row(105_000, LevelKind.LINE, "line", "mine", LevelState.TESTING, NOW_MS - 10 * MINUTE_MS, "L1"),
            row(100_000, LevelKind.ROUND, "round", "report", LevelState.UNTOUCHED, None),
            row(94_200, LevelKind.SUPPORT, "Fairlead support", "Fairlead", LevelState.UNTOUCHED, None),
        ),
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


def status_view(rows: tuple[TickerRow, ...], now_ms: int = NOW_MS) -> StatusView:
    ok = HealthState.OK
    venues = (
        VenueLine("okx", now_ms - 800, 15_000, ok, ""),
        VenueLine("bybit", now_ms - 1_100, 15_000, ok, ""),
        VenueLine("htx", now_ms - 2_000, 15_000, ok, ""),
        VenueLine("binance", None, 15_000, HealthState.UNREACHABLE, "unreachable here (geo-block)"),
    )
    feeds = tuple(
        FeedLine(line.venue, Feed.TICKERS, line.state, line.detail, now_ms - HOUR_MS, line.recv_ms, None)
        for line in venues
    )
    falling = sum((row.change_24h_pct or 0) < 0 for row in rows)
    below = sum(row.sma200_breached is True for row in rows)
    return StatusView(
        "RECONSTRUCTION",
        "November 2025",
        ("market report of 4 November 2025",),
        venues,
        feeds,
        Breadth(falling, 64, 65, below),
        rows[0],
        "",
    )


def scrubber_view() -> ScrubberView:
    start = NOW_MS - DAY_MS
    return ScrubberView(
        start,
        NOW_MS,
        tuple((minute, long + short) for minute, long, short in liquidations_view().minutes),
        (NOW_MS - 2 * HOUR_MS,),
        (MIDNIGHT_MS, NOW_MS - 70 * MINUTE_MS),
        ((NOW_MS - 5 * HOUR_MS, NOW_MS - 5 * HOUR_MS + 190_000),),
        tuple((event.start_ms, event.end_ms) for event in cascades()),
    )


def desk_view(*, mode: Mode = Mode.REPLAY, now_ms: int = NOW_MS) -> DeskView:
    """The whole picture; in live mode without the label of a reconstruction."""
    rows = ticker_rows(now_ms)
    status = status_view(rows, now_ms)
    if mode is Mode.LIVE:
        status = status._replace(label="", title="")
    transport = TransportView(mode, True, False, 1.0 if mode is Mode.LIVE else 60.0, NOW_MS - DAY_MS, NOW_MS, now_ms)
    return DeskView(
        now_ms=now_ms,
        seq=1_000,
        symbol="BTC/USDT",
        timeframe=Timeframe.D1,
        transport=transport,
        status=status,
        tickers=rows,
        sectors=sectors_view(rows),
        liquidations=liquidations_view(),
        feed=FeedView(feed_rows(), 340_000),
        chart=chart_view(),
        ladder=ladder_view(),
        timeline=timeline(),
        cascades=cascades(),
        scrubber=scrubber_view(),
        profile=profile(),
    )


def empty_view(waiting: str = "waiting for the first prices: okx, bybit, htx", *, now_ms: int = NOW_MS) -> DeskView:
    """What a first start shows before anything came."""
    empty = array("d")
    return DeskView(
        now_ms=now_ms,
        seq=0,
        symbol="BTC/USDT",
        timeframe=Timeframe.D1,
        transport=TransportView(Mode.LIVE, True, False, 1.0, now_ms, now_ms, now_ms),
        status=StatusView(
            "",
            "",
            (),
            (VenueLine("okx", None, 15_000, HealthState.STARTING, "connecting"),),
            (),
            Breadth(0, 0, 0, 0),
            None,
            waiting,
        ),
        tickers=(),
        sectors=SectorsView("crashdesk baskets", WeightMode.EQUAL, (), 0, 0),
        liquidations=LiquidationsView((), (), (), (), ()),
        feed=FeedView((), 0),
        chart=ChartView(
            "BTC/USDT",
            None,
            Timeframe.D1,
            0,
            0,
            array("q"),
            empty,
            empty,
            empty,
            empty,
            empty,
            False,
            empty,
            empty,
            empty,
            None,
            None,
            None,
            None,
        ),
        ladder=LadderView("BTC/USDT", 0, None, None, ()),
        timeline=(),
        cascades=(),
        scrubber=ScrubberView(now_ms, now_ms, (), (), (), ()),
    )


def moved(view: DeskView, *, seed: int = 1, share: float = 1.0) -> DeskView:
    """The next picture: `share` of the symbols moved, new rows on the tape, the clock one second on."""
    rng = random.Random(seed)
    now = view.now_ms + 1_000
    rows = tuple(
        row._replace(last=row.last * (1 + rng.gauss(0, 0.002)), recv_ms=now, change_1h_pct=rng.gauss(-1, 1))
        if rng.random() < share
        else row
        for row in view.tickers
    )
    fresh = feed_rows(40, view.feed.total, now)
    feed = FeedView((*view.feed.rows, *fresh)[-2_000:], view.feed.total + len(fresh))
    status = view.status._replace(headline=rows[0])
    transport = view.transport._replace(position_ms=now)
    return view._replace(
        now_ms=now,
        seq=view.seq + 1,
        tickers=rows,
        sectors=sectors_view(rows),
        feed=feed,
        status=status,
        transport=transport,
    )
