"""What is shown of levels: finished, frozen values, like the others of `session.views`."""

from typing import NamedTuple

from crashdesk.model.level import LevelKind, LevelState, TrendLine


class LevelChange(NamedTuple):
    """A level's state from `since_ms` on. `over` tells on which side of it the close lay that made it; None: a test."""

    state: LevelState
    since_ms: int
    over: bool | None = None


class LevelRow(NamedTuple):
    """A level of the desk's symbol. `id` is set on one's own; `source` is mine, a report's name, SMA200 or found.

    `price` is the one at the clock, also of a `trend` line. `why` are a found level's reasons, `touches` how often the
    price turned there. `liquidated` is what was liquidated at it in 24 h: (long, short in micro-dollars) within a
    quarter ATR, None when that is not known. `history` is what became of it, oldest first: all closes that crossed it,
    and the tests of the last two days. `alert` is the name of the alert that tells of it, empty for none.
    """

    id: str | None
    symbol: str
    price: float
    kind: LevelKind
    label: str
    source: str
    state: LevelState | None
    state_since_ms: int | None
    distance_pct: float | None
    distance_atr: float | None
    why: tuple[str, ...] = ()
    touches: int = 0
    liquidated: tuple[int, int] | None = None
    trend: TrendLine | None = None
    history: tuple[LevelChange, ...] = ()
    alert: str = ""


class LadderView(NamedTuple):
    """Levels from the highest price to the lowest. `atr` is Wilder's over 14 closed daily candles."""

    symbol: str
    price_decimals: int
    last: float | None
    atr: float | None
    rows: tuple[LevelRow, ...]
