"""`crashdesk show --watch`: rows as they change, for as long as somebody writes and somebody reads."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from crashdesk.cli.showing.watch import Reader
from crashdesk.config.levels_file import edit_levels
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.level_edits import Put
from crashdesk.model.records import Liquidation, PriceBasis, Quote, Side
from crashdesk.recording.writer import RecordingWriter
from tests.session import market_tape

START = market_tape.START
LIMIT_S = 30
SHOW = (sys.executable, "-m", "crashdesk", "show")


class Growing:
    """A recording that this process writes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = RecordingWriter.open(path, market_tape.SESSION, START, fsync=False)
        for records in market_tape.opening(random.Random(1)):
            self.writer.append(records, START)
        self.now = START
        self.quotes(**market_tape.COINS)

    def quotes(self, **prices: float) -> None:
        self.now += 1_000
        rows = [
            Quote("okx", f"{coin}/USDT", self.now, price, None, None, None, None, 1e6, None)
            for coin, price in prices.items()
        ]
        self.writer.append(rows, self.now)

    def order(self, usd_micro: int) -> None:
        self.now += 1_000
        row = Liquidation("okx", "BTC/USDT:USDT", self.now, Side.LONG, 106_000.0, 1.0, usd_micro, PriceBasis.FILL, "{}")
        self.writer.append([row], self.now)

    def close(self) -> None:
        self.writer.close(self.now + 1)


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[Growing]:
    with closing(Growing(tmp_path / "growing.crash")) as made:
        yield made


