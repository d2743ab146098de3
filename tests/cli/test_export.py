"""`crashdesk export`: every row once, exact sums, spans by the rows' own time, nothing altered."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from crashdesk.cli.main import main
from crashdesk.model.records import Liquidation, PriceBasis, Side
from crashdesk.recording.writer import RecordingWriter
from tests.session import market_tape

Run = Callable[..., tuple[int, str, str]]
START = market_tape.START
HEAD = "ts_ms,time_utc,recv_ms,venue,symbol,side,price,amount,usd,usd_micro,basis"
ODD = '=1+1 "x", 币/USDT:USDT'


def _row(number: int, ts_ms: int, symbol: str = "BTC/USDT:USDT") -> Liquidation:
    side = Side.LONG if number % 3 else Side.SHORT
    micro = 1_000_000 * number + number % 7
    raw = json.dumps({"n": number, "s": symbol}, ensure_ascii=False)
    return Liquidation("okx", symbol, ts_ms, side, 0.1 * number, 1e-7 * number, micro, PriceBasis.FILL, raw)


ROWS = (
    *(_row(n, START + n * 1_000) for n in range(1, 1_201)),
    _row(2_000, START - 86_400_000),  # history
    _row(2_001, START + 500, ODD),  # late, and a name that wants quoting
    _row(2_002, START + 1_200_000 + 59_000),  # a venue whose clock is ahead
    _row(2_003, START + 7_000),
    _row(2_003, START + 7_000),  # a twin
)


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rows in the order of their coming, over twenty minutes."""
    path = tmp_path_factory.mktemp("export") / "tape.crash"
    writer = RecordingWriter.open(path, market_tape.SESSION, START, fsync=False)
    for number, row in enumerate(ROWS):
        writer.append([row], START + number * 1_000)
    writer.close(START + len(ROWS) * 1_000)
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = main(["export", *(str(word) for word in arguments)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def _table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _numbers(rows: Sequence[Liquidation]) -> list[int]:
    return [row.usd_micro for row in rows]


def test_csv_has_every_row_once_and_exact_money(tape: Path, run: Run) -> None:
    code, out, err = run(tape, "--what", "liquidations")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == HEAD
    rows = _table(out)
    assert [int(row["usd_micro"]) for row in rows] == _numbers(ROWS)
    assert sum(Fraction(row["usd"]) * 1_000_000 for row in rows) == sum(_numbers(ROWS))
    assert [row["symbol"] for row in rows] == [row.symbol for row in ROWS]
    assert [(float(row["price"]), float(row["amount"])) for row in rows] == [(r.price, r.amount) for r in ROWS]
    assert rows[0]["time_utc"] == "2025-11-03T20:00:01.000Z"
    assert {row["side"] for row in rows} == {"long", "short"}
    assert [int(row["recv_ms"]) for row in rows[1:3]] == [START + 1_000, START + 2_000]


@pytest.mark.parametrize("form", ["ndjson", "json"])
def test_json_has_the_same_rows_and_the_payloads(tape: Path, run: Run, form: str) -> None:
    code, out, _ = run(tape, "--what", "liquidations", "--format", form, "--raw")
    rows = json.loads(out) if form == "json" else [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [row["usd_micro"] for row in rows] == _numbers(ROWS)
    assert [row["raw"] for row in rows] == [row.raw for row in ROWS]
    assert list(rows[0]) == [*HEAD.split(","), "raw"]
    assert rows[2]["usd"] == 3.000003


def test_nothing_is_valid_in_every_format(tape: Path, run: Run) -> None:
    span = ("--what", "liquidations", "--from", "2031-01-01")
    assert run(tape, *span)[1] == HEAD + "\n"
    assert run(tape, *span, "--format", "ndjson")[1] == ""
    assert json.loads(run(tape, *span, "--format", "json")[1]) == []


@pytest.mark.parametrize(
    ("since", "until"), [(5_000, 8_000), (None, 1_000), (1_000_000, None), (-90_000_000, 0), (700_000, 700_001)]
)
def test_a_span_is_by_the_rows_own_time_late_and_early_ones_too(
    tape: Path, run: Run, since: int | None, until: int | None
) -> None:
    arguments = [tape, "--what", "liquidations"]
    arguments += [] if since is None else ["--from", START + since]
    arguments += [] if until is None else ["--to", START + until]
    low, high = -(10**15) if since is None else START + since, 10**15 if until is None else START + until
    wanted = [row.usd_micro for row in ROWS if low <= row.ts_ms < high]
    assert wanted
    assert [int(row["usd_micro"]) for row in _table(run(*arguments)[1])] == wanted


def test_a_span_back_from_the_end(tape: Path, run: Run) -> None:
    end = START + len(ROWS) * 1_000
    out = run(tape, "--what", "liquidations", "--from", "-5m", "--to", "-1m")[1]
    wanted = [row.usd_micro for row in ROWS if end - 300_000 <= row.ts_ms < end - 60_000]
    assert [int(row["usd_micro"]) for row in _table(out)] == wanted


def test_out_is_whole_or_as_it_was(tape: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    out.write_text("mine")
    code, said, err = run(tape, "--what", "liquidations", "--out", out)
    assert (code, said) == (0, "")
    assert f"crashdesk: {len(ROWS):,} liquidations, ${sum(_numbers(ROWS)) / 1e6:,.2f}\n" == err
    assert [int(row["usd_micro"]) for row in _table(out.read_text())] == _numbers(ROWS)
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--what", "candels"), "no 'candels' here"),
        ((), "--what"),
        (("--what", "liquidations", "--from", "soon"), "--from: not a time"),
        (("--what", "liquidations", "--from", "-1m", "--to", "-2m"), "--from must be earlier than --to"),
        (("--what", "liquidations", "--format", "xls"), "no 'xls' here"),
    ],
)
def test_mistakes_are_one_sentence(tape: Path, run: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = run(tape, *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_the_recording_is_never_written_over(tape: Path, run: Run, tmp_path: Path) -> None:
    before = tape.read_bytes()
    link = tmp_path / "link.csv"
    link.symlink_to(tape)
    for target in (tape, link, tmp_path):
        code, _, err = run(tape, "--what", "liquidations", "--out", target)
        assert (code, err.count("\n")) == (2, 1)
    assert tape.read_bytes() == before


def test_a_reader_that_leaves_ends_it_quietly(tape: Path) -> None:
    words = f"{sys.executable} -m crashdesk export {tape} --what liquidations | head -n 1"
    done = subprocess.run(["/bin/sh", "-c", words], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr, done.returncode) == (HEAD + "\n", "", 0)


def test_missing_file_is_one_sentence(run: Run, tmp_path: Path) -> None:
    code, out, err = run(tmp_path / "no.crash", "--what", "liquidations")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert os.fspath(tmp_path / "no.crash") in err


@pytest.mark.parametrize("form", ["csv", "ndjson", "json"])
def test_payloads_that_a_terminal_would_obey_are_escaped_and_mean_the_same(run: Run, tmp_path: Path, form: str) -> None:
    path, out = tmp_path / "odd.crash", tmp_path / "rows"
    payload = {"x": "\x9b31m\x1b]0;title\x07\x7f \ud800 \u202e 币", "y": "\U000e0001"}
    raw = json.dumps(payload, ensure_ascii=False).replace("\\u001b", "\x1b").replace("\\u0007", "\x07")
    writer = RecordingWriter.open(path, market_tape.SESSION, START, fsync=False)
    writer.append([_row(1, START)._replace(raw=raw)], START + 1)
    writer.close(START + 2)
    assert run(path, "--what", "liquidations", "--raw", "--format", form, "--out", out)[0] == 0
    text = out.read_text(encoding="utf-8")
    assert text.replace("\n", "").isprintable()
    row = _table(text)[0] if form == "csv" else json.loads(text.strip().strip("[]"))
    assert json.loads(row["raw"]) == payload
