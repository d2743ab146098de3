"""One venue from its market list to its feeds."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Coroutine, Sequence
from typing import Any

from crashdesk.config.settings import VenueSettings
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.records import Event, EventKind, Feed, HealthState
from crashdesk.venues.candles import CandlesFeed
from crashdesk.venues.capabilities import Capability, Reach, Way, capability_of
from crashdesk.venues.dialects import DIALECTS, is_priced
from crashdesk.venues.errors import BadDataError, Fault, UnlistedError, explain
from crashdesk.venues.exchange import Exchange, make_exchange
from crashdesk.venues.health import FeedHealth
from crashdesk.venues.identity import Ledger
from crashdesk.venues.market_list import NewListings, load_markets
from crashdesk.venues.markets import listing
from crashdesk.venues.perps import FundingFeed, InterestFeed, PerpBook
from crashdesk.venues.polling import retry_seconds
from crashdesk.venues.quotes import largest, wanted_symbols
from crashdesk.venues.rest_liquidations import RestLiquidations
from crashdesk.venues.shared import Seen, Shared, Venue, Watched
from crashdesk.venues.sockets import SocketFeed
from crashdesk.venues.tickers import TickersFeed

_NAMED = 5


class VenueRunner:
    """Runs one configured venue for ever; whatever goes wrong stays inside and is told as health.

    `venue` is there once the market list is. `tried` is whether it is or its loading has failed at least once,
    `hopeless` whether it never will be.
    """

    def __init__(
        self,
        settings: VenueSettings,
        shared: Shared,
        coins: tuple[str, ...],
        also: Sequence[str],
        seen: Seen,
    ) -> None:
        self.settings = settings
        self.venue: Venue | None = None
        self.tried = False
        self.hopeless = False
        self._shared = shared
        self._coins = coins
        self._also = dict.fromkeys(also)
        self._seen = seen
        self._exchange: Exchange | None = None
        self._candles: CandlesFeed | None = None
        self._tickers: TickersFeed | None = None
        self._liquidations: SocketFeed | RestLiquidations | None = None

    @property
    def priced(self) -> bool:
        """Whether the venue is a source of prices, not of liquidations alone."""
        return is_priced(self.settings.exchange)

    async def run(self) -> None:
        """Load the markets, then run the feeds until cancelled; closes the exchange at the end."""
        capability = capability_of(self.settings.exchange)
        feeds = self._feeds(capability)
        for feed in feeds:
            feed.starting("loading the market list")
        if not self.priced:
            await self._shared.sources.all_heard()
        try:
            self._exchange = make_exchange(self.settings, self._shared.clock, self._shared.pace)
            await self._load(feeds)
            while True:
                await self._run_feeds(feeds)
        except (UnlistedError, CrashdeskError, LookupError) as error:
            self.tried = self.hopeless = True
            fault = Fault(HealthState.GONE, str(error))
            self._tell_prices(fault)
            for feed in feeds:
                feed.failed(fault, None, whole=True)
        finally:
            if self._exchange is not None:
                await self._exchange.close()

    def add(self, symbol: str) -> bool:
        """Poll one more symbol if the venue lists it; before the market list is there, remember it."""
        if self.venue is None:
            self._also[symbol] = None
            return False
        if self.venue.watched.add(symbol):
            self._watch_changed(self.venue)
        return self.lists(symbol)

    def lists(self, symbol: str) -> bool:
        """Whether the venue's market list is there and has the symbol."""
        return self.venue is not None and symbol in self.venue.watched.listing.instruments

    def remove(self, symbol: str) -> None:
        """Poll a symbol no more."""
        self._also.pop(symbol, None)
        if self.venue is not None and self.venue.watched.remove(symbol):
            self._watch_changed(self.venue)

    def wake_candles(self) -> None:
        """What is wanted has changed."""
        if self._candles is not None:
            self._candles.poller.wake()

    def _tell_prices(self, fault: Fault) -> None:
        if self.priced:
            self._shared.sources.fails(self.settings.name, fault)

    def _watch_changed(self, venue: Venue) -> None:
        self._shared.outbox.put(venue.watched.untold())
        self._shared.sources.lists(venue.name, venue.watched.symbols)
        if self._tickers is not None:
            self._tickers.poller.wake()

    def _feeds(self, capability: Capability | None) -> list[FeedHealth]:
        """The health of each feed that the venue has."""
        book, name = self._shared.health, self.settings.name
        feeds = []
        if self.priced:
            feeds += [book.feed(name, Feed.TICKERS), book.feed(name, Feed.CANDLES)]
        if capability is not None and capability.funding is not Reach.NONE:
            feeds.append(book.feed(name, Feed.FUNDING))
        if capability is not None and capability.open_interest is not Reach.NONE:
            feeds.append(book.feed(name, Feed.OPEN_INTEREST))
        if capability is not None and capability.liquidations is not Way.NONE:
            feeds.append(book.feed(name, Feed.LIQUIDATIONS, capability.method))
        return feeds

    async def _load(self, feeds: list[FeedHealth]) -> None:
        """The market list, from the cache or the venue, tried until it is there."""
        while self.venue is None:
            await self._shared.outbox.ready()
            try:
                self.venue = await self._open(self._exchange)
                self.tried = True
            except Exception as error:  # noqa: BLE001 - the supervised border: every failure is mapped and tried again
                fault = explain(error)
                delay = retry_seconds(fault, feeds[0].failures + 1, self._shared.pace, self._shared.jitter)
                self.tried = True
                self._tell_prices(fault)
                for feed in feeds:
                    feed.failed(fault, delay, whole=True)
                await asyncio.sleep(delay)

    async def _open(self, exchange: Exchange) -> Venue:
        settings = self.settings
        capability = capability_of(settings.exchange)
        if capability is None:
            raise UnlistedError(f"exchange {settings.exchange!r} is not known")
        markets = await load_markets(exchange, settings, self._shared, list(self._also))
        exchange.set_markets(markets)
        dialect = DIALECTS[settings.exchange]
        listed = listing(settings.name, markets, spot_positions=dialect.spot_positions)
        gc.collect()
        gc.freeze()
        symbols, unlisted = wanted_symbols(listed.instruments, settings.symbols, self._coins)
        venue = Venue(settings, capability, dialect, exchange, Watched(listed, symbols))
        if settings.top and not settings.symbols and self.priced:
            venue = await _with_largest(venue, self._shared, settings.top)
        for symbol in self._also if self.priced else ():
            venue.watched.add(symbol)
        if unlisted and self.priced:
            self._tell_unlisted(unlisted)
        if (settings.symbols or settings.top) and not self.priced:
            key = "symbols" if settings.symbols else "top"
            self._tell(f"{settings.name} is asked for liquidations alone: venues.{settings.name}.{key} is not used")
        return venue

    def _tell_unlisted(self, symbols: list[str]) -> None:
        name = self.settings.name
        more = f" and {len(symbols) - _NAMED} more" if len(symbols) > _NAMED else ""
        named = ", ".join(symbols[:_NAMED]) + more
        self._tell(f"{name} does not list {named}: see venues.{name}.symbols in config.toml")

    def _tell(self, text: str) -> None:
        now = self._shared.clock.now_ms()
        self._shared.outbox.put([Event(EventKind.WORKER, now, now, text, venue=self.settings.name)])

    async def _run_feeds(self, feeds: list[FeedHealth]) -> None:
        venue, shared = self.venue, self._shared
        if venue is None:
            raise BadDataError("no market list")
        for feed in feeds:
            feed.starting("")
        shared.outbox.put(venue.watched.untold())
        running = [NewListings(venue, shared).run()]
        if self.priced:
            running += self._prices(venue)
        if self._liquidations is None:  # made once: what it knows of the rows that came must outlive a fault
            self._liquidations = _liquidation_feed(venue, shared, self._seen)
        if self._liquidations is not None:
            running.append(self._liquidations.run())
        try:
            async with asyncio.TaskGroup() as group:
                for work in running:
                    group.create_task(work)
        except* Exception as errors:  # noqa: BLE001 - a fault of ours in one venue must not end the others
            await self._start_over(feeds, errors.exceptions[0])

    def _prices(self, venue: Venue) -> list[Coroutine[Any, Any, None]]:
        """The feeds of a venue that is a source of prices."""
        shared = self._shared
        tickers = self._tickers = TickersFeed(venue, shared)
        candles = self._candles = CandlesFeed(venue, shared)
        book = PerpBook(venue, shared)
        shared.sources.lists(venue.name, venue.watched.symbols)
        running = [tickers.run(), candles.run()]
        if venue.capability.funding is not Reach.NONE:
            running.append(FundingFeed(venue, shared, book).run())
        if venue.capability.open_interest is not Reach.NONE and venue.dialect.interest_field is None:
            running.append(InterestFeed(venue, shared, book, tickers.last_price).run())
        return running

    async def _start_over(self, feeds: list[FeedHealth], error: BaseException) -> None:
        """A feed has died of something that its own supervision let through."""
        fault = explain(error)
        delay = retry_seconds(fault, feeds[0].failures + 1, self._shared.pace, self._shared.jitter)
        for feed in feeds:
            feed.failed(fault, delay)
        await asyncio.sleep(delay)


