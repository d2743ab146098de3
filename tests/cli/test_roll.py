"""A new file each day: every figure of it is that of a recording that was never divided, and nobody notices."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from crashdesk.analytics.cascade_watch import CascadeWatch
from crashdesk.brief.as_json import brief_json
from crashdesk.brief.content import make_brief
from crashdesk.cli.recorder_sink import RecorderSink
from crashdesk.cli.roller import DayRoller
from crashdesk.config.alert_settings import AlertKind
from crashdesk.model.basket import Baskets
from crashdesk.model.cascade import CascadeSettings
from crashdesk.model.errors import RecordingError
from crashdesk.model.records import Event, EventKind, Record
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.roll import NextFile, dated_path, day_of, part_path
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.alerts import AlertBook, Raised
from crashdesk.session.following import follow
from crashdesk.session.player import Player
from crashdesk.session.views import WeightMode
from tests.recording.samples import START, day, kill, one_of_each, play, quote, records, session
from tests.session.alert_rig import rule

STEP = 120_000
BEGAN = START - 3 * HOUR_MS  # START is a midnight: the first file holds three hours of the day before
HOURS = 29
MIDNIGHT = START + DAY_MS
NO_BASKETS = Baskets("", "", "", ())
Steps = Sequence[tuple[int, list[Record]]]


class Clock:
    now = 0

    def now_ms(self) -> int:
        return self.now


@pytest.fixture(scope="module")
def steps() -> Steps:
    first = [(BEGAN - 10_000, one_of_each(BEGAN - 10_000))]
    return [*first, *day(5, BEGAN, (HOURS + 3) * HOUR_MS // STEP, STEP)]


def write(out: Path, steps: Steps, *, rolls: bool) -> Iterator[int]:
    """The recorder's own sink writes the steps; each step gives the time. New files are waited for."""
    clock = Clock()
    writer = RecordingWriter.open(out, session(), steps[0][0] - 10_000, fsync=False)
    roller = DayRoller(out, day_of(steps[0][0])) if rolls else None
    sink = RecorderSink(writer, clock, CascadeWatch(CascadeSettings()), roller=roller)
    for now, rows in steps:
        clock.now = now
        for _, group in itertools.groupby(rows, type):
            sink.append(list(group))
        if roller is not None and roller._thread is not None:
            roller._thread.join()
        clock.now = now + 20_000
        sink.tick()
        yield clock.now
    if roller is not None:
        roller.stop()
    sink.writer.close(clock.now + 10)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, steps: Steps) -> Path:
    path = tmp_path_factory.mktemp("whole") / "live.crash"
    list(write(path, steps, rolls=False))
    return path


@pytest.fixture(scope="module")
def rolled(tmp_path_factory: pytest.TempPathFactory, steps: Steps) -> Path:
    path = tmp_path_factory.mktemp("rolled") / "live.crash"
    list(write(path, steps, rolls=True))
    return path


def brief(path: Path, at_ms: int) -> object:
    reader = RecordingReader.open(path)
    try:
        player = Player(reader, NO_BASKETS)
        player.seek(at_ms)
        return json.loads(brief_json(make_brief(player.state, WeightMode.CAP)))
    finally:
        reader.close()


def test_each_day_has_its_file_and_nothing_else_is_left(rolled: Path) -> None:
    names = sorted(os.listdir(rolled.parent))  # noqa: PTH208 - hidden files too
    assert names == ["live-2025-11-02.crash", "live-2025-11-03.crash", "live.crash"]
    for name in names:
        path = rolled.parent / name
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.stat().st_nlink == 1
        reader = RecordingReader.open(path)
        info = reader.info()
        assert (info.damage, info.closed) == ((), True)
        assert reader.session.recording_id == session().recording_id
        reader.close()


@pytest.mark.parametrize("minutes", [0.5, 1, 2, 17, 60, 200, 299])
def test_the_new_file_alone_shows_what_an_undivided_recording_shows(whole: Path, rolled: Path, minutes: float) -> None:
    at_ms = MIDNIGHT + round(minutes * MINUTE_MS)
    one = brief(rolled, at_ms)
    assert one == brief(whole, at_ms)
    assert one["liquidations"]["windows"]["24h"]["orders"] > 500  # type: ignore[index]


