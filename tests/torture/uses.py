"""Everything that may be done with a recording of unknown origin, in one process, as the commands do it."""

from __future__ import annotations

import contextlib
import io
import random
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from crashdesk.cli.export_tables import TABLES
from crashdesk.cli.main import _run
from crashdesk.model.errors import RecordingError, UsageError
from crashdesk.model.records import Quote
from crashdesk.model.timeframe import DAY_MS, Timeframe
from crashdesk.model.times import LAST_MS
from crashdesk.recording.format import FIRST_OFFSET
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.focus import Focus, Opening
from crashdesk.session.player import Player
from crashdesk.session.scrub import overview
from crashdesk.session.stage import Stage
from crashdesk.session.views import WeightMode
from tests.recording.samples import quote, session
from tests.session import market_tape

Chance = random.Random


class Case(NamedTuple):
    """A spoiled recording, a folder for what is made of it, the environment of a user."""

    path: Path
    out: Path
    environment: Mapping[str, str]
    chance: Chance


def command(case: Case, *arguments: object) -> tuple[int, str, str]:
    """Run a command without the net that the program spreads under it: an error that is not ours comes out as it is."""
    out, err = io.StringIO(), io.StringIO()
    code = _run([str(word) for word in arguments], case.environment, io.StringIO(), out, err)
    said = out.getvalue() + err.getvalue()
    assert "Traceback" not in said
    assert "\x1b" not in said
    assert "\u202e" not in said
    return code, out.getvalue(), err.getvalue()


@contextlib.contextmanager
def opened(case: Case) -> Iterator[RecordingReader]:
    """A reader."""
    reader = RecordingReader.open(case.path)
    try:
        yield reader
    finally:
        reader.close()


def play(case: Case) -> None:
    """Every record, in order."""
    with opened(case) as reader:
        batches = [batch for _, batch in reader.batches(reader.first_offset)]
        assert all(a.recv_ms < b.recv_ms for a, b in pairwise(batches)), "the clock runs backwards"
        assert all(batch.recv_ms >= 0 for batch in batches)


