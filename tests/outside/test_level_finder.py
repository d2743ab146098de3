"""Key levels from a child process: the same as without one, kept, and no harm when it fails."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from math import inf, nan
from pathlib import Path

import pytest

from crashdesk.analytics.key_levels import key_levels
from crashdesk.analytics.levels_text import asks_text, found_text, read_asks, read_found
from crashdesk.model.level import DailyBars, FoundLevel, LevelAsk, LevelKind
from crashdesk.model.timeframe import DAY_MS
from crashdesk.outside.level_cache import LevelCache
from crashdesk.outside.level_finder import ChildLevelFinder, FinderProcess, find_now

START_MS = 1_735_689_600_000  # 2025-01-01
WAVE = [123.4, 119.0, 115.0, 111.0, 107.0, 104.4, 107.0, 111.0, 115.0, 119.0]
LEVEL = FoundLevel(100.5, LevelKind.SUPPORT, ("swing low 2025-01-05, 3 touches",), 3, START_MS)


def ask_of(symbol: str, last: float = 110.0) -> LevelAsk:
    closes = WAVE * 4
    times = tuple(START_MS + DAY_MS * i for i in range(len(closes)))
    days = DailyBars(times, tuple(c + 1 for c in closes), tuple(c - 1 for c in closes), tuple(closes))
    return LevelAsk("okx", symbol, days, last)


class Waiter:
    """Gathers answers and tells when `count` are there."""

    def __init__(self, count: int) -> None:
        self.found: dict[LevelAsk, tuple[FoundLevel, ...]] = {}
        self._count = count
        self._done = threading.Event()

    def __call__(self, answers: Sequence[tuple[LevelAsk, tuple[FoundLevel, ...]]]) -> None:
        self.found.update(answers)
        if len(self.found) >= self._count:
            self._done.set()

    def wait(self) -> None:
        assert self._done.wait(60)


def script(code: str) -> FinderProcess:
    limit_s = 0.5 if "sleep" in code else 30
    return FinderProcess(limit_s=limit_s, command=[sys.executable, "-c", code])


def test_a_child_finds_what_the_function_finds(tmp_path: Path) -> None:
    asks = [ask_of("BTC/USDT"), ask_of("ETH/USDT", 121.0)]
    found = find_now(asks, tmp_path / "cache" / "levels.json")
    assert found == {ask: key_levels(ask.days, ask.last) for ask in asks}
    assert all(found.values())


def test_questions_of_a_moment_share_a_child_and_answers_are_kept(tmp_path: Path) -> None:
    started: list[FinderProcess] = []

    def start() -> FinderProcess:
        started.append(FinderProcess())
        return started[-1]

    said: list[str] = []
    first, second = Waiter(2), Waiter(1)
    finder = ChildLevelFinder(tmp_path / "levels.json", said.append, start)
    finder.find([ask_of("A"), ask_of("B")], first)
    finder.find([ask_of("B")], second)
    first.wait()
    second.wait()
    assert len(started) == 1
    assert first.found[ask_of("B")] == second.found[ask_of("B")] == key_levels(ask_of("B").days, 110.0)

    again = Waiter(2)
    other = ChildLevelFinder(tmp_path / "levels.json", said.append, lambda: pytest.fail("it is known"))
    other.find([ask_of("B"), ask_of("A")], again)
    again.wait()
    assert again.found == first.found
    assert said == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import sys; sys.exit(3)", "the helper process ended with code 3"),
        ("raise ValueError('no list where one was expected')", "ValueError: no list where one was expected"),
        ("import time; time.sleep(60)", "the helper process took more than 0.5 s"),
        ("print('nonsense', flush=True)", "Expecting value: line 1 column 1 (char 0)"),
        ("print('[[]]', flush=True)", "the helper process answered 1 of 2 questions"),
        (
            'print(\'[[[1e999, "support", ["x"], 1, 1]], []]\', flush=True)',
            "a level at inf",
        ),
    ],
)
def test_a_child_that_fails_is_told_of_once(tmp_path: Path, code: str, reason: str) -> None:
    told, said = threading.Event(), list[str]()

    def failed(text: str) -> None:
        said.append(text)
        told.set()

    finder = ChildLevelFinder(tmp_path / "levels.json", failed, lambda: script(code), again_s=())
    finder.find([ask_of("A"), ask_of("B")], lambda _: pytest.fail("there is no answer"))
    assert told.wait(30)
    with pytest.raises((ValueError, OSError)):
        find_now([ask_of("A"), ask_of("B")], tmp_path / "levels.json", script(code))
    assert said == [f"key levels could not be calculated: {reason}"]
    assert not (tmp_path / "levels.json").exists()


def test_a_child_that_ended_before_it_was_asked_tells_why(tmp_path: Path) -> None:
    child = script("import sys; sys.exit('no pandas here')")
    child._child.wait(30)
    with pytest.raises(ValueError, match="no pandas here"):
        find_now([ask_of("A")], tmp_path / "levels.json", child)


def test_what_a_failed_child_left_is_asked_again(tmp_path: Path) -> None:
    started: list[FinderProcess] = []

    def start() -> FinderProcess:
        started.append(script("import sys; sys.exit(3)") if len(started) < 2 else FinderProcess())
        return started[-1]

    waiter, said = Waiter(1), list[str]()
    finder = ChildLevelFinder(tmp_path / "levels.json", said.append, start, again_s=(0.0, 0.0))
    finder.find([ask_of("A")], waiter)
    waiter.wait()
    assert waiter.found == {ask_of("A"): key_levels(ask_of("A").days, 110.0)}
    assert said == ["key levels could not be calculated: the helper process ended with code 3"]


def test_questions_are_given_up_after_some_tries(tmp_path: Path) -> None:
    started: list[FinderProcess] = []

    def start() -> FinderProcess:
        started.append(script("import sys; sys.exit(3)") if len(started) < 2 else FinderProcess())
        return started[-1]

    finder = ChildLevelFinder(tmp_path / "levels.json", lambda _: None, start, again_s=(0.0,))
    finder.find([ask_of("A")], lambda _: pytest.fail("there is no answer"))
    for thread in threading.enumerate():
        if thread.name == "key levels":
            thread.join(30)
    assert len(started) == 2
    waiter = Waiter(1)
    finder.find([ask_of("B")], waiter)
    waiter.wait()
    assert len(started) == 3


def test_a_child_leaves_when_its_asker_is_gone() -> None:
    code = (
        "import sys, time; from crashdesk.outside.level_finder import FinderProcess\n"
        "child = FinderProcess(); child._child.stdin.write('[]'); child._child.stdin.flush()\n"
        "print(child._child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as asker:
        assert asker.stdout is not None
        child = int(asker.stdout.readline())
        watched = os.pidfd_open(child) if hasattr(os, "pidfd_open") else None
        asker.send_signal(signal.SIGKILL)
        asker.wait()
    if watched is None:
        pytest.skip("no way to wait for another's child here")
    import select

    assert select.select([watched], [], [], 30)[0] == [watched]
    os.close(watched)


def test_text_goes_there_and_back() -> None:
    asks = [ask_of("BTC/USDT"), LevelAsk("okx", "X", DailyBars((1,), (nan,), (inf,), (0.0,)), 5.0)]
    back = read_asks(asks_text(asks))
    assert back[0] == asks[0]
    assert str(back[1]) == str(asks[1])
    assert read_found(found_text([(LEVEL,), ()])) == [(LEVEL,), ()]


@pytest.mark.parametrize(
    "level",
    [
        None,
        [0, "support", ["x"], 1, 1],
        [True, "support", ["x"], 1, 1],
        ["100", "support", ["x"], 1, 1],
        [100, "wall", ["x"], 1, 1],
        [100, 5, ["x"], 1, 1],
        [100, "support", [], 1, 1],
        [100, "support", ["x"] * 9, 1, 1],
        [100, "support", [5], 1, 1],
        [100, "support", ["x"], -1, 1],
        [100, "support", ["x"], 1.5, 1],
        [100, "support", ["x"], 1, -1],
        [100, "support", ["x"], 1, 10**18],
        [100, "support", ["x"], 1],
    ],
)
def test_what_cannot_be_a_level_is_refused(level: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the reasons are checked where they are shown
        read_found(json.dumps([[level]]))


def test_reasons_are_short_and_harmless() -> None:
    dressed = LEVEL._replace(why=("\x1b[31m" + "a" * 500,))
    ((read,),) = read_found(json.dumps([[[100, "support", list(dressed.why), 1, 1]]]))
    assert len(read.why[0]) <= 120
    assert "\x1b" not in read.why[0]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '[0, {"a": []}]', '[1, {"a": [[0]]}]', "[1, []]", "5", '["' + "[" * 5000]
)
def test_a_cache_that_is_odd_is_no_cache(tmp_path: Path, text: str) -> None:
    file = tmp_path / "levels.json"
    file.write_text(text)
    cache = LevelCache(file)
    assert cache.known([ask_of("A")]) == {}
    cache.keep([(ask_of("A"), (LEVEL,))])
    assert LevelCache(file).known([ask_of("A"), ask_of("B")]) == {ask_of("A"): (LEVEL,)}
    assert LevelCache(file).known([ask_of("A", 110.5)]) == {}


def test_a_folder_that_cannot_be_written_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = LevelCache(tmp_path / "file" / "levels.json")
    cache.keep([(ask_of("A"), (LEVEL,))])
    assert cache.known([ask_of("A")]) == {ask_of("A"): (LEVEL,)}
