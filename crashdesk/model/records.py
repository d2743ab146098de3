"""The records of the road: everything that a recording holds and that `MarketState` folds.

Times are integer UTC milliseconds, prices and amounts floats in the instrument's own quote and base currency, money
that is summed is integer micro-dollars (1 USD = 1,000,000), percentages are percent (-3.4), rates and shares are
fractions. `None` means unknown; it is never replaced by 0.
"""

from enum import StrEnum
from typing import NamedTuple

from crashdesk.model.timeframe import Timeframe


class MarketKind(StrEnum):
    """How a contract pays: spot, linear (margined and paid in the quote currency) or inverse (in the base currency)."""

    SPOT = "spot"
    LINEAR = "linear"
    INVERSE = "inverse"


class Side(StrEnum):
    """The side of the position that was liquidated, whatever the venue calls it."""

    LONG = "long"
    SHORT = "short"


class PriceBasis(StrEnum):
    """What the price of a liquidation row is: the average fill, the bankruptcy price, or the order's limit."""

    FILL = "fill"
    BANKRUPTCY = "bankruptcy"
    ORDER = "order"


class Precision(StrEnum):
    """How exactly the time of a note is known."""

    MINUTE = "minute"
    DAY = "day"
    WEEK = "week"


class EventKind(StrEnum):
    """What an `Event` tells of."""

    CASCADE = "cascade"
    LEVEL = "level"
    FEED_LOST = "feed_lost"
    FEED_BACK = "feed_back"
    SOURCE_SWITCH = "source_switch"
    WORKER = "worker"
    ALERT = "alert"


class Feed(StrEnum):
    """One kind of data of one venue; each is supervised by itself."""

    TICKERS = "tickers"
    CANDLES = "candles"
    FUNDING = "funding"
    OPEN_INTEREST = "open_interest"
    LIQUIDATIONS = "liquidations"


class HealthState(StrEnum):
    """Where a feed stands."""

    STARTING = "starting"
    OK = "ok"
    RETRYING = "retrying"
    RATE_LIMITED = "rate_limited"
    UNREACHABLE = "unreachable"
    GONE = "gone"
    BAD_DATA = "bad_data"
    STOPPED = "stopped"


class Method(StrEnum):
    """How much of a venue's liquidations its public feed shows."""

    COMPLETE = "complete"
    SAMPLED = "sampled"
    PARTIAL = "partial"
    NONE = "none"
    UNREACHABLE = "unreachable"


class Instrument(NamedTuple):
    """One market of one venue.

    `symbol` is ccxt's unified symbol (BTC/USDT, BTC/USDT:USDT). `contract_size` is base units a contract for linear,
    USD face a contract for inverse contracts, None for spot. `price_decimals` is a hint for display.
    """

    venue: str
    symbol: str
    base: str
    quote: str
    kind: MarketKind
    contract_size: float | None
    price_decimals: int


class Quote(NamedTuple):
    """The newest ticker of an instrument.

    `change_24h_pct` is the venue's own figure and only kept where the venue measures it against 24 hours ago;
    `high_24h`/`low_24h` likewise. `volume_24h_usd` is quote volume in USD.
    """

    venue: str
    symbol: str
    ts_ms: int
    last: float
    bid: float | None
    ask: float | None
    high_24h: float | None
    low_24h: float | None
    volume_24h_usd: float | None
    change_24h_pct: float | None


class PerpStats(NamedTuple):
    """Funding rate (a fraction for one funding interval) and open interest (USD) of a perpetual contract."""

    venue: str
    symbol: str
    ts_ms: int
    funding_rate: float | None
    open_interest_usd: float | None


class Candle(NamedTuple):
    """One revision of a candle. `volume` is in base units; `closed` is False while the interval still runs."""

    venue: str
    symbol: str
    timeframe: Timeframe
    open_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    closed: bool


class Liquidation(NamedTuple):
    """One liquidation order. `amount` is in base units, `usd_micro` its notional in micro-dollars.

    `raw` is the venue's row as JSON text, so that side and size can be recomputed later.
    """

    venue: str
    symbol: str
    ts_ms: int
    side: Side
    price: float
    amount: float
    usd_micro: int
    basis: PriceBasis
    raw: str


class Note(NamedTuple):
    """A cause or remark pinned in time. `kind` is macro, hack, flows, stocks, levels, on-chain, news or mine."""

    id: str
    ts_ms: int
    precision: Precision
    kind: str
    text: str
    source: str
    url: str | None


class PublishedLevel(NamedTuple):
    """A price level that came with the data (a report's, a scenario's), not the trader's own."""

    symbol: str
    price: float
    kind: str
    label: str
    source: str
    created_ms: int


class Event(NamedTuple):
    """Something that happened, with a span for cascades. Figures that do not apply are None.

    An event with the kind, `start_ms`, venue and symbol of an earlier one takes its place: a cascade that goes on is
    told again. Of a cascade, `symbol` is what `move_pct` was measured on, `venues` are those that liquidated, the most
    first, and `orders` how many.
    """

    kind: EventKind
    start_ms: int
    end_ms: int
    text: str
    venue: str | None = None
    symbol: str | None = None
    usd_micro: int | None = None
    long_usd_micro: int | None = None
    move_pct: float | None = None
    orders: int | None = None
    venues: tuple[str, ...] = ()


class VenueHealth(NamedTuple):
    """The state of one feed since `since_ms`. Written on every change and as a keep-alive.

    `detail` is one sentence for the user. `last_message_ms` is the last sign of life of the feed (any frame, ping or
    answer), `retry_at_ms` when it tries again.
    """

    venue: str
    feed: Feed
    state: HealthState
    method: Method | None
    since_ms: int
    detail: str
    last_message_ms: int | None
    retry_at_ms: int | None


class Gap(NamedTuple):
    """A span in which a feed is known to have missed data."""

    venue: str
    feed: Feed
    start_ms: int
    end_ms: int
    reason: str


class RowsSetAside(NamedTuple):
    """Rows of a feed that could not be trusted, counted by reason, since the feed's start (a running total)."""

    venue: str
    feed: Feed
    reason: str
    rows: int


class PriceSource(NamedTuple):
    """From `ts_ms` on, prices and candles of `symbol` come from `venue`."""

    symbol: str
    venue: str
    ts_ms: int


class Session(NamedTuple):
    """The start of one writing session: who wrote, when, and what the data is.

    `label` is empty for live data and RECONSTRUCTION for a scenario; `title` and `sources` say where it comes from.
    `venue_order` is the order of preference for prices. `automatic` is whether nobody named the file: the desk's own.
    """

    recording_id: str
    created_ms: int
    writer: str
    label: str
    title: str
    sources: tuple[str, ...]
    venue_order: tuple[str, ...]
    automatic: bool = False


Record = (
    Instrument
    | Quote
    | PerpStats
    | Candle
    | Liquidation
    | Note
    | PublishedLevel
    | Event
    | VenueHealth
    | Gap
    | RowsSetAside
    | PriceSource
    | Session
)


class Batch(NamedTuple):
    """One frame as it was committed: records of one kind (none for a tick of the clock)."""

    seq: int
    recv_ms: int
    records: tuple[Record, ...]
