"""What is shown of liquidations: finished, frozen values, like the others of `session.views`."""

from typing import NamedTuple

from crashdesk.model.kinds import HealthState, Method, Side
from crashdesk.model.largest import LargestLiquidation
from crashdesk.model.marks import Gap
from crashdesk.model.words import coin_of


class Totals(NamedTuple):
    """Liquidated sums in micro-dollars."""

    total: int
    long: int
    short: int
    orders: int


class WindowTotals(NamedTuple):
    """The rolling window now - width < ts <= now. `name` is 1h, 4h, 12h or 24h."""

    name: str
    width_ms: int
    totals: Totals
    largest: LargestLiquidation | None


class NamedTotals(NamedTuple):
    """Sums of the shown window for one venue or coin."""

    name: str
    totals: Totals


class SizeTotals(NamedTuple):
    """Sums of the shown window for one size bucket: orders from `least_usd` up to the next bucket's."""

    least_usd: int
    totals: Totals


class ProfileBin(NamedTuple):
    """What was liquidated of the desk's coin at prices low <= p < high, in micro-dollars."""

    low: float
    high: float
    long: int
    short: int


class FeedFilter(NamedTuple):
    """Which liquidations the tape shows: from `least_usd` on, of one side, venue or coin (None: all).

    `coin` is a base currency; `venue` and `coin` are compared without regard to case.
    """

    least_usd: int = 0
    side: Side | None = None
    venue: str | None = None
    coin: str | None = None

    def takes(self, venue: str, symbol: str, side: Side) -> bool:
        """Whether rows of a venue, symbol and side pass, but for their size."""
        return (
            self.side in (None, side)
            and (self.venue is None or self.venue.casefold() == venue.casefold())
            and (self.coin is None or self.coin.casefold() == coin_of(symbol).casefold())
        )


class CoverageRow(NamedTuple):
    """What is seen of a venue's liquidations.

    `connected_share` is the part of the last 24 h (or of the recording, when that is shorter) in which the feed was
    connected, 0 to 1; `connected` the same for each window of `LiquidationsView.windows`. `last_message_ms` is the last
    sign of life of the feed. `set_aside` counts refused rows, `reasons` the same by reason, the commonest first.
    """

    venue: str
    state: HealthState
    method: Method
    connected_share: float
    gaps: tuple[Gap, ...]
    last_message_ms: int | None
    detail: str
    set_aside: int
    connected: tuple[float, ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()


class LiquidationsView(NamedTuple):
    """Totals by window; by venue, coin and size, and the largest rows, of the window called `shown`.

    The free window is the last one, when there is one. `minutes` are (minute, long, short) of the last 24 h, oldest
    first.
    """

    windows: tuple[WindowTotals, ...]
    by_venue: tuple[NamedTotals, ...]
    by_coin: tuple[NamedTotals, ...]
    minutes: tuple[tuple[int, int, int], ...]
    coverage: tuple[CoverageRow, ...]
    by_size: tuple[SizeTotals, ...] = ()
    largest: tuple[LargestLiquidation, ...] = ()
    shown: str = "24h"


class FeedRow(NamedTuple):
    """One liquidation of the tape. `number` grows by one with every row ever folded."""

    number: int
    ts_ms: int
    venue: str
    symbol: str
    side: Side
    price: float
    usd_micro: int


class FeedView(NamedTuple):
    """The newest rows that pass `filter` (at most `FEED_ROWS`, none older than 24 h), in the order they came.

    `total` counts all rows ever folded, whether they pass or not.
    """

    rows: tuple[FeedRow, ...]
    total: int
    filter: FeedFilter = FeedFilter()
