"""The brief of the built-in scenario against the published report, and that it moves with what is recorded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from crashdesk.brief.as_json import brief_json
from crashdesk.brief.as_text import brief_markdown, brief_text
from crashdesk.brief.content import make_brief
from crashdesk.brief.schema import schema_text
from crashdesk.config.baskets import load_baskets
from crashdesk.model.columns import LiquidationColumns, Restore
from crashdesk.model.records import Batch, Candle, Event, Gap, Liquidation, Note, PerpStats, Quote, Record, Session
from crashdesk.model.timeframe import Timeframe
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.player import Player
from crashdesk.session.views import WeightMode

END = 1_762_225_964_000
Json = dict[str, Any]


def _ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


class Altered:
    """A recording in which some records are other ones."""

    def __init__(self, reader: RecordingReader, alter: Callable[[Record], Record]) -> None:
        self._reader = reader
        self._alter = alter

    @property
    def session(self) -> Session:
        return self._reader.session

    @property
    def start_ms(self) -> int:
        return self._reader.start_ms

    @property
    def end_ms(self) -> int:
        return self._reader.end_ms

    def close(self) -> None:
        self._reader.close()

    def refresh(self) -> bool:
        return False

    def successor(self) -> None:
        return None

    def restore(self, at_ms: int) -> Restore:
        return self._reader.restore(at_ms)

    def state_at(self, at_ms: int) -> Restore:
        return self.restore(at_ms)

    def batches(self, offset: int) -> Iterator[tuple[int, Batch]]:
        for end, batch in self._reader.batches(offset):
            yield end, batch._replace(records=tuple(map(self._alter, batch.records)))

    def perps_at(self, at_ms: int) -> tuple[PerpStats, ...]:
        return self._reader.perps_at(at_ms)

    def chunk_rows(self, number: int) -> LiquidationColumns | None:
        return self._reader.chunk_rows(number)

    def minute_totals(self) -> dict[int, tuple[int, int, int]]:
        return self._reader.minute_totals()

    def marks(self) -> tuple[Event | Note | Gap, ...]:
        return self._reader.marks()


def _brief(path: Path, alter: Callable[[Record], Record] = lambda r: r, at_ms: int = END, from_ms: int = END) -> Json:
    reader = RecordingReader.open(path)
    try:
        player = Player(Altered(reader, alter), load_baskets(None)[0])
        player.seek(from_ms)
        player.play_to(at_ms)
        content: Json = json.loads(brief_json(make_brief(player.state, WeightMode.EQUAL)))
    finally:
        reader.close()
    return content


@pytest.fixture(scope="module")
def brief(november_file: Path) -> Json:
    return _brief(november_file)


def _symbol(brief: Json, coin: str) -> Json:
    return next(row for row in brief["market"] if row["symbol"] == f"{coin}/USDT")


def test_it_follows_its_schema_and_is_labelled(brief: Json) -> None:
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(brief, schema)
    assert brief["label"] == "RECONSTRUCTION"
    assert brief["as_of_ms"] == END


def test_liquidations_of_the_report(brief: Json) -> None:
    day = brief["liquidations"]["windows"]["24h"]
    assert day["orders"] == 340_000
    assert day["long_usd"] == pytest.approx(1_162.4e6, abs=1)
    assert day["short_usd"] == pytest.approx(116.3e6, abs=1)
    assert day["total_usd"] == pytest.approx(1_278.7e6, abs=1)
    assert day["long_usd"] / day["total_usd"] > 0.9
    largest = day["largest"]
    assert (largest["venue"], largest["symbol"], largest["side"]) == ("htx", "BTC/USDT:USDT", "long")
    assert largest["usd"] == pytest.approx(33_958_700, abs=1)
    assert len(brief["liquidations"]["by_venue"]) >= 4
    for group in ("by_venue", "by_coin"):
        assert sum(row["orders"] for row in brief["liquidations"][group]) == 340_000
        assert sum(row["total_usd"] for row in brief["liquidations"][group]) == pytest.approx(day["total_usd"], abs=1)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("SocialFi", -10.10),
        ("Layer2", -8.48),
        ("DeFi", -7.66),
        ("Layer1", -7.06),
        ("Meme", -6.92),
        ("CeFi", -6.54),
        ("PayFi", -5.55),
    ],
)
def test_sectors_of_the_report(brief: Json, name: str, change: float) -> None:
    sector = next(row for row in brief["sectors"] if row["name"] == name)
    assert sector["change_24h_pct"] == pytest.approx(change, abs=0.01)
    assert sector["members_used"] == sector["members"] > 0


def test_ton_leads_its_sector_down(brief: Json) -> None:
    social = next(row for row in brief["sectors"] if row["name"] == "SocialFi")
    assert social["worst"]["symbol"] == "TON/USDT"
    assert social["worst"]["change_24h_pct"] == pytest.approx(-10.67, abs=0.01)


@pytest.mark.parametrize(
    ("coin", "low", "high"),
    [("ETH", -9.0, -8.5), ("SOL", -12.0, -11.0), ("XRP", -7.55, -7.45), ("BNB", -9.0, -8.0), ("ADA", -9.0, -8.0),
     ("DOGE", -9.0, -8.0), ("TON", -10.68, -10.66), ("BTC", -3.45, -3.0)],
)  # fmt: skip
def test_coins_of_the_report(brief: Json, coin: str, low: float, high: float) -> None:
    assert low < _symbol(brief, coin)["change_24h_pct"] < high


def test_bitcoin_of_the_report(brief: Json) -> None:
    bitcoin = _symbol(brief, "BTC")
    assert bitcoin["last"] == 106_200
    assert 104_000 < bitcoin["low_24h"] < 105_000
    assert bitcoin["sma200"] == pytest.approx(109_800, abs=0.005)
    assert bitcoin["sma200_breached"] is True
    assert bitcoin["sma200_distance_pct"] == pytest.approx((106_200 / 109_800 - 1) * 100, abs=1e-3)
    assert (bitcoin["high"], bitcoin["high_ts_ms"]) == (126_200, _ms("2025-10-06"))
    assert bitcoin["lowest_since_ts_ms"] < _ms("2025-10-21")


def test_ether_of_the_report(brief: Json) -> None:
    ether = _symbol(brief, "ETH")
    assert (ether["last"], ether["high"], ether["high_ts_ms"]) == (3_598, 4_885, _ms("2025-08-22"))
    assert ether["drawdown_pct"] == pytest.approx(-26.3, abs=0.05)


def test_levels_of_the_report(brief: Json) -> None:
    levels = {row["price"]: row for row in brief["levels"] if row["symbol"] == "BTC/USDT"}
    assert {110_000, 105_000, 100_000, 94_200} <= levels.keys()
    assert levels[105_000]["state"] == "testing"
    assert levels[100_000]["state"] == levels[94_200]["state"] == "untouched"
    assert levels[100_000]["distance_pct"] == pytest.approx((100_000 / 106_200 - 1) * 100, abs=1e-3)
    average = next(row for row in brief["levels"] if row["source"] == "SMA200")
    assert (average["state"], average["state_since_ms"]) == ("breached", _ms("2025-11-04"))


def test_the_eight_causes(brief: Json) -> None:
    words = (
        "not a foregone conclusion",
        "Cook",
        "Balancer",
        "946M",
        "600 BTC",
        "MicroStrategy",
        "94,200",
        "46,000 BTC",
    )
    texts = [note["text"] for note in brief["notes"]]
    assert len(texts) == 8
    for word in words:
        assert sum(word in text for text in texts) == 1, word
    assert brief["notes"][0]["ts_ms"] == _ms("2025-10-29")
    assert {note["precision"] for note in brief["notes"]} == {"day", "week"}


def test_one_price_moves_the_brief(november_file: Path, brief: Json) -> None:
    def alter(record: Record) -> Record:
        if isinstance(record, Quote) and record.symbol == "TON/USDT" and record.ts_ms > END - 60_000:
            return record._replace(last=record.last * 0.9)
        return record

    moved = _brief(november_file, alter)
    ton, was = _symbol(moved, "TON"), _symbol(brief, "TON")
    assert ton["last"] == pytest.approx(was["last"] * 0.9)
    assert ton["change_24h_pct"] == pytest.approx((1 + was["change_24h_pct"] / 100) * 90 - 100, abs=1e-3)
    social, before = (next(s for s in b["sectors"] if s["name"] == "SocialFi") for b in (moved, brief))
    expected = before["change_24h_pct"] + (ton["change_24h_pct"] - was["change_24h_pct"]) / 5
    assert social["change_24h_pct"] == pytest.approx(expected, abs=1e-3)


def test_one_order_moves_the_brief(november_file: Path, brief: Json) -> None:
    hit: list[Liquidation] = []

    def alter(record: Record) -> Record:
        if isinstance(record, Liquidation) and record.ts_ms > END - 60_000 and not hit:
            hit.append(record)
            return record._replace(usd_micro=record.usd_micro + 50_000_000_000_000)
        return record

    moved = _brief(november_file, alter)
    (order,) = hit
    for window in ("1h", "4h", "12h", "24h"):
        was, now = (b["liquidations"]["windows"][window] for b in (brief, moved))
        assert now["total_usd"] - was["total_usd"] == pytest.approx(50_000_000, abs=1e-3)
        assert now[f"{order.side.value}_usd"] - was[f"{order.side.value}_usd"] == pytest.approx(50_000_000, abs=1e-3)
        assert now["orders"] == was["orders"]
        assert now["largest"]["ts_ms"] == order.ts_ms


def test_one_daily_close_moves_the_average(november_file: Path, brief: Json) -> None:
    """The close of 11-03 is recorded at midnight: played over with another one, SMA200 and its breach follow."""
    midnight = _ms("2025-11-04")

    def alter(record: Record) -> Record:
        day = isinstance(record, Candle) and record.timeframe is Timeframe.D1 and record.symbol == "BTC/USDT"
        if day and isinstance(record, Candle) and record.open_ms == _ms("2025-11-03") and record.closed:
            return record._replace(close=112_000.0, high=112_500.0)
        return record

    moved = _symbol(_brief(november_file, alter, END, midnight - 60_000), "BTC")
    was = _symbol(brief, "BTC")
    assert moved["sma200_breached"] is False
    assert moved["sma200"] > was["sma200"]


def test_text_and_markdown_say_the_same(november_file: Path) -> None:
    reader = RecordingReader.open(november_file)
    player = Player(reader, load_baskets(None)[0])
    player.seek(END)
    made = make_brief(player.state, WeightMode.EQUAL)
    reader.close()
    for text in (brief_text(made, UTC), brief_markdown(made, UTC)):
        for figure in ("RECONSTRUCTION", "106,200", "$1,278.7M", "340,000", "$33.96M", "−10.10 %", "SMA200 109,800",
                       "94,200", "2025-11-04 03:12:44 UTC", "Balancer", "a floor"):  # fmt: skip
            assert figure in text, figure
    assert max(map(len, brief_text(made, UTC).splitlines())) < 170
