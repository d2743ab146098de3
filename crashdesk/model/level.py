"""Price levels: the trader's own and what the desk says of any level."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from crashdesk.model.timeframe import Timeframe


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


class Level(NamedTuple):
    """The trader's own level on one symbol. `timeframe` is the one whose closes breach it."""

    id: str
    symbol: str
    price: float
    kind: LevelKind
    label: str
    created_ms: int
    updated_ms: int
    timeframe: Timeframe = Timeframe.D1
