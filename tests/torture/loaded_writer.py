"""A recorder's writer under load, to be killed: `python -m tests.torture.loaded_writer FILE FIRST_SERIAL SEED`.

Each row of liquidations carries its serial number. When the writer has come back from a commit, the numbers that are
in it now go to standard output: what was told there must be in the file, whenever the kill comes. The clock runs some
thousand times too fast, so that kills also hit checkpoints and roll-ups, and at times it jumps back.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

from crashdesk.model.errors import RecordingError
from crashdesk.model.records import Record
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from tests.recording.samples import START, candle, health, liquidation, quote, session

_SYMBOLS = 60


def run(path: Path, serial: int, seed: int) -> None:
    """Write until killed."""
    chance = random.Random(seed)
    now = _end_of(path) + 1_000
    writer = RecordingWriter.open(path, session(at_ms=now), now)
    while True:
        now += chance.choice((0, 10, 2_000, 20_000, 20_000, -15_000))
        now = max(now, writer.recv_ms - 30_000)
        many = chance.choice((1, 3, 40, 400))
        rows: list[Record] = [liquidation(max(now, START), raw=str(serial + k)) for k in range(many)]
        prices: list[Record] = [
            quote(symbol=f"C{k}/USDT", ts_ms=now, last=1 + chance.randrange(10_000) / 100) for k in range(_SYMBOLS)
        ]
        writer.append(rows, now)
        serial += many
        os.write(1, b"%d\n" % (serial - 1))
        writer.append([*prices, candle(now // 60_000 * 60_000), health(now)], now)
        if chance.random() < 0.05:
            writer.sync()


def _end_of(path: Path) -> int:
    try:
        reader = RecordingReader.open(path)
    except RecordingError:
        return START  # nothing is there yet
    try:
        return reader.end_ms
    finally:
        reader.close()


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
