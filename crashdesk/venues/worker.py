"""The worker: every configured venue, its clock, its control socket, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crashdesk.config.settings import DEFAULT_COINS, Settings
from crashdesk.model.control import AddSymbol, Command, RemoveSymbol, WantCandles
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.ports import Clock
from crashdesk.model.records import Event, EventKind, Liquidation, Record
from crashdesk.venues.capabilities import unseen_rows
from crashdesk.venues.control import serve_control
from crashdesk.venues.desk_wants import DeskWants
from crashdesk.venues.dialects import is_priced
from crashdesk.venues.health import HealthBook
from crashdesk.venues.outbox import Outbox, WorkerSink
from crashdesk.venues.pace import Jitter, Pace
from crashdesk.venues.runner import VenueRunner
from crashdesk.venues.shared import Seen, Shared
from crashdesk.venues.sources import PriceSources

_LOG = logging.getLogger(__name__)


Beside = Callable[[Callable[[Sequence[Record]], None]], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """What a worker may be told beyond the settings.

    `control` is the path of its control socket (None: none). `coins` are the basket coins for venues with neither
    symbols nor `top`. `seen` are the recording's newest liquidations, complete from `seen_from_ms` on, so that a
    venue's history is not written twice: what is older than that is not asked for. `on_trouble` gets each
    error of the sink, None when it takes records again.
    """

    cache_dir: Path
    control: Path | None = None
    coins: tuple[str, ...] = ()
    seen: Sequence[Liquidation] = ()
    on_trouble: Callable[[OSError | None], None] | None = None
    pace: Pace = field(default_factory=Pace)
    jitter_seed: int | None = None
    seen_from_ms: int | None = None
    beside: tuple[Beside, ...] = ()
    """What runs beside the venues and puts records of its own; it must not raise."""


async def run_worker(
    settings: Settings, sink: WorkerSink, clock: Clock, stop: asyncio.Event, options: WorkerOptions
) -> None:
    """Record the configured venues into `sink` until `stop` is set, then close cleanly.

    Raises CrashdeskError when no venue is enabled. What goes wrong at a venue is written as its health, and a sink that
    raises OSError is waited for; neither ends the worker.
    """
    worker = Worker(settings, sink, clock, options)
    await worker.run(stop)


class Worker:
    """The parts of a running worker, composed."""

    def __init__(self, settings: Settings, sink: WorkerSink, clock: Clock, options: WorkerOptions) -> None:
        venues = tuple(venue for venue in settings.venues if venue.enabled)
        if not venues:
            raise CrashdeskError("no venue is enabled: give config.toml a [venues.NAME] table")
        outbox = Outbox(sink, clock, options.on_trouble)
        pace = options.pace
        order = tuple(venue.name for venue in venues if is_priced(venue.exchange))
        self._options = options
        self._clock = clock
        self._shared = Shared(
            clock=clock,
            outbox=outbox,
            health=HealthBook(clock, outbox.put, pace.lost_after),
            sources=PriceSources(order, clock, outbox.put, pace),
            wants=DeskWants(settings.desk.symbol),
            pace=pace,
            jitter=Jitter(options.jitter_seed),
            cache_dir=options.cache_dir,
        )
        explicit = {symbol for venue in venues for symbol in venue.symbols}
        also = [] if settings.desk.symbol in explicit else [settings.desk.symbol]
        coins = options.coins or DEFAULT_COINS
        seen = Seen(options.seen, options.seen_from_ms)
        self._runners = [VenueRunner(venue, self._shared, coins, also, seen) for venue in venues]
        self._priced = [runner for runner in self._runners if runner.priced]
        self._unsure = {settings.desk.symbol: " (see [desk] symbol in config.toml)"}
        self._shared.sources.on_switch(self._wake_candles)
        self._shared.wants.on_change(self._wake_candles)

    async def run(self, stop: asyncio.Event) -> None:
        """Everything, until `stop` is set."""
        asyncio.get_running_loop().set_exception_handler(_quietly)
        self._tell_unseen()
        async with self._control():
            tasks = [asyncio.create_task(runner.run(), name=runner.settings.name) for runner in self._runners]
            tasks += [asyncio.create_task(work(self._shared.outbox.put)) for work in self._options.beside]
            tasks.append(asyncio.create_task(self._pulse(), name="pulse"))
            tasks.append(asyncio.create_task(self._shared.outbox.run(), name="outbox"))
            try:
                await self._until_stopped(stop, tasks)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                self._shared.health.stop()
                self._shared.outbox.tick()
                self._shared.outbox.sync()

    def _tell_unseen(self) -> None:
        """Venues that are missing from every total, whatever is configured."""
        configured = {runner.settings.name for runner in self._runners}
        for row in unseen_rows():
            if row.exchange not in configured:
                self._shared.health.absent(row.exchange, row.note)

    def command(self, command: Command) -> None:
        """What a desk asks for. Raises ValueError when it cannot be done."""
        match command:
            case WantCandles(symbol, timeframe):
                if self._shared.sources.venue_of(symbol) is None:
                    self._add(symbol)
                self._shared.wants.want(symbol, timeframe)
                self._doubt(symbol)
            case AddSymbol(symbol):
                self._add(symbol)
                self._doubt(symbol)
            case RemoveSymbol(symbol):
                for runner in self._priced:
                    runner.remove(symbol)
                self._shared.wants.forget(symbol)
                self._unsure.pop(symbol, None)

    def _add(self, symbol: str) -> None:
        listed = [runner.add(symbol) for runner in self._priced]
        if not any(listed) and all(runner.venue is not None or runner.hopeless for runner in self._priced):
            raise ValueError(self._unlisted(symbol))

    def _doubt(self, symbol: str) -> None:
        """Raises ValueError when only venues that cannot be reached may list it; while they load, it is told later."""
        if not all(runner.tried for runner in self._priced):
            self._unsure.setdefault(symbol, "")
        elif words := self._unlisted(symbol):
            raise ValueError(words)

    def _unlisted(self, symbol: str) -> str:
        """The sentence about a symbol that no loaded venue lists, else an empty one."""
        if any(runner.lists(symbol) for runner in self._priced):
            return ""
        waiting = [one.settings.name for one in self._priced if one.venue is None and not one.hopeless]
        if not waiting:
            return f"no configured venue lists {symbol}"
        return f"no reachable venue lists {symbol}; not loaded yet: {', '.join(waiting)}"

    def _tell_unlisted(self) -> None:
        """Once every venue has loaded or failed: an event for each symbol in doubt that none of them lists."""
        if not self._unsure or not all(runner.tried for runner in self._priced):
            return
        now = self._clock.now_ms()
        told = [words + where for symbol, where in self._unsure.items() if (words := self._unlisted(symbol))]
        self._unsure.clear()
        self._shared.outbox.put([Event(EventKind.WORKER, now, now, text) for text in told])

    def _wake_candles(self) -> None:
        for runner in self._priced:
            runner.wake_candles()

    async def _until_stopped(self, stop: asyncio.Event, tasks: Sequence[asyncio.Task[None]]) -> None:
        """Waits for `stop`; a task that ends with an error nobody foresaw ends the worker with it."""
        stopped = asyncio.create_task(stop.wait())
        waiting: set[asyncio.Task[None] | asyncio.Task[bool]] = {stopped, *tasks}
        try:
            while not stopped.done():
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        finally:
            stopped.cancel()

    async def _pulse(self) -> None:
        """The clock's ticks, the keep-alive of health, and the disk's sync."""
        loop, pace, outbox = asyncio.get_running_loop(), self._options.pace, self._shared.outbox
        alive = heard = synced = loop.time()
        while True:
            await asyncio.sleep(pace.tick)
            outbox.tick()
            self._shared.sources.choose()
            self._tell_unlisted()
            if loop.time() - alive >= pace.keep_alive:
                alive = heard = loop.time()
                self._shared.health.keep_alive()
            elif loop.time() - heard >= pace.sign_of_life:
                heard = loop.time()
                self._shared.health.sign_of_life()
            if loop.time() - synced >= pace.sync:
                synced = loop.time()
                outbox.sync()

    @contextlib.asynccontextmanager
    async def _control(self) -> AsyncIterator[None]:
        """The control socket if there is to be one; without it the worker still records."""
        async with contextlib.AsyncExitStack() as stack:
            if self._options.control is not None:
                try:
                    await stack.enter_async_context(serve_control(self._options.control, self.command))
                except OSError as error:
                    now = self._clock.now_ms()
                    text = f"the control socket cannot be opened: {error.strerror or error}"
                    self._shared.outbox.put([Event(EventKind.WORKER, now, now, text)])
            yield


def _quietly(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """What ccxt and aiohttp leave behind in futures that nobody asks: no traceback on the user's terminal.

    Nothing is lost by it: feeds are judged by their answers and their traffic.
    """
    _LOG.debug("%s: %r", context.get("message"), context.get("exception"))