def test_every_frame_of_the_day_is_in_its_file_as_it_was(whole: Path, rolled: Path) -> None:
    for name, since, until in (
        ("live-2025-11-02.crash", BEGAN - DAY_MS, START),
        ("live-2025-11-03.crash", START, MIDNIGHT),
        ("live.crash", MIDNIGHT, MIDNIGHT + DAY_MS),
    ):

        def inside(path: Path, since: int = since, until: int = until) -> list[tuple[int, tuple[Record, ...]]]:
            return [(b.recv_ms, b.records) for b in play(path) if since <= b.recv_ms < until]

        assert inside(rolled.with_name(name)) == inside(whole), name


def test_a_desk_goes_over_to_the_new_file_with_its_alerts(tmp_path: Path, steps: Steps, whole: Path) -> None:
    out = tmp_path / "live.crash"
    writing = write(out, steps, rolls=True)
    told: list[Raised] = []
    rules = [rule(AlertKind.LIQUIDATION, min_usd=60_000.0)]
    book = AlertBook(rules, replayed=False, tell=told.append)
    next(writing)
    player = Player(RecordingReader.open(out), NO_BASKETS)
    player.seek(player.source.end_ms)
    book.settle(player.state)
    sources = {id(player.source): player.source}
    for now in writing:
        while not follow(player, 10.0, book):
            pass
        sources[id(player.source)] = player.source
        if MIDNIGHT - 5 * MINUTE_MS < now < MIDNIGHT + 5 * MINUTE_MS:
            player.state.tick(now)
            assert json.loads(brief_json(make_brief(player.state, WeightMode.CAP))) == brief(whole, now)
    assert len(sources) == 3
    undivided: list[Raised] = []
    again = AlertBook(rules, replayed=False, tell=undivided.append)
    player = Player(RecordingReader.open(whole), NO_BASKETS)
    player.seek(steps[0][0])
    again.settle(player.state)
    player.play_to(player.source.end_ms, watcher=again.see)
    assert [(one.ts_ms, one.text) for one in told] == [(one.ts_ms, one.text) for one in undivided]
    assert len(told) > 10


def test_a_desk_that_slept_over_two_midnights_finds_the_end(rolled: Path) -> None:
    player = Player(RecordingReader.open(rolled.with_name("live-2025-11-02.crash")), NO_BASKETS)
    player.seek(player.source.end_ms)
    while not player.follow(60.0):
        pass
    assert player.source.path == rolled  # type: ignore[attr-defined]
    assert player.state.now_ms > MIDNIGHT + 4 * HOUR_MS


def test_the_old_file_names_its_successor_and_only_the_same_recording_is_one(tmp_path: Path, rolled: Path) -> None:
    first, second, last = (rolled.parent / f"live{end}.crash" for end in ("-2025-11-02", "-2025-11-03", ""))
    for source, target in ((first, second), (second, last)):
        reader = RecordingReader.open(source)
        found = reader.successor()
        assert found is not None
        assert found.path == target
        found.close()
        reader.close()
    assert RecordingReader.open(last).successor() is None
    alone = tmp_path / first.name
    alone.write_bytes(first.read_bytes())
    assert RecordingReader.open(alone).successor() is None
    other = RecordingWriter.open(tmp_path / "live.crash", session("other"), BEGAN, fsync=False)
    other.close(MIDNIGHT)
    assert RecordingReader.open(alone).successor() is None, "a stranger of that name"
    (tmp_path / "live.crash").unlink()
    (tmp_path / "live.crash").symlink_to(alone)
    assert RecordingReader.open(alone).successor() is None, "itself"


def _ready(tmp_path: Path) -> tuple[RecordingWriter, NextFile, Path]:
    out = tmp_path / "live.crash"
    writer = RecordingWriter.open(out, session(), START - 5_000, fsync=False)
    writer.append([quote(last=1.0)], START - 4_000)
    new = NextFile(out, START)
    new.prepare()
    writer.append([quote(last=2.0)], START + 5)
    return writer, new, out


def test_the_new_file_is_locked_and_the_old_one_free(tmp_path: Path) -> None:
    writer, new, out = _ready(tmp_path)
    after = new.take_over(writer, day_of(START - 1), START + 10)
    with pytest.raises(RecordingError, match="being written by another process"):
        RecordingWriter.open(out, session(), START + 20, fsync=False)
    dated = dated_path(out, day_of(START - 1))
    RecordingWriter.open(dated, session(), START + 20, fsync=False).close(START + 30)
    after.append([quote(last=3.0)], START + 40)
    assert after.path == out
    after.close(START + 50)
    assert records(out)[-3:] == [quote(last=1.0), quote(last=2.0), quote(last=3.0)]


