"""Key levels found by a short-lived child process: pandas stays out of this one, and nobody waits for it."""

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from crashdesk.analytics.levels_text import Found, asks_text, read_found
from crashdesk.model.level import LevelAsk
from crashdesk.model.text import clean
from crashdesk.outside.level_cache import LevelCache
from crashdesk.outside.own_module import own_module

LIMIT_S = 20.0
_GATHER_S = 0.02
_LEAVE_S = 2.0
_MOST_SAID = 20_000
_MOST_AT_ONCE = 200
AGAIN_S = (5.0, 30.0, 120.0)
"""The pauses before questions that a child failed to answer are asked again."""
Answer = Callable[[Sequence[tuple[LevelAsk, Found]]], None]


class _Waiting(NamedTuple):
    """Questions, who wants to know, and how often a child has failed at them."""

    asks: Sequence[LevelAsk]
    answer: Answer
    failed: int = 0


class FinderProcess:
    """One child that answers one set of questions. It may be started before the questions are known: importing is most
    of its life. It leaves by itself when this process ends.
    """

    def __init__(self, limit_s: float = LIMIT_S, command: Sequence[str] | None = None) -> None:
        """Start it. Raises OSError."""
        import subprocess

        self._limit_s = limit_s
        self._child: subprocess.Popen[str] = subprocess.Popen(  # noqa: S603 - our own module, no shell
            list(command) if command else own_module("crashdesk.analytics.find_levels"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def find(self, asks: Sequence[LevelAsk]) -> list[Found]:
        """The levels of each question. Raises OSError or ValueError with one sentence; the child has ended then."""
        child = self._child
        timer = threading.Timer(self._limit_s, child.kill)
        timer.daemon = True
        timer.start()
        try:
            if child.stdin is None or child.stdout is None:
                raise OSError("the helper process has no pipes")
            with suppress(BrokenPipeError):  # it ended before it listened; what it said last tells more
                child.stdin.write(asks_text(asks) + "\n")
                child.stdin.flush()
            line = child.stdout.readline()
        finally:
            late = not timer.is_alive()
            timer.cancel()
            said = self.close()
        if not line:
            raise ValueError(f"the helper process took more than {self._limit_s:g} s" if late else said)
        found = read_found(line)
        if len(found) != len(asks):
            raise ValueError(f"the helper process answered {len(found)} of {len(asks)} questions")
        return found

    def close(self) -> str:
        """End it; the last line that it said on standard error, or its exit code. Doing it twice is harmless."""
        import subprocess

        child = self._child
        if child.stdin is not None:
            with suppress(OSError):  # what was left to write has no reader
                child.stdin.close()
        try:
            child.wait(timeout=_LEAVE_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        said = child.stderr.read(_MOST_SAID) if child.stderr is not None and not child.stderr.closed else ""
        for pipe in (child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()
        lines = said.strip().splitlines()
        return clean(lines[-1], 200) if lines else f"the helper process ended with code {child.returncode}"


class ChildLevelFinder:
    """A `LevelFinder`: questions of a moment go to one child together, answers are kept in `file`.

    `failed` gets one sentence the first time that a child fails, and again when it fails after one has answered. What
    it failed at is asked again after each of the pauses `again_s`, and then given up.
    """

    def __init__(
        self,
        file: Path,
        failed: Callable[[str], None],
        start: Callable[[], FinderProcess] = FinderProcess,
        again_s: Sequence[float] = AGAIN_S,
    ) -> None:
        self._cache = LevelCache(file)
        self._failed = failed
        self._start = start
        self._again_s = again_s
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._working = False
        self._told = False

    def find(self, asks: Sequence[LevelAsk], answer: Answer) -> None:
        """Ask; returns at once."""
        with self._lock:
            self._waiting.append(_Waiting(asks, answer))
            if self._working:
                return
            self._working = True
        threading.Thread(target=self._work, name="key levels", daemon=True).start()

    def _work(self) -> None:
        pause = threading.Event()
        wait_s = _GATHER_S
        while True:
            pause.wait(wait_s)
            with self._lock:
                taken, self._waiting = self._waiting, []
                if not taken:
                    self._working = False
                    return
            wait_s = _GATHER_S
            if not self._answer(taken):
                again = [w._replace(failed=w.failed + 1) for w in taken if w.failed < len(self._again_s)]
                wait_s = self._again_s[max(w.failed for w in again) - 1] if again else _GATHER_S
                with self._lock:
                    self._waiting = again + self._waiting

    def _answer(self, taken: Sequence[_Waiting]) -> bool:
        """Whether every question is answered."""
        wanted = list(dict.fromkeys(ask for waiting in taken for ask in waiting.asks))
        known = self._cache.known(wanted)
        _tell(taken, known)
        missing = [ask for ask in wanted if ask not in known]
        for first in range(0, len(missing), _MOST_AT_ONCE):
            part = missing[first : first + _MOST_AT_ONCE]
            found = self._ask_child(part)
            if found is None:
                return False
            self._cache.keep(found.items())
            _tell(taken, found)
        return True

    def _ask_child(self, asks: Sequence[LevelAsk]) -> dict[LevelAsk, Found] | None:
        try:
            found = self._start().find(asks)
        except (OSError, ValueError) as error:
            if not self._told:
                self._told = True
                reason = (error.strerror if isinstance(error, OSError) else None) or error
                self._failed(f"key levels could not be calculated: {reason}")
            return None
        self._told = False
        return dict(zip(asks, found, strict=True))


def find_now(asks: Sequence[LevelAsk], file: Path, process: FinderProcess | None = None) -> dict[LevelAsk, Found]:
    """The same for one who waits. Raises OSError or ValueError with one sentence."""
    cache = LevelCache(file)
    known = cache.known(asks)
    missing = [ask for ask in asks if ask not in known]
    if not missing:
        return known
    found = dict(zip(missing, (process or FinderProcess()).find(missing), strict=True))
    cache.keep(found.items())
    return known | found


def _tell(taken: Iterable[_Waiting], found: dict[LevelAsk, Found]) -> None:
    for asks, answer, _ in taken:
        if mine := [(ask, found[ask]) for ask in asks if ask in found]:
            answer(mine)
