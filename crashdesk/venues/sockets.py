"""The liquidation socket of one venue: whole messages in, watched by its own traffic, subscribed anew."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from crashdesk.model.records import Feed, Liquidation, MarketKind
from crashdesk.model.text import clean
from crashdesk.venues.dialects import Normaliser, Subscription
from crashdesk.venues.errors import BadDataError, SilenceError, explain
from crashdesk.venues.identity import Ledger
from crashdesk.venues.normalise.rows import UNKNOWN_SYMBOL, Context, Refusal
from crashdesk.venues.polling import retry_seconds
from crashdesk.venues.shared import Shared, Venue

_REMEMBER_MS = 120_000
"""What a socket can send again after a reconnect is its last message or two."""


class SocketFeed:
    """Connects, subscribes, watches over the traffic, and begins anew when anything is wrong, for ever."""

    def __init__(
        self, venue: Venue, shared: Shared, ledger: Ledger, normaliser: Normaliser, subscription: Subscription
    ) -> None:
        self._venue = venue
        self._shared = shared
        self._ledger = ledger
        self._normaliser = normaliser
        self._subscription = subscription
        self._health = shared.health.feed(venue.name, Feed.LIQUIDATIONS)
        self._accepted = 0
        self._refusal: str | None = None
        self._missing_since: int | None = None
        self._bad_frames = 0
        self._traffic: dict[str, int] = {}
        tap = venue.exchange.tap
        tap.on_message, tap.on_accepted, tap.on_refused = self._message, self._accept, self._refuse

    async def run(self) -> None:
        """Keep the subscription alive until cancelled; at the end an open gap is written."""
        try:
            while True:
                await self._shared.outbox.ready()
                try:
                    await self._connection()
                except Exception as error:  # noqa: BLE001 - the supervised border: every failure is mapped, tried again
                    delay = self._failed(error)
                await asyncio.sleep(delay)
        finally:
            self._end_gap("disconnected until the recorder ended")

    def _failed(self, error: Exception) -> float:
        fault = explain(error)
        pace, health = self._shared.pace, self._health
        if self._missing_since is None and health.ok:
            self._missing_since = health.last_message_ms
        delay = retry_seconds(fault, health.failures + 1, pace, self._shared.jitter)
        health.failed(fault, delay)
        health.tell_set_aside()
        return delay

    async def _connection(self) -> None:
        """One connection from the subscription to its end, which is always an exception."""
        self._ledger.begin()
        self._accepted, self._refusal = 0, None
        self._traffic.clear()
        requests = self._requests()
        watches = [asyncio.ensure_future(request) for request in requests]
        try:
            await self._supervise(watches)
        finally:
            await self._close()
            for watch in watches:
                watch.cancel()
            await asyncio.gather(*watches, return_exceptions=True)

    async def _supervise(self, watches: Sequence[asyncio.Future[Any]]) -> None:
        loop, pace = asyncio.get_running_loop(), self._shared.pace
        started = heard = loop.time()
        while True:
            await asyncio.wait(watches, timeout=pace.look, return_when=asyncio.FIRST_COMPLETED)
            self._check(watches)
            if self._new_traffic():
                heard = loop.time()
                self._health.alive()
            if self._accepted >= len(watches) and not self._health.ok:
                self._connected()
            if self._accepted < len(watches) and loop.time() - started > pace.accept:
                raise SilenceError("the subscription was not answered")
            if loop.time() - heard > pace.silence:
                raise SilenceError("no frame, not even a ping")
            self._ledger.tidy(self._shared.clock.now_ms() - _REMEMBER_MS)
            self._health.tell_set_aside()

    def _check(self, watches: Sequence[asyncio.Future[Any]]) -> None:
        """Raises when the subscription was refused, the connection ended, or frames cannot be read any more."""
        if self._refusal is not None:
            raise BadDataError(f"the subscription was refused: {clean(self._refusal, 100)}")
        for watch in watches:
            if watch.cancelled():
                raise SilenceError("the connection was closed")
            if watch.done():
                raise watch.exception() or SilenceError("the connection ended")
        bad = self._venue.exchange.tap.bad_frames
        if bad > self._bad_frames:
            self._health.set_aside("message that makes no sense", bad - self._bad_frames)
            self._bad_frames = bad

    def _new_traffic(self) -> bool:
        """Whether a frame of any kind has come on every connection since the last look, or on the only one."""
        newest = {url: client.last_message_at or 0 for url, client in (self._venue.exchange.clients or {}).items()}
        grown = [url for url, at in newest.items() if at > self._traffic.get(url, 0)]
        fresh = len(grown) == len(newest) and bool(newest)
        if fresh:
            self._traffic = newest
        return fresh

    def _connected(self) -> None:
        self._health.well()
        self._end_gap("disconnected")

    def _end_gap(self, reason: str) -> None:
        if self._missing_since is not None:
            self._health.gap(self._missing_since, self._shared.clock.now_ms(), reason)
            self._missing_since = None

    def _requests(self) -> list[Coroutine[Any, Any, Any]]:
        """The `watch_*` calls that subscribe; none of them ever returns, for the tap takes the messages."""
        exchange, subscription = self._venue.exchange, self._subscription
        if subscription.all_markets:
            return [exchange.watch_liquidations_for_symbols(None, None, None, dict(subscription.params))]
        listing = self._venue.watched.listing
        calls: list[Coroutine[Any, Any, Any]] = []
        for kind in (MarketKind.LINEAR, MarketKind.INVERSE):
            names = [contract.symbol for contract in listing.contracts.values() if contract.kind is kind]
            starts = range(0, len(names), subscription.batch)
            calls.extend(self._topics(names[start : start + subscription.batch]) for start in starts)
        return calls

    async def _topics(self, symbols: list[str]) -> Any:
        """One subscription of several topics, on the connection of their kind of contract."""
        exchange = self._venue.exchange
        url = await exchange.get_url_by_market_type(symbols[0], False, "watchLiquidations", {})  # noqa: FBT003 - ccxt's
        ids = [self._venue.watched.listing.ids[symbol] for symbol in symbols]
        topics = [self._subscription.topic + one for one in ids]
        return await exchange.watch_topics(url, [f"liquidations::{symbol}" for symbol in symbols], topics, {})

    def _accept(self) -> None:
        self._accepted += 1

    def _refuse(self, words: str) -> None:
        self._refusal = words

    def _message(self, message: object) -> None:
        """One whole message: equal rows within it are twins."""
        self._health.alive()
        context = Context(self._venue.name, self._venue.watched.listing.contracts, self._shared.clock.now_ms())
        fresh: list[Liquidation] = []
        for row in self._normaliser(message, context):
            if isinstance(row, Refusal):
                self._health.set_aside(row.reason)
                if row.reason == UNKNOWN_SYMBOL:
                    self._venue.watched.missed.set()
            elif self._ledger.admit(row):
                fresh.append(row)
        self._shared.outbox.put(self._venue.watched.untold(row.symbol for row in fresh))
        self._shared.outbox.put(fresh)

    async def _close(self) -> None:
        """Drop the connections, so that the next subscription starts on fresh ones."""
        clients = dict(self._venue.exchange.clients or {})
        self._venue.exchange.clients.clear()
        for client in clients.values():
            await client.close()
