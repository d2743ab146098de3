"""`crashdesk export` of every table: the records as they were written, in each format, and read back."""

from __future__ import annotations

import csv
import io
import json
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from crashdesk.cli.record_forms import FORMS, cells_of, columns_of, record_of
from crashdesk.model.records import Candle, Liquidation, Note, Quote, Record
from crashdesk.recording.writer import RecordingWriter
from tests.cli.bad_input import Run
from tests.recording import samples


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An hour of a random market with one record of each kind before it."""
    path = tmp_path_factory.mktemp("tables") / "tape.crash"
    writer = RecordingWriter.open(path, samples.session(), samples.START - 10, fsync=False)
    writer.append(samples.one_of_each(samples.START), samples.START)
    for now, rows in samples.day(3, samples.START + 5_000, 720):
        writer.append(rows, now)
    writer.close(samples.START + 3_700_000)
    return path


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_quotes_have_units_times_and_empty_cells_for_the_unknown(tape: Path, run: Run) -> None:
    code, out, _ = run("export", tape, "--what", "quotes")
    assert code == 0
    assert out.splitlines()[0] == (
        "ts_ms,time_utc,recv_ms,venue,symbol,last,bid,ask,high_24h,low_24h,volume_24h_usd,change_24h_pct"
    )
    written = [(b.recv_ms, q) for b in samples.play(tape) for q in b.records if isinstance(q, Quote)]
    rows = _rows(out)
    assert len(rows) == len(written) > 1_000
    for row, (recv_ms, quote) in zip(rows, written, strict=True):
        assert (int(row["recv_ms"]), int(row["ts_ms"]), float(row["last"])) == (recv_ms, quote.ts_ms, quote.last)
        assert (row["low_24h"], float(row["change_24h_pct"])) == ("", -3.4)


@pytest.mark.parametrize(("since", "until"), [(600_000, 1_200_000), (3_000_000, None), (None, 60_000)])
def test_a_span_of_quotes_is_by_their_own_time(tape: Path, run: Run, since: int | None, until: int | None) -> None:
    words: list[object] = ["export", tape, "--what", "quotes"]
    words += [] if since is None else ["--from", samples.START + since]
    words += [] if until is None else ["--to", samples.START + until]
    low, high = samples.START + (since or -(10**9)), samples.START + (until or 10**9)
    wanted = [q.ts_ms for q in samples.records(tape) if isinstance(q, Quote) and low <= q.ts_ms < high]
    assert [int(row["ts_ms"]) for row in _rows(run(*words)[1])] == wanted
    assert wanted


def test_candles_name_their_base_units(tape: Path, run: Run) -> None:
    rows = [json.loads(line) for line in run("export", tape, "--what", "candles", "--format", "ndjson")[1].splitlines()]
    written = [record for record in samples.records(tape) if isinstance(record, Candle)]
    assert [(r["open_ms"], r["close"], r["volume_base"], r["timeframe"]) for r in rows] == [
        (c.open_ms, c.close, c.volume, c.timeframe.value) for c in written
    ]


def test_notes_are_told(tape: Path, run: Run) -> None:
    (row,) = _rows(run("export", tape, "--what", "notes")[1])
    (note,) = [record for record in samples.records(tape) if isinstance(record, Note)]
    assert (row["id"], row["precision"], row["text"], row["url"]) == (note.id, "day", note.text, "")


def test_summary_is_the_sums_of_the_rows(tape: Path, run: Run) -> None:
    figures = {row["name"]: float(row["value"]) for row in _rows(run("export", tape, "--what", "summary")[1])}
    orders = [record for record in samples.records(tape) if isinstance(record, Liquidation)]
    total = sum(order.usd_micro for order in orders) / 1e6
    assert (
        figures["liquidations.total_usd"]
        == figures["liquidations.by_venue.okx.long_usd"] + (figures["liquidations.by_venue.okx.short_usd"])
    )
    assert (figures["liquidations.orders"], figures["liquidations.total_usd"]) == (len(orders), total)
    assert figures["windows.24h.total_usd"] == total  # the hour lies within the last day
    assert figures["damaged_places"] == 0
    assert run("export", tape, "--what", "summary", "--from", "-5m")[0] == 2


def _samples() -> list[Record]:
    return [*samples.one_of_each(samples.START), samples.session()]


def test_every_record_is_the_same_after_a_table() -> None:
    forms = {form.record: form for form in FORMS.values()}
    seen = set()
    for record in _samples():
        form = forms[type(record)]
        cells = cells_of(form, record, 77, raw=True)
        names = [column.name for column in columns_of(form, raw=True)]
        csv_text = ["" if cell is None else str(cell) for cell in cells]
        for row in (dict(zip(names, cells, strict=True)), dict(zip(names, csv_text, strict=True))):
            assert record_of(form, row) == (77, record)
        seen.add(type(record))
    assert seen == {form.record for form in FORMS.values()}


def test_a_folder_is_there_whole_or_not_at_all(tape: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "night"
    code, said, err = run("export", tape, "--what", "all", "--out", out)
    assert (code, said) == (0, "")
    assert "quotes" in err
    assert {file.stem for file in out.glob("*.csv")} == set(FORMS)
    manifest = json.loads((out / "recording.json").read_text())
    assert manifest["rows"]["liquidations"] == len(_rows((out / "liquidations.csv").read_text()))
    assert run("export", tape, "--what", "all", "--out", out)[0] == 2
    assert run("export", tape, "--what", "all")[0] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["night"]


def test_without_pyarrow_one_sentence_says_what_to_install(
    tape: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    words = ("export", tape, "--what", "quotes", "--format", "parquet")
    code, _, err = run(*words, "--out", tmp_path / "q.parquet")
    assert (code, err.count("\n"), list(tmp_path.iterdir())) == (1, 1, [])
    assert "crashdesk[parquet]" in err
    assert run(*words)[0] == 2


def test_parquet_has_types_and_exact_money(tape: Path, run: Run, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    out = tmp_path / "rows.parquet"
    assert run("export", tape, "--what", "liquidations", "--format", "parquet", "--out", out)[0] == 0
    rows = parquet.read_table(out).to_pylist()
    written = [record for record in samples.records(tape) if isinstance(record, Liquidation)]
    assert [(r["ts_ms"], r["price"], r["usd_micro"]) for r in rows] == [
        (w.ts_ms, w.price, w.usd_micro) for w in written
    ]
    assert sum(row["usd"] for row in rows) == Decimal(sum(w.usd_micro for w in written)) / 1_000_000
