"""Liquidations that a venue only tells when asked: overlapping pages, each row once, nothing missed in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from crashdesk.model.records import Feed, HealthState, Liquidation
from crashdesk.venues.dialects import Normaliser
from crashdesk.venues.errors import BadDataError, Fault, HttpRefusalError, explain
from crashdesk.venues.identity import Ledger, Refused
from crashdesk.venues.normalise.rows import (
    EARLIEST_MS,
    FUTURE_MS,
    NOT_IN_DOLLARS,
    UNKNOWN_SYMBOL,
    Context,
    Refusal,
)
from crashdesk.venues.paging.backlog import Backlog, Lost, Page
from crashdesk.venues.paging.pages import Pager, Span
from crashdesk.venues.polling import Poller
from crashdesk.venues.shared import Seen, Shared, Venue

_FIRST_MS = 24 * 3_600_000
"""How far back the first poll reads: the longest window of the desk."""
_WHOLE_VENUE = (HealthState.RATE_LIMITED, HealthState.UNREACHABLE, HealthState.RETRYING)
_HOPELESS = (HealthState.BAD_DATA, HealthState.GONE)
_NO_FAULT_OF_THE_PAGE = (UNKNOWN_SYMBOL, NOT_IN_DOLLARS)
_MINUTE_MS = 60_000


@dataclass(slots=True)
class _Source:
    """One source at work: the spans still to ask for, the rows known, the gaps written (by their ends)."""

    name: str
    backlog: Backlog
    ledger: Ledger
    refused: Refused = field(default_factory=Refused)
    told: set[int] = field(default_factory=set)


class RestLiquidations:
    """Polls the venue's sources in turn, the newest rows first. History is ordinary rows with old times.

    What fails is asked for again, so that nothing between two answers is missed; what the venue does not give any more
    is a gap. `seen` is what the recording has already.
    """

    def __init__(self, venue: Venue, shared: Shared, seen: Seen, normaliser: Normaliser, pager: Pager) -> None:
        self._venue = venue
        self._shared = shared
        self._normaliser = normaliser
        self._pager = pager
        self._seen = [row for row in seen.rows if row.venue == venue.name]
        self._seen_from_ms = None if seen.since_ms is None else seen.since_ms + FUTURE_MS
        self._sources: dict[str, _Source] = {}
        self._wait_s = pager.rules.every_s if shared.pace.throttle else 0.0
        self._health = shared.health.feed(venue.name, Feed.LIQUIDATIONS)
        self.poller = Poller(self._health, shared.outbox, shared.pace, shared.jitter)

    async def run(self) -> None:
        """Poll until cancelled; history that was not asked for by then is a gap."""
        try:
            await self.poller.run(self._poll)
        finally:
            for source in self._sources.values():
                for start, end in source.backlog.waiting():
                    self._gap(source, Lost(start, end, "not asked for until the recorder ended"))

    async def _poll(self) -> tuple[float, str]:
        pace = self._shared.pace
        names = self._pager.sources(self._venue.watched.perpetuals)
        if not names:
            return pace.rest_liquidations, "no perpetual is watched"
        failed: list[Fault] = []
        for name in names:
            try:
                await self._ask(self._source(name))
            except Exception as error:  # one contract's trouble is its own, the venue's is Poller's
                self._patience(error)
                failed.append(explain(error))
                if failed[-1].state in _WHOLE_VENUE or len(failed) == len(names):
                    raise
        self._health.partly(on=bool(failed))
        return max(pace.rest_liquidations, self._wait_s), self._detail(len(names), failed)

    def _patience(self, error: Exception) -> None:
        """A venue that shuts out whoever asks too often, and does not say for how long, is left alone so long."""
        cool_s = self._pager.rules.cool_s if self._shared.pace.throttle else None
        if isinstance(error, HttpRefusalError) and error.retry_after_s is None:
            error.retry_after_s = cool_s

    def _detail(self, asked: int, failed: Sequence[Fault]) -> str:
        rules, words = self._pager.rules, []
        if rules.whole_venue:
            words.append("all contracts are asked for" if not failed else f"{asked - len(failed)} of {asked} parts")
        else:
            words.append(f"{asked - len(failed)} of {len(self._venue.watched.listing.contracts)} contracts asked")
        waiting = [end - start for source in self._sources.values() for start, end in source.backlog.waiting()]
        if waiting:
            words.append(f"{sum(waiting) // _MINUTE_MS + 1} min of history still to be read")
        return ", ".join(words) + (f": {failed[0].sentence}" if failed else "")

    def _source(self, name: str) -> _Source:
        if name not in self._sources:
            known = [row for row in self._seen if self._pager.holds(name, row.symbol)]
            first = max(self._shared.clock.now_ms() - _FIRST_MS, self._seen_from_ms or 0)
            newest = max((row.ts_ms for row in known), default=None)
            ledger = Ledger()
            ledger.seed(known)
            self._sources[name] = _Source(name, Backlog(self._pager.rules, first, newest), ledger)
        return self._sources[name]

    async def _ask(self, source: _Source) -> None:
        """The newest page, then what waits, as far as one poll goes."""
        backlog, whole = source.backlog, False
        try:
            await self._page(source, backlog.live(self._shared.clock.now_ms()))
            for _ in range(self._pager.rules.requests - 1):
                span = backlog.take()
                if span is None:
                    break
                try:
                    await self._page(source, span)
                except BaseException as error:
                    hopeless = isinstance(error, Exception) and explain(error).state in _HOPELESS
                    if (lost := backlog.failed(span, hopeless=hopeless)) is not None:
                        self._gap(source, lost)
                    raise
            whole = True
        finally:
            source.refused.end_round(whole=whole)
            source.ledger.tidy(backlog.floor_ms)
            source.told = {end for end in source.told if end >= backlog.floor_ms}

    async def _page(self, source: _Source, span: Span) -> None:
        """One request: its new rows are written, and what it leaves open waits."""
        backlog = source.backlog
        async with asyncio.timeout(self._shared.pace.poll_limit + self._wait_s):
            raw = await self._pager.ask(self._venue.exchange, source.name, backlog.request(span))
        latest = self._shared.clock.now_ms() + FUTURE_MS
        times = [at for row in raw if (at := self._pager.time_of(row)) is not None and EARLIEST_MS <= at <= latest]
        rows = self._trusted(source, raw)
        floor = backlog.floor_ms
        newest = max((row.ts_ms for row in rows), default=None)
        lost = backlog.answered(span, Page(times, len(raw) >= self._pager.rules.rows, newest))
        source.ledger.begin()
        fresh = [row for row in rows if row.ts_ms >= floor and source.ledger.admit(row)]
        fresh.sort(key=lambda row: row.ts_ms)
        self._shared.outbox.put(self._venue.watched.untold(row.symbol for row in fresh))
        self._shared.outbox.put(fresh)
        for one in lost:
            self._gap(source, one)

    def _trusted(self, source: _Source, raw: Sequence[object]) -> list[Liquidation]:
        """The rows of a page; refused ones are set aside once. Raises BadDataError when none can be trusted."""
        context = Context(self._venue.name, self._venue.watched.listing.contracts, self._shared.clock.now_ms())
        source.refused.begin()
        rows: list[Liquidation] = []
        bad = 0
        for entry in raw:
            for row in self._normaliser([entry], context):
                if not isinstance(row, Refusal):
                    rows.append(row)
                    continue
                bad += row.reason not in _NO_FAULT_OF_THE_PAGE
                if source.refused.is_new(json.dumps(entry)):
                    self._set_aside(row.reason)
        if bad and bad == len(raw):
            raise BadDataError("no row of a page can be trusted")
        return rows

    def _set_aside(self, reason: str) -> None:
        self._health.set_aside(reason)
        if reason == UNKNOWN_SYMBOL:
            self._venue.watched.missed.set()

    def _gap(self, source: _Source, lost: Lost) -> None:
        """Written once, though the pages of the next polls end there too."""
        if lost.end_ms not in source.told:
            source.told.add(lost.end_ms)
            where = "" if self._pager.rules.whole_venue else f"{source.name}: "
            self._health.gap(lost.start_ms, lost.end_ms, where + lost.reason)
