"""Writers on a file system of a few hundred kB that fills up: `python -m tests.torture.full_disk FOLDER SEED ROUNDS`.

A filler takes the room away and gives it back at random. What the writer has taken is there once and in order when it
is closed, whatever the disk refused in between, and a reader beside it never meets damage.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from crashdesk.analytics.cascade_watch import CascadeWatch
from crashdesk.cli.recorder_sink import RecorderSink
from crashdesk.model.cascade import CascadeSettings
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.venues.outbox import Outbox
from tests.conftest import FixedClock
from tests.recording.samples import START, liquidation, quote, session
from tests.torture.kills import ENVIRONMENT, LostError, serials

SIZE_KB = 400
_STEPS = 120
_ROWS = 25
_ROOT = Path(__file__).resolve().parents[2]
_MOUNT = f'mount -t tmpfs -o size={SIZE_KB}k crashdesk "$0" && exec "$@"'
NO_ROOM = "no small file system can be mounted here (that needs root, or user namespaces)"


def in_small_file_system(folder: Path, seed: int, rounds: int) -> Iterator[str]:
    """Run the rounds below a mount that nobody else sees; the lines that are told. Raises LostError."""
    unshare = shutil.which("unshare")
    enter = [unshare or "unshare", "-rm"]
    if unshare is None or subprocess.run([*enter, "sh", "-c", _MOUNT, folder, "true"], capture_output=True).returncode:
        yield NO_ROOM
        return
    words = [sys.executable, "-m", "tests.torture.full_disk", str(folder), str(seed), str(rounds)]
    with subprocess.Popen(
        [*enter, "sh", "-c", _MOUNT, str(folder), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=_ROOT,
        env=ENVIRONMENT,
    ) as child:
        said = [line.rstrip() for line in child.stdout or ()]
    yield from said[-3:]
    if child.returncode:
        raise LostError("\n".join(said[-12:]))


def one_round(folder: Path, seed: int) -> int:
    """Record until the disk has refused and taken again several times; how often it refused. Raises LostError."""
    chance = random.Random(seed)
    path, filler = folder / "small.crash", folder / "filler"
    clock, refused = FixedClock(START), []
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    sink = RecorderSink(writer, clock, CascadeWatch(CascadeSettings()))
    outbox = Outbox(sink, clock, lambda error: refused.append(error) if error is not None else None)
    follower = RecordingReader.open(path)
    offset, serial = follower.first_offset, 0
    for step in range(_STEPS):
        if step % 6 == 2:
            _fill(filler, chance.randrange(0, 6_000))
        elif step % 6 == 5:
            filler.unlink()
        clock.ms += 20_000
        outbox.put([liquidation(clock.ms, raw=str(serial + k)) for k in range(_ROWS)])
        serial += _ROWS
        outbox.put([quote(symbol=f"C{k}/USDT", ts_ms=clock.ms, last=1.0 + chance.randrange(999)) for k in range(40)])
        outbox.tick()
        follower.refresh()
        for behind, _ in follower.batches(offset):
            offset = behind
        if follower.damage:
            raise LostError(f"a reader beside the writer met damage: {follower.damage}")
    filler.unlink(missing_ok=True)
    outbox.tick()
    follower.close()
    if outbox.blocked:
        raise LostError("the recording was not resumed though there is room")
    writer.close(clock.ms + 1_000)
    if serials(path) != list(range(serial)):
        raise LostError(f"seed {seed}: not all rows are there once and in order")
    path.unlink()
    return len(refused)


def _fill(filler: Path, leave: int) -> None:
    """Take all room but for `leave` bytes."""
    with filler.open("wb", buffering=0) as stream:
        try:
            while stream.write(bytes(4096)):
                pass
        except OSError:
            os.truncate(filler, max(0, filler.stat().st_size - leave))


def main() -> None:
    """The rounds; a line in the end."""
    folder, seed, rounds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    refused = sum(one_round(folder, seed + number) for number in range(rounds))
    if not refused:
        raise LostError("the disk was never full")
    print(f"{rounds} recordings on {SIZE_KB} kB, the disk refused {refused:,} times, nothing was lost")


if __name__ == "__main__":
    main()
