"""Columnar values that cross from the recording to the session when a whole span is loaded at once."""

from collections.abc import Callable, Mapping
from math import floor, log
from typing import NamedTuple

from crashdesk.model.arrays import Floats, Ints
from crashdesk.model.largest import LargestLiquidation as LargestLiquidation
from crashdesk.model.records import (
    Batch,
    Event,
    Gap,
    Instrument,
    Note,
    PerpStats,
    PriceSource,
    PublishedLevel,
    Quote,
    RowsSetAside,
    Session,
    Side,
    VenueHealth,
)
from crashdesk.model.timeframe import CHUNK_MS as CHUNK_MS
from crashdesk.model.timeframe import Timeframe

InstrumentKey = tuple[str, str]
"""Venue and symbol."""

LiqKey = tuple[str, str, Side]
"""Venue, symbol and side: what liquidations are summed by."""


class CandleColumns(NamedTuple):
    """Candles of one series in the order of `open_ms`; arrays of equal length ('q' for times, 'd' for prices)."""

    venue: str
    symbol: str
    timeframe: Timeframe
    open_ms: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    closed: bytes
    """One byte a candle: 1 closed, 0 still running."""


class LiquidationColumns(NamedTuple):
    """The liquidations received in one chunk, in the order they came; no raw payloads.

    `key` indexes `keys`. Typecodes: ts_ms 'q', usd_micro 'q', price 'd', amount 'd', key 'H'.
    """

    keys: tuple[LiqKey, ...]
    ts_ms: Ints
    usd_micro: Ints
    price: Floats
    amount: Floats
    key: Ints


SIZE_STEPS_USD = (10_000, 50_000, 100_000, 1_000_000)
"""USD at which the next size bucket begins: the buckets are under 10k, 10k to 50k, ... and from 1M on."""
PROFILE_BIN = 0.001
"""Width of a bin of the liquidation profile in ln(price), 0.1 % of the price: floor(ln(price) / PROFILE_BIN)."""


def profile_bin(price: float) -> int:
    """The bin of the liquidation profile that a price above 0 falls into."""
    return floor(log(price) / PROFILE_BIN)


MOST_LARGEST = 20
"""So many of the largest liquidations of a chunk are told apart."""

SideSums = tuple[int, int, int]
"""(long, short in micro-dollars, orders)."""


class LiquidationDetails(NamedTuple):
    """What of a chunk's liquidations is asked for less often.

    `largest` are the first `MOST_LARGEST` by rank. `profile` maps (venue, symbol) to its bins: bin to sums.
    """

    largest: tuple[LargestLiquidation, ...]
    profile: Mapping[InstrumentKey, Mapping[int, SideSums]]


class LiquidationSummary(NamedTuple):
    """Sums of one chunk's liquidations.

    `sums` maps a key to (USD in micro-dollars, orders). `minutes` maps a minute of `ts_ms` (ts_ms // 60000) to
    (long USD, short USD in micro-dollars, orders). `first_ts_ms`/`last_ts_ms` bound the rows' own times. `sizes` are
    the sums of each size bucket, smallest first; None where the recording does not hold them (they are in its rows).
    """

    sums: dict[LiqKey, tuple[int, int]]
    minutes: dict[int, tuple[int, int, int]]
    largest: LargestLiquidation
    first_ts_ms: int
    last_ts_ms: int
    sizes: tuple[SideSums, ...] | None = None


class MinuteBar(NamedTuple):
    """What was seen of an instrument's last price in one minute of `recv_ms`."""

    minute: int
    high: float
    low: float
    close: float


class BarSummary(NamedTuple):
    """High, low and last of the prices seen of an instrument in one chunk."""

    high: float
    low: float
    close: float


class Chunk(NamedTuple):
    """The roll-up of one span of `recv_ms // CHUNK_MS == number`: sums at once, details when they are asked for.

    `load_details` is None where the recording does not hold them: they are then in the rows.
    """

    number: int
    liquidations: LiquidationSummary | None
    bars: Mapping[InstrumentKey, BarSummary]
    load_liquidations: Callable[[], LiquidationColumns]
    load_bars: Callable[[], dict[InstrumentKey, tuple[MinuteBar, ...]]]
    load_details: Callable[[], LiquidationDetails] | None = None


