"""Making the ccxt instances of the configured venues."""

from __future__ import annotations

from typing import Any

from crashdesk.config.settings import VenueSettings
from crashdesk.model.ports import Clock
from crashdesk.venues.dialects import DIALECTS
from crashdesk.venues.errors import UnlistedError
from crashdesk.venues.pace import Pace
from crashdesk.venues.slim import exchange_class
from crashdesk.venues.taps import Tap, tapped
from crashdesk.venues.urls import rewrite_urls

TIMEOUT_MS = 10_000
_EXIT_MS = 20

Exchange = Any
"""A ccxt.pro instance with a `TappedMixin` in front; ccxt has no types worth the name."""


def make_exchange(settings: VenueSettings, clock: Clock, pace: Pace) -> Exchange:
    """The venue's ccxt.pro instance: rate-limited, without keys, on our clock, with its URLs and proxy as configured.

    Nothing is asked yet. Raises UnlistedError for an exchange that is not
    wired, CrashdeskError for a wrong URL.
    """
    dialect = DIALECTS.get(settings.exchange)
    if dialect is None:
        raise UnlistedError(f"exchange {settings.exchange!r} is not wired: see `crashdesk venues`")
    options: dict[str, object] = {"fetchMarkets": {"types": dialect.market_types}, "warnOnFetchOpenOrders": False}
    config: dict[str, object] = {
        "enableRateLimit": pace.throttle,
        "timeout": TIMEOUT_MS,
        "timeout_on_exit": _EXIT_MS,
        "options": options,
        "aiohttp_trust_env": settings.proxy is None,
    }
    kind = tapped(exchange_class(settings.exchange))
    kind.tap = Tap(clock)  # the constructor reads the time already
    exchange = kind(config)
    exchange.timeout_on_exit = _EXIT_MS
    exchange.has["fetchCurrencies"] = False
    exchange.streaming = exchange.streaming | {"keepAlive": int(1000 * pace.ping)}
    exchange.urls["api"] = rewrite_urls(exchange.urls["api"], settings.api_url, settings.ws_url)
    if settings.proxy is not None:
        exchange.httpsProxy = exchange.wssProxy = settings.proxy
    return exchange