def seek(case: Case) -> None:
    """The state at some times, sections of chunks, the liquidations of a span."""
    with opened(case) as reader:
        for at_ms in _times(case, reader):
            point = reader.restore(at_ms)
            for chunk in point.chunks[-3:]:
                chunk.load_liquidations()
                chunk.load_bars()
                if chunk.load_details is not None:
                    chunk.load_details()
            for number, _ in zip(reader.batches(point.offset), range(200), strict=False):
                assert number[0] <= reader.end_offset
            reader.chunk_rows(at_ms // 300_000)
        at_ms = case.chance.randrange(reader.start_ms, reader.end_ms + 1)
        for _ in zip(reader.liquidations(at_ms, at_ms + 600_000), range(200), strict=False):
            pass


def _times(case: Case, reader: RecordingReader) -> list[int]:
    low, high = reader.start_ms, max(reader.start_ms, reader.end_ms)
    return [case.chance.choice((0, low, high, high + 10**9)), case.chance.randint(low, high)]


def survey(case: Case) -> None:
    """The scrubber's overview and the count of everything."""
    with opened(case) as reader:
        overview(reader, reader.end_ms)
        reader.info()


def state(case: Case) -> None:
    """A trader's jumps, and playing on from there."""
    with opened(case) as reader:
        player = Player(reader, market_tape.BASKETS)
        for at_ms in _times(case, reader):
            player.seek(at_ms)
            player.state.rows()
            player.play_to(at_ms + 60_000)
            player.rush_to(at_ms + 120_000)
            player.quote_time_before()


def picture(case: Case) -> None:
    """Pictures as a replay shows them."""
    with opened(case) as reader:
        at_ms = case.chance.randint(reader.start_ms, max(reader.start_ms, reader.end_ms))
        clock = [0]
        focus = Focus("BTC/USDT", case.chance.choice(list(Timeframe)), WeightMode.EQUAL)
        stage = Stage(reader, market_tape.BASKETS, Opening(focus, at_ms, 60.0), lambda: clock[0])
        for _ in range(3):
            stage.deck.fold(10.0)
            stage.picture(focus)
            clock[0] += 700


def brief(case: Case) -> None:
    """`brief`, at its end or anywhere."""
    at = (("--at", f"{case.chance.randrange(101)}%"), ())[case.chance.random() < 0.5]
    command(case, "brief", case.path, "--format", case.chance.choice(("text", "md", "json")), *at)


def replay(case: Case) -> None:
    """`replay` without a terminal."""
    command(case, "replay", case.path)


def doctor(case: Case) -> None:
    """`doctor`: it tells of all damage that playing meets."""
    code, said, _ = command(case, "doctor", case.path)
    assert code == ("WRONG" in said)


def info(case: Case) -> None:
    """`snapshots info`."""
    command(case, "snapshots", "info", case.path, *(("--json",), ())[case.chance.random() < 0.5])


def repair(case: Case) -> None:
    """`snapshots repair`: what comes out is sound."""
    saved = case.out / "saved.crash"
    command(case, "snapshots", "repair", case.path, "--out", saved)
    with contextlib.closing(RecordingReader.open(saved)) as reader:
        found = reader.info()
        assert found.closed
        assert not found.damage, f"the repaired recording has damage: {found.damage}"


def rewrite(case: Case) -> None:
    """The other words that make a new recording of it."""
    new = ("--out", case.out / "new.crash")
    word = case.chance.choice(("compact", "share", "cut", "renormalise"))
    span = ("--from", "20%", "--to", "80%") if word == "cut" else ()
    command(case, "snapshots", word, case.path, *span, *new)


def export(case: Case) -> None:
    """`export`, one table or the folder of all."""
    if case.chance.random() < 0.2:
        command(case, "export", case.path, "--what", "all", "--out", case.out / "folder")
    else:
        form = case.chance.choice(("csv", "json", "ndjson"))
        command(case, "export", case.path, "--what", case.chance.choice(list(TABLES)), "--format", form)


def go_on(case: Case) -> None:
    """A recorder takes a copy of it up: it refuses, or nothing that was there changes and what is added is there."""
    copy = case.out / "copy.crash"
    before = case.path.read_bytes()
    copy.write_bytes(before)
    try:
        with contextlib.closing(RecordingReader.open(copy)) as reader:
            now = reader.end_ms + 5_000
        if now > LAST_MS - DAY_MS:
            return  # at the end of time nothing comes behind it
        writer = RecordingWriter.open(copy, session(), now, fsync=False)
    except RecordingError:
        assert copy.read_bytes() == before, "a recording that is refused was touched"
        return
    writer.append([quote(last=77.5)], now + 5)
    writer.close(now + 9)
    assert copy.read_bytes().startswith(before), "what was there has changed"
    with contextlib.closing(RecordingReader.open(copy)) as reader:
        assert reader.info().closed
        if _latest(copy) > now + 1_000:
            return  # frames with forged times: what comes behind them is before them
        point = reader.restore(reader.end_ms)
        rows = [price for _, price in point.quotes]
        rows += [row for _, batch in reader.batches(point.offset) for row in batch.records if isinstance(row, Quote)]
        assert quote(last=77.5) in rows, "what was recorded behind it is not found"


def _latest(path: Path) -> int:
    """The latest `recv_ms` of all frames that hold, wherever they stand."""
    with contextlib.closing(FrameFile(path)) as file:
        latest, at = 0, FIRST_OFFSET
        while (header := file.header(at) or file.next_header(at + 1, file.size)) is not None:
            latest, at = max(latest, header.recv_ms), header.end
        return latest


ALWAYS: tuple[Callable[[Case], None], ...] = (play, seek)
SOMETIMES: tuple[Callable[[Case], None], ...] = (
    survey,
    state,
    picture,
    brief,
    replay,
    doctor,
    info,
    repair,
    rewrite,
    export,
    go_on,
)
REFUSALS = (RecordingError, UsageError)
