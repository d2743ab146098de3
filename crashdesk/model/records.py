"""The records of the road: everything that a recording holds and that `MarketState` folds.

Times are integer UTC milliseconds, prices and amounts floats in the instrument's own quote and base currency, money
that is summed is integer micro-dollars (1 USD = 1,000,000), percentages are percent (-3.4), rates and shares are
fractions. `None` means unknown; it is never replaced by 0.
"""

from typing import NamedTuple

from crashdesk.model.kinds import EventKind as EventKind
from crashdesk.model.kinds import Feed as Feed
from crashdesk.model.kinds import HealthState as HealthState
from crashdesk.model.kinds import MarketKind as MarketKind
from crashdesk.model.kinds import Method as Method
from crashdesk.model.kinds import Precision as Precision
from crashdesk.model.kinds import PriceBasis as PriceBasis
from crashdesk.model.kinds import Side as Side
from crashdesk.model.marks import Event as Event
from crashdesk.model.marks import Gap as Gap
from crashdesk.model.marks import Note as Note
from crashdesk.model.timeframe import Timeframe


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


class PublishedLevel(NamedTuple):
    """A price level that came with the data (a report's, a scenario's), not the trader's own."""

    symbol: str
    price: float
    kind: str
    label: str
    source: str
    created_ms: int


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
