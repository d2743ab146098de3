"""One spoiled file and what it may do: give what is left or one sentence, in time, in memory, and touch nothing."""

from __future__ import annotations

import faulthandler
import gc
import hashlib
import resource
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from tests.torture.mutate import chance_of, mutated
from tests.torture.uses import ALWAYS, REFUSALS, SOMETIMES, Case

LIMIT_S = 30.0
"""For everything that is done with one file; the longest of the sound ones takes a second."""
MOST_MB = 1_500
"""Of memory, over what the process had before."""


class TooSlow(BaseException):
    """Not an Exception, so that nothing takes it for a payload that does not hold."""


class Verdict(NamedTuple):
    """`fault` is empty when all was well; `refusals` are the sentences that were given."""

    number: int
    what: str
    fault: str
    refusals: tuple[str, ...]
    seconds: float
    peak_mb: int


class Bench:
    """Tries files one after the other in a folder of its own."""

    def __init__(self, seed: int, originals: Sequence[Path], environment: Mapping[str, str]) -> None:
        self._seed = seed
        self._names = [path.stem for path in originals]
        self._originals = [path.read_bytes() for path in originals]
        self._environment = environment

    def spoiled(self, number: int) -> tuple[bytes, str]:
        """The file with a number, and what was done to which recording."""
        chance = chance_of(self._seed, number)
        place = chance.randrange(len(self._originals))
        data, what = mutated(self._originals[place], self._originals, chance)
        return data, f"{self._names[place]}: {what}"

    def judge(self, number: int, keep: Path | None = None) -> Verdict:
        """Make the file, do everything with it; a file that is at fault stays in `keep`."""
        data, what = self.spoiled(number)
        folder = Path(tempfile.mkdtemp(prefix="crashdesk-torture-"))
        start = time.monotonic()
        try:
            fault, refusals = self._try(folder, data, number)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if fault and keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{self._seed}-{number}.crash").write_bytes(data)
        return Verdict(number, what, fault, refusals, time.monotonic() - start, _peak_mb())

    def _try(self, folder: Path, data: bytes, number: int) -> tuple[str, tuple[str, ...]]:
        place = folder / "there"
        place.mkdir()
        path = place / "spoiled.crash"
        path.write_bytes(data)
        before = _print_of(place)
        chance = chance_of(self._seed + 1, number)
        refusals: list[str] = []
        for use in (*ALWAYS, *chance.sample(SOMETIMES, chance.choice((1, 1, 2)))):
            out = folder / use.__name__
            out.mkdir()
            try:
                with deadline(LIMIT_S):
                    use(Case(path, out, self._environment, chance))
            except REFUSALS as error:
                refusals.append(str(error).replace(str(path), "FILE"))
                if "\n" in str(error) or not str(error).isprintable():
                    return f"{use.__name__}: no sentence: {error!r}", tuple(refusals)
            except (Exception, TooSlow):  # noqa: BLE001 - this is what is looked for
                return f"{use.__name__}: {traceback.format_exc(limit=-8)}", tuple(refusals)
            if _print_of(place) != before:
                return f"{use.__name__}: the recording or its folder was changed", tuple(refusals)
        gc.collect()  # what one file leaves behind is not the next one's
        return "", tuple(refusals)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raises TooSlow when the block takes longer; twice as long ends the process with the stack on standard error."""

    def late(number: int, frame: FrameType | None) -> None:
        raise TooSlow(f"more than {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    faulthandler.dump_traceback_later(seconds * 2, exit=True)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, before)


def limit_memory() -> None:
    """More than `MOST_MB` from here on is a MemoryError, which is a fault."""
    with Path("/proc/self/statm").open() as stream:
        pages = int(stream.read().split()[0])
    most = pages * resource.getpagesize() + (MOST_MB << 20)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def _print_of(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Names, sizes, times and contents of a folder's files."""
    found = {}
    for path in sorted(folder.iterdir()):
        stat = path.stat()
        found[path.name] = (stat.st_size, stat.st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
    return found
