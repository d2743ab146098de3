"""Writers that are killed at random instants, again and again, and what is in their file then."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

from crashdesk.model.records import Liquidation
from crashdesk.recording.reader import RecordingReader

_ROOT = Path(__file__).resolve().parents[2]
_START_S = 60.0
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")])}


class LostError(Exception):
    """A promise that was not kept."""


def kill_writer(path: Path, seed: int, most_s: float) -> int:
    """Start a writer on the recording, kill it within `most_s` of its first commit, look; how many rows are there.

    One in eight is killed before, while it makes the file or takes it up. Raises LostError.
    """
    chance = random.Random(seed)
    known = serials(path) if path.exists() else []
    early = bool(known) and chance.random() < 1 / 8
    words = [sys.executable, "-m", "tests.torture.loaded_writer", str(path), str(len(known)), str(seed)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, cwd=_ROOT, env=ENVIRONMENT) as child:
        assert child.stdout is not None
        readable, _, _ = select.select([child.stdout], [], [], chance.uniform(0, 1) if early else _START_S)
        if not readable and not early:
            raise LostError("the writer never began")
        said = _listen(child.stdout.fileno(), chance.uniform(0, most_s)) if readable else b""
        child.send_signal(signal.SIGKILL)
        child.wait()
        said += child.stdout.read()
    told = [int(line) for line in said.split(b"\n")[:-1]]
    if not told and not early:
        raise LostError("the writer ended by itself")
    return _look(path, known, told[-1] if told else -1)


def _listen(fd: int, seconds: float) -> bytes:
    """What is told meanwhile; a pipe that nobody empties would stop the writer."""
    end, said = time.monotonic() + seconds, b""
    while (left := end - time.monotonic()) > 0:
        if select.select([fd], [], [], left)[0]:
            part = os.read(fd, 65_536)
            if not part:
                break
            said += part
    return said


def _look(path: Path, known: list[int], told: int) -> int:
    found = serials(path)
    if found != list(range(len(found))):
        raise LostError(f"the rows are not each there once and in order, {len(found)} of them")
    if len(found) <= told:
        raise LostError(f"row {told} was committed, the file ends with row {len(found) - 1}")
    if len(found) < len(known):
        raise LostError("rows of an earlier writer are gone")
    return len(found)


def serials(path: Path) -> list[int]:
    """The numbers of all rows in the order of the file. Raises LostError, RecordingError when it is unreadable."""
    reader = RecordingReader.open(path)
    try:
        batches = [batch for _, batch in reader.batches(reader.first_offset)]
        if reader.damage:
            raise LostError(f"damage: {reader.damage}")
        if not all(a.recv_ms < b.recv_ms for a, b in pairwise(batches)):
            raise LostError("the clock of the recording runs back")
        point = reader.restore(reader.end_ms)
        rows = [row for _, batch in reader.batches(point.offset) for row in batch.records]
        after = sum(isinstance(row, Liquidation) for row in rows)
        found = [int(row.raw) for batch in batches for row in batch.records if isinstance(row, Liquidation)]
        if point.liquidations_before + after != len(found):
            raise LostError(f"a seek counts {point.liquidations_before + after} rows, playing {len(found)}")
        return found
    finally:
        reader.close()