@contextmanager
def watching(*words: object) -> Iterator[subprocess.Popen[str]]:
    """The command with a pipe behind it."""
    command = [*SHOW, *map(str, words), "--watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


def _row(stream: IO[str] | None) -> dict[str, Any]:
    assert stream is not None
    row: dict[str, Any] = json.loads(stream.readline())
    return row


def test_rows_come_as_they_change_until_nobody_writes(growing: Growing) -> None:
    with watching("tickers", growing.path) as child:
        first = [_row(child.stdout) for _ in range(3)]
        assert [row["symbol"] for row in first] == ["BTC/USDT", "ETH/USDT", "TON/USDT"]
        growing.quotes(BTC=99_000.0, TON=2.0)
        moved = _row(child.stdout)
        assert (moved["symbol"], moved["last"], moved["as_of_ms"]) == ("BTC/USDT", 99_000.0, growing.now)
        growing.quotes(TON=1.5)
        assert (_row(child.stdout))["last"] == 1.5, "a quote that says the same as before makes no row"
        growing.close()
        out, err = child.communicate(timeout=LIMIT_S)
        assert (out, err, child.returncode) == ("", "", 0)


def test_every_order_of_the_tape_comes_once(growing: Growing) -> None:
    with watching("liquidations", "--tab", "tape", growing.path) as child:
        growing.order(5_000_000)
        assert _row(child.stdout)["usd"] == 5
        for dollars in range(10, 3_000):
            growing.order(dollars * 1_000_000)
        growing.close()
        out, err = child.communicate(timeout=LIMIT_S)
        assert [json.loads(line)["usd"] for line in out.splitlines()] == list(range(10, 3_000))
        assert (err, child.returncode) == ("", 0)


def test_levels_that_are_set_meanwhile_come_too(growing: Growing, hermetic_environment: Path) -> None:
    file = hermetic_environment / "data/crashdesk/levels.toml"
    file.parent.mkdir()
    with watching("levels", growing.path) as child:
        seen = _row(child.stdout)
        while seen["source"] != "SMA200" and seen["price"] != 105_000.0:
            seen = _row(child.stdout)
        mine = Level("a1", "BTC/USDT", 101_234.0, LevelKind.SUPPORT, "mine", START, START)
        edit_levels(file, [Put(mine)], START)
        while seen["price"] != 101_234.0:
            seen = _row(child.stdout)
        assert (seen["label"], seen["source"]) == ("mine", "mine")


def test_a_finished_recording_plays_nothing(tmp_path: Path) -> None:
    path = tmp_path / "done.crash"
    market_tape.write(path, 0.1)
    done = subprocess.run(
        [*SHOW, "tickers", str(path), "--watch"], capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert [json.loads(line)["symbol"] for line in done.stdout.splitlines()] == ["BTC/USDT", "ETH/USDT", "TON/USDT"]
    said = f"crashdesk: {path} is not being written: this is how it ended, there is nothing to watch\n"
    assert (done.stderr, done.returncode) == (said, 0)


def test_a_day_that_is_over_is_not_gone_on_with(growing: Growing, tmp_path: Path) -> None:
    """Though its file names the one in which the recording went on."""
    day = tmp_path / "day.crash"
    day.write_bytes(growing.path.read_bytes())
    writer = RecordingWriter.open(day, market_tape.SESSION, growing.now, fsync=False)
    writer.end(growing.now, [growing.path.name])
    writer.let_go()
    growing.quotes(BTC=1.0)
    done = subprocess.run(
        [*SHOW, "tickers", str(day), "--watch"], capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert [json.loads(line)["last"] for line in done.stdout.splitlines()] == [106_000.0, 3_600.0, 2.0]
    assert "nothing to watch" in done.stderr


def test_the_live_recording_is_watched_from_one_recorder_to_the_next(hermetic_environment: Path) -> None:
    path = hermetic_environment / "data/crashdesk/recordings/live.crash"
    path.parent.mkdir(parents=True)
    first = Growing(path)
    first.close()
    with watching("tickers") as child:
        assert [_row(child.stdout)["symbol"] for _ in range(3)] == ["BTC/USDT", "ETH/USDT", "TON/USDT"]
        assert child.stderr is not None
        assert child.stderr.readline().startswith("crashdesk: nobody records now: this is the last picture")
        writer = RecordingWriter.open(path, market_tape.SESSION, first.now + 60_000, fsync=False)
        quote = Quote("okx", "BTC/USDT", first.now + 61_000, 99_000.0, None, None, None, None, 1e6, None)
        writer.append([quote], first.now + 61_000)
        row = _row(child.stdout)
        while row["symbol"] != "BTC/USDT" or row["last"] != 99_000.0:  # the others became stale
            row = _row(child.stdout)
        assert row["as_of_ms"] == first.now + 61_000
        writer.close(first.now + 62_000)


def test_a_reader_that_leaves_ends_it_though_nothing_comes(growing: Growing) -> None:
    words = f"{' '.join(SHOW)} tickers {growing.path} --watch | head -n 1"
    done = subprocess.run(["/bin/sh", "-c", words], capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert (json.loads(done.stdout)["symbol"], done.stderr) == ("BTC/USDT", "")
    with watching("tickers", growing.path) as child:
        for _ in range(3):
            _row(child.stdout)
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.wait(LIMIT_S) == 0
        assert child.stderr.read() == ""


def test_ctrl_c_ends_it_without_a_word(growing: Growing) -> None:
    with watching("sectors", growing.path) as child:
        _row(child.stdout)
        child.send_signal(signal.SIGINT)
        assert child.wait(LIMIT_S) == 130
        assert child.stderr is not None
        assert child.stderr.read() == ""


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_a_pipe_into_jq(growing: Growing) -> None:
    watch = f"{' '.join(SHOW)} liquidations --tab tape {growing.path} --watch"
    words = f"{watch} | jq --unbuffered -c 'select(.usd > 7) | .usd'"
    with subprocess.Popen(["/bin/sh", "-c", words], stdout=subprocess.PIPE, text=True) as pipe:
        assert pipe.stdout is not None
        for dollars in (3, 9, 5, 12):
            growing.order(dollars * 1_000_000)
        assert [pipe.stdout.readline(), pipe.stdout.readline()] == ["9\n", "12\n"]
        growing.close()
        assert pipe.wait(LIMIT_S) == 0


def test_waiting_for_a_file_is_only_waiting(tmp_path: Path) -> None:
    with (tmp_path / "rows").open("w") as file:
        Reader(file).wait(0.0)
    first, second = os.pipe()
    with os.fdopen(second, "w") as pipe:
        Reader(pipe).wait(0.0)
        os.close(first)
        with pytest.raises(BrokenPipeError):
            Reader(pipe).wait(LIMIT_S)
