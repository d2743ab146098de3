"""A recording of which every moment is known: four hours, prices every ten seconds, one stop of every kind."""

from __future__ import annotations

from pathlib import Path

from crashdesk.model.records import (
    Event,
    EventKind,
    Feed,
    Gap,
    Instrument,
    Liquidation,
    MarketKind,
    Note,
    Precision,
    PriceBasis,
    PriceSource,
    Quote,
    Record,
    Session,
    Side,
)
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.stops import StopKind

START = 1_762_200_000_000
"""2025-11-03 20:00 UTC."""
END = START + 4 * HOUR_MS
STEP_MS = 10_000
EMPTY = (START + 2 * HOUR_MS, START + 2 * HOUR_MS + 20 * MINUTE_MS)
"""From the last prices to the next ones; the clock ticks on."""
STOPS = {
    StopKind.LIQUIDATION: START + 31 * MINUTE_MS,
    StopKind.CASCADE: START + 65 * MINUTE_MS,
    StopKind.NOTE: START + 75 * MINUTE_MS,
    StopKind.GAP: START + 85 * MINUTE_MS,
    StopKind.LEVEL: START + 95 * MINUTE_MS,
    StopKind.ALERT: START + 105 * MINUTE_MS,
}
"""When each kind happens, once."""
SMALL_MS = START + 41 * MINUTE_MS
"""A liquidation of $300,000: no stop, unless it is asked for."""


def write(path: Path) -> None:
    """Write it."""
    writer = RecordingWriter.open(path, Session("keys", START, "test", "", "", (), ("okx",)), START, fsync=False)
    writer.append([Instrument("okx", "BTC/USDT", "BTC", "USDT", MarketKind.SPOT, None, 1)], START)
    writer.append([PriceSource("BTC/USDT", "okx", START)], START)
    happening = _happening()
    for now in range(START + STEP_MS, END, STEP_MS):
        if EMPTY[0] < now < EMPTY[1]:
            writer.tick(now)
            continue
        price = 100_000.0 + now // STEP_MS % 7
        writer.append([Quote("okx", "BTC/USDT", now, price, None, None, None, None, None, None)], now)
        if now in happening:
            writer.append([happening[now]], now)
    writer.close(END)


def _happening() -> dict[int, Record]:
    """By the time at which it is recorded."""
    cascade, gap = STOPS[StopKind.CASCADE], STOPS[StopKind.GAP]
    level, alert = STOPS[StopKind.LEVEL], STOPS[StopKind.ALERT]
    return {
        STOPS[StopKind.LIQUIDATION]: _liquidation(STOPS[StopKind.LIQUIDATION], 2_500_000),
        SMALL_MS: _liquidation(SMALL_MS, 300_000),
        cascade + 2 * MINUTE_MS: Event(EventKind.CASCADE, cascade, cascade + 2 * MINUTE_MS, "", None, "BTC/USDT"),
        STOPS[StopKind.NOTE]: Note("n", STOPS[StopKind.NOTE], Precision.MINUTE, "macro", "a cause", "", None),
        gap + MINUTE_MS: Gap("okx", Feed.LIQUIDATIONS, gap, gap + MINUTE_MS, "lost"),
        level: Event(EventKind.LEVEL, level, level, "a level", "okx", "BTC/USDT"),
        alert: Event(EventKind.ALERT, alert, alert, "an alert"),
    }


def _liquidation(ts_ms: int, usd: int) -> Liquidation:
    return Liquidation("okx", "BTC/USDT:USDT", ts_ms, Side.LONG, 1e5, 1.0, usd * 10**6, PriceBasis.FILL, "{}")
