"""A venue's market list at work: had at the start, and asked for again when a contract turns up that it lacks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

from crashdesk.config.settings import VenueSettings
from crashdesk.model.records import Event, EventKind
from crashdesk.venues.dialects import DIALECTS, Params
from crashdesk.venues.errors import BadDataError, NoMarketListError, explain
from crashdesk.venues.exchange import Exchange
from crashdesk.venues.markets import FRESH_MS, STALE_MS, Market, cache_file, listing, read_cache, trim, write_cache
from crashdesk.venues.shared import Shared, Venue

_TICK_SIZE = 4
"""ccxt's `precisionMode` of most exchanges."""


async def load_markets(
    exchange: Exchange, settings: VenueSettings, shared: Shared, also: Sequence[str]
) -> list[Market]:
    """The venue's markets, with those named in `also`: from a cache of today, else the venue, else an older cache.

    Raises whatever the venue's failure raises when there is no cache either.
    """
    now = shared.clock.now_ms()
    path = cache_file(shared.cache_dir, settings)
    cached = read_cache(path, settings.exchange, now, FRESH_MS)
    if cached is not None and {market.get("symbol") for market in cached}.issuperset(settings.symbols):
        return cached
    try:
        markets = await _ask(exchange, shared, [*settings.symbols, *also], DIALECTS[settings.exchange].market_params)
    except Exception:  # whatever it is: an older list serves, and without one it goes on to the supervised border
        stale = read_cache(path, settings.exchange, now, STALE_MS)
        if stale is None:
            raise
        return stale
    write_cache(path, settings.exchange, now, markets)
    return markets


async def _ask(exchange: Exchange, shared: Shared, also: Sequence[str], params: Params) -> list[Market]:
    try:
        async with asyncio.timeout(3 * shared.pace.poll_limit):
            markets = trim(_in_ticks(exchange, await exchange.fetch_markets(dict(params))), also)
    except BadDataError as error:
        raise NoMarketListError(str(error)) from None
    except (
        TypeError,
        AttributeError,
        LookupError,
        ValueError,
        ArithmeticError,
    ):  # what ccxt trips over in a wrong shape
        raise NoMarketListError from None
    if not markets:
        raise NoMarketListError("no market in it")
    return markets


def _in_ticks(exchange: Exchange, markets: Sequence[Market]) -> Sequence[Market]:
    """The markets, without a precision that counts digits: what is read as one is the size of a tick."""
    if getattr(exchange, "precisionMode", _TICK_SIZE) == _TICK_SIZE:
        return markets
    return [{key: value for key, value in market.items() if key != "precision"} for market in markets]


class NewListings:
    """Asks for the market list again when `Watched.missed` is set, and adds what is new; what is known stays as it is.

    At most once in `Pace.listings` seconds, whether it succeeds or not; and that often where each contract is
    subscribed by itself, since the venue does not speak of one that is not.
    """

    def __init__(self, venue: Venue, shared: Shared, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._venue = venue
        self._shared = shared
        self._sleep = sleep

    async def run(self) -> None:
        """Wait for unknown contracts until cancelled."""
        missed, subscription = self._venue.watched.missed, self._venue.dialect.subscription
        every = self._shared.pace.listings if subscription is not None and subscription.prefix else None
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(every):
                    await missed.wait()
            missed.clear()
            try:
                await self._refresh()
            except Exception as error:  # noqa: BLE001 - the supervised border: the old list serves, it is asked again
                now, name = self._shared.clock.now_ms(), self._venue.name
                text = f"{name}: the market list could not be asked again: {explain(error).sentence}"
                self._shared.outbox.put([Event(EventKind.WORKER, now, now, text, venue=name)])
            await self._sleep(self._shared.pace.listings)
            if every is not None:
                missed.set()

    async def _refresh(self) -> None:
        venue, settings = self._venue, self._venue.settings
        also = [*settings.symbols, *venue.watched.symbols]
        markets = await _ask(venue.exchange, self._shared, also, venue.dialect.market_params)
        listed = venue.watched.listing
        known = listed.instruments.keys() | listed.dated.keys()
        fresh = [market for market in markets if market.get("symbol") not in known]
        if fresh:
            venue.exchange.set_markets([*(venue.exchange.markets or {}).values(), *fresh])
            venue.watched.learn(listing(venue.name, fresh, spot_positions=venue.dialect.spot_positions))
        path = cache_file(self._shared.cache_dir, settings)
        await asyncio.to_thread(write_cache, path, settings.exchange, self._shared.clock.now_ms(), markets)
