"""The candles of one venue: days of every symbol whose prices come from it, finer ones of what a desk looks at."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from crashdesk.model.records import Feed, HealthState, MarketKind
from crashdesk.model.timeframe import DAY_MS, Timeframe
from crashdesk.venues.errors import BadDataError, explain
from crashdesk.venues.pace import backoff_seconds
from crashdesk.venues.polling import Poller
from crashdesk.venues.series import Row, Series, aligned, build, rows_of
from crashdesk.venues.shared import Shared, Venue

_DAYS_BACK = 420
_BARS_BACK = 600
_WEEKS_BACK = 150
_REFRESH_BARS = 2
_MOST_PAGES = 60
_AFTER_CLOSE_S = 5.0
_NONE_SENT = "the venue sends none"
_WHOLE_VENUE = (HealthState.RATE_LIMITED, HealthState.UNREACHABLE, HealthState.RETRYING)

Key = tuple[str, Timeframe]


@dataclass(eq=False)
class _Job:
    """One series to keep fresh. `due` is on the loop's clock; `every` the seconds between refreshes."""

    series: Series
    every: float
    rank: int
    due: float = 0.0
    failures: int = 0
    error: Exception | None = None
    built: bool = False


class CandlesFeed:
    """Works off the series that are due, the desk's first; an answer for a symbol that has moved away is dropped."""

    def __init__(self, venue: Venue, shared: Shared) -> None:
        self._venue = venue
        self._shared = shared
        self._series: dict[Key, Series] = {}
        self._jobs: dict[Key, _Job] = {}
        self._health = shared.health.feed(venue.name, Feed.CANDLES)
        self.poller = Poller(self._health, shared.outbox, shared.pace, shared.jitter)

    async def run(self) -> None:
        """Poll until cancelled."""
        await self.poller.run(self._poll)

    async def _poll(self) -> tuple[float, str]:
        loop = asyncio.get_running_loop()
        probed = False
        while True:
            self._plan()
            due = [job for job in self._jobs.values() if job.due <= loop.time()]
            if not due and (probed or not self._all_failing()):
                break
            await self._shared.outbox.ready()
            job = self._next(due)
            probed = True
            try:
                async with asyncio.timeout(self._shared.pace.poll_limit):
                    await self._refresh(job)
            except Exception as error:  # a bad symbol must not stop the others, a bad venue is Poller's
                self._put_off(job, error, loop.time())
                if explain(error).state in _WHOLE_VENUE:
                    raise
            else:
                self._came(job, loop.time())
        if self._all_failing():
            raise next(job.error for job in self._jobs.values() if job.error is not None)
        next_due = min((job.due for job in self._jobs.values()), default=loop.time() + self._shared.pace.days)
        return max(0.05, next_due - loop.time()), self._detail()

    def _next(self, due: list[_Job]) -> _Job:
        """The job to do now; with none due, the one that comes next."""
        return (
            min(due, key=lambda one: (one.rank, one.due)) if due else min(self._jobs.values(), key=lambda one: one.due)
        )

    def _all_failing(self) -> bool:
        """Whether there are series and none of them can be had: then one is tried at each of Poller's tries."""
        return bool(self._jobs) and all(job.error is not None for job in self._jobs.values())

    def _detail(self) -> str:
        """What the health line says of series that are missing."""
        errors = [job.error for job in self._jobs.values() if job.error is not None]
        empty = [job for job in self._jobs.values() if job.error is None and job.series.empty]
        if not errors and not empty:
            return ""
        reason = explain(errors[0]).sentence if errors else _NONE_SENT
        return f"{len(errors) + len(empty)} series without candles: {reason}"

    def _came(self, job: _Job, now: float) -> None:
        """The series' answer has come; when nothing worked before it, the others are asked again at once."""
        if not self._health.ok:
            self._health.well("loading the history")
            for other in self._jobs.values():
                other.due = now if other.error is not None else other.due
        job.failures, job.error = 0, None
        wait = self._seconds_to_next(job)
        soon = job.series.empty or job.series.hole_ms() is not None
        job.due = now + (min(wait, self._shared.pace.desk_candles) if soon else wait)

    def _put_off(self, job: _Job, error: Exception, now: float) -> None:
        job.failures += 1
        job.error = error
        job.due = now + backoff_seconds(job.failures, self._shared.pace.backoff_most / 4, self._shared.pace.days)

    def _plan(self) -> None:
        """Bring the jobs in line with what is wanted now."""
        wanted = self._wanted()
        for key in [key for key in self._jobs if key not in wanted]:
            del self._jobs[key]
        for key, (every, rank) in wanted.items():
            job = self._jobs.get(key)
            if job is None:
                series = self._series.setdefault(key, Series(self._venue.name, *key))
                series.newest_ms = None  # begin anew: what was missed while another venue had the symbol comes too
                self._jobs[key] = _Job(series, every, rank)
            else:
                job.due = min(job.due, asyncio.get_running_loop().time() + every) if every < job.every else job.due
                job.every, job.rank = every, rank

    def _wanted(self) -> dict[Key, tuple[float, int]]:
        """(seconds between refreshes, rank) of each series."""
        pace = self._shared.pace
        mine = self._shared.sources.symbols_of(self._venue.name)
        close = [key for key in self._shared.wants.series if key[0] in mine]
        wanted: dict[Key, tuple[float, int]] = {
            key: (pace.days if key[1] is Timeframe.D1 else pace.desk_candles, 0) for key in close
        }
        for symbol in mine:
            wanted.setdefault((symbol, Timeframe.D1), (pace.days, 1))
            kind = self._venue.watched.listing.instruments[symbol].kind
            if kind not in self._venue.capability.true_24h:
                wanted.setdefault((symbol, Timeframe.H1), (pace.days, 2))
        return wanted

    def _seconds_to_next(self, job: _Job) -> float:
        """The usual time, or just after the running candle's close when that comes first."""
        now = self._shared.clock.now_ms()
        length = job.series.timeframe.ms
        to_close = (length - now % length) / 1000 + _AFTER_CLOSE_S
        return min(self._shared.jitter.around(job.every), to_close)

    async def _refresh(self, job: _Job) -> None:
        series = job.series
        since = self._since(series, self._shared.clock.now_ms())
        rows = await self._rows(job, since)
        if self._shared.sources.venue_of(series.symbol) != self._venue.name:
            return
        self._shared.outbox.put(series.news(rows, self._shared.clock.now_ms()))
        series.asked_from(since)

    async def _rows(self, job: _Job, since: int) -> list[Row]:
        """The series' candles from `since` on, built from 4h candles where the venue's own are not UTC's."""
        series, now = job.series, self._shared.clock.now_ms()
        timeframe = series.timeframe
        long = timeframe in (Timeframe.D1, Timeframe.W1)
        if not (long and (job.built or not self._venue.capability.utc_days)):
            rows = await self._pages(series.symbol, timeframe, since, now)
            good = aligned(rows, timeframe)
            if len(good) == len(rows) or not long:
                return good
            self._health.set_aside(f"{timeframe} candle that does not open at 00:00 UTC", len(rows) - len(good))
            job.built = True
        parts = await self._pages(series.symbol, Timeframe.H4, since, now)
        return build(parts, Timeframe.H4, timeframe, now)

    def _since(self, series: Series, now: int) -> int:
        """From where a series is asked for: its newest candles, or the first one that is missing among the others."""
        length = series.timeframe.ms
        if series.newest_ms is not None:
            hole, newest = series.hole_ms(), series.newest_ms - _REFRESH_BARS * length
            return newest if hole is None else min(hole, newest)
        if series.timeframe is Timeframe.D1:
            return now - now % DAY_MS - _DAYS_BACK * DAY_MS
        back = _WEEKS_BACK if series.timeframe is Timeframe.W1 else _BARS_BACK
        start = now - back * length
        return start - (start - 4 * DAY_MS) % length if series.timeframe is Timeframe.W1 else start - start % length

    async def _pages(self, symbol: str, timeframe: Timeframe, since: int, now: int) -> list[Row]:
        """Candles from `since` to now, page by page; a page may be empty before a market was listed."""
        rows: dict[int, Row] = {}
        page = self._venue.dialect.page
        for _ in range(_MOST_PAGES):
            raw: Any = await self._venue.exchange.fetch_ohlcv(symbol, timeframe.value, since, page)
            usable = rows_of(raw, self._health.set_aside)
            if raw and not usable:
                raise BadDataError("no usable candle in it")
            found = [row for row in usable if row[0] >= since]
            rows.update({row[0]: row for row in found})
            since = found[-1][0] + timeframe.ms if found else since + page * timeframe.ms
            if since > now:
                break
        return self._in_coins(symbol, [rows[open_ms] for open_ms in sorted(rows)])

    def _in_coins(self, symbol: str, rows: list[Row]) -> list[Row]:
        kind: MarketKind = self._venue.watched.listing.instruments[symbol].kind
        if kind not in self._venue.dialect.usd_candles:
            return rows
        return [(*row[:5], row[5] / row[4]) for row in rows]
