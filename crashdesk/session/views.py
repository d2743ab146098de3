"""What is shown: finished, frozen values. Panes, brief and JSON read these and nothing else.

Money is integer micro-dollars, percentages are percent, times UTC ms; None is unknown. A view value that did not change
since the last `DeskView` is the very same object, so a pane can compare by identity and do nothing.
"""

from enum import StrEnum
from typing import NamedTuple

from crashdesk.model.arrays import Floats, Ints
from crashdesk.model.kinds import Feed, HealthState, Precision
from crashdesk.model.marks import Event
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.level_views import LadderView
from crashdesk.session.liquidation_views import FeedView, LiquidationsView, ProfileBin
from crashdesk.session.stress_views import NO_STRESS, StressView
from crashdesk.session.ticker_views import NO_MORE, TickerMore


class WeightMode(StrEnum):
    """How members of a sector count: all the same, by 24h volume, or by the basket's static caps."""

    EQUAL = "equal"
    VOLUME = "volume"
    CAP = "cap"


class TickerRow(NamedTuple):
    """One symbol at its price venue.

    `recv_ms` is when its newest quote came (its age is now - recv_ms); `stale` when that is older than three polls.
    `spark` are prices over the last 24 h, oldest first. `high` is the highest high of the loaded history and of the
    quotes seen, `high_ms` the open of its daily candle (or the time seen). `lowest_since_ms` is the open of the last
    earlier daily candle with a lower low than `low_24h`. `sma200_breached` tells whether the last daily close is under
    the average over the 200 closes that end with it, `breached_since_ms` when that breach began (a close's time).
    `more` is what only a desk's columns ask for.
    """

    symbol: str
    base: str
    venue: str
    price_decimals: int
    last: float
    ts_ms: int
    recv_ms: int
    stale: bool
    change_1h_pct: float | None
    change_24h_pct: float | None
    low_24h: float | None
    high_24h: float | None
    volume_24h_usd: float | None
    spark: tuple[float, ...]
    lowest_since_ms: int | None
    high: float | None
    high_ms: int | None
    drawdown_pct: float | None
    sma200: float | None
    sma200_distance_pct: float | None
    sma200_breached: bool | None
    breached_since_ms: int | None
    funding_rate: float | None
    open_interest_usd: float | None
    more: TickerMore = NO_MORE


class MemberMove(NamedTuple):
    """A member: coin (base currency), symbol it is priced by, 24h change in percent, its part of the sector's tile."""

    coin: str
    symbol: str
    change_24h_pct: float
    share: float


class UnusedMember(NamedTuple):
    """A member that is not in its sector's change: no 24h change is known, or (then there is one) no weight."""

    coin: str
    change_24h_pct: float | None
    share: float


class SectorTile(NamedTuple):
    """One sector. `moves` are its used members, worst first, `unused` the others; `share` is its part of the tile area.

    All shares are 0 to 1. They are of weights that change little: those by volume go in steps, so that tiles stay put.
    """

    name: str
    change_24h_pct: float | None
    members: int
    members_used: int
    moves: tuple[MemberMove, ...]
    share: float
    unused: tuple[UnusedMember, ...] = ()


class SectorsView(NamedTuple):
    """All sectors, worst first (those without data last).

    `groups` stand beside them, equal-weighted, those with data; they are in neither `members` nor `members_used`.
    """

    title: str
    weights: WeightMode
    tiles: tuple[SectorTile, ...]
    members: int
    members_used: int
    groups: tuple[SectorTile, ...] = ()


class Breadth(NamedTuple):
    """How many sector members fall over 24 h, of those with data, and how many are under their own SMA200."""

    falling: int
    members_used: int
    members: int
    below_sma200: int


class ChartView(NamedTuple):
    """Candles of the desk's symbol, oldest first, with averages aligned to them (NaN where there is none yet).

    `revision` changes when anything but `last` changed. The last candle may still be open (`open_last`).
    """

    symbol: str
    venue: str | None
    timeframe: Timeframe
    price_decimals: int
    revision: int
    open_ms: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    open_last: bool
    sma200: Floats
    sma50: Floats
    ema200: Floats
    last: float | None
    sma200_daily: float | None
    sma200_breached: bool | None
    breached_since_ms: int | None


