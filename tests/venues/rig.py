"""A real worker against the loopback venues: what it writes, and waiting for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from crashdesk.config.settings import DeskSettings, Settings, VenueSettings
from crashdesk.model.clock import SystemClock
from crashdesk.model.ports import Clock
from crashdesk.model.records import Record
from crashdesk.venues.pace import Pace
from crashdesk.venues.worker import Worker, WorkerOptions
from tests.loopback import LoopbackVenues

R = TypeVar("R")

QUICK = Pace(
    throttle=False,
    tick=0.05,
    sync=0.2,
    keep_alive=0.5,
    poll_limit=3.0,
    backoff_first=0.05,
    backoff_most=0.1,
    refused_first=0.1,
    refused_most=0.2,
    perps=1.0,
    rest_liquidations=0.2,
    desk_candles=2.0,
    accept=1.0,
    ping=0.3,
    silence=1.0,
    look=0.02,
    settle=3.0,
    source_back=0.6,
    source_failures=2,
)


class ListSink:
    """Keeps everything; refuses while `broken`."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.batches: list[list[Record]] = []
        self.ticks = 0
        self.syncs = 0
        self.broken = False
        self.changed = asyncio.Event()

    def append(self, records: Sequence[Record]) -> None:
        if self.broken:
            raise OSError(28, "No space left on device")
        assert len({type(record) for record in records}) == 1, "one kind in a batch"
        self.batches.append(list(records))
        self.records.extend(records)
        self.changed.set()

    def tick(self) -> None:
        if self.broken:
            raise OSError(28, "No space left on device")
        self.ticks += 1

    def sync(self) -> None:
        self.syncs += 1

    def of(self, what: type[R], **fields: object) -> list[R]:
        return [
            record
            for record in self.records
            if isinstance(record, what) and all(getattr(record, name) == value for name, value in fields.items())
        ]

    async def until(self, done: Callable[[], object], seconds: float = 15.0) -> None:
        async with asyncio.timeout(seconds):
            while not done():
                self.changed.clear()
                await self.changed.wait()


def venue(server: LoopbackVenues, name: str, *symbols: str, **more: object) -> VenueSettings:
    return VenueSettings(
        name=name,
        exchange=name,
        symbols=symbols,
        poll_seconds=0.1,
        api_url=server.api_url(name),
        ws_url=server.ws_url(name),
        **more,  # type: ignore[arg-type]
    )


@asynccontextmanager
async def working(
    folder: Path,
    *venues: VenueSettings,
    symbol: str = "BTC/USDT",
    clock: Clock | None = None,
    pace: Pace = QUICK,
    sink: ListSink | None = None,
    **options: object,
) -> AsyncIterator[tuple[Worker, ListSink]]:
    """A running worker and its sink; it is stopped, and must end cleanly, when the block ends."""
    sink = sink or ListSink()
    settings = Settings(venues=venues, desk=DeskSettings(symbol=symbol))
    made = WorkerOptions(cache_dir=folder / "cache", pace=pace, jitter_seed=1, **options)  # type: ignore[arg-type]
    worker = Worker(settings, sink, clock or SystemClock(), made)
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    failed = False
    try:
        yield worker, sink
    except BaseException:
        failed = True
        raise
    finally:
        stop.set()
        async with asyncio.timeout(10):
            await asyncio.gather(running, return_exceptions=failed)
