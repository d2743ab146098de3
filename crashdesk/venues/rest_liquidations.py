"""Liquidations that a venue only tells when asked, contract by contract: overlapping pages, each row once."""

from __future__ import annotations

import asyncio

from crashdesk.model.records import Feed, HealthState, Liquidation
from crashdesk.venues.dialects import Normaliser
from crashdesk.venues.errors import BadDataError, Fault, explain
from crashdesk.venues.identity import Ledger
from crashdesk.venues.normalise.rows import Context, Refusal
from crashdesk.venues.polling import Poller
from crashdesk.venues.shared import Shared, Venue

_FIRST_MS = 24 * 3_600_000
"""How far back the first poll reads: the longest window of the desk."""
_OVERLAP_MS = 60_000
"""Rows may come late by so much."""
_REMEMBER_MS = _FIRST_MS + 3_600_000
_PAGE = 100
_MOST_PAGES = 30
_WHOLE_VENUE = (HealthState.RATE_LIMITED, HealthState.UNREACHABLE, HealthState.RETRYING)


class RestLiquidations:
    """Polls the watched perpetuals in turn. The first poll's history is ordinary rows with old times.

    Rows from before `since_ms` are left out: the recording has them.
    """

    def __init__(
        self, venue: Venue, shared: Shared, ledger: Ledger, normaliser: Normaliser, since_ms: int | None
    ) -> None:
        self._venue = venue
        self._shared = shared
        self._ledger = ledger
        self._normaliser = normaliser
        self._newest: dict[str, int] = {}
        self._gaps: set[tuple[str, int]] = set()
        self._since_ms = since_ms or 0
        self._health = shared.health.feed(venue.name, Feed.LIQUIDATIONS)
        self.poller = Poller(self._health, shared.outbox, shared.pace, shared.jitter)

    async def run(self) -> None:
        """Poll until cancelled."""
        await self.poller.run(self._poll)

    async def _poll(self) -> tuple[float, str]:
        symbols = self._venue.watched.perpetuals
        if not symbols:
            return self._shared.pace.rest_liquidations, "no perpetual is watched"
        failed: list[Fault] = []
        for symbol in symbols:
            try:
                async with asyncio.timeout(self._shared.pace.poll_limit):
                    await self._contract(symbol)
            except Exception as error:  # one contract's trouble is its own, the venue's is Poller's
                failed.append(explain(error))
                if failed[-1].state in _WHOLE_VENUE or len(failed) == len(symbols):
                    raise
        self._ledger.tidy(self._shared.clock.now_ms() - _REMEMBER_MS)
        listed = len(self._venue.watched.listing.contracts)
        detail = f"{len(symbols) - len(failed)} of {listed} contracts asked"
        return self._shared.pace.rest_liquidations, f"{detail}: {failed[0].sentence}" if failed else detail

    async def _contract(self, symbol: str) -> None:
        """Pages back from now until what is known. Those that came before one failed count; all are asked for again."""
        now = self._shared.clock.now_ms()
        known = self._newest.get(symbol)
        horizon = max(now - _FIRST_MS, self._since_ms) if known is None else known - _OVERLAP_MS
        pages: list[list[Liquidation]] = []
        try:
            await self._pages(symbol, horizon, now, pages)
        finally:
            self._write(pages)
        newest = max((row.ts_ms for page in pages for row in page), default=now if known is None else known)
        self._newest[symbol] = newest if known is None else max(known, newest)

    async def _pages(self, symbol: str, horizon: int, now: int, pages: list[list[Liquidation]]) -> None:
        """Append to `pages`, newest first, down to `horizon` or the venue's end; what cannot be asked for is a gap."""
        until: int | None = None
        for _ in range(_MOST_PAGES):
            page, size = await self._page(symbol, until)
            pages.append(page)
            oldest = min((row.ts_ms for row in page), default=None)
            if size and oldest is None:
                raise BadDataError("no row of a page can be trusted")
            if oldest is None or size < _PAGE or oldest <= horizon:
                return
            if oldest == until:
                self._gap(symbol, oldest, oldest)
                oldest -= 1
            until = oldest
        self._gap(symbol, horizon, until or now)

    def _gap(self, symbol: str, start_ms: int, end_ms: int) -> None:
        """Written once, though the pages of the next polls end there too."""
        if (symbol, end_ms) not in self._gaps:
            self._gaps.add((symbol, end_ms))
            self._health.gap(start_ms, end_ms, f"{symbol}: more liquidations than can be asked for")

    def _write(self, pages: list[list[Liquidation]]) -> None:
        rows: list[Liquidation] = []
        for page in pages:
            rows = self._admit(page) + rows
        rows.sort(key=lambda row: row.ts_ms)
        self._shared.outbox.put(rows)

    async def _page(self, symbol: str, until: int | None) -> tuple[list[Liquidation], int]:
        """(rows, number of rows before refusals) of the newest page that ends at `until`, inclusive."""
        params = {} if until is None else {"until": until}
        answer = await self._venue.exchange.fetch_liquidations(symbol, None, _PAGE, params)
        if not isinstance(answer, list):
            raise BadDataError("not a list of liquidations")
        context = Context(self._venue.name, self._venue.watched.listing.contracts, self._shared.clock.now_ms())
        page = []
        for row in self._normaliser([entry.get("info") for entry in answer], context):
            if isinstance(row, Refusal):
                self._health.set_aside(row.reason)
            else:
                page.append(row)
        return page, len(answer)

    def _admit(self, page: list[Liquidation]) -> list[Liquidation]:
        self._ledger.begin()
        return [row for row in page if row.ts_ms >= self._since_ms and self._ledger.admit(row)]
