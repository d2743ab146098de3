"""`python -m bench.surge CONFIG`: loopback venues that send a surge of liquidations when they are told to.

Writes CONFIG, says `ready`, then takes a command a line: `steady PER_SECOND SECONDS`, `burst ROWS` (both answered with
what was sent, as JSON), `wait` (for all subscriptions).
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.surge_frames import PARTS, TICK_MS, FrameMaker, Message, Tick
from tests.loopback.coins import many_coins
from tests.loopback.market import Market
from tests.loopback.server import LoopbackVenues
from tests.loopback.venue import Socket

COINS, POLLED, POLL_S = 60, 10, 2.0
LEAD_S = 6.0
"""Messages are made this long before they are sent, for they carry the time of their sending."""
VENUES = tuple(name for name, _, _ in PARTS)


class Sent(NamedTuple):
    """What was sent: micro-dollars, messages, (seconds since 1970, rows) of what went out together, when it was over.

    `late_s` is by how much sending fell behind at most.
    """

    usd_micro: int
    messages: int
    sent_at: list[tuple[float, int]]
    ended: float
    late_s: float


async def serve(config: Path) -> None:
    """Until the end of standard input."""
    market = Market(many_coins(COINS))
    async with LoopbackVenues(market, VENUES) as server:
        polled = [f"{coin.name}/USDT:USDT" for coin in market.coins[:POLLED]]
        text = server.config_toml(symbols=polled, poll_seconds=POLL_S)
        config.write_text(text, encoding="utf-8")  # noqa: ASYNC240 - nobody is served yet
        maker = FrameMaker(server.venues, market.coins)
        say("ready")
        lines = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        async for line in lines:
            match line.decode().split():
                case ["wait"]:
                    await subscribed(server)
                    say(json.dumps({}))
                case ["steady", per_second, seconds]:
                    say(json.dumps(await steady(server, maker, int(per_second), float(seconds))))
                case ["burst", rows]:
                    say(json.dumps(await burst(server, maker, int(rows))))


def say(line: str) -> None:
    """One line to whoever started this."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def subscribed(server: LoopbackVenues) -> None:
    """Until every venue's liquidations are listened to: one topic a contract where there is none for all of them."""
    for name in VENUES:
        contracts = len(server.symbols(name, ("linear", "inverse"))) if name == "bybit" else 1
        await server.wait_subscribed(name, contracts, 90)


async def steady(server: LoopbackVenues, maker: FrameMaker, per_second: int, seconds: float) -> Sent:
    """So many rows a second."""
    start = time.time() + LEAD_S + seconds / 10
    ticks = await maker.steady(per_second, seconds, int(start * 1000))
    if time.time() > start:
        raise RuntimeError("the messages were not made in time")
    sent_at, late = [], 0.0
    for number, tick in enumerate(ticks):
        due = start + number * TICK_MS / 1000
        await asyncio.sleep(max(0.0, due - time.time()))
        sent_at.append((time.time(), tick.rows))
        await send(server, tick.messages)
        late = max(late, time.time() - due)
    return told(ticks, sent_at, late)


async def burst(server: LoopbackVenues, maker: FrameMaker, rows: int) -> Sent:
    """So many rows at once."""
    start = time.time() + LEAD_S
    tick = await maker.burst(rows, int(start * 1000))
    await asyncio.sleep(max(0.0, start - time.time()))
    began = time.time()
    await send(server, tick.messages)
    return told([tick], [(began, rows)], time.time() - began)


def told(ticks: Sequence[Tick], sent_at: list[tuple[float, int]], late_s: float) -> Sent:
    """What was sent until now."""
    messages = sum(len(tick.messages) for tick in ticks)
    return Sent(sum(tick.usd_micro for tick in ticks), messages, sent_at, time.time(), late_s)


async def send(server: LoopbackVenues, messages: Iterable[Message]) -> None:
    """Each message to those who subscribed to it."""
    for message in messages:
        for socket in server.sockets[message.venue]:
            if listens(socket, message):
                await socket.send(message.text)


def listens(socket: Socket, message: Message) -> bool:
    """Whether a socket subscribed to the message's topic, or, where it has none, to anything."""
    return bool(socket.topics) if message.topic is None else message.topic in socket.topics


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
