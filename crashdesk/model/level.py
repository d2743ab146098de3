"""Price levels: the trader's own and what the desk says of any level."""

from enum import StrEnum
from math import nan
from typing import NamedTuple

from crashdesk.model.timeframe import Timeframe

MOST_PRICE = 1e15
"""No price is higher."""


class LevelKind(StrEnum):
    """What a level is for."""

    SUPPORT = "support"
    RESISTANCE = "resistance"
    TARGET = "target"
    STOP = "stop"
    LINE = "line"
    AVERAGE = "average"
    ROUND = "round"


class LevelState(StrEnum):
    """Where the market stands to a level (see `session.levels`)."""

    UNTOUCHED = "untouched"
    TESTING = "testing"
    BREACHED = "breached"
    RECLAIMED = "reclaimed"


class DailyBars(NamedTuple):
    """Closed UTC days, oldest first: columns of equal length, `open_ms` at 00:00 UTC."""

    open_ms: tuple[int, ...]
    high: tuple[float, ...]
    low: tuple[float, ...]
    close: tuple[float, ...]


class FoundLevel(NamedTuple):
    """A level that candles show. `why` are its reasons, the weightiest first.

    `touches` tells how often the price came near (0: not counted); states count from `confirmed_ms`.
    """

    price: float
    kind: LevelKind
    why: tuple[str, ...]
    touches: int
    confirmed_ms: int


class LevelAsk(NamedTuple):
    """A question for key levels: those of one venue's symbol after its closed `days`, for a market near `last`.

    Everything that the answer depends on is in it.
    """

    venue: str
    symbol: str
    days: DailyBars
    last: float


class Point(NamedTuple):
    """A place on a chart: UTC ms and price."""

    ts_ms: int
    price: float


class TrendLine(NamedTuple):
    """A straight line in time and price through two points, `start` the earlier one; it goes on to the right."""

    start: Point
    end: Point

    def price_at(self, ts_ms: int) -> float:
        """The line's price at a time, before its start too. May be 0 or less where the line has left the chart."""
        slope = (self.end.price - self.start.price) / (self.end.ts_ms - self.start.ts_ms)
        return self.start.price + slope * (ts_ms - self.start.ts_ms)


class Level(NamedTuple):
    """The trader's own level on one symbol. `timeframe` is the one whose closes breach it.

    `alert` names an alert of config.toml that tells of it (empty: none). A level with a `trend` is that line; its
    `price` is then the line's at the second point.
    """

    id: str
    symbol: str
    price: float
    kind: LevelKind
    label: str
    created_ms: int
    updated_ms: int
    timeframe: Timeframe = Timeframe.D1
    alert: str = ""
    trend: TrendLine | None = None

    def price_at(self, ts_ms: int) -> float:
        """The level's price at a time; NaN where a trend line has left all that can be a price."""
        price = self.trend.price_at(ts_ms) if self.trend is not None else self.price
        return price if 0 < price <= MOST_PRICE else nan
