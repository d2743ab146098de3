"""How often, how long, how patient: every delay of the worker in one place, so that tests can be quick."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds, unless a name says otherwise."""

    throttle: bool = True
    """ccxt's own rate limit of each venue; only loopback venues may do without."""
    tick: float = 1.0
    sync: float = 10.0
    keep_alive: float = 30.0
    sign_of_life: float = 10.0
    """How often it is written that a liquidation feed hears its venue: while no row comes, no other record tells."""
    poll_limit: float = 20.0
    """A poll that takes longer is given up (pages of candles get this each)."""
    backoff_first: float = 1.0
    backoff_most: float = 60.0
    refused_first: float = 300.0
    refused_most: float = 900.0
    """For geo-blocks and what a venue does not have: asked again, but seldom."""
    perps: float = 60.0
    rest_liquidations: float = 10.0
    days: float = 3600.0
    listings: float = 900.0
    """The market list of a running venue is not asked for again sooner."""
    desk_candles: float = 60.0
    accept: float = 15.0
    """A socket subscription that is not accepted by then has failed."""
    ping: float = 10.0
    silence: float = 35.0
    """A socket without any frame for so long is dead: our pings make the venue answer."""
    look: float = 1.0
    """How often a socket is looked after."""
    settle: float = 8.0
    """At the start a less preferred price venue waits so long for the preferred ones."""
    source_back: float = 60.0
    """The preferred price venue must be well again for so long before prices go back to it."""
    source_failures: int = 3
    """With more failed polls of its tickers than that, a price venue is left (one without an answer counts twice)."""
    lost_after: int = 3
    """So many failures in a row, and a feed is told to be lost."""


class Jitter:
    """Small random deviations, so that polls do not march in step."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = Random(seed)

    def around(self, seconds: float, share: float = 0.1) -> float:
        """`seconds` more or less by up to `share` of it."""
        return seconds * (1 + share * (2 * self._random.random() - 1))


def backoff_seconds(failures: int, first: float, most: float) -> float:
    """The delay before try number `failures` + 1: doubles from `first` up to `most`."""
    return min(most, first * float(2 ** min(max(failures, 1) - 1, 16)))
