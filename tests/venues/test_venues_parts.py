"""Quotes, candles, price sources, market lists, the outbox and health, each by itself."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from crashdesk.config.settings import VenueSettings
from crashdesk.model.records import (
    Event,
    EventKind,
    Feed,
    Gap,
    HealthState,
    Instrument,
    Liquidation,
    MarketKind,
    Method,
    PriceBasis,
    PriceSource,
    Quote,
    Record,
    RowsSetAside,
    Side,
    VenueHealth,
)
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, Timeframe
from crashdesk.venues.errors import Fault, HttpRefusalError, explain
from crashdesk.venues.health import FeedHealth, HealthBook
from crashdesk.venues.markets import cache_file, listing, read_cache, trim, write_cache
from crashdesk.venues.outbox import Outbox
from crashdesk.venues.pace import Jitter, Pace, backoff_seconds
from crashdesk.venues.polling import retry_seconds
from crashdesk.venues.quotes import largest, quote_of, wanted_symbols
from crashdesk.venues.series import Row, Series, aligned, build, rows_of
from crashdesk.venues.sources import PriceSources
from tests.conftest import FixedClock
from tests.venues.rig import ListSink

BTC = Instrument("okx", "BTC/USDT", "BTC", "USDT", MarketKind.SPOT, None, 1)


def quote(ticker: dict[str, Any], instrument: Instrument = BTC, **more: Any) -> tuple[Quote | None, list[str]]:
    reasons: list[str] = []
    options = {"true_24h": True, "coin_volume_field": None} | more
    made = quote_of(ticker, instrument, 1_762_225_964_000, set_aside=reasons.append, **options)
    return made, reasons


TICKER = {
    "timestamp": 1_762_225_963_000,
    "last": 106_200.0,
    "bid": 106_199.9,
    "ask": 106_200.1,
    "high": 110_800.0,
    "low": 104_900.0,
    "quoteVolume": 5e9,
    "percentage": -3.4,
}


def test_a_good_ticker() -> None:
    made, reasons = quote(TICKER)
    assert made == Quote(
        "okx", "BTC/USDT", 1_762_225_963_000, 106_200.0, 106_199.9, 106_200.1, 110_800.0, 104_900.0, 5e9, -3.4
    )
    assert reasons == []


@pytest.mark.parametrize("last", [None, 0, -5.0, float("nan"), float("inf"), "about 5", 1e12, True])
def test_a_price_that_cannot_be_trusted_is_no_quote(last: Any) -> None:
    made, reasons = quote(TICKER | {"last": last})
    assert made is None
    assert len(reasons) == 1


def test_unknown_stays_unknown() -> None:
    made, _ = quote({"last": 5.0})
    assert made is not None
    assert (made.bid, made.ask, made.high_24h, made.volume_24h_usd, made.change_24h_pct) == (None,) * 5
    assert made.ts_ms == 1_762_225_964_000


@pytest.mark.parametrize("change", [{"bid": 106_300.0}, {"bid": float("nan")}, {"bid": -1, "ask": 0}])
def test_a_crossed_or_broken_book_is_unknown(change: dict[str, Any]) -> None:
    made, _ = quote(TICKER | change)
    assert made is not None
    assert made.bid is None


def test_change_and_range_only_where_they_are_of_24_hours() -> None:
    made, _ = quote(TICKER, true_24h=False)
    assert made is not None
    assert (made.change_24h_pct, made.high_24h, made.low_24h) == (None, None, None)


def test_volume_in_coins_is_turned_into_dollars_and_other_currencies_are_unknown() -> None:
    made, _ = quote(TICKER | {"info": {"volCcy24h": "1000"}}, coin_volume_field="volCcy24h")
    assert made is not None
    assert made.volume_24h_usd == pytest.approx(106_200_000)
    other, _ = quote(TICKER, Instrument("okx", "ETH/BTC", "ETH", "BTC", MarketKind.SPOT, None, 5))
    assert other is not None
    assert other.volume_24h_usd is None


def test_a_time_in_the_future_is_taken_as_now_and_counted() -> None:
    made, reasons = quote(TICKER | {"timestamp": 1_762_225_964_000 + 60_001})
    assert made is not None
    assert made.ts_ms == 1_762_225_964_000
    assert len(reasons) == 1


def test_which_symbols_are_wanted() -> None:
    names = ("BTC/USDT", "BTC/USDT:USDT", "ETH/USDT", "SOL/USD")
    instruments = dict.fromkeys(names, BTC)
    assert wanted_symbols(instruments, ("ETH/USDT", "FOO/USDT", "ETH/USDT"), ()) == (["ETH/USDT"], ["FOO/USDT"])
    assert wanted_symbols(instruments, (), ("BTC", "ETH", "SOL")) == (["BTC/USDT", "ETH/USDT", "BTC/USDT:USDT"], [])


def test_the_largest_by_volume() -> None:
    def q(symbol: str, volume: float | None) -> Quote:
        return Quote("okx", symbol, 1, 1.0, None, None, None, None, volume, None)

    instruments = dict.fromkeys("abcd", BTC)
    assert largest([q("a", 5.0), q("b", None), q("c", 9.0), q("d", 7.0)], instruments, 2) == ["c", "d"]


# Candles

DAY0 = 1_762_128_000_000  # 2025-11-03 00:00 UTC


def bars(start: int, length: int, count: int) -> list[Row]:
    return [(start + i * length, 10.0 + i, 20.0 + i, 5.0 - i / 10, 11.0 + i, 1.5) for i in range(count)]


def test_days_are_built_from_whole_sets_of_parts_only() -> None:
    parts = bars(DAY0 - DAY_MS, 4 * HOUR_MS, 12)
    del parts[8]  # a hole in the second day
    built = build(parts, Timeframe.H4, Timeframe.D1, DAY0 + 2 * DAY_MS)
    assert built == [(DAY0 - DAY_MS, 10.0, 25.0, 4.5, 16.0, 9.0)]


def test_the_running_day_is_built_from_what_has_begun() -> None:
    parts = bars(DAY0, 4 * HOUR_MS, 3)
    (day,) = build(parts, Timeframe.H4, Timeframe.D1, DAY0 + 9 * HOUR_MS)
    assert day == (DAY0, 10.0, 22.0, 4.8, 13.0, 4.5)
    assert build(parts[1:], Timeframe.H4, Timeframe.D1, DAY0 + 9 * HOUR_MS) == []


def test_weeks_open_on_monday() -> None:
    monday = DAY0  # 2025-11-03 was one
    parts = bars(monday - 7 * DAY_MS, 4 * HOUR_MS, 42)
    assert [row[0] for row in build(parts, Timeframe.H4, Timeframe.W1, monday)] == [monday - 7 * DAY_MS]
    assert aligned([(monday, 1, 1, 1, 1, 1), (monday + DAY_MS, 1, 1, 1, 1, 1)], Timeframe.W1) == [
        (monday, 1, 1, 1, 1, 1)
    ]


def test_candles_that_make_no_sense_are_counted() -> None:
    reasons: list[tuple[str, int]] = []
    raw = [
        [DAY0, 10, 12, 9, 11, 5],
        [DAY0 + 1, 10, 9, 12, 11, 5],
        [DAY0 + 2, float("nan"), 12, 9, 11, 5],
        [DAY0 + 3, 10, 12, 0, 11, 5],
        [None, 1, 1, 1, 1, 1],
        "x",
        [DAY0, 10, 13, 9, 12, None],
    ]
    assert rows_of(raw, lambda reason, rows: reasons.append((reason, rows))) == [(DAY0, 10.0, 13.0, 9.0, 12.0, 0.0)]
    assert reasons == [("candle that makes no sense", 5)]
    assert rows_of(None, lambda *_: None) == []


def test_only_changed_candles_are_news_and_closing_is_a_change() -> None:
    series = Series("okx", "BTC/USDT", Timeframe.H1)
    rows = bars(DAY0, HOUR_MS, 2)
    first = series.news(rows, DAY0 + HOUR_MS + 5)
    assert [(candle.open_ms, candle.closed) for candle in first] == [(DAY0, True), (DAY0 + HOUR_MS, False)]
    assert series.news(rows, DAY0 + HOUR_MS + 6) == []
    (last,) = series.news(rows, DAY0 + 2 * HOUR_MS)
    assert (last.open_ms, last.closed) == (DAY0 + HOUR_MS, True)
    moved = [rows[0], (*rows[1][:4], 12.5, 1.5)]
    assert [candle.close for candle in series.news(moved, DAY0 + 2 * HOUR_MS)] == [12.5]
    assert series.news(bars(DAY0 + 9 * HOUR_MS, HOUR_MS, 1), DAY0) == []


def test_a_hole_is_asked_for_again_and_given_up_when_it_stays() -> None:
    series = Series("okx", "BTC/USDT", Timeframe.H1)
    rows = bars(DAY0, HOUR_MS, 10)
    now = DAY0 + 10 * HOUR_MS
    assert series.hole_ms() is None
    series.news([*rows[:4], *rows[6:]], now)
    series.asked_from(DAY0)
    assert series.hole_ms() == DAY0 + 4 * HOUR_MS
    series.news(rows[5:6], now)
    series.asked_from(DAY0 + 4 * HOUR_MS)
    assert series.hole_ms() == DAY0 + 4 * HOUR_MS
    series.asked_from(DAY0 + 7 * HOUR_MS)
    assert series.hole_ms() == DAY0 + 4 * HOUR_MS
    series.asked_from(DAY0 + 4 * HOUR_MS)
    assert series.hole_ms() is None
    series.news(bars(DAY0 + 12 * HOUR_MS, HOUR_MS, 1), DAY0 + 13 * HOUR_MS)
    assert series.hole_ms() == DAY0 + 10 * HOUR_MS
    assert [candle.open_ms for candle in series.news(rows, now)] == [DAY0 + 4 * HOUR_MS]


# Price sources

DOWN = Fault(HealthState.RETRYING, "the venue is out of order (HTTP 500)")
LATE = explain(TimeoutError())


class Desk:
    def __init__(self, clock: FixedClock) -> None:
        self.written: list[Record] = []
        self.clock = clock
        pace = Pace(settle=8, source_back=60, source_failures=3)
        self.sources = PriceSources(("okx", "binance", "kraken"), clock, self.written.extend, pace)

    def chosen(self) -> list[tuple[str, str]]:
        return [(one.symbol, one.venue) for one in self.written if isinstance(one, PriceSource)]


def test_the_preferred_venue_is_waited_for_a_while(fixed_clock: FixedClock) -> None:
    desk = Desk(fixed_clock)
    desk.sources.lists("binance", ["BTC/USDT"])
    desk.sources.works("binance")
    assert desk.chosen() == []
    fixed_clock.ms += 8_000
    desk.sources.choose()
    assert desk.chosen() == [("BTC/USDT", "binance")]
    assert not [one for one in desk.written if isinstance(one, Event)]


def test_a_failing_venue_is_not_waited_for(fixed_clock: FixedClock) -> None:
    desk = Desk(fixed_clock)
    desk.sources.fails("okx", DOWN)
    desk.sources.lists("binance", ["BTC/USDT"])
    desk.sources.works("binance")
    assert desk.chosen() == [("BTC/USDT", "binance")]


def test_fall_back_after_enough_failures_and_return_when_well_for_a_while(fixed_clock: FixedClock) -> None:
    desk = Desk(fixed_clock)
    for venue in ("okx", "binance"):
        desk.sources.lists(venue, ["BTC/USDT"] + (["OKB/USDT"] if venue == "okx" else []))
        desk.sources.works(venue)
    assert set(desk.chosen()) == {("BTC/USDT", "okx"), ("OKB/USDT", "okx")}
    for _ in range(3):
        desk.sources.fails("okx", DOWN)
    assert desk.sources.venue_of("BTC/USDT") == "okx"
    desk.sources.fails("okx", DOWN)
    assert desk.sources.venue_of("BTC/USDT") == "binance"
    assert desk.sources.venue_of("OKB/USDT") == "okx", "nobody else lists it"
    (event,) = [one for one in desk.written if isinstance(one, Event)]
    assert event.kind is EventKind.SOURCE_SWITCH
    assert event.symbol == "BTC/USDT"
    desk.sources.works("okx")
    fixed_clock.ms += 59_999
    desk.sources.choose()
    assert desk.sources.venue_of("BTC/USDT") == "binance"
    fixed_clock.ms += 1
    desk.sources.choose()
    assert desk.sources.venue_of("BTC/USDT") == "okx"


@pytest.mark.parametrize("status", [403, 451])
def test_a_refusal_is_left_at_once(fixed_clock: FixedClock, status: int) -> None:
    desk = Desk(fixed_clock)
    for venue in ("okx", "binance"):
        desk.sources.lists(venue, ["BTC/USDT"])
        desk.sources.works(venue)
    desk.sources.fails("okx", explain(HttpRefusalError(status, "", None)))
    assert desk.sources.venue_of("BTC/USDT") == "binance"


def test_what_the_venue_does_not_offer_any_more_is_left_at_once(fixed_clock: FixedClock) -> None:
    desk = Desk(fixed_clock)
    for venue in ("okx", "binance"):
        desk.sources.lists(venue, ["BTC/USDT"])
        desk.sources.works(venue)
    desk.sources.fails("okx", Fault(HealthState.GONE, "the venue does not offer this"))
    assert desk.sources.venue_of("BTC/USDT") == "binance"


def test_a_venue_that_hangs_is_left_within_45_seconds(fixed_clock: FixedClock) -> None:
    desk = Desk(fixed_clock)
    pace, jitter = Pace(), Jitter(1)
    for venue in ("okx", "binance"):
        desk.sources.lists(venue, ["BTC/USDT"])
        desk.sources.works(venue)
    waited, failures = 0.0, 0
    while desk.sources.venue_of("BTC/USDT") == "okx":
        waited += pace.poll_limit
        failures += 1
        desk.sources.fails("okx", LATE)
        if desk.sources.venue_of("BTC/USDT") == "okx":
            waited += retry_seconds(LATE, failures, pace, jitter)
    assert failures == 2
    assert waited < 45


def test_a_switch_of_many_symbols_is_one_event(fixed_clock: FixedClock) -> None:
    desk = Desk(fixed_clock)
    symbols = [f"{coin}/USDT" for coin in ("ADA", "BNB", "BTC", "ETH", "SOL")]
    for venue in ("okx", "binance", "kraken"):
        desk.sources.lists(venue, symbols + (["XMR/USDT"] if venue != "binance" else []))
        desk.sources.works(venue)
    for _ in range(4):
        desk.sources.fails("okx", DOWN)
    events = [one for one in desk.written if isinstance(one, Event)]
    assert [(one.text, one.venue, one.symbol) for one in events] == [
        ("5 symbols (ADA/USDT, BNB/USDT, BTC/USDT, ...): prices from binance, not okx", "binance", None),
        ("XMR/USDT: prices from kraken, not okx", "kraken", "XMR/USDT"),
    ]
    assert len(desk.chosen()) == 12, "every symbol has its own record"


def test_when_nobody_works_the_symbol_stays_where_it_was(fixed_clock: FixedClock) -> None:
    desk = Desk(fixed_clock)
    desk.sources.lists("okx", ["BTC/USDT"])
    desk.sources.works("okx")
    for _ in range(9):
        desk.sources.fails("okx", DOWN)
    assert desk.sources.venue_of("BTC/USDT") == "okx"
    desk.sources.lists("okx", [])
    assert desk.sources.venue_of("BTC/USDT") is None


# Market lists


def market(symbol: str, **more: Any) -> dict[str, Any]:
    base, _, rest = symbol.partition("/")
    quote_name, _, settle = rest.partition(":")
    body = {"id": symbol.replace("/", ""), "symbol": symbol, "base": base, "quote": quote_name, "spot": not settle}
    body |= {"swap": bool(settle), "linear": settle == quote_name, "inverse": settle == base, "active": True}
    return (
        body | {"contractSize": 0.01 if settle else None, "precision": {"price": 0.1}, "info": {"x": "y" * 50}} | more
    )


def test_the_list_is_trimmed_to_what_is_read() -> None:
    made = trim(
        [
            market("BTC/USDT"),
            market("BTC/EUR"),
            market("ETH/EUR"),
            market("OLD/USDT", active=False),
            market("BTC/USD:BTC"),
            market("BTC/FDUSD:FDUSD"),
            market("ETH/BTC:BTC"),
        ],
        also=["BTC/EUR"],
    )
    assert [one["symbol"] for one in made] == ["BTC/USDT", "BTC/EUR", "BTC/USD:BTC", "BTC/FDUSD:FDUSD"]
    assert made[0]["info"] == {}


def test_instruments_and_contracts_of_a_list() -> None:
    found = listing(
        "okx",
        [
            market("BTC/USDT"),
            market("BTC/USDT:USDT"),
            market("BTC/USD:BTC", contractSize=100),
            market("BAD/USDT:USDT", contractSize=float("nan")),
            market("\x1b[31m/USDT"),
            {"symbol": None},
        ],
    )
    assert list(found.instruments) == ["BTC/USDT", "BTC/USDT:USDT", "BTC/USD:BTC"]
    assert found.instruments["BTC/USD:BTC"] == Instrument(
        "okx", "BTC/USD:BTC", "BTC", "USD", MarketKind.INVERSE, 100.0, 1
    )
    assert [contract.symbol for contract in found.contracts.values()] == ["BTC/USDT:USDT", "BTC/USD:BTC"]


def test_the_cache_comes_back_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = cache_file(tmp_path, VenueSettings("okx", "okx", api_url="http://127.0.0.1:5"))
    assert path != cache_file(tmp_path, VenueSettings("okx", "okx"))
    write_cache(path, "okx", 1_000, [market("BTC/USDT")])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_cache(path, "okx", 1_500, 1_000) == json.loads(json.dumps([market("BTC/USDT")]))
    assert read_cache(path, "okx", 2_001, 1_000) is None, "too old"
    assert read_cache(path, "okx", 500, 1_000) is None, "from the future"
    assert read_cache(path, "bybit", 1_500, 1_000) is None
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"version": 2}', b'{"version": 1, "exchange": "okx", "saved_ms": "x"}',
     b'{"version": 1, "exchange": "okx", "saved_ms": 1, "markets": [5]}',
     b'{"version": 1, "exchange": "okx", "saved_ms": 1, "markets": []}'],
)  # fmt: skip
def test_a_broken_cache_is_as_good_as_none(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "okx.json"
    path.write_bytes(body)
    assert read_cache(path, "okx", 2, 1_000) is None


def test_a_cache_that_cannot_be_written_is_not_fatal(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    write_cache(tmp_path / "file" / "okx.json", "okx", 1, [market("BTC/USDT")])
    write_cache(tmp_path / "okx.json", "okx", 1, [{"id": object()}])
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


# The outbox


async def test_records_wait_in_order_while_the_disk_refuses(fixed_clock: FixedClock) -> None:
    sink, told = ListSink(), list[OSError | None]()
    outbox = Outbox(sink, fixed_clock, told.append)
    outbox.put([BTC])
    sink.broken = True
    first, second = (PriceSource("BTC/USDT", name, 1) for name in ("okx", "binance"))
    outbox.put([first])
    fixed_clock.ms += 7_000
    outbox.tick()
    outbox.put([second])
    assert outbox.blocked
    assert [error.errno for error in told if error is not None] == [28, 28]
    waiting = asyncio.create_task(outbox.ready())
    await asyncio.sleep(0)
    assert not waiting.done()
    sink.broken = False
    outbox.tick()
    await waiting
    assert sink.records[:3] == [BTC, first, second]
    (event,) = sink.of(Event)
    assert event.text == "recording paused for 7 s: disk full"
    assert event.end_ms - event.start_ms == 7_000
    assert told[-1] is None
    assert not outbox.blocked


class FullSink(ListSink):
    """A disk that takes `room` appends and then no more."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def append(self, records: Sequence[Record]) -> None:
        if self.room == 0:
            raise OSError(28, "No space left on device")
        self.room -= 1
        super().append(records)


