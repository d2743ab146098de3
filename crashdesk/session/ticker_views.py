"""What is shown of a ticker where somebody asked for it: finished, frozen values, like those of `session.views`."""

from typing import NamedTuple


class TickerMore(NamedTuple):
    """What a row says beyond the usual; None is unknown, or was not asked for.

    Changes are percent of the last price against the one 5 minutes, 4 hours, 7 days ago. `level` is the price of the
    nearest level (the trader's own, published, SMA200), `level_pct` how far it is from the last price. `basis_pct` is
    perpetual / spot - 1 in percent. `spread_pct` is (max - min) / median of the last prices of the symbol at the
    `venues` venues whose prices are fresh; `dislocated` when that is more than the trader bears. `liquidated_1h` is
    what was liquidated of the coin in the last hour, in micro-dollars. `interest_1h_pct` and `interest_24h_pct` are by
    how many percent the open interest in USD of the row's perpetual changed.
    """

    change_5m_pct: float | None = None
    change_4h_pct: float | None = None
    change_7d_pct: float | None = None
    level: float | None = None
    level_pct: float | None = None
    basis_pct: float | None = None
    spread_pct: float | None = None
    venues: int = 0
    dislocated: bool = False
    liquidated_1h: int | None = None
    interest_1h_pct: float | None = None
    interest_24h_pct: float | None = None


NO_MORE = TickerMore()
