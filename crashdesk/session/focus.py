"""What a desk looks at, and how it opens."""

from typing import NamedTuple

from crashdesk.config.alert_settings import AlertSettings
from crashdesk.model.level import Level
from crashdesk.model.marks import Note
from crashdesk.model.series import DailySeries
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.liquidation_views import FeedFilter
from crashdesk.session.views import WeightMode


class Focus(NamedTuple):
    """The desk's symbol, the timeframe of its chart, the weights of sector members.

    `feed` is what the tape shows. `window` names the liquidation window whose parts are shown, `free_ms` is the width
    of the free one (None: there is none). `second` is the symbol and timeframe of the chart beside the first one.
    `columns` are those of the tickers, `dislocation_pct` is the spread between venues that they warn of (0: none).
    """

    symbol: str
    timeframe: Timeframe
    weights: WeightMode
    feed: FeedFilter = FeedFilter()
    window: str = "24h"
    free_ms: int | None = None
    second: tuple[str, Timeframe] | None = None
    columns: tuple[str, ...] = ()
    dislocation_pct: float = 0.0


class Own(NamedTuple):
    """What the trader keeps beside the recording: levels, the notes on it, daily series."""

    levels: tuple[Level, ...] = ()
    notes: tuple[Note, ...] = ()
    series: tuple[DailySeries, ...] = ()


class Opening(NamedTuple):
    """How a desk starts: `at_ms` None follows the end of a growing recording, else it is a replay from there.

    `speed` is replayed ms per ms; the replay ends at `end_ms` (None: with the last frame). `poll_ms` tells how often
    each venue is polled, where that is known. `alerts` are the rules that it watches by.
    """

    focus: Focus
    at_ms: int | None = None
    speed: float = 1.0
    end_ms: int | None = None
    poll_ms: tuple[tuple[str, int], ...] = ()
    alerts: tuple[AlertSettings, ...] = ()
