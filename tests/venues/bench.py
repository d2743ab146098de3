"""One feed by itself: a venue without a network, and what all feeds share, on a clock that stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crashdesk.config.settings import VenueSettings
from crashdesk.model.ports import Clock
from crashdesk.venues.capabilities import capability_of
from crashdesk.venues.desk_wants import DeskWants
from crashdesk.venues.dialects import DIALECTS
from crashdesk.venues.health import HealthBook
from crashdesk.venues.markets import Market, listing
from crashdesk.venues.outbox import Outbox
from crashdesk.venues.pace import Jitter
from crashdesk.venues.shared import Shared, Venue, Watched
from crashdesk.venues.sources import PriceSources
from tests.venues.rig import QUICK, ListSink


def perpetual(coin: str, market_id: str) -> Market:
    """A linear contract of 0.001 coins in ccxt's words."""
    symbol = f"{coin}/USDT:USDT"
    body: Market = {"id": market_id, "symbol": symbol, "base": coin, "quote": "USDT", "swap": True, "spot": False}
    return body | {"linear": True, "contractSize": 0.001, "precision": {"price": 0.1}}


def shared_parts(folder: Path, clock: Clock, sink: ListSink, *venues: str) -> Shared:
    """What the feeds of these venues share, writing to `sink`."""
    outbox = Outbox(sink, clock)
    return Shared(
        clock=clock,
        outbox=outbox,
        health=HealthBook(clock, outbox.put, QUICK.lost_after),
        sources=PriceSources(venues, clock, outbox.put, QUICK),
        wants=DeskWants("BTC/USDT"),
        pace=QUICK,
        jitter=Jitter(1),
        cache_dir=folder,
    )


def venue_of(name: str, exchange: Any, markets: list[Market]) -> Venue:
    """A venue that watches all of `markets` and asks `exchange`."""
    listed = listing(name, markets)
    capability = capability_of(name)
    assert capability is not None
    watched = Watched(listed, list(listed.instruments))
    return Venue(VenueSettings(name, name), capability, DIALECTS[name], exchange, watched)
