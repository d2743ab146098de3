"""Found levels in the ladder, and the times at which something happened at levels, played and sought."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from crashdesk.analytics.key_levels import key_levels
from crashdesk.model.level import DailyBars, FoundLevel, Level, LevelAsk, LevelKind, LevelState, Point, TrendLine
from crashdesk.model.records import Candle, Instrument, MarketKind, PriceSource, PublishedLevel, Quote, Session
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.playback.transport import Transport
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.alerts import AlertBook
from crashdesk.session.deck import Deck
from crashdesk.session.focus import Focus, Opening
from crashdesk.session.found import FOUND, FoundBook, reference
from crashdesk.session.level_views import LevelChange, LevelRow
from crashdesk.session.player import Player
from crashdesk.session.stage import Stage
from crashdesk.session.views import TimelineItem, WeightMode
from tests.session import market_tape

FOCUS = Focus("BTC/USDT", Timeframe.D1, WeightMode.EQUAL)
Answer = Callable[[Sequence[tuple[LevelAsk, tuple[FoundLevel, ...]]]], None]


class InstantFinder:
    """Finds in this process, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asks: list[LevelAsk] = []

    def find(self, asks: Sequence[LevelAsk], answer: Answer) -> None:
        self.asks += asks
        answer([(ask, key_levels(ask.days, ask.last)) for ask in asks])


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tape") / "tape.crash"
    market_tape.write(path)
    return path


def ladder_of(player: Player, finder: InstantFinder) -> tuple[LevelRow, ...]:
    """The rows once everything wished for is found."""
    row = next(row for row in player.state.rows() if row.symbol == "BTC/USDT")
    player.state.level_rows(row, row.symbol)
    finder.find(player.found.wishes(), player.found.answer)
    return player.state.level_rows(row, row.symbol)


def test_found_levels_are_the_same_played_and_sought_and_never_know_the_future(tape: Path) -> None:
    reader = RecordingReader.open(tape)
    played, finder = Player(reader, market_tape.BASKETS), InstantFinder()
    played.seek(reader.start_ms)
    dice = random.Random(3)
    days = set()
    for at_ms in sorted(reader.start_ms + int(dice.random() * 8 * HOUR_MS) for _ in range(12)):
        played.play_to(at_ms)
        sought = Player(RecordingReader.open(tape), market_tape.BASKETS)
        sought.seek(at_ms)
        fresh = InstantFinder()
        rows = ladder_of(sought, fresh)
        assert ladder_of(played, finder) == rows
        assert sum(row.source == FOUND for row in rows) <= 8
        assert any(row.source == FOUND and row.why for row in rows)
        for ask in fresh.asks:
            assert ask.days.open_ms[-1] + DAY_MS <= at_ms
            days.add(ask.days.open_ms[-1])
    assert len(days) == 2  # midnight lies within the tape
    assert len(finder.asks) < 12


def test_an_answer_of_a_later_day_does_not_stand_in_for_an_earlier_one() -> None:
    level = FoundLevel(100.0, LevelKind.ROUND, ("round number",), 0, 0)
    one = DailyBars(tuple(DAY_MS * i for i in range(20)), (2.0,) * 20, (1.0,) * 20, (1.5,) * 20)
    longer = DailyBars(tuple(DAY_MS * i for i in range(21)), (2.0,) * 21, (1.0,) * 21, (1.5,) * 21)
    book, key = FoundBook(), ("okx", "BTC/USDT")
    assert book.levels(key, longer, 1.0, 100.2) == ()
    assert book.levels(key, longer, 1.0, 100.1) == ()
    (ask,) = book.wishes()
    assert ask.last == 100.0
    book.answer([(ask, (level,))])
    assert book.levels(key, longer, 1.0, 100.2) == (level,)
    assert book.levels(key, longer, 1.0, 101.0) == (level,)  # until that is found
    assert book.levels(key, one, 1.0, 100.2) == ()
    assert book.levels(("bybit", "BTC/USDT"), longer, 1.0, 100.2) == ()
    assert book.levels(key, longer, None, 100.2) == book.levels(key, longer, 0.0, 100.2) == ()


@pytest.mark.parametrize(("price", "expected"), [(100.9, 101.0), (101.4, 101.0), (101.6, 102.0)])
def test_the_reference_is_the_price_to_half_an_atr(price: float, expected: float) -> None:
    assert reference(price, 2.0) == expected


def test_pictures_get_found_levels_when_they_are_there(tape: Path) -> None:
    stage = Stage(
        RecordingReader.open(tape), market_tape.BASKETS, Opening(FOCUS, market_tape.START + HOUR_MS), lambda: 0
    )
    view = stage.picture(FOCUS)
    assert view is not None
    assert not [row for row in view.ladder.rows if row.source == FOUND]
    stage.find_levels(InstantFinder(), lambda call: call())
    view = stage.picture(FOCUS)
    assert view is not None
    assert [row for row in view.ladder.rows if row.source == FOUND]
    stage.close()


