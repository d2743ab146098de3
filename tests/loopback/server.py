"""The servers: one port for each venue on 127.0.0.1, so that all paths stay the exchange's own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import WSMsgType, web

from tests.loopback import faults
from tests.loopback.binance import Binance
from tests.loopback.bitfinex import Bitfinex
from tests.loopback.bybit import Bybit
from tests.loopback.deribit import Deribit
from tests.loopback.faults import Fault
from tests.loopback.forced import Forced
from tests.loopback.gate import Gate
from tests.loopback.htx import Htx
from tests.loopback.kraken import Kraken
from tests.loopback.market import Market, read_frames
from tests.loopback.okx import Okx
from tests.loopback.venue import Socket, Venue

PRICED = ("okx", "binance", "binanceusdm", "bybit", "htx", "kraken")
VENUES = (*PRICED, "binancecoinm", "deribit", "gate", "bitfinex")
PULSE_SECONDS = 0.2
"""Venues tell their steady streams so often."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that came in. A socket's handshake is logged too."""

    venue: str
    path: str
    query: Mapping[str, str]


class LoopbackVenues:
    """All venues over one market. Use as an async context manager."""

    def __init__(self, market: Market | None = None, venues: Sequence[str] = VENUES) -> None:
        self.market = market or Market()
        made: dict[str, Callable[[], Venue]] = {
            "okx": lambda: Okx(self.market),
            "binance": lambda: Binance(self.market, "binance"),
            "binanceusdm": lambda: Binance(self.market, "binanceusdm"),
            "binancecoinm": lambda: Binance(self.market, "binancecoinm"),
            "deribit": lambda: Deribit(self.market),
            "bybit": lambda: Bybit(self.market),
            "htx": lambda: Htx(self.market),
            "kraken": lambda: Kraken(self.market),
            "gate": lambda: Gate(self.market),
            "bitfinex": lambda: Bitfinex(self.market),
        }
        self.venues = {name: made[name]() for name in venues}
        self.requests: list[Seen] = []
        self.pushed: list[tuple[str, Forced]] = []
        self.sockets: dict[str, list[Socket]] = {name: [] for name in venues}
        self._faults: dict[str, list[Fault]] = {name: [] for name in venues}
        self._ports: dict[str, int] = {}
        self._runners: list[web.AppRunner] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Condition()
        self._closing = asyncio.Event()

    async def __aenter__(self) -> Self:
        for name, venue in self.venues.items():
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", self._handler(venue))
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self._runners.append(runner)
            self._ports[name] = runner.addresses[0][1]
        self._pulsing = asyncio.create_task(self._pulse())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._pulsing.cancel()
        await asyncio.gather(self._pulsing, return_exceptions=True)
        await self.settled()
        for socket in [socket for sockets in self.sockets.values() for socket in sockets]:
            await socket.raw.close()
        for runner in self._runners:
            await runner.cleanup()

    def api_url(self, venue: str) -> str:
        """What `api_url` of the venue's table has to say."""
        return f"http://127.0.0.1:{self._ports[venue]}"

    def ws_url(self, venue: str) -> str:
        """What `ws_url` of the venue's table has to say."""
        return f"ws://127.0.0.1:{self._ports[venue]}"

    def symbols(self, venue: str, kinds: Iterable[str] = ("spot", "linear", "inverse")) -> list[str]:
        """The venue's unified symbols, dated futures left out."""
        wanted = set(kinds)
        return [one.symbol for one in self.venues[venue].listed if one.kind in wanted and not one.dated]

    def config_toml(
        self,
        venues: Sequence[str] | None = None,
        symbols: Mapping[str, Sequence[str]] | Sequence[str] | None = None,
        poll_seconds: float = 1.0,
    ) -> str:
        """A config.toml. `symbols`: for all venues (each takes what it lists) or by venue; None: all USDT ones.

        `binanceusdm` takes perpetuals, and beside it `binance` takes spot alone; venues without prices take none.
        """
        tables = []
        for name in venues or self.venues:
            kinds: tuple[str, ...] = ("spot", "linear", "inverse")
            if "binanceusdm" in (venues or self.venues):
                kinds = {"binance": ("spot",), "binanceusdm": ("linear",)}.get(name, kinds)
            if name not in PRICED:
                kinds = ()
            listed = self.symbols(name, kinds)
            asked = symbols.get(name, ()) if isinstance(symbols, Mapping) else symbols
            chosen = [s for s in listed if "/USD:" not in s] if asked is None else [s for s in asked if s in listed]
            names = ", ".join(f'"{symbol}"' for symbol in chosen)
            tables.append(
                f'[venues.{name}]\nexchange = "{name}"\nsymbols = [{names}]\npoll_seconds = {poll_seconds}\n'
                f'api_url = "{self.api_url(name)}"\nws_url = "{self.ws_url(name)}"\n'
            )
        return "\n".join(tables)

    def set_price(self, symbol: str, price: float) -> None:
        """Holds a coin (`BTC` or `BTC/USDT`) at a price on all venues from now on."""
        self.market.set_price(symbol.partition("/")[0], price)

    def fault(self, venue: str, kind: str, path: str | None = None, times: int | None = None) -> None:
        """Sets a fault; `ws_close`, `ws_garbage`, `ws_binary` strike the open sockets once, the other kinds stay.

        `ws_silent`, `ws_freeze` and `ws_stall` strike the open sockets and those to come. A `drop` that shall be
        noticed needs more than one time: aiohttp's client asks again by itself when a kept connection was closed.
        Raises ValueError for an unknown kind.
        """
        if kind in faults.SOCKET_KINDS:
            for socket in list(self.sockets[venue]):
                self._spawn(faults.strike(kind, socket))
            if kind in {"ws_close", "ws_garbage", "ws_binary"}:
                return
        elif kind not in faults.REST_KINDS:
            raise ValueError(
                f"no such fault: {kind}; known: {', '.join(sorted(faults.REST_KINDS | faults.SOCKET_KINDS))}"
            )
        self._faults[venue].append(Fault(kind, path, times))

    def clear_faults(self, venue: str | None = None) -> None:
        """Back to health; frozen and silenced sockets stay as they are."""
        for name in [venue] if venue else list(self._faults):
            self._faults[name].clear()

    async def settled(self) -> None:
        """Waits until what `fault` set in motion is done."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def liquidate(self, venue: str, *rows: Forced) -> list[object]:
        """Tells the subscribers of forced orders, all rows at once; returns the payloads in the venue's shape."""
        now = self.market.clock.now_ms()
        dated = [row if row.ts_ms is not None else replace(row, ts_ms=now) for row in rows]
        payloads = await self.venues[venue].push(self._hearing(venue), dated)
        self.pushed += [(venue, row) for row in dated]
        return payloads

    def _hearing(self, venue: str) -> list[Socket]:
        return [socket for socket in self.sockets[venue] if not socket.stalled]

    async def _pulse(self) -> None:
        while True:
            for name, venue in self.venues.items():
                await venue.pulse(self._hearing(name))
            await asyncio.sleep(PULSE_SECONDS)

    async def push_raw(self, venue: str, payload: object) -> int:
        """Sends a payload (text as it is, else JSON) to every socket of the venue; returns how many got it."""
        return sum([await socket.send(payload) for socket in list(self.sockets[venue])])

    async def play_frames(self, path: Path, per_message: int = 1, venue: str = "binanceusdm") -> int:
        """Plays a file of `forceOrder` frames to the subscribers, as fast as they read; returns how many frames.

        After each `per_message` frames the loop gets a turn, so that the reader sees bursts of that size.
        """
        binance = self.venues[venue]
        if not isinstance(binance, Binance):
            raise TypeError(f"{venue} has no forceOrder frames")
        count = 0
        for count, frame in enumerate(read_frames(path), 1):
            await binance.push_orders(self.sockets[venue], [frame["data"]])
            if count % per_message == 0:
                await asyncio.sleep(0)
        return count

    async def wait_subscribed(self, venue: str, topics: int = 1, timeout_seconds: float = 10.0) -> None:
        """Waits until the venue's sockets have that many accepted subscriptions in all. Raises TimeoutError."""
        await self._until(lambda: sum(len(s.topics) for s in self.sockets[venue]) >= topics, timeout_seconds)

    async def wait_topic(self, venue: str, topic: str, timeout_seconds: float = 10.0) -> None:
        """Waits until a socket of the venue has that subscription. Raises TimeoutError."""
        await self._until(lambda: any(topic in s.topics for s in self.sockets[venue]), timeout_seconds)

    async def wait_request(self, venue: str, path: str, count: int = 1, timeout_seconds: float = 10.0) -> None:
        """Waits until that many requests whose path holds `path` have come in. Raises TimeoutError."""
        await self._until(lambda: len(self.seen(venue, path)) >= count, timeout_seconds)

    def seen(self, venue: str, path: str = "") -> list[Seen]:
        """The requests of a venue whose path holds `path`."""
        return [one for one in self.requests if one.venue == venue and path in one.path]

    async def _until(self, done: Callable[[], bool], seconds: float) -> None:
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(done)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _standing(self, venue: Venue, path: str, kinds: frozenset[str]) -> Fault | None:
        return next((one for one in self._faults[venue.name] if one.kind in kinds and one.hits(path)), None)

    def _handler(self, venue: Venue) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            self.requests.append(Seen(venue.name, request.path, dict(request.query)))
            if request.headers.get("Upgrade", "").lower() == "websocket":
                return await self._socket(venue, request)
            reply = venue.rest(request.path, request.query)
            fault = self._standing(venue, request.path, faults.REST_KINDS)
            await self._tell()
            if fault is not None:
                reply = await faults.answer(fault, venue, request, reply, self._closing)
            return web.Response(
                text=reply.text, status=reply.status, headers=reply.headers, content_type=reply.content_type
            )

        return handle

    async def _socket(self, venue: Venue, request: web.Request) -> web.StreamResponse:
        if self._standing(venue, request.path, frozenset({"ws_refuse"})):
            await self._tell()
            return web.Response(status=403, text="Forbidden")
        raw = web.WebSocketResponse(max_msg_size=0)
        await raw.prepare(request)
        socket = Socket(request.path, raw)
        socket.silent = self._standing(venue, request.path, frozenset({"ws_silent"})) is not None
        socket.frozen = self._standing(venue, request.path, frozenset({"ws_freeze"})) is not None
        socket.stalled = self._standing(venue, request.path, frozenset({"ws_stall"})) is not None
        self.sockets[venue.name].append(socket)
        await self._tell()
        try:
            async for message in raw:
                if message.type == WSMsgType.TEXT:
                    await venue.received(socket, message.data)
                    await self._tell()
        finally:
            self.sockets[venue.name].remove(socket)
            await self._tell()
        return raw
