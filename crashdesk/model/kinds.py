"""The words that records use: kinds of markets, feeds, events, and what is known of them."""

from enum import StrEnum


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