class TimelineItem(NamedTuple):
    """A cause or an event, in order of time. `kind` is a note's kind or an event's (cascade, level, feed_lost ...)."""

    id: str
    ts_ms: int
    precision: Precision
    kind: str
    text: str
    source: str
    url: str | None
    mine: bool


class SeriesRow(NamedTuple):
    """A daily series of the trader's as far as it is known: its last entry and when, the sums of the last 5 and 21.

    A sum is None while there are fewer entries. `values` are the newest ones, oldest first.
    """

    name: str
    title: str
    unit: str
    last: float | None
    last_ms: int | None
    sum_5: float | None
    sum_21: float | None
    values: tuple[float, ...]


class FeedLine(NamedTuple):
    """The state of one feed in words for the status line and doctor."""

    venue: str
    feed: Feed
    state: HealthState
    detail: str
    since_ms: int
    last_message_ms: int | None
    retry_at_ms: int | None


class VenueLine(NamedTuple):
    """A venue in the status line: when its newest quotes came and the worst state among its feeds.

    Its data are stale when they are older than `stale_ms` (three polls).
    """

    venue: str
    recv_ms: int | None
    stale_ms: int
    state: HealthState
    detail: str


class StatusView(NamedTuple):
    """The head of the desk. `label` is RECONSTRUCTION for a scenario, else empty; `waiting` tells what is missing.

    `kept`: the picture is an earlier one, shown until there is a new one.
    """

    label: str
    title: str
    sources: tuple[str, ...]
    venues: tuple[VenueLine, ...]
    feeds: tuple[FeedLine, ...]
    breadth: Breadth
    headline: TickerRow | None
    waiting: str
    kept: bool = False


class Mode(StrEnum):
    """Where the clock comes from."""

    LIVE = "live"
    REPLAY = "replay"


class TransportView(NamedTuple):
    """The clock of the desk. `speed` is replayed ms per ms; infinity is as fast as it folds.

    `loop` (first, last) is played again and again. Stretches without frames of at least `skip_ms` are jumped over;
    `skipped` (from, to) is the one that was last. `missed`: how many steps found nothing, and what is said.
    """

    mode: Mode
    playing: bool
    ended: bool
    speed: float
    start_ms: int
    end_ms: int
    position_ms: int
    loop: tuple[int, int] | None = None
    skip_ms: int | None = None
    skipped: tuple[int, int] | None = None
    missed: tuple[int, str] = (0, "")


class ScrubberView(NamedTuple):
    """The whole recording in minutes: liquidated micro-dollars, and marks of events, notes and gaps (times).

    `cascades` are (start, end); `events_ms` are the other events. `bookmarks` are (time, name), oldest first.
    """

    start_ms: int
    end_ms: int
    minutes: tuple[tuple[int, int], ...]
    events_ms: tuple[int, ...]
    notes_ms: tuple[int, ...]
    gaps: tuple[tuple[int, int], ...]
    cascades: tuple[tuple[int, int], ...] = ()
    bookmarks: tuple[tuple[int, str], ...] = ()


class AlertView(NamedTuple):
    """An alert that went off: the rule's name, when, one sentence; `replayed` when the clock is a replay's."""

    name: str
    ts_ms: int
    text: str
    replayed: bool


class DeskView(NamedTuple):
    """One finished picture of the market at `now_ms`, for one desk's symbol and timeframe.

    `profile` is what was liquidated of the desk's coin in the last 24 h by price, lowest first. `alerts` are those of
    the last 24 h, oldest first. `second` is the chart beside the first one, when the desk asked for it.
    """

    now_ms: int
    seq: int
    symbol: str
    timeframe: Timeframe
    transport: TransportView
    status: StatusView
    tickers: tuple[TickerRow, ...]
    sectors: SectorsView
    liquidations: LiquidationsView
    feed: FeedView
    chart: ChartView
    ladder: LadderView
    timeline: tuple[TimelineItem, ...]
    cascades: tuple[Event, ...]
    scrubber: ScrubberView
    profile: tuple[ProfileBin, ...] = ()
    second: ChartView | None = None
    alerts: tuple[AlertView, ...] = ()
    series: tuple[SeriesRow, ...] = ()
    stress: StressView = NO_STRESS
