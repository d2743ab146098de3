"""The loop of one polled feed: poll, then arm the timer; never two at once; patience when it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from crashdesk.model.records import HealthState
from crashdesk.venues.errors import Fault, explain
from crashdesk.venues.health import FeedHealth
from crashdesk.venues.outbox import Outbox
from crashdesk.venues.pace import Jitter, Pace, backoff_seconds

_REFUSED = (HealthState.UNREACHABLE, HealthState.GONE)


def retry_seconds(fault: Fault, failures: int, pace: Pace, jitter: Jitter) -> float:
    """The delay before the next try: backing off with jitter, never sooner than the venue asked."""
    refused = fault.state in _REFUSED
    first = pace.refused_first if refused else pace.backoff_first
    most = pace.refused_most if refused else pace.backoff_most
    delay = jitter.around(backoff_seconds(failures, first, most), 0.2)
    return max(delay, fault.retry_after_s or 0.0)


class Poller:
    """Runs one feed's polls for ever.

    `poll` asks once and returns the seconds until the next poll and a detail for the health line; whatever it raises is
    a failure. `wake` starts the next poll at once. `limit_s` ends a poll that hangs; None leaves that to `poll`.
    """

    def __init__(
        self,
        health: FeedHealth,
        outbox: Outbox,
        pace: Pace,
        jitter: Jitter,
        *,
        limit_s: float | None = None,
        on_failure: Callable[[Fault], None] | None = None,
    ) -> None:
        self._health = health
        self._outbox = outbox
        self._pace = pace
        self._jitter = jitter
        self._limit_s = limit_s
        self._on_failure = on_failure
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Do not wait for the timer."""
        self._wake.set()

    async def run(self, poll: Callable[[], Awaitable[tuple[float, str]]]) -> None:
        """Poll until cancelled."""
        while True:
            await self._outbox.ready()
            self._wake.clear()
            try:
                async with asyncio.timeout(self._limit_s):
                    seconds, detail = await poll()
            except Exception as error:  # noqa: BLE001 - the supervised border: every failure is mapped and tried again
                delay = self._failed(error)
            else:
                self._health.well(detail)
                delay = self._jitter.around(seconds)
            self._health.tell_set_aside()
            await self._sleep(delay)

    def _failed(self, error: Exception) -> float:
        fault = explain(error)
        delay = retry_seconds(fault, self._health.failures + 1, self._pace, self._jitter)
        self._health.failed(fault, delay)
        if self._on_failure is not None:
            self._on_failure(fault)
        return delay

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._wake.wait()
        except TimeoutError:
            return