async def _with_largest(venue: Venue, shared: Shared, count: int) -> Venue:
    """The venue with its `count` largest markets by 24h volume as its symbols."""
    everything = list(venue.watched.listing.instruments)
    whole = Venue(
        venue.settings,
        venue.capability,
        venue.dialect,
        venue.exchange,
        Watched(venue.watched.listing, everything),
    )
    quotes = await TickersFeed(whole, shared).ask_all()
    symbols = largest(quotes, venue.watched.listing.instruments, count)
    if not symbols:
        raise BadDataError("no volume in it")
    watched = Watched(venue.watched.listing, symbols)
    return Venue(venue.settings, venue.capability, venue.dialect, venue.exchange, watched)


def _liquidation_feed(venue: Venue, shared: Shared, seen: Seen) -> SocketFeed | RestLiquidations | None:
    """The feed by which the venue tells of liquidations, None when it does not."""
    normaliser, subscription, pager = venue.dialect.normaliser, venue.dialect.subscription, venue.dialect.pager
    if normaliser is None:
        return None
    if pager is not None:
        return RestLiquidations(venue, shared, seen, normaliser, pager)
    if subscription is None:
        return None
    ledger = Ledger()
    ledger.seed(row for row in seen.rows if row.venue == venue.name)
    return SocketFeed(venue, shared, ledger, normaliser, subscription)
