"""A believable picture of the market in the early hours of 2025-11-04, one of nothing yet, and the next one."""

from __future__ import annotations

import random
from array import array

from crashdesk.model.records import Feed, HealthState
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.session.level_views import LadderView
from crashdesk.session.liquidation_views import (
    FeedView,
    LiquidationsView,
)
from crashdesk.session.views import (
    Breadth,
    ChartView,
    DeskView,
    FeedLine,
    Mode,
    ScrubberView,
    SectorsView,
    StatusView,
    TickerRow,
    TransportView,
    VenueLine,
    WeightMode,
)
from tests.desk.sample_chart import chart_view, ladder_view
from tests.desk.sample_events import cascades, timeline
from tests.desk.sample_liquidations import feed_rows, liquidations_view, profile
from tests.desk.sample_market import MIDNIGHT_MS, NOW_MS, sectors_view, ticker_rows


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
