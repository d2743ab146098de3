"""The liquidation socket of one venue: whole messages in, watched by its own traffic, subscribed anew."""

from __future__ import annotations

import asyncio
from typing import Any

from crashdesk.model.records import Feed, Liquidation
from crashdesk.model.text import clean
from crashdesk.venues.dialects import Normaliser
from crashdesk.venues.errors import BadDataError, SilenceError, explain
from crashdesk.venues.identity import Ledger
from crashdesk.venues.lifeline import Lifeline
from crashdesk.venues.normalise.rows import UNKNOWN_SYMBOL, Context, Refusal
from crashdesk.venues.polling import retry_seconds
from crashdesk.venues.shared import Shared, Venue
from crashdesk.venues.subscriber import Subscriber
from crashdesk.venues.subscriptions import Subscription

_REMEMBER_MS = 30_000
"""What a socket can send again after a reconnect is its last message or two."""
_OVERLAP_MS = 5_000
_GRACE_S = 60.0
"""So long after a reconnect the rows from before it are not forgotten."""


class SocketFeed:
    """Connects, subscribes, watches over the traffic, and begins anew when anything is wrong, for ever."""

    def __init__(
        self, venue: Venue, shared: Shared, ledger: Ledger, normaliser: Normaliser, subscription: Subscription
    ) -> None:
        self._venue = venue
        self._shared = shared
        self._ledger = ledger
        self._normaliser = normaliser
        self._subscriber = Subscriber(venue, subscription)
        self._lifeline = Lifeline(shared.pace.silence, 3 * shared.pace.look)
        self._health = shared.health.feed(venue.name, Feed.LIQUIDATIONS)
        self._accepted = 0
        self._refusal: str | None = None
        self._missing_since: int | None = None
        self._bad_frames = 0
        tap = self._tap = venue.exchange.tap
        tap.picks = subscription.picks
        tap.on_message, tap.on_accepted, tap.on_refused = self._message, self._accept, self._refuse

    async def run(self) -> None:
        """Keep the subscription alive until cancelled; at the end an open gap is written.

        When it was cancelled before (another feed of the venue has died), what came since is missing.
        """
        if self._missing_since is None:
            self._missing_since = self._health.last_message_ms
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
        self._tap.data.clear()
        self._lifeline.begin()
        watches = self._subscriber.begin()
        try:
            await self._supervise(watches)
        finally:
            await self._close()
            for watch in watches:
                watch.cancel()
            await asyncio.gather(*watches, return_exceptions=True)

    async def _supervise(self, watches: list[asyncio.Future[Any]]) -> None:
        """Looks at everything again and again; `watches` grows with the market list."""
        loop, pace = asyncio.get_running_loop(), self._shared.pace
        started = asked = loop.time()
        while True:
            await asyncio.wait(watches, timeout=pace.look, return_when=asyncio.FIRST_COMPLETED)
            self._check(watches)
            now = loop.time()
            if self._lifeline.look(now, self._venue.exchange.clients or {}, self._tap.data):
                self._health.alive()
            if more := self._subscriber.more():
                watches += more
                asked = now
            if self._accepted < self._subscriber.due:
                if now - asked > pace.accept:
                    raise SilenceError("the subscription was not answered")
            elif not self._health.ok:
                await self._connected()
            if now - started > _GRACE_S:
                self._ledger.tidy(self._shared.clock.now_ms() - _REMEMBER_MS)
            self._health.tell_set_aside()

    def _check(self, watches: list[asyncio.Future[Any]]) -> None:
        """Raises when the subscription was refused or a connection ended; counts the frames that cannot be read."""
        if self._refusal is not None:
            self._subscriber.refused(self._refusal, steady_spoke=self._lifeline.spoke)
            raise BadDataError(f"the subscription was refused: {clean(self._refusal, 100)}")
        for watch in watches:
            if watch.cancelled():
                raise SilenceError("the connection was closed")
            if watch.done():
                raise watch.exception() or SilenceError("the connection ended")
        bad = self._tap.bad_frames
        if bad > self._bad_frames:
            self._health.set_aside("message that makes no sense", bad - self._bad_frames)
            self._bad_frames = bad

    async def _connected(self) -> None:
        self._health.partly(on=bool(self._subscriber.detail))
        self._health.well(self._subscriber.detail)
        if self._missing_since is not None and await self._filled(self._missing_since - _OVERLAP_MS):
            self._missing_since = None
        self._end_gap("disconnected")

    async def _filled(self, since_ms: int) -> bool:
        """Whether everything since then could be asked for; it is an answer of its own, as what follows is."""
        venue, backfill = self._venue, self._venue.dialect.backfill
        if backfill is None:
            return False
        try:
            async with asyncio.timeout(self._shared.pace.poll_limit):
                contracts = venue.watched.listing.contracts.values()
                page, whole = await backfill(venue.exchange, contracts, since_ms, self._shared.clock.now_ms())
        except Exception:  # noqa: BLE001 - the supervised border: what cannot be asked for is the gap that it was
            return False
        self._ledger.begin()
        self._message(page)
        self._ledger.begin()
        return whole

    def _end_gap(self, reason: str) -> None:
        if self._missing_since is not None:
            self._health.gap(self._missing_since, self._shared.clock.now_ms(), reason)
            self._missing_since = None

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
        self._shared.outbox.put_soon(fresh)

    async def _close(self) -> None:
        """Drop the connections, so that the next subscription starts on fresh ones."""
        clients = dict(self._venue.exchange.clients or {})
        self._venue.exchange.clients.clear()
        for client in clients.values():
            await client.close()
