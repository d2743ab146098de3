"""Where the keys of events stop, against the rows that were written."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from crashdesk.model.note import NoteKind
from crashdesk.model.records import (
    Event,
    EventKind,
    Feed,
    Gap,
    HealthState,
    Liquidation,
    Note,
    Precision,
    Quote,
    Session,
    VenueHealth,
)
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.playback.transport import Transport
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.alerts import AlertBook
from crashdesk.session.deck import Deck
from crashdesk.session.focus import Own
from crashdesk.session.player import Player
from crashdesk.session.stops import Shown, Stop, StopKind, next_stop
from tests.session import market_tape

NOTHING = Shown((), (), lambda _: ())


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stops") / "tape.crash"
    market_tape.write(path, hours=3)
    return path


@pytest.fixture
def reader(tape: Path) -> RecordingReader:
    return RecordingReader.open(tape)


def records(reader: RecordingReader) -> list[object]:
    batches = reader.batches(reader.first_offset)
    return [record for _, batch in batches for record in batch.records]


def truth(reader: RecordingReader, kind: StopKind, least_usd: float) -> list[int]:
    times: list[int] = []
    for record in records(reader):
        match kind, record:
            case StopKind.CASCADE, Event(kind=EventKind.CASCADE):
                times.append(record.start_ms)
            case StopKind.GAP, Gap():
                times.append(record.start_ms)
            case StopKind.NOTE, Note() if record.kind != "news":
                times.append(record.ts_ms)
            case StopKind.LIQUIDATION, Liquidation() if record.usd_micro >= least_usd * 1e6:
                times.append(record.ts_ms)
    return sorted({t for t in times if reader.start_ms <= t <= reader.end_ms})


def all_stops(reader: RecordingReader, stop: Stop, direction: int) -> list[int]:
    here = reader.start_ms - 1 if direction > 0 else reader.end_ms + 1
    stops: list[int] = []
    while (found := next_stop(reader, NOTHING, stop, here, reader.end_ms, direction)) is not None:
        stops.append(here := found)
    return stops


@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize(
    ("kind", "least"),
    [
        (StopKind.CASCADE, 0),
        (StopKind.GAP, 0),
        (StopKind.NOTE, 0),
        *[(StopKind.LIQUIDATION, m) for m in (5e3, 5e4, 1e6)],
    ],
)
def test_every_one_of_a_kind_is_stopped_at(
    reader: RecordingReader, kind: StopKind, least: float, direction: int
) -> None:
    assert all_stops(reader, Stop(kind, least), direction)[::direction] == truth(reader, kind, least)


def test_all_kinds_together(reader: RecordingReader) -> None:
    kinds = (StopKind.CASCADE, StopKind.GAP, StopKind.NOTE, StopKind.LIQUIDATION)
    expected = sorted({t for kind in kinds for t in truth(reader, kind, 1e6)})
    assert all_stops(reader, Stop(), 1) == expected


def test_own_notes_bookmarks_alerts_and_levels(reader: RecordingReader) -> None:
    start, end = reader.start_ms, reader.end_ms
    bookmark = Note("b", start + 7, Precision.MINUTE, NoteKind.BOOKMARK.value, "A", "", None)
    note = Note("n", start + 9, Precision.MINUTE, "mine", "look", "", None)
    shown = Shown((bookmark, note), (start + 11,), lambda _: [start + 3])
    kinds = (StopKind.BOOKMARK, StopKind.NOTE, StopKind.ALERT, StopKind.LEVEL, StopKind.EVENT)
    assert [next_stop(reader, shown, Stop(kind), start, end, 1) for kind in kinds] == [
        start + 7,
        start + 9,
        start + 11,
        start + 3,
        start + 3,
    ]
    assert next_stop(reader, shown, Stop(StopKind.BOOKMARK), start + 7, end, -1) is None


def test_large_ones_days_away_are_found(tmp_path: Path) -> None:
    path, start = tmp_path / "days.crash", market_tape.START
    writer = RecordingWriter.open(path, market_tape.SESSION, start, fsync=False)
    large = [start + HOUR_MS, start + 3 * DAY_MS, start + 3 * DAY_MS + 1]
    for hour in range(5 * 24):
        now = start + hour * HOUR_MS
        dice_row = market_tape._liquidation(random.Random(hour), now)
        writer.append([dice_row._replace(ts_ms=now, usd_micro=10**9)], now)
        for at in large:
            if now == at // 1000 * 1000:
                writer.append([dice_row._replace(ts_ms=at, usd_micro=2 * 10**12)], now + 50 * MINUTE_MS)
    writer.close(start + 5 * DAY_MS)
    reader = RecordingReader.open(path)
    stop = Stop(StopKind.LIQUIDATION)
    assert all_stops(reader, stop, 1) == large
    assert all_stops(reader, stop, -1) == large[::-1]


def deck_on(path: Path, clock: list[int], *, speed: float = 1.0, at_ms: int | None = None) -> Deck:
    reader = RecordingReader.open(path)
    deck = Deck(Player(reader, market_tape.BASKETS), None, lambda: clock[0], AlertBook((), replayed=True))
    start = reader.start_ms
    deck.play_from(Transport(start, reader.end_ms, start, 0, speed), start if at_ms is None else at_ms)
    return deck


def bookmark(at_ms: int, name: str) -> Note:
    return Note(name, at_ms, Precision.MINUTE, NoteKind.BOOKMARK.value, name, "", None)


def test_the_loop_is_between_the_last_two_bookmarks(tape: Path) -> None:
    clock, start = [0], market_tape.START
    deck = deck_on(tape, clock, speed=60)
    deck.toggle_loop()
    assert deck.view().loop is None
    deck.player.set_own(Own(notes=tuple(bookmark(start + m * MINUTE_MS, str(m)) for m in (90, 20, 10))))
    deck.toggle_loop()
    assert deck.view().loop == (start + 10 * MINUTE_MS, start + 20 * MINUTE_MS)
    seen = []
    for clock[0] in range(0, 25_000, 3_000):
        deck.fold(10.0)
        seen.append((deck.player.state.now_ms - start) // MINUTE_MS)
    assert seen == [10, 13, 16, 19, 12, 15, 18, 11, 14]
    assert deck.view().playing
    deck.toggle_loop()
    assert deck.view().loop is None
    assert (deck.player.state.now_ms - start) // MINUTE_MS == 14


def test_a_step_that_finds_nothing_says_so(tape: Path) -> None:
    deck = deck_on(tape, [0])
    deck.toggle()
    for count in (1, 2):
        deck.step_event(1, "BTC/USDT", Stop(StopKind.BOOKMARK))
        assert deck.view().missed == (count, "no later bookmark in this recording")
    deck.step_event(-1, "BTC/USDT", Stop(StopKind.CASCADE))
    assert deck.view().missed[1] == "no earlier cascade in this recording"
    assert deck.player.state.now_ms == market_tape.START


def test_a_loop_outside_of_the_recording_is_told(tape: Path) -> None:
    deck = deck_on(tape, [0])
    deck.set_loop((market_tape.START - 2, market_tape.START - 1))
    assert deck.view().loop is None
    assert deck.view().missed == (1, "a loop needs a beginning and an end at different times of the recording")


def test_a_loop_at_max_begins_again(tape: Path) -> None:
    clock, start = [0], market_tape.START
    deck = deck_on(tape, clock, speed=float("inf"), at_ms=start + HOUR_MS)
    deck.set_loop((start + HOUR_MS, start + HOUR_MS + 10 * MINUTE_MS))
    assert deck.fold(60.0)
    assert deck.player.state.now_ms == start + HOUR_MS
    assert deck.view().playing
    assert not deck.view().ended


class Seeks(Player):
    """Counts how often it was put somewhere."""

    count = 0

    def seek(self, at_ms: int) -> None:
        self.count += 1
        super().seek(at_ms)


def test_quick_presses_add_up_and_are_one_seek(tape: Path) -> None:
    reader, start = RecordingReader.open(tape), market_tape.START
    player = Seeks(reader, market_tape.BASKETS)
    deck = Deck(player, None, lambda: 0, AlertBook((), replayed=True))
    deck.play_from(Transport(start, reader.end_ms, start, 0, 1.0), start + 2 * HOUR_MS)
    deck.toggle()
    before = player.count
    for _ in range(30):
        deck.move(-MINUTE_MS)
    deck.move(-HOUR_MS)
    assert deck.player.state.now_ms == start + 30 * MINUTE_MS
    assert player.count == before + 1


@pytest.fixture(scope="module")
def hole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Quotes for ten minutes, none for two hours, quotes for ten minutes."""
    path, start = tmp_path_factory.mktemp("hole") / "hole.crash", market_tape.START
    writer = RecordingWriter.open(path, Session("h", start, "t", "", "", (), ("okx",)), start, fsync=False)
    for at in (*range(0, 600_000, 10_000), *range(7_800_000, 8_400_000, 10_000)):
        writer.append([Quote("okx", "BTC/USDT", start + at, 1.0, None, None, None, None, 1.0, None)], start + at)
    writer.close(start + 8_400_000)
    return path


