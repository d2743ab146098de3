"""Days, prices and levels made by hand, for alerts on prices."""

from __future__ import annotations

from crashdesk.model.level import Level, LevelKind, TrendLine
from crashdesk.model.records import Candle, Instrument, MarketKind, PriceSource, Quote
from crashdesk.model.timeframe import DAY_MS, Timeframe
from tests.session.alert_rig import T0

SPOT = "BTC/USDT"
DAY0 = T0 // DAY_MS * DAY_MS
"""2025-11-04 00:00 UTC: the running day."""
OKX = Instrument("okx", SPOT, "BTC", "USDT", MarketKind.SPOT, None, 2)
KRAKEN = OKX._replace(venue="kraken")
WIDTH = 1_000.0
"""The days' range: their ATR, so that a level's band is 500 wide to each side."""


def day(back: int, close: float, venue: str = "okx", symbol: str = SPOT) -> Candle:
    """The closed day that ended `back` days before the running one began (0: with it); it closes in mid-range."""
    open_ms = DAY0 - (back + 1) * DAY_MS
    high, low = close + WIDTH / 2, close - WIDTH / 2
    return Candle(venue, symbol, Timeframe.D1, open_ms, close, high, low, close, 1.0, closed=True)


def days(count: int, close: float, venue: str = "okx", symbol: str = SPOT) -> list[Candle]:
    """Equal days, the oldest first."""
    return [day(back, close, venue, symbol) for back in reversed(range(count))]


def quote(at_ms: int, last: float, venue: str = "okx", symbol: str = SPOT) -> Quote:
    return Quote(venue, symbol, at_ms, last, None, None, None, None, 1e6, None)


def source(venue: str, at_ms: int, symbol: str = SPOT) -> PriceSource:
    return PriceSource(symbol, venue, at_ms)


def level(price: float, **changes: object) -> Level:
    """A support of the trader's own with the alert `mine`, made the day before."""
    made = Level("one", SPOT, price, LevelKind.SUPPORT, "", DAY0 - DAY_MS, DAY0 - DAY_MS, alert="mine")
    return made._replace(**changes)  # type: ignore[arg-type]


def trend(start: tuple[int, float], end: tuple[int, float]) -> Level:
    """The same as a line through two points."""
    from crashdesk.model.level import Point

    return level(end[1], kind=LevelKind.LINE, trend=TrendLine(Point(*start), Point(*end)))
