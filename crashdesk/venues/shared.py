"""What the feeds of all venues have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crashdesk.config.settings import VenueSettings
from crashdesk.model.ports import Clock
from crashdesk.model.records import Instrument, Liquidation
from crashdesk.venues.capabilities import Capability
from crashdesk.venues.desk_wants import DeskWants
from crashdesk.venues.dialects import Dialect
from crashdesk.venues.exchange import Exchange
from crashdesk.venues.health import HealthBook
from crashdesk.venues.markets import Listing
from crashdesk.venues.outbox import Outbox
from crashdesk.venues.pace import Jitter, Pace
from crashdesk.venues.quotes import perpetual_of
from crashdesk.venues.sources import PriceSources


@dataclass(frozen=True, slots=True)
class Shared:
    """The worker's parts that every venue uses."""

    clock: Clock
    outbox: Outbox
    health: HealthBook
    sources: PriceSources
    wants: DeskWants
    pace: Pace
    jitter: Jitter
    cache_dir: Path


@dataclass(frozen=True, slots=True)
class Seen:
    """Liquidations that the recording holds already, complete from `since_ms` on (None: it holds no older ones)."""

    rows: Sequence[Liquidation] = ()
    since_ms: int | None = None


class Watched:
    """The symbols that one venue polls. `generation` grows when they change, so that late answers can be dropped.

    `missed` is set when the venue speaks of a contract that the market list lacks.
    """

    def __init__(self, listing: Listing, symbols: list[str]) -> None:
        self.generation = 0
        self.listing = listing
        self.missed = asyncio.Event()
        self._symbols = dict.fromkeys(symbols)
        self._told: set[str] = set()

    @property
    def symbols(self) -> list[str]:
        """Symbols whose prices are polled."""
        return list(self._symbols)

    @property
    def perpetuals(self) -> list[str]:
        """Perpetuals whose funding and open interest matter: the polled ones and the twins of polled spot markets."""
        wanted: dict[str, None] = {}
        for symbol in self._symbols:
            instrument = self.listing.instruments[symbol]
            twin = symbol if instrument.contract_size is not None else perpetual_of(instrument.base)
            if twin in self.listing.instruments:
                wanted[twin] = None
        return list(wanted)

    def learn(self, more: Listing) -> None:
        """The market list has grown."""
        old = self.listing
        self.listing = Listing(
            {**old.instruments, **more.instruments},
            {**old.dated, **more.dated},
            {**old.contracts, **more.contracts},
            {**old.ids, **more.ids},
        )

    def add(self, symbol: str) -> bool:
        """Poll one more; False when it is not listed or polled already."""
        if symbol in self._symbols or symbol not in self.listing.instruments:
            return False
        self._symbols[symbol] = None
        self.generation += 1
        return True

    def remove(self, symbol: str) -> bool:
        """Poll it no more; False when it was not polled."""
        if symbol not in self._symbols:
            return False
        del self._symbols[symbol]
        self.generation += 1
        return True

    def untold(self, symbols: Iterable[str] | None = None) -> list[Instrument]:
        """The instruments of these symbols, or of all that is polled, not written yet; from now on they are."""
        names = dict.fromkeys([*self._symbols, *self.perpetuals] if symbols is None else symbols)
        fresh = [name for name in names if name not in self._told]
        self._told.update(fresh)
        listed = self.listing
        return [listed.instruments.get(name) or listed.dated[name] for name in fresh]


@dataclass(frozen=True, slots=True)
class Venue:
    """One venue at work."""

    settings: VenueSettings
    capability: Capability
    dialect: Dialect
    exchange: Exchange
    watched: Watched

    @property
    def name(self) -> str:
        """Its name in the recording."""
        return self.settings.name