@pytest.mark.parametrize("speed", [10, 600, 3_600])
def test_stretches_without_frames_are_skipped_when_wanted(hole: Path, speed: float) -> None:
    clock, start = [0], market_tape.START
    deck = deck_on(hole, clock, speed=speed)
    deck.set_skip(5 * MINUTE_MS)
    seen: list[int] = []
    while not deck.view().ended:
        clock[0] += 50
        deck.fold(10.0)
        seen.append(deck.player.state.now_ms - start)
    step = 50 * speed
    assert clock[0] <= 2 * 600_000 / speed + 500
    assert not [at for at in seen if 590_000 + step < at < 7_800_000]
    skipped = deck.view().skipped
    assert skipped is not None
    assert skipped[1] == start + 7_800_000
    assert 590_000 <= skipped[0] - start <= 590_000 + step
    sought = Player(RecordingReader.open(hole), market_tape.BASKETS)
    sought.seek(start + 8_000_000)
    assert deck.player.state.seq >= sought.state.seq


def test_without_the_wish_they_are_played(hole: Path) -> None:
    clock = [0]
    deck = deck_on(hole, clock, speed=60)
    clock[0] = 60_000
    deck.fold(10.0)
    assert deck.player.state.now_ms == market_tape.START + HOUR_MS
    assert deck.view().skipped is None