START = market_tape.START // DAY_MS * DAY_MS + 18 * HOUR_MS
MIDNIGHT = START + 6 * HOUR_MS


def prices(at_ms: int) -> float:
    """Far over 100, then at it for twenty minutes, away, and under it before midnight."""
    minute = (at_ms - START) // MINUTE_MS
    if 62 <= minute < 82:
        return 100.5
    return 97.0 if minute >= 300 else 105.0


@pytest.fixture(scope="module")
def crossing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight hours in which 100 is tested once and breached by the daily close. Its ATR is 2, the band 1."""
    path = tmp_path_factory.mktemp("crossing") / "crossing.crash"
    writer = RecordingWriter.open(path, Session("c", START, "t", "", "", (), ("okx",)), START, fsync=False)
    writer.append([Instrument("okx", "BTC/USDT", "BTC", "USDT", MarketKind.SPOT, None, 2)], START)
    first = START // DAY_MS * DAY_MS
    days = [
        Candle("okx", "BTC/USDT", Timeframe.D1, first - n * DAY_MS, 105.0, 106.0, 104.0, 105.0, 1.0, closed=True)
        for n in range(30, 0, -1)
    ]
    writer.append(days, START)
    writer.append([PublishedLevel("BTC/USDT", 100.0, "support", "the floor", "a report", START - DAY_MS)], START)
    for now in range(START + 10_000, START + 8 * HOUR_MS, 10_000):
        writer.append([Quote("okx", "BTC/USDT", now, prices(now), None, None, None, None, None, None)], now)
        if now == MIDNIGHT + 10_000:
            made = Candle("okx", "BTC/USDT", Timeframe.D1, first, 105.0, 105.0, 97.0, 97.0, 1.0, closed=True)
            writer.append([made], now)
    writer.close(START + 8 * HOUR_MS)
    return path


def at(crossing: Path, at_ms: int) -> tuple[LevelRow, list[TimelineItem]]:
    player = Player(RecordingReader.open(crossing), market_tape.BASKETS)
    player.seek(at_ms)
    (row,) = player.state.rows()
    items = list(player.state.level_items(row))
    (level,) = [level for level in player.state.level_rows(row, "BTC/USDT") if level.label == "the floor"]
    player.source.close()
    return level, items


def test_a_test_and_a_breach_have_their_minutes(crossing: Path) -> None:
    tested, back = START + 62 * MINUTE_MS, START + 85 * MINUTE_MS
    level, items = at(crossing, START + 61 * MINUTE_MS)
    assert (level.state, level.state_since_ms, level.history, items) == (LevelState.UNTOUCHED, None, (), [])
    level, _ = at(crossing, START + 63 * MINUTE_MS)
    assert (level.state, level.state_since_ms) == (LevelState.TESTING, tested)
    level, items = at(crossing, START + 74 * MINUTE_MS)
    assert (level.state, level.state_since_ms) == (LevelState.TESTING, tested)
    assert [(item.ts_ms, item.text) for item in items] == [(tested, "BTC 100.00 (the floor) tested")]
    level, _ = at(crossing, START + 120 * MINUTE_MS)
    first = (LevelChange(LevelState.TESTING, tested), LevelChange(LevelState.UNTOUCHED, back))
    assert (level.state, level.state_since_ms, level.history) == (LevelState.UNTOUCHED, None, first)
    level, items = at(crossing, MIDNIGHT + HOUR_MS)
    assert (level.state, level.state_since_ms) == (LevelState.BREACHED, MIDNIGHT)
    assert level.history[-1] == LevelChange(LevelState.BREACHED, MIDNIGHT, over=False)
    assert items[0].text == "BTC daily close under 100.00 (the floor)"
    assert (items[0].kind, items[0].ts_ms, items[0].source) == ("level", MIDNIGHT, "BTC/USDT okx")


def test_the_keys_of_events_stop_at_levels(crossing: Path) -> None:
    player = Player(RecordingReader.open(crossing), market_tape.BASKETS)
    player.seek(START + HOUR_MS)
    deck = Deck(player, None, lambda: 0, AlertBook((), replayed=True))
    deck.play_from(Transport(START, START + 8 * HOUR_MS, START, 0, 1.0), START + 10 * MINUTE_MS)
    deck.toggle()
    stops = []
    for direction in (1, 1, -1):
        deck.step_event(direction, "BTC/USDT")
        stops.append(deck.player.state.now_ms)
    assert stops == [START + 62 * MINUTE_MS, MIDNIGHT, START + 62 * MINUTE_MS]


def test_an_own_trend_line_is_tested_where_it_is(crossing: Path) -> None:
    line = TrendLine(Point(START, 80.0), Point(START + HOUR_MS, 90.0))  # at 95 after 90 minutes, at 104.5 after 147
    own = Level("t", "BTC/USDT", 90.0, LevelKind.LINE, "", START, START, trend=line)
    player = Player(RecordingReader.open(crossing), market_tape.BASKETS)
    player.set_levels((own,))
    player.seek(START + 155 * MINUTE_MS)
    (row,) = player.state.rows()
    (level,) = [level for level in player.state.level_rows(row, "BTC/USDT") if level.id == "t"]
    assert level.price == pytest.approx(80 + 155 / 6)
    assert level.trend == line
    # at the bar that begins after 145 minutes the line is at 104.17, within one of 105
    assert (level.state, level.state_since_ms) == (LevelState.TESTING, START + 145 * MINUTE_MS)


def test_another_price_venue_brings_no_changes_of_its_own(crossing: Path, tmp_path: Path) -> None:
    path = tmp_path / "switch.crash"
    writer = RecordingWriter.open(path, Session("s", START, "t", "", "", (), ("okx", "bybit")), START, fsync=False)
    first = START // DAY_MS * DAY_MS
    for venue in ("okx", "bybit"):
        days = [
            Candle(venue, "BTC/USDT", Timeframe.D1, first - n * DAY_MS, 105.0, 106.0, 104.0, 105.0, 1.0, closed=True)
            for n in range(30, 0, -1)
        ]
        writer.append(days, START)
    writer.append([PriceSource("BTC/USDT", "okx", START)], START)
    writer.append([PublishedLevel("BTC/USDT", 100.0, "support", "the floor", "a report", START - DAY_MS)], START)
    switch = START + HOUR_MS + 2 * MINUTE_MS
    for now in range(START + 10_000, START + 2 * HOUR_MS, 10_000):
        if now == switch:
            writer.append([PriceSource("BTC/USDT", "bybit", now)], now)
        venue, price = ("bybit", 100.4) if now >= switch else ("okx", 105.0)
        writer.append([Quote(venue, "BTC/USDT", now, price, None, None, None, None, None, None)], now)
    writer.close(START + 2 * HOUR_MS)
    for later in (1_000, MINUTE_MS, 20 * MINUTE_MS):
        level, items = at(path, switch + later)
        assert (level.state, level.state_since_ms) == (LevelState.TESTING, None)
        assert items == []
        assert level.history == ()


def test_a_level_takes_in_the_found_one_beside_it(tape: Path) -> None:
    player, finder = Player(RecordingReader.open(tape), market_tape.BASKETS), InstantFinder()
    player.seek(market_tape.START + HOUR_MS)
    before = ladder_of(player, finder)
    found = next(row for row in before if row.source == FOUND and row.kind is not LevelKind.AVERAGE)
    own = Level("mine", "BTC/USDT", found.price * 1.0001, LevelKind.LINE, "here", 0, 0)
    player.set_levels((own,))
    after = ladder_of(player, finder)
    assert len(after) == len(before)
    assert found.price not in [row.price for row in after]
    (mine,) = [row for row in after if row.id == "mine"]
    assert (mine.why, mine.touches) == (found.why, found.touches)
    averages = [row for row in after if row.label == "SMA200"]
    assert len(averages) == 1


def own_at(crossing: Path, own: Level, at_ms: int) -> list[LevelRow]:
    player = Player(RecordingReader.open(crossing), market_tape.BASKETS)
    player.set_levels((own,))
    player.seek(at_ms)
    (row,) = player.state.rows()
    found = [level for level in player.state.level_rows(row, "BTC/USDT") if level.id == own.id]
    player.source.close()
    return found


def test_what_is_tested_now_is_not_tested_since_a_time_to_come(crossing: Path) -> None:
    at_ms = START + 120 * MINUTE_MS
    later = Level("l", "BTC/USDT", 105.0, LevelKind.LINE, "", at_ms + DAY_MS, at_ms + DAY_MS)
    (level,) = own_at(crossing, later, at_ms)
    assert (level.state, level.state_since_ms, level.history) == (LevelState.TESTING, None, ())


def test_a_trend_line_that_fell_to_nothing_is_no_level_any_more(crossing: Path) -> None:
    line = TrendLine(Point(START, 120.0), Point(START + HOUR_MS, 60.0))  # at 0 after two hours
    own = Level("t", "BTC/USDT", 60.0, LevelKind.LINE, "", START, START, Timeframe.M5, trend=line)
    (level,) = own_at(crossing, own, START + 119 * MINUTE_MS)
    assert level.price == pytest.approx(1.0)
    assert own_at(crossing, own, START + 121 * MINUTE_MS) == []
    rising = line._replace(end=Point(START + 1, 1e9))
    assert own_at(crossing, own._replace(trend=rising), START + 8 * HOUR_MS) == []
