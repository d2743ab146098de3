"""`crashdesk record` at work against the loopback venues, killed at random instants: what its file holds then."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from crashdesk.model.errors import RecordingError
from crashdesk.model.records import Liquidation, Quote
from crashdesk.recording.reader import RecordingReader
from tests.loopback import Forced, LoopbackVenues
from tests.torture.fuzz import home_in
from tests.torture.kills import ENVIRONMENT, LostError

VENUES = ("okx", "gate")
"""One tells by its socket, once; one has a history that is asked for again."""
TOPIC = "liquidation-orders:SWAP"
LOST_S = 1.0
"""What is older than that must be in the file."""
_ROOT = Path(__file__).resolve().parents[2]
_READY_S = 60.0
_WHOLE_S = 90.0
_EVERY_S = 0.02


class Done(NamedTuple):
    """What came of the kills."""

    faults: int
    orders: int


class Told:
    """Orders that the venues told: each has a price of its own."""

    def __init__(self, server: LoopbackVenues) -> None:
        self._server = server
        self.times: dict[str, dict[float, float]] = {venue: {} for venue in VENUES}
        self._count = 0

    async def run(self) -> None:
        """A steady stream."""
        while True:
            for venue in VENUES:
                self._count += 1
                price = round(90_000 + self._count / 10, 1)
                heard = venue != "okx" or any(TOPIC in socket.topics for socket in self._server.sockets[venue])
                await self._server.liquidate(venue, Forced("BTC", "long", price, 0.5))
                if heard:
                    self.times[venue][price] = time.monotonic()
            await asyncio.sleep(_EVERY_S)


async def kill_recorders(folder: Path, seed: int, count: int, tell: Callable[[str], None]) -> Done:
    """Kill so many recorders of one recording (`live.crash` in the folder), one after the other."""
    chance = random.Random(seed)
    faults = 0
    async with LoopbackVenues(venues=VENUES) as server:
        config = folder / "config.toml"
        config.write_text(server.config_toml(symbols=["BTC/USDT", "ETH/USDT", "BTC/USDT:USDT"]), encoding="utf-8")
        out = folder / "live.crash"
        told = Told(server)
        telling = asyncio.create_task(told.run())
        try:
            for number in range(count):
                try:
                    killed = await _kill(server, config, out, chance, number)
                    _look(out, told, killed)
                except (LostError, RecordingError, TimeoutError) as error:
                    faults += 1
                    tell(f"  FAULT at kill {number} of a recorder: {error!r}")
                if number % 10 == 9:
                    tell(f"  {number + 1} recorders killed, {faults} faults")
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
        try:
            await _whole(server, config, out, told)
        except (LostError, RecordingError, TimeoutError) as error:
            faults += 1
            tell(f"  FAULT in the end: {error}")
    return Done(faults, sum(map(len, told.times.values())))


async def _start(config: Path, out: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "crashdesk", "record", "--config", str(config), "--out", str(out)),
        cwd=_ROOT,
        env={**home_in(out.parent / "home"), "PYTHONPATH": ENVIRONMENT["PYTHONPATH"]},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


async def _kill(server: LoopbackVenues, config: Path, out: Path, chance: random.Random, number: int) -> float:
    """Start one, kill it on its way up (one in five) or at work; when it was, on the monotonic clock."""
    child = await _start(config, out)
    try:
        if number and chance.random() < 0.2:
            await asyncio.sleep(chance.uniform(0, 2.0))
        else:
            await server.wait_topic("okx", TOPIC, _READY_S)
            await asyncio.sleep(chance.uniform(0, 4.0))
        if child.returncode is not None:
            raise LostError(f"the recorder ended by itself: {(await child.communicate())[1].decode()}")
    finally:
        if child.returncode is None:
            child.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        await child.communicate()
    async with asyncio.timeout(_READY_S):
        while server.sockets["okx"]:  # noqa: ASYNC110 - until the server has seen that its sockets are gone
            await asyncio.sleep(0.01)
    return killed


def _look(out: Path, told: Told, killed: float) -> None:
    """Raises LostError, and RecordingError when it does not open."""
    found = _prices(out)
    for venue, counted in found.items():
        twice = [price for price, count in counted.items() if count > 1]
        if twice:
            raise LostError(f"{len(twice)} orders of {venue} are there twice, the first one at {twice[0]}")
    known = told.times["okx"]
    missing = [price for price, at in known.items() if at < killed - LOST_S and price not in found["okx"]]
    if missing:
        ages = [killed - known[price] for price in missing]
        for price in missing:
            del known[price]
        raise LostError(f"{len(missing)} orders of {min(ages):.2f} to {max(ages):.2f} s before the kill are missing")
    for price in [price for price in known if price not in found["okx"]]:
        del known[price]  # of the last second


def _prices(out: Path) -> dict[str, Counter[float]]:
    with contextlib.closing(RecordingReader.open(out)) as reader:
        batches = [batch for _, batch in reader.batches(reader.first_offset)]
        if reader.damage:
            raise LostError(f"damage: {reader.damage}")
    if not all(a.recv_ms < b.recv_ms for a, b in pairwise(batches)):
        raise LostError("the clock of the recording runs back")
    found: dict[str, Counter[float]] = {venue: Counter() for venue in VENUES}
    quotes = 0
    for batch in batches:
        for row in batch.records:
            if isinstance(row, Liquidation):
                found[row.venue][row.price] += 1
            quotes += isinstance(row, Quote)
    return found


async def _whole(server: LoopbackVenues, config: Path, out: Path, told: Told) -> None:
    """A last recorder, which is told to end: what the venue with a history has told is there, each order once."""
    child = await _start(config, out)
    try:
        await server.wait_topic("okx", TOPIC, _READY_S)
        end = time.monotonic() + _WHOLE_S
        while missing := told.times["gate"].keys() - _prices(out)["gate"].keys():
            if time.monotonic() > end:
                raise LostError(f"{len(missing)} orders of gate never came")
            await asyncio.sleep(0.5)
    finally:
        child.terminate()
        _, said = await child.communicate()
    if child.returncode != 0 or said.count(b"\n") != 1:
        raise LostError(f"the last recorder ended with {child.returncode}: {said.decode()}")
    _look(out, told, time.monotonic() + 10**6)
    with contextlib.closing(RecordingReader.open(out)) as reader:
        if not reader.info().closed:
            raise LostError("the recording was not closed")