class HourBars(NamedTuple):
    """The bars of the chunks of an hour: `high`, `low` and `close` by chunk (0 to 11), then by instrument.

    `slots` gives the place of an instrument; one that was not seen in a chunk has 0.0.
    """

    slots: dict[InstrumentKey, int]
    high: Floats
    low: Floats
    close: Floats

    def bar(self, key: InstrumentKey, chunk: int) -> BarSummary | None:
        """The bar of an instrument in a chunk of the hour; None when it was not seen."""
        slot = self.slots.get(key)
        if slot is None:
            return None
        at = chunk * len(self.slots) + slot
        return BarSummary(self.high[at], self.low[at], self.close[at]) if self.close[at] else None


class Hour(NamedTuple):
    """The chunks of one hour of `recv_ms // HOUR_MS == number` in one: sums, high, low and last; details on request.

    `load_bars` are those of its chunks, `load_chunks` the chunks themselves, as far as they are not damaged.
    """

    number: int
    liquidations: LiquidationSummary | None
    bars: Mapping[InstrumentKey, BarSummary]
    load_bars: Callable[[], HourBars]
    load_chunks: Callable[[], tuple[Chunk, ...]]
    load_details: Callable[[], LiquidationDetails]


class Since(NamedTuple):
    """What came in the chunk that runs between a checkpoint and the place of a `Restore`.

    `recv_ms` and `seq` are those of the last frame. `liquidations` are all that came, `bars` and `minutes` (by minute
    of `recv_ms` the last price of each instrument in it) what was seen of prices; `batches` holds everything else but
    quotes, in order: the newest quotes are those of the `Restore`.
    """

    recv_ms: int
    seq: int
    liquidations: LiquidationColumns
    bars: dict[InstrumentKey, BarSummary]
    minutes: dict[int, dict[InstrumentKey, float]]
    batches: tuple[Batch, ...]


class Restore(NamedTuple):
    """Everything that is known at a checkpoint: the state of a recording just before the frame at `offset`.

    `recv_ms` is that of the last frame before the checkpoint; where there is a `since`, `quotes` and `offset` are those
    behind its last frame, everything else is what is known at the checkpoint. `hours`, and behind them `chunks`, are
    the roll-ups of at least the 25 hours before, oldest first. `health` holds every change of state in that span and
    the newest of each feed. Collections are in the order of arrival.
    """

    session: Session
    recv_ms: int
    offset: int
    liquidations_before: int
    """How many liquidations the recording holds before `offset`."""
    instruments: tuple[Instrument, ...]
    quotes: tuple[tuple[int, Quote], ...]
    """(recv_ms, quote): the newest of each instrument and when it came."""
    perps: tuple[PerpStats, ...]
    sources: tuple[PriceSource, ...]
    candles: tuple[CandleColumns, ...]
    notes: tuple[Note, ...]
    levels: tuple[PublishedLevel, ...]
    events: tuple[Event, ...]
    health: tuple[VenueHealth, ...]
    gaps: tuple[Gap, ...]
    set_aside: tuple[RowsSetAside, ...]
    chunks: tuple[Chunk, ...]
    """Of the hours that were not over, and of older files of all."""
    hours: tuple[Hour, ...] = ()
    since: Since | None = None


class Landing(NamedTuple):
    """What a state takes of quotes at the end of a `rush`: the newest ones, and what was seen of prices.

    `quotes`, `chunks` and `hours` are as in a `Restore`, `bars` and `minutes` as in a `Since`.
    """

    quotes: tuple[tuple[int, Quote], ...]
    chunks: tuple[Chunk, ...]
    hours: tuple[Hour, ...]
    bars: dict[InstrumentKey, BarSummary]
    minutes: dict[int, dict[InstrumentKey, float]]