def test_what_a_recorder_tells_of_itself_is_no_data(tmp_path: Path) -> None:
    """While the network is away the clock ticks on and feeds tell that they try again."""
    path, start = tmp_path / "away.crash", market_tape.START
    writer = RecordingWriter.open(path, market_tape.SESSION, start, fsync=False)
    for second in range(1, 3_600):
        now = start + second * 1_000
        if second < 60 or second >= 3_000:
            writer.append([Quote("okx", "BTC/USDT", now, 1.0 + second, None, None, None, None, 1.0, None)], now)
        elif second % 30 == 0:
            row = VenueHealth("okx", Feed.TICKERS, HealthState.RETRYING, None, now, "no network", None, now + 30_000)
            writer.append([row], now)
        else:
            writer.tick(now)
    writer.tick(start + 2 * HOUR_MS)
    writer.close(start + 2 * HOUR_MS)
    clock = [0]
    deck = deck_on(path, clock, speed=10)
    deck.set_skip(5 * MINUTE_MS)
    skipped = []
    while not deck.view().ended:
        clock[0] += 50
        deck.fold(10.0)
        if (span := deck.view().skipped) is not None and span not in skipped:
            skipped.append(span)
    (first, goal), (last, end) = skipped
    assert 59_000 <= first - start < 61_000
    assert goal == start + 3_000_000
    assert 3_599_000 <= last - start < 3_601_000
    assert end == deck.view().end_ms


@pytest.mark.parametrize("speed", [1.0, 36_000.0, float("inf")])
def test_presses_add_up_before_anything_is_folded(tape: Path, speed: float) -> None:
    clock, start = [0], market_tape.START
    deck = deck_on(tape, clock, speed=speed, at_ms=start + 2 * HOUR_MS)
    deck.jump(start + HOUR_MS)
    clock[0] += 20
    deck.move(MINUTE_MS)
    deck.move(MINUTE_MS)
    clock[0] += 20
    deck.set_loop(None)
    deck.change_speed(-1)
    assert deck.player.state.now_ms == start + HOUR_MS + 2 * MINUTE_MS


def test_a_snapshot_that_is_not_there_is_told(tape: Path) -> None:
    deck = deck_on(tape, [0])
    deck.to_end()
    deck.step(1)
    assert deck.view().missed == (1, "no later snapshot in this recording")
    deck.jump(market_tape.START)
    deck.step(-1)
    assert deck.view().missed == (2, "no earlier snapshot in this recording")


def test_at_the_end_there_is_nothing_to_play(tape: Path) -> None:
    """Also when the end was asked for a moment ago."""
    deck = deck_on(tape, [0])
    deck.toggle()
    deck.to_end()
    deck.toggle()
    assert (deck.view().ended, deck.view().playing) == (True, False)
    assert deck.player.state.now_ms == deck.view().end_ms
