"""`crashdesk snapshots share`: one file that opens like any recording, with the sender's levels and notes."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from crashdesk.cli.context import make_context
from crashdesk.cli.main import main
from crashdesk.cli.share import Sharer
from crashdesk.config.levels_file import edit_levels
from crashdesk.config.notes_file import save_notes
from crashdesk.model.level import Level, LevelKind, Point, TrendLine
from crashdesk.model.level_edits import Put
from crashdesk.model.records import Batch, Liquidation, Note, Precision, PublishedLevel, Session
from tests.recording import samples
from tests.session import market_tape

START = market_tape.START


def _level(name: str, symbol: str = "BTC/USDT", trend: TrendLine | None = None) -> Level:
    price = 104_000.0 if trend is None else trend.end.price
    return Level(name, symbol, price, LevelKind.SUPPORT, "floor", START - 1, START - 1, alert="loud", trend=trend)


def _note(name: str, ts_ms: int) -> Note:
    return Note(name, ts_ms, Precision.MINUTE, "mine", f"note {name}", "me", None)


@pytest.mark.parametrize("raw", [True, False])
def test_a_shared_file_has_the_senders_levels_and_notes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], raw: bool
) -> None:
    tape, out = tmp_path / "tape.crash", tmp_path / "out.crash"
    _, end = market_tape.write(tape, 1)
    before = tape.read_bytes()
    paths = make_context(None, os.environ, sys.stdin, sys.stdout, sys.stderr).paths
    line = TrendLine(Point(START - 9, 1.0), Point(START - 5, 2.0))
    levels = [_level("a"), _level("b", "NOT/HERE"), _level("c", trend=line)]
    edit_levels(paths.levels_file, [Put(level) for level in levels], START)
    save_notes(paths.notes_file, "tape", (_note("x", START + 600_123), _note("y", START - 5), _note("z", end + 60_000)))
    code = main(["snapshots", "share", str(tape), "--out", str(out), *([] if raw else ["--no-raw"])])
    said, err = capsys.readouterr()
    assert (code, err, tape.read_bytes()) == (0, "", before)
    assert "1 of your levels and 2 of your notes" in said
    assert "1 trend lines are left out" in said
    assert "1 notes are left out" in said
    was, now = samples.records(tape), samples.records(out)
    added = [r for r in now if isinstance(r, (PublishedLevel, Note)) and r not in was]
    assert added == [
        PublishedLevel("BTC/USDT", 104_000.0, "support", "floor", "shared", START - 1),
        _note("y", START - 5),
        _note("x", START + 600_123),
    ]
    assert {r.recording_id for r in now if isinstance(r, Session)} == {"tape-shared"}
    payloads = {r.raw for r in now if isinstance(r, Liquidation)}
    assert payloads == ({"{}"} if raw else {""})
    came = [batch.recv_ms for batch in samples.play(out) if _note("x", START + 600_123) in batch.records]
    assert START + 600_123 <= came[0] < START + 620_000
    assert main(["brief", str(out), "--format", "json"]) == 0
    brief = json.loads(capsys.readouterr().out)
    assert {level["price"] for level in brief["levels"]} >= {104_000.0, 105_000.0}
    assert [n["text"] for n in brief["notes"]].count("note x") == 1


def test_an_existing_file_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tape = tmp_path / "tape.crash"
    market_tape.write(tape, 0.1)
    before = tape.read_bytes()
    assert main(["snapshots", "share", str(tape), "--out", str(tape)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert tape.read_bytes() == before


def test_what_is_not_changed_stays() -> None:
    order = samples.liquidation()
    assert Sharer([], [], raw=True)(Batch(1, samples.START, (order,))) == [order]
