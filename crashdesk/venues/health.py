"""The state of every feed: written when it changes and as a keep-alive, with events when a feed is lost or back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crashdesk.model.ports import Clock
from crashdesk.model.records import (
    Event,
    EventKind,
    Feed,
    Gap,
    HealthState,
    Method,
    Record,
    RowsSetAside,
    VenueHealth,
)
from crashdesk.model.text import clean
from crashdesk.venues.errors import Fault

Emit = Callable[[Sequence[Record]], None]
_AT_ONCE = (HealthState.UNREACHABLE, HealthState.GONE)
_NO_FAULT = (HealthState.OK, HealthState.STARTING, HealthState.STOPPED)


class FeedHealth:
    """One feed of one venue. A feed is told to be lost after `lost_after` failures in a row, a refusal at once.

    `together` is a list that a venue's feeds share: those that this place cannot reach, or that wait for the market
    list, are lost as one, which is one event, and one when the first of them is back.
    """

    def __init__(
        self,
        venue: str,
        feed: Feed,
        clock: Clock,
        emit: Emit,
        *,
        method: Method | None = None,
        lost_after: int = 3,
        together: list[FeedHealth] | None = None,
    ) -> None:
        self.venue = venue
        self.feed = feed
        self.failures = 0
        self._clock = clock
        self._emit = emit
        self._method = method
        self._lost_after = lost_after
        self._lost_ms: int | None = None
        self._together = [] if together is None else together
        self._state = HealthState.STARTING
        self._since_ms = clock.now_ms()
        self._detail = ""
        self._last_ms: int | None = None
        self._retry_ms: int | None = None
        self._told = False
        self._partly = False
        self._aside: dict[str, int] = {}
        self._aside_told: dict[str, int] = {}

    @property
    def ok(self) -> bool:
        """Whether the feed is well."""
        return self._state is HealthState.OK

    @property
    def last_message_ms(self) -> int | None:
        """The last sign of life in UTC ms."""
        return self._last_ms

    def alive(self) -> None:
        """Any frame, ping or answer came."""
        self._last_ms = self._clock.now_ms()

    def partly(self, *, on: bool) -> None:
        """Whether some of what the venue publishes is not had here, though the feed works; its detail says what."""
        if on is not self._partly:
            self._partly, self._told = on, False

    def well(self, detail: str = "") -> None:
        """The feed works."""
        self.alive()
        self.failures = 0
        if self._lost_ms is not None:
            self._back(self._lost_ms)
        self._enter(HealthState.OK, detail, None)

    def starting(self, detail: str) -> None:
        """The feed begins, or begins anew."""
        self._enter(HealthState.STARTING, detail, None)

    def failed(self, fault: Fault, retry_s: float | None, *, whole: bool = False) -> None:
        """A poll or a connection failed; it is tried again in `retry_s` seconds (None: not before a restart).

        `whole` is for what has struck all feeds of the venue.
        """
        self.failures += 1
        now = self._clock.now_ms()
        if self._lost_ms is None and (self.failures >= self._lost_after or fault.state in _AT_ONCE):
            self._lose(fault, now, whole=whole)
        self._enter(fault.state, fault.sentence, None if retry_s is None else now + int(retry_s * 1000))

    def absent(self, reason: str) -> None:
        """There is no such feed, and there will be none."""
        self._enter(HealthState.GONE, reason, None)

    def stopped(self) -> None:
        """The worker ends. What was wrong until then stays readable; a feed that there never was is not ended."""
        if self._method is Method.NONE:
            return
        before = "" if self._state in _NO_FAULT or not self._detail else f"; before that: {self._detail}"
        self._enter(HealthState.STOPPED, f"the recorder has ended{before}", None)

    def gap(self, start_ms: int, end_ms: int, reason: str) -> None:
        """Data between the two times is known to be missing."""
        self._emit([Gap(self.venue, self.feed, start_ms, max(start_ms, end_ms), clean(reason, 200))])

    def set_aside(self, reason: str, rows: int = 1) -> None:
        """Rows were not trusted; the totals go out with `tell_set_aside`."""
        self._aside[reason] = self._aside.get(reason, 0) + rows

    def tell_set_aside(self) -> None:
        """Write the totals that have grown."""
        grown = [reason for reason, rows in self._aside.items() if self._aside_told.get(reason) != rows]
        if grown:
            self._aside_told.update({reason: self._aside[reason] for reason in grown})
            self._emit([RowsSetAside(self.venue, self.feed, reason, self._aside[reason]) for reason in grown])

    def record(self) -> VenueHealth:
        """The state as it is now.

        A feed that this place cannot reach shows nothing, whatever its method; one that is had in part is not complete.
        """
        method = self._method
        if method is not None and self._state is HealthState.UNREACHABLE:
            method = Method.UNREACHABLE
        elif method is Method.COMPLETE and self._partly:
            method = Method.PARTIAL
        return VenueHealth(
            self.venue, self.feed, self._state, method, self._since_ms, self._detail, self._last_ms, self._retry_ms
        )

    def _enter(self, state: HealthState, detail: str, retry_ms: int | None) -> None:
        detail = clean(detail, 200)
        if (state, detail) == (self._state, self._detail) and self._retry_ms == retry_ms and self._told:
            return
        if state is not self._state:
            self._since_ms = self._clock.now_ms()
        self._state, self._detail, self._retry_ms = state, detail, retry_ms
        self._told = True
        self._emit([self.record()])

    def _lose(self, fault: Fault, now_ms: int, *, whole: bool) -> None:
        self._lost_ms = now_ms
        if whole or fault.state is HealthState.UNREACHABLE:
            self._together.append(self)
            if len(self._together) > 1:
                return
        self._event(EventKind.FEED_LOST, now_ms, fault.sentence, whole=whole)

    def _back(self, since_ms: int) -> None:
        """What was lost with this feed begins anew: what is still lost then tells it."""
        self._lost_ms = None
        whole = False
        if self in self._together:
            whole = len(self._together) > 1
            for feed in self._together:
                feed.failures, feed._lost_ms = 0, None
            self._together.clear()
        self._event(EventKind.FEED_BACK, since_ms, "back", whole=whole)

    def _event(self, kind: EventKind, start_ms: int, text: str, *, whole: bool) -> None:
        name = self.venue if whole else f"{self.venue} {self.feed.value.replace('_', ' ')}"
        self._emit([Event(kind, start_ms, self._clock.now_ms(), f"{name}: {text}", venue=self.venue)])


class HealthBook:
    """Every feed of the worker."""

    def __init__(self, clock: Clock, emit: Emit, lost_after: int) -> None:
        self._clock = clock
        self._emit = emit
        self._lost_after = lost_after
        self._feeds: dict[tuple[str, Feed], FeedHealth] = {}
        self._together: dict[str, list[FeedHealth]] = {}

    def feed(self, venue: str, feed: Feed, method: Method | None = None) -> FeedHealth:
        """The feed's health, made when it is asked for first."""
        key = (venue, feed)
        if key not in self._feeds:
            self._feeds[key] = FeedHealth(
                venue,
                feed,
                self._clock,
                self._emit,
                method=method,
                lost_after=self._lost_after,
                together=self._together.setdefault(venue, []),
            )
        return self._feeds[key]

    def absent(self, venue: str, reason: str) -> None:
        """A venue whose liquidations nobody sees, so that every total can name it."""
        self.feed(venue, Feed.LIQUIDATIONS, Method.NONE).absent(reason)

    def keep_alive(self) -> None:
        """Write the state of every feed as it is, and the totals of rows set aside."""
        for feed in self._feeds.values():
            feed.tell_set_aside()
        self._emit([feed.record() for feed in self._feeds.values()])

    def sign_of_life(self) -> None:
        """Write the state of the liquidation feeds as it is."""
        told = [feed.record() for (_, kind), feed in self._feeds.items() if kind is Feed.LIQUIDATIONS]
        if told:
            self._emit(told)

    def stop(self) -> None:
        """The worker ends: every feed with it."""
        for feed in self._feeds.values():
            feed.tell_set_aside()
            feed.stopped()