async def test_a_large_batch_that_fails_in_its_middle_is_not_written_twice(fixed_clock: FixedClock) -> None:
    sink = FullSink(1)
    outbox = Outbox(sink, fixed_clock)
    sources = [PriceSource(f"C{i}/USDT", "okx", i) for i in range(45_000)]
    outbox.put(sources)
    assert outbox.blocked
    sink.room = 1
    outbox.tick()
    assert outbox.blocked
    sink.room = 99
    outbox.tick()
    assert sink.of(PriceSource) == sources
    assert max(len(batch) for batch in sink.batches) == 20_000


def _row(venue: str, ts_ms: int) -> Liquidation:
    return Liquidation(venue, "BTC/USDT:USDT", ts_ms, Side.LONG, 1.0, 1.0, 1_000_000, PriceBasis.FILL, "{}")


async def test_of_what_waits_the_oldest_figures_are_set_aside_and_told_as_gaps(
    fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crashdesk.venues.waiting.MOST_RECORDS", 4)
    sink = ListSink()
    outbox = Outbox(sink, fixed_clock)
    sink.broken = True
    began = fixed_clock.ms
    outbox.put([BTC])
    for second in range(10):
        fixed_clock.ms = began + second * 1_000
        outbox.put([_row("okx" if second % 2 else "gate", fixed_clock.ms)])
        outbox.tick()
    fixed_clock.ms = began + 60_000
    sink.broken = False
    outbox.tick()
    assert sink.of(Instrument) == [BTC], "what is no figure is kept as long as there are figures"
    assert [row.ts_ms - began for row in sink.of(Liquidation)] == [7_000, 8_000, 9_000]
    assert [(gap.venue, gap.feed, gap.start_ms - began, gap.end_ms - began) for gap in sink.of(Gap)] == [
        ("gate", Feed.LIQUIDATIONS, 0, 6_001),
        ("okx", Feed.LIQUIDATIONS, 1_000, 5_001),
    ]
    assert [event.text for event in sink.of(Event)] == ["recording paused for 60 s: disk full; 7 records set aside"]
    outbox.put([BTC])
    outbox.tick()
    assert len(sink.of(Gap)) == 2, "told once"


async def test_a_disk_that_refuses_while_the_pause_is_told_gets_each_line_once(
    fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crashdesk.venues.waiting.MOST_RECORDS", 1)
    sink = FullSink(0)
    outbox = Outbox(sink, fixed_clock)
    for second in range(3):
        outbox.put([_row("okx", second), _row("gate", second)])
    for room in (1, 1, 1, 99):
        sink.room = room
        outbox.tick()
    assert not outbox.blocked
    assert len(sink.of(Liquidation)) == 2
    assert [gap.venue for gap in sink.of(Gap)] == ["gate", "okx"]
    assert len(sink.of(Event)) == 1


class PickySink(FullSink):
    """Takes a batch whole or not at all: none in which a source dates from 0."""

    def append(self, records: Sequence[Record]) -> None:
        if any(isinstance(record, PriceSource) and record.ts_ms == 0 for record in records):
            raise OverflowError("a time that is none")
        super().append(records)


async def test_one_record_that_cannot_be_recorded_takes_no_other_with_it(fixed_clock: FixedClock) -> None:
    sink = PickySink(3)
    outbox = Outbox(sink, fixed_clock)
    sources = [PriceSource(f"C{i}/USDT", "okx", 0 if i in {7, 8, 700} else 1) for i in range(1_000)]
    outbox.put(sources)
    assert outbox.blocked, "the disk is full in the middle of it"
    sink.room = 99
    outbox.tick()
    assert sink.of(PriceSource) == [source for source in sources if source.ts_ms]
    assert [event.text for event in sink.of(Event)][:1] == [
        "3 records left out: they cannot be recorded (a number out of range)"
    ]


# Health


def feed(clock: FixedClock, written: list[Record], method: Method | None = None) -> FeedHealth:
    return FeedHealth("okx", Feed.LIQUIDATIONS, clock, written.extend, method=method, lost_after=3)


def test_a_feed_is_lost_after_some_failures_and_back_once(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    one = feed(fixed_clock, written)
    one.well()
    for _ in range(4):
        one.failed(Fault(HealthState.RETRYING, "no answer in time"), 2.0)
    one.well()
    one.well()
    assert [event.kind for event in written if isinstance(event, Event)] == [EventKind.FEED_LOST, EventKind.FEED_BACK]
    states = [record.state for record in written if isinstance(record, VenueHealth)]
    assert states[0] is HealthState.OK
    assert states[-1] is HealthState.OK
    assert HealthState.RETRYING in states


def test_a_geo_block_is_told_at_once_and_changes_the_method(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    one = feed(fixed_clock, written, Method.COMPLETE)
    assert one.record().method is Method.COMPLETE
    one.failed(Fault(HealthState.UNREACHABLE, "unreachable here (HTTP 451)"), 300.0)
    health = one.record()
    assert (health.state, health.method) == (HealthState.UNREACHABLE, Method.UNREACHABLE)
    assert health.retry_at_ms == fixed_clock.ms + 300_000
    assert [event.kind for event in written if isinstance(event, Event)] == [EventKind.FEED_LOST]


def events_of(written: list[Record]) -> list[tuple[EventKind, str]]:
    return [(one.kind, one.text) for one in written if isinstance(one, Event)]


def test_a_geo_block_of_a_venue_is_one_event_each_way(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    book = HealthBook(fixed_clock, written.extend, 3)
    feeds = [book.feed("okx", one) for one in Feed]
    blocked = Fault(HealthState.UNREACHABLE, "unreachable here (HTTP 451)")
    for feed_health in [*feeds, *feeds, book.feed("bybit", Feed.TICKERS)]:
        feed_health.failed(blocked, 300.0)
    lost = EventKind.FEED_LOST
    name = feeds[0].feed.value.replace("_", " ")
    assert events_of(written) == [
        (lost, f"okx {name}: unreachable here (HTTP 451)"),
        (lost, "bybit tickers: unreachable here (HTTP 451)"),
    ]
    written.clear()
    feeds[1].well()
    feeds[2].well()
    assert events_of(written) == [(EventKind.FEED_BACK, "okx: back")]
    written.clear()
    feeds[0].failed(blocked, 300.0)
    assert events_of(written) == [(lost, f"okx {name}: unreachable here (HTTP 451)")], (
        "still lost, though others are not"
    )


def test_a_venue_without_its_market_list_is_one_event(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    book = HealthBook(fixed_clock, written.extend, 3)
    feeds = [book.feed("okx", one) for one in Feed]
    for _ in range(5):
        for feed_health in feeds:
            feed_health.failed(Fault(HealthState.RETRYING, "no answer in time"), 2.0, whole=True)
    assert events_of(written) == [(EventKind.FEED_LOST, "okx: no answer in time")]
    written.clear()
    for feed_health in feeds:
        feed_health.well()
    assert events_of(written) == [(EventKind.FEED_BACK, "okx: back")]


def test_rows_set_aside_are_running_totals_told_when_they_grow(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    one = feed(fixed_clock, written)
    one.set_aside("missing price")
    one.set_aside("missing price", 2)
    one.tell_set_aside()
    one.tell_set_aside()
    one.set_aside("unknown symbol")
    one.tell_set_aside()
    assert written == [
        RowsSetAside("okx", Feed.LIQUIDATIONS, "missing price", 3),
        RowsSetAside("okx", Feed.LIQUIDATIONS, "unknown symbol", 1),
    ]


def test_a_feed_that_there_never_was_stays_absent_when_the_worker_ends(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    book = HealthBook(fixed_clock, written.extend, 3)
    book.absent("hyperliquid", "No public market-wide feed.")
    book.stop()
    last = written[-1]
    assert isinstance(last, VenueHealth)
    assert (last.state, last.detail) == (HealthState.GONE, "No public market-wide feed.")


def test_the_keep_alive_writes_every_feed(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    book = HealthBook(fixed_clock, written.extend, 3)
    book.feed("okx", Feed.TICKERS).well()
    book.feed("okx", Feed.CANDLES)
    written.clear()
    book.keep_alive()
    assert [(one.feed, one.state) for one in written if isinstance(one, VenueHealth)] == [
        (Feed.TICKERS, HealthState.OK),
        (Feed.CANDLES, HealthState.STARTING),
    ]


def test_a_sign_of_life_is_written_of_liquidation_feeds_alone(fixed_clock: FixedClock) -> None:
    written: list[Record] = []
    book = HealthBook(fixed_clock, written.extend, 3)
    book.sign_of_life()
    assert written == []
    book.feed("okx", Feed.TICKERS).well()
    book.feed("okx", Feed.LIQUIDATIONS, Method.PARTIAL).well()
    written.clear()
    fixed_clock.ms += 7_000
    book.feed("okx", Feed.LIQUIDATIONS).alive()
    book.sign_of_life()
    told = [one for one in written if isinstance(one, VenueHealth)]
    assert [(one.feed, one.last_message_ms) for one in told] == [(Feed.LIQUIDATIONS, fixed_clock.now_ms())]


def test_patience_doubles_up_to_a_limit_and_honours_the_venue() -> None:
    assert [backoff_seconds(n, 1, 60) for n in (1, 2, 3, 7, 99)] == [1, 2, 4, 60, 60]
    pace, jitter = Pace(), Jitter(1)
    limited = Fault(HealthState.RATE_LIMITED, "x", 90.0)
    assert retry_seconds(limited, 1, pace, jitter) == 90.0
    assert 0.8 <= retry_seconds(Fault(HealthState.RETRYING, "x"), 1, pace, jitter) <= 1.2
    assert retry_seconds(Fault(HealthState.UNREACHABLE, "x"), 1, pace, jitter) >= 240
