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
