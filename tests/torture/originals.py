"""The sound recordings that are spoiled: every format version, every kind of frame, the scenario, bursts, kills."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.records import Record
from crashdesk.recording.writer import RecordingWriter
from crashdesk.scenarios.build import build, session_of
from crashdesk.scenarios.catalogue import get_scenario
from tests.golden.make import FOLDER
from tests.recording.samples import START, kill, liquidation, quote, session
from tests.recording.spoiled import write_all_kinds
from tests.session import market_tape

_COINS = {"BTC", "ETH", "TON"}
_SCENARIO_MS = 6 * 60_000


def write_originals(folder: Path, *, scenario: bool = True) -> list[Path]:
    """Write them; the recordings of earlier format versions are copies of the golden ones."""
    write_all_kinds(folder / "all-kinds.crash")
    market_tape.write(folder / "tape.crash", hours=0.2)
    write_bursts(folder / "bursts.crash")
    write_killed(folder / "killed.crash")
    write_crowd(folder / "crowd.crash")
    if scenario:
        write_scenario(folder / "scenario.crash")
    for file in sorted(FOLDER.glob("v*.crash")):
        (folder / f"golden-{file.name}").write_bytes(file.read_bytes())
    return sorted(folder.glob("*.crash"))


def write_bursts(path: Path) -> None:
    """Frames of many liquidations, many frames of one, numbers of every length: all layouts of rows and roll-ups."""
    chance = random.Random(5)
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    now = START
    for size in (700, 40, 33, 3):
        now += 40_000
        writer.append([_order(chance, now) for _ in range(size)], now)
        writer.append([quote(last=chance.uniform(90, 110), ts_ms=now)], now + 7)
    now = START + 400_000
    for _ in range(2_050):
        now += 100
        writer.append([_order(chance, now)._replace(price=100.5, amount=2.0, usd_micro=201_000_000)], now)
    writer.close(now + 90_000)


def _order(chance: random.Random, now: int) -> Record:
    price = chance.choice((1 / 3, 106_000.1, round(chance.uniform(90, 110), 2), 1e-9))
    return liquidation(now - chance.randrange(100_000), price, chance.choice((0.1, 1e4 / 7, 25.0)), raw="")


def write_crowd(path: Path) -> None:
    """Very many quotes between two checkpoints."""
    chance = random.Random(6)
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    for poll in range(40):
        now = START + CHUNK_MS + 10_000 + poll * 5_000
        prices = [chance.randrange(100, 200) for _ in range(160)]
        writer.append([quote(symbol=f"C{k}/USDT", ts_ms=now, last=last / 2) for k, last in enumerate(prices)], now)
    writer.close(now + 1_000)


def write_killed(path: Path) -> None:
    """Three recorders an hour after one another, two of them killed, the clock once set back."""
    now = START
    for run in range(3):
        writer = RecordingWriter.open(path, session(at_ms=now), now, fsync=False)
        for step in range(30):
            now += 9_000 if step != 12 else -30_000
            writer.append([quote(last=100.0 + step, ts_ms=max(now, START)), liquidation(now)], now)
        if run < 2:
            kill(writer)
            now += 4_000_000
    writer.close(now)


def write_scenario(path: Path) -> None:
    """The beginning of the built-in November 2025, with the candles of a few coins."""
    scenario = get_scenario("november-2025")
    writer = RecordingWriter.open(path, session_of(scenario), scenario.start_ms, fsync=False)
    for now_ms, records in build(scenario):
        if now_ms > scenario.start_ms + _SCENARIO_MS:
            break
        kept = list(_few(records))
        if kept:
            writer.append(kept, now_ms)
    writer.close(scenario.start_ms + _SCENARIO_MS)


def _few(records: tuple[Record, ...] | list[Record]) -> Iterator[Record]:
    for record in records:
        symbol = getattr(record, "symbol", None)
        if symbol is None or symbol.partition("/")[0] in _COINS:
            yield record
