"""What a scenario's description file says, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from crashdesk.model.records import Note, PublishedLevel, Side, VenueHealth

DayPrice = tuple[int, float]
"""UTC day (`ms // DAY_MS`) and a price, or a multiple of one."""


@dataclass(frozen=True, slots=True)
class PathPoint:
    """At `ts_ms` the leader stands at `leader`, any other coin has gone `share` of its change over the scenario."""

    ts_ms: int
    leader: float
    share: float


@dataclass(frozen=True, slots=True)
class History:
    """Daily closes to pass through. No other day has a higher high than `high`, no later one a lower low than `low`."""

    closes: tuple[DayPrice, ...]
    high: DayPrice | None = None
    low: DayPrice | None = None


@dataclass(frozen=True, slots=True)
class Coin:
    """One coin.

    `last` and `base` (the price at the start, None: follows from the change) are in ticks of 10**-decimals,
    `change_pct` in %, `exact` if published. `turnover_usd` is USD a day, `orders` its share of the liquidation orders,
    `size` their size against others', `volatility_pct` % a year, `stretch` how far it follows the common history. `low`
    is the lowest price within the scenario in ticks (None: as the path has it).
    """

    base_coin: str
    last: int
    decimals: int
    base: int | None
    change_pct: float
    exact: bool
    turnover_usd: float
    orders: float
    size: float
    venues: tuple[str, ...]
    stretch: float
    volatility_pct: float
    history: History | None
    low: int | None


@dataclass(frozen=True, slots=True)
class Sector:
    """One sector and its published equal-weight change in %; None: its coins' own changes stand."""

    name: str
    change_pct: float | None
    coins: tuple[Coin, ...]


@dataclass(frozen=True, slots=True)
class SideTotal:
    """What was liquidated on one side in all."""

    usd_micro: int
    orders: int


@dataclass(frozen=True, slots=True)
class NamedOrder:
    """A single order that is known from the reports; part of its side's total."""

    coin: str
    venue: str
    side: Side
    usd_micro: int
    ts_ms: int


@dataclass(frozen=True, slots=True)
class VenueShare:
    """A venue's share of the orders (all shares sum to 1), and the size of its orders against the others'."""

    venue: str
    orders: float
    size: float


@dataclass(frozen=True, slots=True)
class Liquidations:
    """The published totals, the largest order, and how the orders are spread over venues.

    `calm` is how much of them comes whatever prices do, against 1 for a fall of 1 per mille within a minute.
    """

    long: SideTotal
    short: SideTotal
    below_micro: int
    largest: NamedOrder
    venues: tuple[VenueShare, ...]
    calm: float


@dataclass(frozen=True, slots=True)
class Prices:
    """How prices are made: see the comments of the description file."""

    venue: str
    leader: str
    first_day: int
    candles_5m_hours: int
    candles_1h_days: int
    candles_1h: tuple[str, ...]
    average_200d: float
    path: tuple[PathPoint, ...]
    history: tuple[DayPrice, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """A whole description file."""

    prices: Prices
    sectors: tuple[Sector, ...]
    liquidations: Liquidations
    health: tuple[VenueHealth, ...]
    levels: tuple[PublishedLevel, ...]
    notes: tuple[Note, ...]

    @property
    def coins(self) -> tuple[Coin, ...]:
        """The coins of all sectors, in order."""
        return tuple(coin for sector in self.sectors for coin in sector.coins)
