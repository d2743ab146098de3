"""A market made by hand for alerts: frames at chosen times, and what the rules said of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crashdesk.config.alert_settings import AlertKind, AlertSettings, usual
from crashdesk.model.basket import Baskets
from crashdesk.model.records import (
    Batch,
    Event,
    EventKind,
    Feed,
    HealthState,
    Instrument,
    Liquidation,
    MarketKind,
    Method,
    PriceBasis,
    Record,
    Side,
    VenueHealth,
)
from crashdesk.session.alerts import AlertBook, Raised
from crashdesk.session.state import MarketState

T0 = 1_762_225_200_000
"""2025-11-04 03:00:00 UTC."""
MILLION = 1_000_000
BTC = Instrument("htx", "BTC/USDT:USDT", "BTC", "USDT", MarketKind.LINEAR, 0.001, 1)


def rule(kind: AlertKind, name: str = "mine", **changes: Any) -> AlertSettings:
    return usual(kind)._replace(name=name, **changes)


def row(
    at_ms: int, usd: float, side: Side = Side.LONG, venue: str = "htx", symbol: str = "BTC/USDT:USDT"
) -> Liquidation:
    """`usd` in dollars."""
    return Liquidation(venue, symbol, at_ms, side, 105_120.0, 1.0, round(usd * 1e6), PriceBasis.FILL, "{}")


def health(state: HealthState, at_ms: int, venue: str = "okx", feed: Feed = Feed.LIQUIDATIONS) -> VenueHealth:
    return VenueHealth(venue, feed, state, Method.PARTIAL, at_ms, "no network", at_ms, None)


def cascade(start_ms: int, end_ms: int, usd: float = 61.3e6) -> Event:
    micro = round(usd * 1e6)
    return Event(
        EventKind.CASCADE,
        start_ms,
        end_ms,
        "cascade $61.30M, 96% long",
        None,
        "BTC/USDT",
        micro,
        round(micro * 0.96),
        -1.9,
        900,
    )


class Rig:
    """A state and the rules; `frame` plays one frame, `said` is what was raised."""

    def __init__(self, *rules: AlertSettings, replayed: bool = False, start_ms: int = T0) -> None:
        self.raised: list[Raised] = []
        self.state = MarketState(Baskets("", "", "", ()), start_ms)
        self.book = AlertBook(rules, replayed=replayed, tell=self.raised.append)
        self.seq = 0
        self.silently(start_ms, [BTC])
        self.book.settle(self.state)

    def silently(self, at_ms: int, records: Sequence[Record]) -> None:
        """A frame that a seek folds."""
        self.seq += 1
        self.state.apply(Batch(self.seq, at_ms, tuple(records)))

    def frame(self, at_ms: int, *records: Record) -> None:
        """A frame that is played."""
        self.silently(at_ms, records)
        self.book.see(self.state, Batch(self.seq, at_ms, tuple(records)))

    def wait(self, until_ms: int, step_ms: int = 1_000) -> None:
        """The clock alone."""
        for at_ms in range(self.state.now_ms + step_ms, until_ms + 1, step_ms):
            self.frame(at_ms)

    @property
    def said(self) -> list[str]:
        return [raised.text for raised in self.raised]
