"""Recordings cut, joined and made smaller: every brief inside is that of the original."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crashdesk.brief.as_json import brief_json
from crashdesk.brief.content import make_brief
from crashdesk.cli.context import make_context
from crashdesk.cli.copying import progress
from crashdesk.cli.main import main
from crashdesk.model.basket import Baskets
from crashdesk.model.records import Batch, Gap, Liquidation, Quote, Record, Session
from crashdesk.model.times import format_utc
from crashdesk.recording.format import Kind
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.player import Player
from crashdesk.session.views import WeightMode
from tests.recording.samples import START, day, liquidation, one_of_each, play, quote, session, write_day
from tests.recording.spoiled import frame_of, spoil, write_all_kinds

Run = Callable[..., tuple[int, str, str]]
HOUR = 3_600_000
STEP = 30_000
HOURS = 27
END = START + HOURS * HOUR
MIDDLE = START + 26 * HOUR + 1_000_000


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = main(["snapshots", *(str(word) for word in arguments)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """27 hours, so that a part of it has more than a day before it."""
    path = tmp_path_factory.mktemp("long") / "long.crash"
    writer = RecordingWriter.open(path, session(), START - 20_000, fsync=False)
    writer.append(one_of_each(START - 10_000), START - 10_000)
    for now, rows in day(5, START, HOURS * HOUR // STEP, STEP):
        writer.append(rows, now)
    writer.close(END)
    return path


def brief_at(path: Path, at_ms: int) -> dict[str, object]:
    reader = RecordingReader.open(path)
    try:
        player = Player(reader, Baskets("", "", "", ()))
        player.seek(at_ms)
        made: dict[str, object] = json.loads(brief_json(make_brief(player.state, WeightMode.CAP)))
        return made
    finally:
        reader.close()


def timed(path: Path) -> list[tuple[int, tuple[Record, ...]]]:
    return [(batch.recv_ms, batch.records) for batch in play(path)]


def inside(batches: list[Batch], since: int, until: int) -> list[tuple[int, tuple[Record, ...]]]:
    return [(batch.recv_ms, batch.records) for batch in batches if since <= batch.recv_ms <= until]


def test_a_part_with_more_than_a_day_before_it(long: Path, tmp_path: Path, run: Run) -> None:
    before, out = long.read_bytes(), tmp_path / "part.crash"
    since, until = MIDDLE, MIDDLE + 1_200_000
    code, said, err = run("cut", long, "--from", since, "--to", until, "--out", out)
    assert (code, err) == (0, "")
    assert said.startswith(f"{out}: {format_utc(since)} to {format_utc(until)}, ")
    assert "begins at 2025-11-03 0" in said
    assert long.read_bytes() == before
    assert out.stat().st_mode & 0o777 == 0o600
    for at in (since, since + 7_000, since + 333_000, since + 1_000_000, until):
        assert brief_at(out, at) == brief_at(long, at)
    reader = RecordingReader.open(out)
    assert reader.info().damage == ()
    assert since - 26 * HOUR < reader.start_ms <= since - 25 * HOUR
    assert until <= reader.end_ms < until + 10
    only_prices_before_it_are_thinned(long, out, since, until)


def only_prices_before_it_are_thinned(long: Path, out: Path, since: int, until: int) -> None:
    all_of, part = play(long), play(out)
    assert inside(part, since - 300_000, until) == inside(all_of, since - 300_000, until)
    lead = since - 25 * HOUR + 60_000

    def rows(batches: list[Batch], kind: type[Record]) -> list[Record]:
        return [row for _, records in inside(batches, lead, since - 600_001) for row in records if type(row) is kind]

    assert rows(part, Liquidation) == rows(all_of, Liquidation)

    def bars(batches: list[Batch]) -> dict[tuple[str, str, int], tuple[float, float, float]]:
        found: dict[tuple[str, str, int], list[float]] = {}
        for recv_ms, records in inside(batches, lead, since):
            for row in records:
                if isinstance(row, Quote):
                    found.setdefault((row.venue, row.symbol, recv_ms // 60_000), []).append(row.last)
        return {key: (max(prices), min(prices), prices[-1]) for key, prices in found.items()}

    assert bars(part) == bars(all_of)


def test_a_part_from_the_start_is_the_start(long: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "part.crash"
    until = START + 2 * HOUR
    assert run("cut", long, "--to", until, "--out", out)[1].count("\n") == 1
    assert timed(out) == inside(play(long), 0, until)
    assert brief_at(out, until) == brief_at(long, until)


def test_what_cannot_be_cut_is_one_sentence(long: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "part.crash"
    for words, want, text in (
        ((), 2, "needs --from, --to or both"),
        (("--from", START + HOUR, "--to", START + HOUR), 2, "--from must be earlier than --to"),
        (("--from", "nonsense"), 2, "--from: not a time"),
        (("--from", END + HOUR, "--to", END + 2 * HOUR), 1, "holds nothing of that time"),
        (("--from", START - 3 * HOUR, "--to", START - 2 * HOUR), 1, "holds nothing of that time"),
    ):
        code, said, err = run("cut", long, *words, "--out", out)
        assert (code, said, err.count("\n")) == (want, "", 1)
        assert text in err
    assert list(tmp_path.iterdir()) == []


def test_parts_that_were_cut_come_together_again(long: Path, tmp_path: Path, run: Run) -> None:
    one, two, both = (tmp_path / f"{name}.crash" for name in ("one", "two", "both"))
    run("cut", long, "--to", MIDDLE, "--out", one)
    run("cut", long, "--from", MIDDLE, "--out", two)
    code, said, _ = run("join", one, two, "--out", both)
    assert code == 0
    assert "no gap between them" in said
    assert timed(both) == timed(long)
    code, _, err = run("join", two, one, "--out", tmp_path / "wrong.crash")
    assert code == 1
    assert "name the earlier one first" in err


def test_a_gap_between_two_recordings_is_a_gap(tmp_path: Path, run: Run) -> None:
    one, two, both = (tmp_path / f"{name}.crash" for name in ("one", "two", "both"))
    write_day(one, 60, 1)
    later = START + HOUR
    write_day(two, 60, 2, later)
    code, said, _ = run("join", one, two, "--out", both)
    ended = RecordingReader.open(one).end_ms
    begun = RecordingReader.open(two).start_ms
    assert code == 0
    assert f"a gap of {(begun - ended) / 1000:,.1f} s between them" in said
    gaps = [row for batch in play(both) for row in batch.records if isinstance(row, Gap)]
    assert [(gap.start_ms, gap.end_ms) for gap in gaps] == [(ended, begun)]
    rows = [records for _, records in timed(both) if not isinstance((*records, None)[0], Gap | Session)]
    assert rows == [
        records for path in (one, two) for _, records in timed(path) if not isinstance((*records, None)[0], Session)
    ]
    assert RecordingReader.open(both).info().damage == ()


def test_recordings_that_overlap_are_refused(tmp_path: Path, run: Run) -> None:
    one, two = tmp_path / "one.crash", tmp_path / "two.crash"
    write_day(one, 60, 1)
    writer = RecordingWriter.open(two, session("other"), START + 100_000, fsync=False)
    writer.append([quote()], START + HOUR)
    writer.close(START + HOUR + 5)
    for words in ((one, two), (two, one), (one, one)):
        code, said, err = run("join", *words, "--out", tmp_path / "both.crash")
        assert (code, said, err.count("\n")) == (1, "", 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.crash", "two.crash"]


def write_burst(path: Path) -> None:
    """Liquidations in small frames, some exactly on a second, among quotes."""
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    writer.append(one_of_each(START + 100), START + 100)
    for k in range(3_000):
        now = START + 10_000 + k * 125
        writer.append([liquidation(now - 40, 100_000.0 + k % 7, 0.5 + k % 11)], now)
        if not k % 16:
            writer.append([quote(ts_ms=now, last=100_000.0 + k)], now + 1)
    writer.close(START + HOUR)


def test_a_smaller_one_with_the_same_brief_at_every_second(tmp_path: Path, run: Run) -> None:
    file, out = tmp_path / "a.crash", tmp_path / "b.crash"
    write_burst(file)
    code, said, err = run("compact", file, "--out", out)
    assert (code, err) == (0, "")
    assert out.stat().st_size < 0.6 * file.stat().st_size
    assert said.startswith(f"{out}: ")
    assert said.endswith(" % less\n")
    one, two = (
        [row for _, rows in timed(path) for row in rows if isinstance(row, Liquidation)] for path in (file, out)
    )
    assert two == one
    start = START // 1000 * 1000
    for second in (11, 12, 13, 29, 30, 31, 300, 301, 384, 386, 3_600):
        assert brief_at(out, start + second * 1000) == brief_at(file, start + second * 1000)


def test_damage_of_a_source_is_said(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "a.crash"
    write_all_kinds(file)
    spoil(file, frame_of(file, Kind.EVENTS, 3).start)
    code, _, err = run("compact", file, "--out", tmp_path / "b.crash")
    assert code == 0
    assert "1 damaged place is a gap" in err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_only() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    show = progress(make_context(None, {}, pipe, pipe, terminal), "cutting")
    assert show is not None
    show(1, 4)
    show(4, 4)
    assert terminal.getvalue() == "\rcutting: 25 %\r\x1b[K"
    assert progress(make_context(None, {}, pipe, pipe, pipe), "cutting") is None
