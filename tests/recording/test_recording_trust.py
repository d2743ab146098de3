"""A recording may come from anybody: text is made safe, numbers that are none are refused, on both sides."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest

from crashdesk.model.columns import MinuteBar
from crashdesk.model.records import (
    Candle,
    Event,
    EventKind,
    Gap,
    Instrument,
    Liquidation,
    MarketKind,
    Note,
    PerpStats,
    Precision,
    PriceSource,
    PublishedLevel,
    Quote,
    Record,
    Side,
)
from crashdesk.model.text import clean
from crashdesk.model.timeframe import Timeframe
from crashdesk.model.times import LAST_MS
from crashdesk.recording import writer as writing
from crashdesk.recording.arrays import pack_columns
from crashdesk.recording.migrations import v1_to_v2
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.rollup import LiquidationRows, LiquidationSums, MinuteBars
from crashdesk.recording.rollup_codec import Rollup, Summary, decode_summary, encode_rollup, split_rollup
from crashdesk.recording.sections import MOST_FRAMES, decode_bars, decode_rows, liq_keys
from crashdesk.recording.sound import check_amounts, check_prices, check_sums, check_times
from crashdesk.recording.writer import RecordingWriter
from tests.recording.samples import START, candle, health, liquidation, play, quote, records, session

EVIL = "\x1b]52;c;ZXZpbA==\x07\x1b[2J\u202eBTC\n"
NAMES = [("okx", "BTC/USDT")]


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for part in value for text in _texts(part)] if isinstance(value, tuple) else []


def test_text_of_a_foreign_recording_is_safe_to_show(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    evil = session()._replace(recording_id=EVIL, writer=EVIL, label=EVIL, title=EVIL, sources=(EVIL,))
    writer = RecordingWriter.open(path, evil, START, fsync=False)
    rows: list[Record] = [
        Instrument(EVIL, EVIL, EVIL, EVIL, MarketKind.SPOT, None, 2),
        quote(EVIL, EVIL),
        PerpStats(EVIL, EVIL, START, 0.1, None),
        Candle(EVIL, EVIL, Timeframe.M1, START, 1.0, 1.0, 1.0, 1.0, 0.0, closed=True),
        Note("n", START, Precision.DAY, EVIL, EVIL, EVIL, EVIL),
        PublishedLevel(EVIL, 1.0, EVIL, EVIL, EVIL, START),
        Event(EventKind.WORKER, START, START, EVIL, EVIL, EVIL),
        health(START, venue=EVIL)._replace(detail=EVIL),
        Gap(EVIL, health(START).feed, START, START, EVIL),
        PriceSource(EVIL, EVIL, START),
    ]
    writer.append(rows, START + 1)
    writer.append([liquidation(venue=EVIL, symbol=EVIL, raw="{}")], START + 2)
    writer.close(START + 9)
    reader = RecordingReader.open(path)
    restored = reader.restore(START + 100)
    chunk = restored.chunks[0]
    assert restored.quotes
    assert restored.candles
    shown = [*restored[:2], *restored[4:-1], *chunk[1:3], chunk.load_liquidations(), *records(path), *reader.marks()]
    bars = chunk.load_bars()
    assert chunk.liquidations is not None
    shown += [*bars, *chunk.liquidations.sums, *chunk.bars]
    texts = [text for value in shown for text in _texts(value)]
    assert len(texts) > 60
    assert [text for text in texts if text != clean(text)] == []
    assert list(bars) == [(clean(EVIL), clean(EVIL))]


def test_a_name_is_the_same_wherever_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    name = "X\u200bY" * 100
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    writer.append([PriceSource(name, name, START), quote(name, name)], START + 1)
    source, price = records(path)[-2:]
    assert isinstance(source, PriceSource)
    assert isinstance(price, Quote)
    assert (source.venue, source.symbol) == (price.venue, price.symbol) == (clean(name, 100), clean(name, 100))


def test_long_text_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    writer.append([Note("n", START, Precision.DAY, "news", "x" * 10_000, "y", None)], START + 1)
    note = records(path)[-1]
    assert isinstance(note, Note)
    assert len(note.text) == 2_000


NAN, INF = math.nan, math.inf
UNSOUND: list[Record] = [
    *(quote(last=last) for last in (NAN, INF, -INF, 0.0, -0.0, -1.0)),
    *(
        quote()._replace(**{name: value})
        for name in ("bid", "ask", "high_24h", "low_24h")
        for value in (NAN, 0.0, -2.0)
    ),
    quote()._replace(volume_24h_usd=-1.0),
    quote()._replace(volume_24h_usd=INF),
    quote()._replace(change_24h_pct=NAN),
    *(quote(ts_ms=at) for at in (-1, LAST_MS + 1, 1 << 60)),
    *(liquidation()._replace(price=price) for price in (NAN, INF, 0.0, -1.0)),
    liquidation()._replace(amount=NAN),
    liquidation()._replace(amount=-1.0),
    liquidation(usd_micro=-5),
    liquidation(usd_micro=2**53 + 1),
    liquidation(ts_ms=-1),
    liquidation(ts_ms=LAST_MS + 1),
    *(candle(START)._replace(**{name: NAN}) for name in ("open", "high", "low", "close", "volume")),
    *(candle(START)._replace(**{name: 0.0}) for name in ("open", "high", "low", "close")),
    candle(START)._replace(volume=-1.0),
    candle(-60_000),
    candle(LAST_MS + 1),
    PerpStats("okx", "BTC/USDT:USDT", START, NAN, None),
    PerpStats("okx", "BTC/USDT:USDT", START, None, -1.0),
    PerpStats("okx", "BTC/USDT:USDT", -5, None, 1.0),
    Note("n", LAST_MS + 1, Precision.DAY, "news", "x", "y", None),
    Event(EventKind.CASCADE, START, -1, "x"),
    Event(EventKind.CASCADE, START, START, "x", move_pct=NAN),
    Event(EventKind.CASCADE, START, START, "x", usd_micro=1 << 64),
    PublishedLevel("BTC/USDT", NAN, "x", "y", "z", START),
    PublishedLevel("BTC/USDT", 0.0, "x", "y", "z", START),
    Instrument("okx", "X/Y", "X", "Y", MarketKind.LINEAR, INF, 2),
    Instrument("okx", "X/Y", "X", "Y", MarketKind.LINEAR, 1.0, 2**31),
    Instrument("okx", "X/Y", "X", "Y", MarketKind.LINEAR, 1.0, -1),
    health(-1),
]


@pytest.mark.parametrize("row", UNSOUND, ids=lambda row: f"{type(row).__name__}{UNSOUND.index(row)}")
def test_what_is_no_number_is_refused_before_anything_is_written(tmp_path: Path, row: Record) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    before = path.read_bytes()
    others: list[Record] = [PriceSource("BTC/USDT", "okx", START), quote(last=3.0)]
    with pytest.raises(OverflowError, match="cannot be recorded"):
        writer.append([*others, row], START + 1)
    assert path.read_bytes() == before
    writer.append(others, START + 2)
    assert records(path)[1:] == others


@pytest.mark.parametrize("row", UNSOUND, ids=lambda row: f"{type(row).__name__}{UNSOUND.index(row)}")
def test_what_is_no_number_is_damage_when_it_is_read(
    tmp_path: Path, row: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    if isinstance(row, Liquidation) and row.usd_micro > 2**53:
        pytest.skip("no writer can write it")
    path = tmp_path / "a.crash"
    monkeypatch.setattr(writing, "check_records", lambda kind, rows: None)
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    writer.append([row], START + 1)
    writer.append([PriceSource("BTC/USDT", "okx", START)], START + 2)
    reader = RecordingReader.open(path)
    batches = [batch.records for _, batch in reader.batches(reader.first_offset)]
    assert [getattr(row, "reason", "") for row in batches[1]] == ["damaged data"]
    assert batches[2] == (PriceSource("BTC/USDT", "okx", START),)
    assert len(reader.damage) == 1


def test_a_frame_without_a_date_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    with pytest.raises(OverflowError):
        writer.tick(LAST_MS + 1)
    writer.append([quote(last=5.0)], START + 5)
    assert [batch.recv_ms for batch in play(path)] == [START, START + 5]


def test_usual_and_unusual_columns() -> None:
    check_prices([1e-300, 5e-324, 5e303, None, 0.1])
    check_prices(array("d", [1.0, 5e-324]))
    check_amounts([0.0, -0.0, 5e-324, 5e303])
    check_times(array("q", [0, 1, LAST_MS]))
    check_times([0, LAST_MS])
    check_times(array("q", [0, LAST_MS // 60_000]), 60_000)
    check_sums(array("q", [0, 2**63 - 1]))
    for check, column in (
        (check_prices, array("d", [1.0, NAN])),
        (check_prices, array("d", [1.0, 0.0])),
        (check_prices, array("d", [1.0, INF])),
        (check_prices, [1.7e308]),
        (check_amounts, [1.7e308]),
        (check_amounts, array("d", [1.0, -5e-324])),
        (check_times, array("q", [0, LAST_MS + 1])),
        (check_times, array("q", [0, -1])),
        (check_times, [LAST_MS + 1]),
        (check_sums, array("q", [0, -1])),
    ):
        with pytest.raises(ValueError, match=r"is none|below 0"):
            check(column)  # type: ignore[operator]
    with pytest.raises(ValueError, match="a time"):
        check_times(array("q", [LAST_MS // 60_000 + 1]), 60_000)


FRAMES = range(MOST_FRAMES + 1)


def _rollup(row: Liquidation, price: Quote, bar: MinuteBar | None = None) -> tuple[Callable[[], object], ...]:
    """Decoders of the first three sections of a roll-up with one liquidation, out of many frames, and one bar."""
    sums, rows, bars = LiquidationSums(), LiquidationRows(), MinuteBars()
    sums.add([row])
    rows.add([row])
    bars.add(START, [price])
    minutes = {NAMES[0]: (bar,)} if bar else bars.bars()
    summary = Summary(START // 300_000, sums.summary(), bars.summary())
    payload = encode_rollup(Rollup(summary, rows.columns(), FRAMES, minutes), lambda venue, symbol: 0)
    one, two, three, _ = (payload[a:b] for a, b in split_rollup(payload))
    return (
        lambda: decode_summary(one, NAMES, liq_keys(NAMES)),
        lambda: decode_rows(two, NAMES),
        lambda: decode_bars(three, NAMES),
    )


@pytest.mark.parametrize(
    ("row", "last", "bar", "refused"),
    [
        (liquidation()._replace(price=NAN), 1.0, None, (0, 1)),
        (liquidation(ts_ms=LAST_MS + 1), 1.0, None, (0, 1)),
        (liquidation(ts_ms=-1), 1.0, None, (0, 1)),
        (liquidation(usd_micro=-1), 1.0, None, (0, 1)),
        (liquidation()._replace(amount=INF), 1.0, None, (1,)),
        (liquidation(), -1.0, None, (0, 2)),
        (liquidation(), INF, None, (0, 2)),
        (liquidation(), 1.0, MinuteBar(START // 60_000, 1.0, NAN, 1.0), (2,)),
        (liquidation(), 1.0, MinuteBar(LAST_MS, 1.0, 1.0, 1.0), (2,)),
        (liquidation(), 1.0, None, ()),
    ],
)
def test_roll_ups_are_checked_too(
    row: Liquidation, last: float, bar: MinuteBar | None, refused: tuple[int, ...]
) -> None:
    for number, decode in enumerate(_rollup(row, quote(last=last), bar)):
        if number in refused:
            with pytest.raises(ValueError, match=r"is none|below 0"):
                decode()
        else:
            decode()


def test_details_of_the_first_version_that_do_not_fit_one_another_are_refused() -> None:
    pairs, steps, usd = array("I", [0, 1]), array("q", [START, 0]), array("q", [1, 1])
    price = amount = array("d", [1.0, 1.0])
    good = [pairs, steps, usd, price, amount, array("H", [0, 1])]
    assert v1_to_v2.rows(pack_columns(good), NAMES).keys == (
        ("okx", "BTC/USDT", Side.LONG),
        ("okx", "BTC/USDT", Side.SHORT),
    )
    for bad in (
        [*good[:5], array("H", [0, 2])],
        [pairs, steps, array("q", [1]), *good[3:]],
        [pairs, steps, array("d", [1.0, 1.0]), *good[3:]],
    ):
        with pytest.raises(ValueError, match="details"):
            v1_to_v2.rows(pack_columns(bad), NAMES)
