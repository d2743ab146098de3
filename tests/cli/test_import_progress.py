"""`crashdesk import` tells how far it is, leaves nothing behind when stopped, and names the column that was meant."""

from __future__ import annotations

import contextlib
import csv
import json
import sys
from pathlib import Path

import pytest

from crashdesk.cli.importing.make import from_files, from_folder
from crashdesk.cli.importing.progress import Shown, Told
from crashdesk.cli.importing.wishes import LIQUIDATIONS, Wish
from crashdesk.cli.importing.wrong_rows import WrongRows
from crashdesk.cli.main import main
from crashdesk.model.cascade import CascadeSettings
from crashdesk.recording.reader import RecordingReader

ROWS = 12_001
START = 1_760_130_000_000


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["Time", "Symbol", "Side", "Price", "Qty"])
        for i in range(ROWS):
            out.writerow([START + 37 * i, "BTCUSDT", "long", 110_000 + i % 7, 0.001])
    return path


def wish(table: Path) -> Wish:
    return Wish(LIQUIDATIONS, table, venue="bybit")


def watched(told: dict[str, list[tuple[int, int]]], stop_at: str = "") -> Shown:
    """Keeps what is told, by step; the step `stop_at` is interrupted the first time."""

    def shown(doing: str) -> Told:
        def step(done: int, whole: int) -> None:
            told.setdefault(doing, []).append((done, whole))
            if doing == stop_at:
                raise KeyboardInterrupt

        return step

    return shown


def test_each_step_goes_from_its_beginning_to_its_end(table: Path, tmp_path: Path) -> None:
    told: dict[str, list[tuple[int, int]]] = {}
    wrong = WrongRows(strict=True)
    from_files([wish(table)], tmp_path / "a.crash", "", (), wrong, CascadeSettings(), watched(told))
    assert list(told) == ["reading rows.csv", "writing"]
    size = table.stat().st_size
    read, written = told["reading rows.csv"], told["writing"]
    assert (read[0][1], read[-1]) == (size, (1, 1))
    assert (written[0][1], written[-1]) == (ROWS, (ROWS, ROWS))
    for steps in (read[:-1], written[:-1]):
        shares = [done / whole for done, whole in steps]
        assert shares == sorted(shares)
        assert len(shares) >= 2
        assert max(shares) < 1


@pytest.mark.parametrize("step", ["reading rows.csv", "writing"])
def test_stopped_it_leaves_nothing_behind(table: Path, tmp_path: Path, step: str) -> None:
    out = tmp_path / "new" / "a.crash"
    out.parent.mkdir()
    wrong = WrongRows(strict=True)
    with pytest.raises(KeyboardInterrupt):
        from_files([wish(table)], out, "", (), wrong, CascadeSettings(), watched({}, step))
    assert list(out.parent.iterdir()) == []


def test_a_folder_too(table: Path, tmp_path: Path) -> None:
    first, folder, out = tmp_path / "a.crash", tmp_path / "all", tmp_path / "new" / "b.crash"
    assert main(["import", "--out", str(first), "--liquidations", str(table), "--venue", "bybit"]) == 0
    assert main(["export", str(first), "--what", "all", "--out", str(folder)]) == 0
    out.parent.mkdir()
    with pytest.raises(KeyboardInterrupt):
        from_folder(folder, out, WrongRows(strict=True), watched({}, "importing"))
    assert list(out.parent.iterdir()) == []
    told: dict[str, list[tuple[int, int]]] = {}
    from_folder(folder, out, WrongRows(strict=True), watched(told))
    assert told["importing"][-1][0] == told["importing"][-1][1] > ROWS


def test_on_a_terminal_it_is_shown_and_taken_away(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["import", "--liquidations", str(table), "--venue", "bybit", "--out"]
    assert main([*words, str(tmp_path / "quiet.crash")]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main([*words, str(tmp_path / "a.crash")]) == 0
    said = capsys.readouterr().err
    assert said.startswith("\rreading rows.csv: ")
    assert "\rwriting: " in said
    assert said.endswith("\r\x1b[K")


def test_orders_of_one_second_come_together_and_none_too_early(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.crash"
    assert main(["import", "--out", str(out), "--liquidations", str(table), "--venue", "bybit"]) == 0
    with contextlib.closing(RecordingReader.open(out)) as reader:
        came = [(batch.recv_ms, [row.ts_ms for row in batch.records]) for batch in reader.liquidations(0, 10**14)]
    assert [ts for _, times in came for ts in times] == [START + 37 * i for i in range(ROWS)]
    assert all(times[-1] == recv_ms and len({ts // 1000 for ts in times}) == 1 for recv_ms, times in came)
    assert len(came) == len({ts // 1000 for _, times in came for ts in times})


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("ts=Tine", "has no column 'Tine' for ts: did you mean 'Time'?"),
        ("price=price_usd,side=Sid", "has no column"),
        ("amount=Volume.Base", "has no column 'Volume.Base' for amount: known: Price, Qty, Side, Symbol, Time"),
    ],
)
def test_a_column_that_is_not_there_is_answered_with_the_nearest(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], mapping: str, said: str
) -> None:
    out = tmp_path / "a.crash"
    words = ["--liquidations", str(table), "--venue", "bybit", "--map", mapping]
    assert main(["import", "--out", str(out), *words]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
    assert not out.exists()


def test_a_json_row_may_lack_a_column_that_is_named(table: Path, tmp_path: Path) -> None:
    lines = tmp_path / "rows.ndjson"
    rows = [{"at": START, "s": "BTCUSDT", "side": "long", "price": 110_000, "amount": 0.1}]
    rows.append({**rows[0], "at": START + 1, "value": 11_000})
    lines.write_text("\n".join(map(json.dumps, rows)))
    words = ["--liquidations", str(lines), "--venue", "bybit", "--map", "ts=at,symbol=s,usd=value"]
    assert main(["import", "--out", str(tmp_path / "a.crash"), *words]) == 0
