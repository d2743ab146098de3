"""`crashdesk import`: exported recordings come back the same; foreign tables become recordings one can replay."""

from __future__ import annotations

import csv
import json
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from crashdesk.model.records import (
    Batch,
    Candle,
    Feed,
    HealthState,
    Instrument,
    Liquidation,
    MarketKind,
    Method,
    PriceBasis,
    PriceSource,
    Quote,
    RowsSetAside,
    Session,
    Side,
    VenueHealth,
)
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from tests.cli.bad_input import Run
from tests.recording import samples
from tests.session import market_tape

DAY = 1_762_214_400_000
"""2025-11-04 00:00 UTC."""


def _brief(run: Run, file: Path, at: object = "100%") -> Any:
    code, out, err = run("brief", file, "--at", at, "--format", "json")
    assert (code, err) == (0, "")
    return json.loads(out)


def _frames(path: Path) -> list[Batch]:
    """The frames without the clock's ticks, which nothing but the clock is in; sequence numbers aside."""
    return [batch._replace(seq=0) for batch in samples.play(path) if batch.records]


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tape") / "tape.crash"
    market_tape.write(path, 3)
    return path


@pytest.mark.parametrize("form", ["csv", "ndjson", "json", "parquet"])
def test_an_exported_folder_comes_back_with_the_same_brief(tape: Path, run: Run, tmp_path: Path, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    folder, back = tmp_path / "all", tmp_path / "back.crash"
    assert run("export", tape, "--what", "all", "--format", form, "--raw", "--out", folder)[0] == 0
    code, out, err = run("import", folder, "--out", back)
    assert (code, err) == (0, "")
    assert "2,731 liquidations" in out
    assert _frames(back) == _frames(tape)
    for at in ("3%", "34%", "71%", "100%"):
        assert _brief(run, back, at) == _brief(run, tape, at)


def test_wrong_rows_of_a_folder_are_named(tape: Path, run: Run, tmp_path: Path) -> None:
    folder, back = tmp_path / "all", tmp_path / "back.crash"
    run("export", tape, "--what", "all", "--out", folder)
    table = folder / "liquidations.csv"
    lines = table.read_text().splitlines()
    lines[3] = lines[3].replace("long", "up").replace("short", "up")
    table.write_text("\n".join(lines[:-1]) + "\n")
    assert run("import", folder, "--out", back, "--strict")[0] == 1
    assert not back.exists()
    code, _, err = run("import", folder, "--out", back)
    assert code == 0
    assert f"{table}: line 4: side: not one of long, short: 'up'" in err
    assert "2,730 rows where 2,731 were exported" in err
    assert sum(isinstance(record, Liquidation) for record in samples.records(back)) == 2_729


def test_a_folder_of_something_else_is_refused(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for text in (None, "{", "[]", '{"schema": "crashdesk.export/9"}'):
        if text is not None:
            (other / "recording.json").write_text(text)
        code, _, err = run("import", other, "--out", tmp_path / "new.crash")
        assert (code, err.count("\n")) == (1, 1)
    assert run("import", tmp_path / "none", "--out", tmp_path / "new.crash")[0] == 1


def _venue_tape(path: Path) -> None:
    """Half a day whose rows come at their own time: what tables of liquidations and candles can tell whole."""
    session = Session("half", DAY, "test", "", "half a day", (), ("okx",))
    writer = RecordingWriter.open(path, session, DAY - 1_000, fsync=False)
    writer.append([Instrument("okx", "BTC/USDT", "BTC", "USDT", MarketKind.SPOT, None, 1)], DAY - 1_000)
    writer.append([PriceSource("BTC/USDT", "okx", DAY - 1_000)], DAY - 1_000)
    health = VenueHealth("okx", Feed.LIQUIDATIONS, HealthState.OK, Method.PARTIAL, DAY, "", DAY, None)
    writer.append([health], DAY - 1_000)

    def candle(timeframe: Timeframe, open_ms: int) -> Candle:
        price = 100_000.0 + open_ms // MINUTE_MS % 977
        return Candle("okx", "BTC/USDT", timeframe, open_ms, price, price + 60, price - 60, price + 5, 3.5, closed=True)

    writer.append([candle(Timeframe.D1, DAY - n * DAY_MS) for n in range(260, 0, -1)], DAY - 1_000)
    writer.append([candle(Timeframe.M5, DAY - n * 5 * MINUTE_MS) for n in range(600, 0, -1)], DAY - 1_000)
    for minute in range(720):
        now = DAY + minute * MINUTE_MS
        if minute and minute % 5 == 0:
            closed = candle(Timeframe.M5, now - 5 * MINUTE_MS)
            writer.append([closed], now)
            writer.append([Quote("okx", "BTC/USDT", now, closed.close, None, None, None, None, None, None)], now)
        side, usd = (Side.SHORT if minute % 3 else Side.LONG), 1_000_000 * (minute * minute % 10_007 + 1)
        row = Liquidation("okx", "BTC/USDT:USDT", now + 7, side, 1e5, usd / 1e11, usd, PriceBasis.FILL, "{}")
        writer.append([row, row._replace(symbol="ETH/USDT:USDT", price=3_600.5)], now + 7)
    writer.close(DAY + 12 * HOUR_MS)


def test_liquidations_and_candles_alone_give_the_same_windows_and_the_same_trend(run: Run, tmp_path: Path) -> None:
    tape, back = tmp_path / "tape.crash", tmp_path / "back.crash"
    _venue_tape(tape)
    for what in ("liquidations", "candles"):
        assert run("export", tape, "--what", what, "--out", tmp_path / f"{what}.csv")[0] == 0
    tables = ("--liquidations", tmp_path / "liquidations.csv", "--candles", tmp_path / "candles.csv")
    code, out, err = run("import", "--out", back, *tables, "--title", "half", "--source", "a friend")
    assert (code, err) == (0, "")
    assert "1,440 liquidations" in out
    for at in (DAY + 3 * HOUR_MS + 10, DAY + 11 * HOUR_MS + 59 * MINUTE_MS + 7):
        was, now = _brief(run, tape, at), _brief(run, back, at)
        assert (now["label"], now["title"], now["sources"]) == ("IMPORTED", "half", ["a friend"])
        for part in ("windows", "by_venue", "by_coin"):
            assert now["liquidations"][part] == was["liquidations"][part]
        assert now["market"] == was["market"]
        assert was["market"][0]["sma200"] is not None
        assert now["breadth"] == was["breadth"]
        assert now["sectors"] == was["sectors"]


def _table(path: Path, rows: list[dict[str, object]]) -> Path:
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _orders(path: Path, **cells: object) -> Path:
    good = {"time": DAY, "Side": "SELL", "px": "100.5", "qty": "0.3", "s": "BTCUSDT"}
    bad = [good | {name: cell} for name, cell in cells.items()]
    return _table(path, [good, *bad, good | {"time": DAY - 60_000, "Side": "BUY"}])


MAP = "ts=time,side=Side,price=px,symbol=s"


def test_rows_are_sorted_and_wrong_ones_named_by_line_and_reason(run: Run, tmp_path: Path) -> None:
    file = _orders(tmp_path / "o.csv", time="soon", Side="up", px="-1", qty="nan", s="BTC")
    new = tmp_path / "new.crash"
    words = ("import", "--out", new, "--liquidations", file, "--map", MAP, "--venue", "binance", "--buy-is", "short")
    assert run(*words, "--strict")[0] == 1
    assert not new.exists()
    code, _, err = run(*words)
    assert code == 0
    said = err.splitlines()
    for line, word in ((3, "time: 'soon'"), (4, "side: 'up'"), (5, "price: '-1'"), (6, "size: 'nan'")):
        assert any(f"line {line}: not a {word}" in each for each in said)
    assert any("line 7: not a symbol: 'BTC'" in each for each in said)
    assert said[-1].endswith("5 rows left out (bad price 1, bad side 1, bad size 1, bad symbol 1, bad time 1)")
    records = samples.records(new)
    rows = [record for record in records if isinstance(record, Liquidation)]
    assert [(row.ts_ms, row.side, row.symbol) for row in rows] == [
        (DAY - 60_000, Side.SHORT, "BTC/USDT:USDT"),
        (DAY, Side.LONG, "BTC/USDT:USDT"),
    ]
    assert {row.usd_micro for row in rows} == {30_150_000}
    assert {(r.reason, r.rows) for r in records if isinstance(r, RowsSetAside)} == {
        (f"bad {what}", 1) for what in ("time", "side", "price", "size", "symbol")
    }
    times = [batch.recv_ms for batch in samples.play(new)]
    assert times == sorted(set(times))
    assert [batch.recv_ms for batch in samples.play(new) if rows[0] in batch.records] == [DAY - 60_000]


def test_buy_and_sell_are_never_guessed(run: Run, tmp_path: Path) -> None:
    file = _orders(tmp_path / "o.csv")
    code, _, err = run("import", "--out", tmp_path / "n.crash", "--liquidations", file, "--map", MAP, "--venue", "x")
    assert (code, err.count("\n")) == (1, 1)
    assert "--buy-is" in err


@pytest.mark.parametrize(
    "cell",
    [DAY, DAY // 1000, f"{DAY // 1000}.0", DAY * 1000, DAY * 10**6, "2025-11-04", "2025-11-04T01:00:00+01:00"],
)
def test_times_are_read_by_their_size_or_as_iso(run: Run, tmp_path: Path, cell: object) -> None:
    row = {"ts": cell, "side": "long", "price": 2, "usd": 10, "symbol": "X/USDT:USDT", "exchange": "Gate"}
    new = tmp_path / "n.crash"
    assert run("import", "--out", new, "--liquidations", _table(tmp_path / "o.csv", [row]))[0] == 0
    (order,) = [record for record in samples.records(new) if isinstance(record, Liquidation)]
    assert (order.ts_ms, order.venue, order.amount, order.usd_micro) == (DAY, "gate", 5.0, 10_000_000)


@pytest.mark.parametrize(
    "cells",
    [
        {"qty": "1e250", "px": "1e250"},
        {"qty": "1e8", "px": "1e8"},
        {"qty": "1e-400"},
        {"px": "1e400"},
        {"px": "0"},
        {"time": "1e30"},
        {"time": "20251104"},
        {"time": "now"},
        {"s": "/USDT"},
        {"Side": ""},
    ],
)
def test_figures_that_cannot_be_are_wrong_rows(run: Run, tmp_path: Path, cells: dict[str, object]) -> None:
    row = {"time": DAY, "Side": "SELL", "px": "100.5", "qty": "0.3", "s": "BTCUSDT"}
    file = _table(tmp_path / "o.csv", [row, row | cells])
    words = ("--map", MAP, "--venue", "binance", "--buy-is", "short")
    code, out, err = run("import", "--out", tmp_path / "n.crash", "--liquidations", file, *words)
    assert (code, err.count("\n")) == (0, 2)
    assert f"{file}: line 3: " in err
    assert "1 liquidations: $30.15, long $30.15" in out


def test_candles_come_when_they_close(run: Run, tmp_path: Path) -> None:
    rows = [
        {"open_time": DAY + n * HOUR_MS, "open": 10, "high": 12, "low": 9, "close": 11 + n / 10, "volume": 1}
        for n in (2, 0, 1)
    ]
    rows.append(rows[0] | {"high": 1})
    rows.append(rows[0] | {"open_time": DAY + 1})
    new = tmp_path / "n.crash"
    words = ("--symbol", "BTC/USDT", "--venue", "okx", "--timeframe", "1h")
    code, _, err = run("import", "--out", new, "--candles", _table(tmp_path / "c.csv", rows), *words)
    assert (code, err.count("line ")) == (0, 2)
    played = samples.play(new)
    assert [(b.recv_ms - DAY, r.close) for b in played for r in b.records if isinstance(r, Candle)] == [
        (HOUR_MS, 11.0),
        (2 * HOUR_MS, 11.1),
        (3 * HOUR_MS, 11.2),
    ]
    assert [q.last for b in played for q in b.records if isinstance(q, Quote)] == [11.0, 11.1, 11.2]
    (instrument,) = [r for r in samples.records(new) if isinstance(r, Instrument)]
    assert instrument == Instrument("okx", "BTC/USDT", "BTC", "USDT", MarketKind.SPOT, None, 1)


def test_a_column_that_says_something_else_than_the_option_is_named(run: Run, tmp_path: Path) -> None:
    row = {"ts": DAY, "side": "long", "price": 2, "usd": 10, "symbol": "BTCUSDT", "Exchange": "Gate"}
    other = ({"Exchange": "okx"}, {"Exchange": " "}, {"symbol": "ETHUSDT"}, {"symbol": "BTC-USDT-SWAP"}, {"symbol": ""})
    file = _table(tmp_path / "o.csv", [row, *(row | cells for cells in other)])
    new = tmp_path / "n.crash"
    words = ("--liquidations", file, "--venue", "OKX", "--symbol", "BTC/USDT:USDT")
    code, _, err = run("import", "--out", new, *words)
    taken = "is taken for all rows; the column"
    assert code == 0
    assert err.splitlines() == [
        f"crashdesk: {file}: --venue okx {taken} 'Exchange' says something else in 4 of them",
        (
            f"crashdesk: {file}: --symbol BTC/USDT:USDT {taken} 'symbol' says something else in 1 of them "
            "and cannot be read in 1 of them"
        ),
    ]
    orders = [record for record in samples.records(new) if isinstance(record, Liquidation)]
    assert {(order.venue, order.symbol) for order in orders} == {("okx", "BTC/USDT:USDT")}


def test_a_column_that_says_the_same_in_its_own_words_is_no_other(run: Run, tmp_path: Path) -> None:
    row = {"ts": DAY, "side": "long", "price": 2, "usd": 10, "symbol": "BTC/USDT:USDT", "venue": " OKX "}
    file = _table(tmp_path / "o.csv", [row, row | {"symbol": "BTCUSDT"}])
    words = ("--liquidations", file, "--venue", "okx", "--symbol", "BTC/USDT:USDT")
    assert run("import", "--out", tmp_path / "n.crash", *words)[2] == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "name a FOLDER"),
        (("--venue", "okx"), "stands behind the file"),
        (("--liquidations", "o.csv", "--map", "when=time"), "write FIELD=COLUMN"),
        (("--liquidations", "o.csv", "--timeframe", "3m"), "--timeframe"),
        (("--liquidations", "o.xls"), "which format"),
        (("--liquidations", "o.csv"), "which column is ts"),
        (("--candles", "o.csv", "--symbol", "BTC"), "not a symbol"),
        (("some", "--candles", "o.csv"), "name a FOLDER"),
    ],
)
def test_mistakes_are_one_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    _table(tmp_path / "o.csv", [{"when": 1, "what": 2}])
    code, out, err = run("import", "--out", "new.crash", *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert not (tmp_path / "new.crash").exists()


def test_a_recording_is_never_written_over(tape: Path, run: Run, tmp_path: Path) -> None:
    before = tape.read_bytes()
    assert run("import", "--out", tape, "--liquidations", _orders(tmp_path / "o.csv"))[0] == 2
    assert tape.read_bytes() == before


REAL = os.environ.get("CRASHDESK_REALDATA")


@pytest.mark.skipif(REAL is None, reason="no real data here")
def test_real_forced_orders_keep_their_sums(run: Run, tmp_path: Path) -> None:
    file, new = Path(REAL or "") / "liquidations" / "binance_forceOrder.frames.jsonl", tmp_path / "n.crash"
    columns = "ts=data.o.T,side=data.o.S,price=data.o.ap,amount=data.o.z,symbol=data.o.s"
    words = ("--map", columns, "--venue", "binance", "--buy-is", "short")
    assert run("import", "--out", new, "--liquidations", file, *words, "--strict")[0] == 0
    sums = {"SELL": Fraction(0), "BUY": Fraction(0)}
    for line in file.read_text().splitlines():
        order = json.loads(line)["data"]["o"]
        sums[order["S"]] += Fraction(order["z"]) * Fraction(order["ap"])
    rows = [record for record in samples.records(new) if isinstance(record, Liquidation)]
    assert len(rows) == 3_281
    for side, word in ((Side.LONG, "SELL"), (Side.SHORT, "BUY")):
        assert sum(row.usd_micro for row in rows if row.side is side) / 1e6 == pytest.approx(
            float(sums[word]), abs=0.01
        )


@pytest.mark.skipif(REAL is None, reason="no real data here")
def test_real_daily_candles_keep_the_known_average(run: Run, tmp_path: Path) -> None:
    file, new = Path(REAL or "") / "daily" / "binance_BTCUSDT_1d.csv", tmp_path / "n.crash"
    words = ("--symbol", "BTC/USDT", "--venue", "binance", "--timeframe", "1d", "--strict")
    assert run("import", "--out", new, "--candles", file, *words)[0] == 0
    (row,) = _brief(run, new, "2025-11-04T00:00:01")["market"]
    assert row["sma200"] == pytest.approx(109_834.15, abs=0.01)
    assert row["sma200_breached"] is True
    reader = RecordingReader.open(new)
    reader.close()
    assert (reader.session.label, reader.session.sources) == ("IMPORTED", (file.name,))