def test_a_name_that_is_taken_is_not_written_over(tmp_path: Path) -> None:
    writer, new, out = _ready(tmp_path)
    taken = dated_path(out, day_of(START - 1))
    taken.write_text("mine")
    new.take_over(writer, day_of(START - 1), START + 10).close(START + 20)
    assert taken.read_text() == "mine"
    assert quote(last=2.0) in records(taken.with_name("live-2025-11-02-2.crash"))


def test_without_links_the_files_are_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(source: object, target: object, **_: object) -> None:
        raise OSError(95, "Operation not supported")

    writer, new, _ = _ready(tmp_path)
    monkeypatch.setattr(os, "link", refused)
    new.take_over(writer, day_of(START - 1), START + 10).close(START + 20)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["live-2025-11-02.crash", "live.crash"]


def test_when_the_names_cannot_be_changed_the_old_file_goes_on(tmp_path: Path) -> None:
    writer, new, out = _ready(tmp_path)
    part_path(out).unlink()
    with pytest.raises(OSError, match="No such file"):
        new.take_over(writer, day_of(START - 1), START + 10)
    new.give_up()
    writer.append([quote(last=3.0)], START + 20)
    writer.close(START + 30)
    assert [path.name for path in tmp_path.iterdir()] == ["live.crash"]
    reader = RecordingReader.open(out)
    assert (reader.info().damage, reader.successor()) == ((), None)
    assert quote(last=3.0) in records(out)


def test_a_recorder_that_cannot_roll_says_so_and_tries_again_later(tmp_path: Path) -> None:
    out, clock = tmp_path / "live.crash", Clock()
    writer = RecordingWriter.open(out, session(), START - 5_000, fsync=False)
    roller = DayRoller(out, day_of(START - 1))
    sink = RecorderSink(writer, clock, CascadeWatch(CascadeSettings()), roller=roller)
    part_path(out).mkdir()

    def write_at(at_ms: int) -> None:
        clock.now = at_ms
        sink.append([quote(last=1.0 + (at_ms - START) / 1_000)])
        if roller._thread is not None:
            roller._thread.join()

    for at_ms in (START + 1, START + 1_000, START + 2_000):
        write_at(at_ms)
    (event,) = [row for row in records(out) if isinstance(row, Event)]
    assert event.kind is EventKind.WORKER
    assert event.text.startswith("no new file for the day, tried again in 10 min: ")
    part_path(out).rmdir()
    for at_ms in range(START + 599_000, START + 605_000, 1_000):
        write_at(at_ms)
    sink.writer.close(START + 606_000)
    assert dated_path(out, day_of(START - 1)).exists()
    assert {row for row in records(out) if isinstance(row, Event)} == {event}


def test_a_recorder_that_ends_while_the_next_file_is_made_leaves_nothing_of_it(tmp_path: Path, whole: Path) -> None:
    out = tmp_path / "live.crash"
    out.write_bytes(whole.read_bytes())
    end = RecordingReader.open(whole).end_ms
    writer = RecordingWriter.open(out, session(), end + 1, fsync=False)
    roller = DayRoller(out, day_of(end) - 1)
    assert roller.turn(writer, end + 2).writer is writer
    while not part_path(out).exists():
        assert roller._thread is not None
        assert roller._thread.is_alive()
    roller.stop()
    assert [path.name for path in tmp_path.iterdir()] == ["live.crash"]
    writer.close(end + 10)
    assert RecordingReader.open(out).info().damage == ()


@pytest.mark.parametrize("where", ["prepare", "take_over"])
def test_an_error_of_the_program_keeps_the_old_file_going(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by chance")

    out = tmp_path / "live.crash"
    writer = RecordingWriter.open(out, session(), START - 5_000, fsync=False)
    monkeypatch.setattr(NextFile, where, broken)
    roller = DayRoller(out, day_of(START - 1))
    assert roller.turn(writer, START + 1).events == ()
    assert roller._thread is not None
    roller._thread.join()
    turn = roller.turn(writer, START + 2)
    assert turn.writer is writer
    assert "an error of the program: ZeroDivisionError: by chance" in turn.events[0].text
    writer.append([quote()], START + 3)
    writer.close(START + 4)
    assert [path.name for path in tmp_path.iterdir()] == ["live.crash"]
    assert quote() in records(out)


def test_a_clock_that_is_set_back_does_not_roll_again(tmp_path: Path) -> None:
    writer, _, out = _ready(tmp_path)
    roller = DayRoller(out, day_of(START))
    assert roller.turn(writer, START - HOUR_MS).writer is writer
    assert roller._next is None
    kill(writer)
