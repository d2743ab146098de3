"""`crashdesk show`: what the desk and the brief show, as data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from crashdesk.cli.main import main
from crashdesk.cli.showing.asked import TABS
from crashdesk.config.baskets import load_baskets
from crashdesk.model.records import Liquidation, Note, Precision, PriceBasis, PublishedLevel, Side
from crashdesk.model.timeframe import DAY_MS, Timeframe
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.focus import Focus
from crashdesk.session.picture import PictureMaker
from crashdesk.session.player import Player
from crashdesk.session.views import DeskView, Mode, ScrubberView, TransportView, WeightMode
from tests.session import market_tape

Run = Callable[..., tuple[int, str, str]]
Json = dict[str, Any]
SUMS = ("total_usd", "long_usd", "short_usd", "orders")
PARTS = (("tickers",), ("sectors",), ("levels",), *(("liquidations", "--tab", tab) for tab in TABS))


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("show") / "tape.crash"
    market_tape.write(path, 2)
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object, command: str = "show") -> tuple[int, str, str]:
        code = main([command, *(str(word) for word in arguments)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def _document(run: Run, *words: object) -> Json:
    code, out, err = run(*words, "--format", "json")
    assert (code, err) == (0, "")
    document: Json = json.loads(out, parse_float=Decimal)
    return document


def _desk(path: Path, *, window: str = "24h") -> DeskView:
    """The picture of the end, as a desk shows it."""
    reader = RecordingReader.open(path)
    player = Player(reader, load_baskets(None)[0])
    player.seek(reader.end_ms)
    columns = ("5m", "4h", "7d", "next_level", "basis", "liquidated_1h")
    focus = Focus("BTC/USDT", Timeframe.H1, WeightMode.EQUAL, window=window, columns=columns, dislocation_pct=1.0)
    end = reader.end_ms
    transport = TransportView(
        Mode.REPLAY, playing=False, ended=True, speed=1.0, start_ms=0, end_ms=end, position_ms=end
    )
    view = PictureMaker().view(player.state, focus, transport, ScrubberView(0, end, (), (), (), ()))
    reader.close()
    return view


@pytest.mark.parametrize("words", PARTS)
def test_a_document_follows_its_schema(tape: Path, run: Run, words: tuple[str, ...]) -> None:
    schema = json.loads(files("crashdesk.cli.showing").joinpath("show.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(run(*words, tape, "--format", "json")[1])
    assert document["rows"]
    jsonschema.validate(document, schema)


@pytest.mark.parametrize("words", PARTS)
def test_every_format_has_the_same_rows(tape: Path, run: Run, words: tuple[str, ...]) -> None:
    document = _document(run, *words, tape)
    lines = [json.loads(line, parse_float=Decimal) for line in run(*words, tape, "--format", "ndjson")[1].splitlines()]
    assert lines == [{"as_of_ms": document["as_of_ms"], **row} for row in document["rows"]]
    table = list(csv.DictReader(io.StringIO(run(*words, tape, "--format", "csv")[1], newline="")))
    assert len(table) == len(lines)
    for row, line in zip(table, lines, strict=True):
        for name, cell in row.items():
            if name in line:
                known = _cell_of(line[name])
                assert (Decimal(cell) if isinstance(known, Decimal) else cell) == known, name
    code, out, err = run(*words, tape)
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == len(lines) + 2


def _cell_of(value: object) -> str | Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, (bool, list)):
        return json.dumps(value, separators=(",", ":"))
    return "" if value is None else str(value)


def test_the_numbers_are_those_of_the_brief(november_file: Path, run: Run) -> None:
    brief = json.loads(run(november_file, "--format", "json", command="brief")[1])
    tickers, sectors, levels, windows, venues, coins = (
        json.loads(run(*words, november_file, "--format", "json")[1])["rows"]
        for words in (
            ("tickers",), ("sectors",), ("levels",), ("liquidations",),
            ("liquidations", "--tab", "venues"), ("liquidations", "--tab", "coins"),
        )
    )  # fmt: skip
    assert [{name: row[name] for name in known} for row, known in zip(tickers, brief["market"], strict=True)] == brief[
        "market"
    ]
    known = brief["sectors"] + brief["groups"]
    assert [{name: row[name] for name in one} for row, one in zip(sectors, known, strict=True)] == known
    bitcoin = [row for row in brief["levels"] if row["symbol"] == "BTC/USDT"]
    assert [{name: row[name] for name in one} for row, one in zip(levels, bitcoin, strict=True)] == bitcoin
    assert {row.pop("window"): row for row in windows} == brief["liquidations"]["windows"]
    by_venue = {row["name"]: row for row in brief["liquidations"]["by_venue"]}
    covered = {row["venue"]: row for row in brief["coverage"]}
    assert {row["venue"] for row in venues} == by_venue.keys() | covered.keys()
    for row in venues:
        if row["venue"] in by_venue:
            assert [row[name] for name in SUMS] == [by_venue[row["venue"]][name] for name in SUMS]
        else:
            assert [row[name] for name in SUMS] == [None] * 4, "nobody looked: unknown, not zero"
        assert row["method"] == covered[row["venue"]]["method"]
    assert [[row[name] for name in ("coin", *SUMS)] for row in coins] == [
        [row[name] for name in ("name", *SUMS)] for row in brief["liquidations"]["by_coin"]
    ]


def test_the_rows_are_those_of_the_desk(tape: Path, run: Run) -> None:
    view = _desk(tape, window="1h")
    tickers = {row["symbol"]: row for row in _document(run, "tickers", tape)["rows"]}
    assert tickers.keys() == {row.symbol for row in view.tickers}
    for row in view.tickers:
        shown = tickers[row.symbol]
        assert (float(shown["last"]), shown["stale"]) == (row.last, row.stale)
        assert float(shown["change_5m_pct"]) == pytest.approx(row.more.change_5m_pct, abs=1e-4)
        assert (shown["next_level"] is None) == (row.more.level is None)
        assert shown["liquidated_1h_usd"] * 1_000_000 == row.more.liquidated_1h
    levels = _document(run, "levels", tape)
    assert (levels["symbol"], float(levels["last"])) == ("BTC/USDT", view.ladder.last)
    known = {float(f"{row.price:.12g}"): row for row in view.ladder.rows}
    for row in levels["rows"]:
        if row["source"] != "found":
            long, short = known[float(row["price"])].liquidated or (None, None)
            assert row["liquidated_long_24h_usd"] * 1_000_000 == long
            assert row["liquidated_short_24h_usd"] * 1_000_000 == short
    sizes = _document(run, "liquidations", "--tab", "sizes", "--window", "1h", tape)
    assert sizes["window"] == view.liquidations.shown == "1h"
    assert [[row["total_usd"] * 1_000_000, row["orders"]] for row in sizes["rows"]] == [
        [size.totals.total, size.totals.orders] for size in view.liquidations.by_size
    ]
    orders = _document(run, "liquidations", "--tab", "tape", tape)["rows"]
    assert len(orders) >= len(view.feed.rows) > 0, "a first picture has as many as a screen"
    shown_last = [[row["ts_ms"], row["symbol"], row["usd"] * 1_000_000] for row in orders][-len(view.feed.rows) :]
    assert shown_last == [[row.ts_ms, row.symbol, row.usd_micro] for row in view.feed.rows]


def test_figures_that_are_reckoned_have_the_digits_they_mean(run: Run, tmp_path: Path) -> None:
    closes = [Decimal("760.1") + Decimal(n * 37 % 101) / 10 for n in range(200)]
    table, file = tmp_path / "days.csv", tmp_path / "days.crash"
    days = "".join(f"{n * DAY_MS + 1_700_006_400_000},{c},{c},{c},{c},1\n" for n, c in enumerate(closes))
    table.write_text("time,open,high,low,close,volume\n" + days)
    about = ("--symbol", "BNB/USDT", "--venue", "okx", "--timeframe", "1d")
    assert run("--out", file, "--candles", table, *about, command="import")[0] == 0
    mean = sum(closes) / 200
    (row,) = _document(run, "tickers", file)["rows"]
    assert (row["last"], row["sma200"], row["next_level"]) == (closes[-1], mean, mean)
    (average,) = (row for row in _document(run, "levels", file)["rows"] if row["source"] == "SMA200")
    assert average["price"] == mean
    (cells,) = csv.DictReader(io.StringIO(run("tickers", file, "--format", "csv")[1]))
    assert (cells["last"], cells["sma200"]) == (f"{closes[-1]}", f"{mean.normalize():f}")


def test_money_has_all_its_digits(tmp_path: Path, run: Run) -> None:
    """More than a float holds: $19bn to the micro-dollar."""
    path, micro = tmp_path / "large.crash", 8_999_999_999_999_999
    writer = RecordingWriter.open(path, market_tape.SESSION, market_tape.START, fsync=False)
    row = Liquidation("okx", "BTC/USDT:USDT", market_tape.START, Side.LONG, 1.0, 1.0, micro, PriceBasis.FILL, "")
    writer.append([row, row._replace(price=2.0), row._replace(usd_micro=1)], market_tape.START + 1)
    writer.close(market_tape.START + 2)
    total = Decimal(2 * micro + 1).scaleb(-6)
    for words in (("--tab", "windows"), ("--tab", "coins"), ("--tab", "venues")):
        assert _document(run, "liquidations", *words, path)["rows"][-1]["total_usd"] == total
        cells = list(csv.DictReader(io.StringIO(run("liquidations", *words, path, "--format", "csv")[1])))
        assert cells[-1]["total_usd"] == str(total) == "17999999999.999999"


def test_nothing_known_is_null_and_said(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "bare.crash"
    writer = RecordingWriter.open(path, market_tape.SESSION, market_tape.START, fsync=False)
    writer.append([Note("n", market_tape.START, Precision.DAY, "macro", "a cause", "", None)], market_tape.START + 1)
    writer.close(market_tape.START + 2)
    assert _document(run, "tickers", path)["rows"] == []
    assert _document(run, "levels", path)["rows"] == []
    assert {row["change_24h_pct"] for row in _document(run, "sectors", path)["rows"]} == {None}
    for tab in ("windows", "sizes"):
        for row in _document(run, "liquidations", "--tab", tab, path)["rows"]:
            assert [row[name] for name in SUMS] == [None] * 4
    assert run("tickers", path, "--format", "ndjson")[1] == ""
    assert run("tickers", path, "--format", "csv")[1].count("\n") == 1
    assert "nothing is known yet" in run("tickers", path)[1]


def test_what_a_terminal_would_obey_is_left_out(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "odd.crash"
    writer = RecordingWriter.open(path, market_tape.SESSION, market_tape.START, fsync=False)
    label = 'x\x9b31m\x1b]0;t\x07 \u202e"=1+1, 币'
    level = PublishedLevel("BTC/USDT", 105_000.0, "round", label, "a\nb", market_tape.START)
    writer.append([level], market_tape.START + 1)
    writer.close(market_tape.START + 2)
    for form in ("text", "csv", "ndjson", "json"):
        code, out, _ = run("levels", "--symbol", "BTC/USDT", path, "--format", form)
        assert code == 0
        assert out.replace("\n", "").isprintable()
    assert _document(run, "levels", "--symbol", "BTC/USDT", path)["rows"][0]["label"] == 'x31m]0;t "=1+1, 币'


def test_levels_of_another_symbol_by_its_coin(tape: Path, run: Run) -> None:
    assert _document(run, "levels", "--symbol", "eth", tape)["symbol"] == "ETH/USDT"


def test_at_is_a_moment_of_the_recording(tape: Path, run: Run) -> None:
    start, end = market_tape.START, market_tape.START + 2 * 3_600_000
    assert _document(run, "tickers", tape, "--at", "50%")["as_of_ms"] == (start + end) // 2
    assert _document(run, "tickers", tape)["as_of_ms"] == end


def test_the_live_recording_is_meant_without_a_file(tape: Path, run: Run, hermetic_environment: Path) -> None:
    live = hermetic_environment / "data/crashdesk/recordings/live.crash"
    code, out, err = run("tickers")
    hint = "no live recording yet; start `crashdesk`, or name a file or a scenario"
    assert (code, out, err) == (1, "", f"crashdesk: {live}: {hint}\n")
    live.parent.mkdir(parents=True)
    live.write_bytes(tape.read_bytes())
    assert _document(run, "tickers") == _document(run, "tickers", tape)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ticker",), "did you mean 'tickers'?"),
        ((), "tickers|sectors|liquidations|levels"),
        (("tickers", "x.crash", "--scenario", "november-2025"), "name a FILE or a --scenario, not both"),
        (("tickers", "--watch", "--at", "-5m"), "--at does not go with it"),
        (("tickers", "--watch", "--format", "csv"), "--watch writes ndjson"),
        (("tickers", "--tab", "tape"), "--tab"),
        (("liquidations", "--window", "1h"), "--window goes with --tab"),
        (("liquidations", "--tab", "tapes"), "did you mean 'tape'?"),
    ],
)
def test_words_that_do_not_go_together(words: tuple[str, ...], said: str, run: Run) -> None:
    code, out, err = run(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_wrong_windows_and_symbols_are_named(tape: Path, run: Run) -> None:
    for words, said in (
        (("liquidations", "--tab", "coins", "--window", "48h"), "--window 48h: from 1m to 24h"),
        (("liquidations", "--tab", "coins", "--window", "1x"), "--window: not a duration"),
        (
            ("levels", "--symbol", "BTC/USDX"),
            "nothing is known of it here (did you mean 'BTC/USDT'?)",
        ),
    ):
        code, out, err = run(*words, tape)
        assert (code, out) == (2, "")
        assert said in err
