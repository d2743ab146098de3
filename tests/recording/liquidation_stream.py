"""Random orders of a recording, and chunks compared with them."""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Sequence
from pathlib import Path

from crashdesk.model.columns import CHUNK_MS, PROFILE_BIN, SIZE_STEPS_USD, Chunk, LiquidationColumns
from crashdesk.model.records import Liquidation, Side
from crashdesk.recording.writer import RecordingWriter
from tests.recording.samples import START, liquidation, quote, session


def stream(count: int, every_ms: int, seed: int = 5) -> list[tuple[int, list[Liquidation]]]:
    """Commits of one to six rows: twins, late and early ones, few prices."""
    chance = random.Random(seed)
    commits = []
    for k in range(count):
        now = START + k * every_ms
        rows = []
        for _ in range(chance.randint(1, 6)):
            late = chance.choice([50, 300, -2_000, 50_000, 4_000_000])
            price = round(chance.choice([100.0, 3000.0, 0.01]) * chance.uniform(0.995, 1.0), 4)
            amount = chance.randint(1, 10**6) / 100
            rows.append(
                liquidation(
                    now - late, price, amount, side=chance.choice(list(Side)), venue=chance.choice(["okx", "htx"])
                )
            )
        commits.append((now, [*rows, rows[0]]))
    return commits


def write(path: Path, commits: Sequence[tuple[int, list[Liquidation]]]) -> dict[int, list[Liquidation]]:
    """The recording of a stream; its rows by the chunk that they came in."""
    writer = RecordingWriter.open(path, session(), START - 10, fsync=False)
    chunks: dict[int, list[Liquidation]] = {}
    for now, rows in commits:
        writer.append([quote(last=1.0 + now % 97), *rows], now)
        chunks.setdefault(writer.recv_ms // CHUNK_MS, []).extend(rows)
    writer.close(commits[-1][0] + CHUNK_MS)
    return chunks


def check_chunk(chunk: Chunk, rows: list[Liquidation]) -> None:
    same_rows(chunk.load_liquidations(), rows)
    found = chunk.liquidations
    assert found is not None
    assert found.sizes is not None
    edges = [0, *SIZE_STEPS_USD, 10**12]
    for low, high, sums in zip(edges, edges[1:], found.sizes, strict=False):
        inside = [row for row in rows if low * 10**6 <= row.usd_micro < high * 10**6]
        long = sum(row.usd_micro for row in inside if row.side is Side.LONG)
        assert sums == (long, sum(row.usd_micro for row in inside) - long, len(inside))
    if chunk.load_details is None:
        return
    details = chunk.load_details()
    ranked = sorted(rows, key=lambda r: (-r.usd_micro, r.ts_ms, r.venue, r.symbol, r.side.value))[:20]
    assert [(r.usd_micro, r.ts_ms, r.venue, r.price) for r in details.largest] == [
        (r.usd_micro, r.ts_ms, r.venue, r.price) for r in ranked
    ]
    profile: dict[tuple[str, str], dict[int, tuple[int, int, int]]] = {}
    for row in rows:
        bins = profile.setdefault((row.venue, row.symbol), {})
        place = math.floor(math.log(row.price) / PROFILE_BIN)
        long, short, orders = bins.get(place, (0, 0, 0))
        usd = row.usd_micro
        bins[place] = (long + usd, short, orders + 1) if row.side is Side.LONG else (long, short + usd, orders + 1)
    assert details.profile == profile


def same_rows(columns: LiquidationColumns, want: Sequence[Liquidation]) -> None:
    assert [columns.keys[k] for k in columns.key] == [(row.venue, row.symbol, row.side) for row in want]
    assert list(columns.ts_ms) == [row.ts_ms for row in want]
    assert list(columns.usd_micro) == [row.usd_micro for row in want]
    for column, name in ((columns.price, "price"), (columns.amount, "amount")):
        assert column.tobytes() == b"".join(struct.pack("<d", getattr(row, name)) for row in want)
