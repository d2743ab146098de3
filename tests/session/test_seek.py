"""Seeking is the same as playing there; following is the same as seeking to the end."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from crashdesk.brief.as_json import brief_json
from crashdesk.brief.content import make_brief
from crashdesk.model.records import Liquidation, PriceBasis, Quote, Side
from crashdesk.model.timeframe import Timeframe
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.focus import Focus, Opening
from crashdesk.session.picture import PictureMaker
from crashdesk.session.player import Player
from crashdesk.session.stage import Stage
from crashdesk.session.views import DeskView, Mode, ScrubberView, TransportView, WeightMode
from tests.session import market_tape


def _picture(player: Player) -> tuple[str, DeskView]:
    state = player.state
    transport = TransportView(Mode.REPLAY, False, False, 1.0, state.start_ms, state.start_ms, state.now_ms)
    scrubber = ScrubberView(0, 0, (), (), (), ())
    focus = Focus("BTC/USDT", Timeframe.M5, WeightMode.EQUAL)
    view = PictureMaker().view(state, focus, transport, scrubber)
    if state.tape.unfinished:
        view = PictureMaker().view(state, focus, transport, scrubber)
    return brief_json(make_brief(state, WeightMode.EQUAL)), view


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tape") / "tape.crash"
    market_tape.write(path)
    return path


def _assert_same(one: tuple[str, DeskView], other: tuple[str, DeskView]) -> None:
    assert one[0] == other[0]
    a, b = one[1], other[1]
    assert a.tickers == b.tickers
    assert a.sectors == b.sectors
    assert a.liquidations == b.liquidations
    assert a.feed == b.feed
    assert a.profile == b.profile
    assert a.cascades == b.cascades
    assert a.ladder == b.ladder
    assert a.timeline == b.timeline
    assert a.status == b.status
    assert (a.chart.open_ms, a.chart.close, a.chart.last) == (b.chart.open_ms, b.chart.close, b.chart.last)


def test_seek_equals_play_at_random_times(tape: Path) -> None:
    reader = RecordingReader.open(tape)
    played = Player(reader, market_tape.BASKETS)
    played.seek(reader.start_ms)
    dice = random.Random(3)
    span = reader.end_ms - reader.start_ms
    times = sorted(reader.start_ms + int(dice.random() * span) for _ in range(25))
    times += [reader.end_ms, reader.end_ms + 3_600_000]
    for at_ms in times:
        played.play_to(at_ms)
        sought = Player(RecordingReader.open(tape), market_tape.BASKETS)
        sought.seek(at_ms)
        _assert_same(_picture(played), _picture(sought))
    # and it goes on the same from a seek as from a play
    sought = Player(RecordingReader.open(tape), market_tape.BASKETS)
    sought.seek(times[3])
    sought.play_to(times[20])
    played = Player(RecordingReader.open(tape), market_tape.BASKETS)
    played.seek(times[20])
    _assert_same(_picture(played), _picture(sought))


def test_one_player_that_seeks_back_and_forth_shows_what_playing_shows(tape: Path) -> None:
    """What a player keeps from one seek to the next tells nothing of another time."""
    played = Player(RecordingReader.open(tape), market_tape.BASKETS)
    start_ms, end_ms = played.source.start_ms, played.source.end_ms
    played.seek(start_ms)
    dice = random.Random(11)
    times = sorted(dice.randint(start_ms, end_ms) for _ in range(20))
    truth = {}
    for at_ms in times:
        played.play_to(at_ms)
        truth[at_ms] = _picture(played)
    sought = Player(RecordingReader.open(tape), market_tape.BASKETS)
    for at_ms in dice.sample(times, len(times)):
        sought.seek(at_ms)
        _assert_same(truth[at_ms], _picture(sought))
        later_ms = times[min(times.index(at_ms) + 2, len(times) - 1)]
        sought.play_to(later_ms)
        _assert_same(truth[later_ms], _picture(sought))


def test_following_a_growing_recording_equals_seeking_it(tmp_path: Path) -> None:
    path = tmp_path / "live.crash"
    dice = random.Random(5)
    writer = RecordingWriter.open(path, market_tape.SESSION, market_tape.START, fsync=False)
    for records in market_tape.opening(dice):
        writer.append(records, market_tape.START)
    reader = RecordingReader.open(path)
    follower = Player(reader, market_tape.BASKETS)
    follower.seek(reader.end_ms)
    for step in range(1, 400):
        now = market_tape.START + step * 2_000
        price = 106_000.0 + dice.uniform(-500, 500)
        writer.append([Quote("okx", "BTC/USDT", now, price, None, None, None, None, None, None)], now)
        if step % 3 == 0:
            assert follower.follow(1.0)
            assert follower.state.quotes[("okx", "BTC/USDT")][1].last == price
    assert follower.follow(1.0)
    sought = Player(RecordingReader.open(path), market_tape.BASKETS)
    sought.seek(follower.state.now_ms)
    _assert_same(_picture(follower), _picture(sought))


def test_steps_find_the_quotes_before_and_after(tape: Path) -> None:
    player = Player(RecordingReader.open(tape), market_tape.BASKETS)
    player.seek(market_tape.START + 600_000)
    here = player.state.now_ms
    after = player.quote_time_after()
    before = player.quote_time_before()
    assert before is not None
    assert after is not None
    assert here - 10_100 < before < here < after < here + 10_100
    player.seek(after)
    assert player.quote_time_before() is not None


def test_a_step_back_within_a_second_shows_no_sums_of_the_later_moment(tmp_path: Path) -> None:
    path = tmp_path / "tape.crash"
    start = market_tape.START
    writer = RecordingWriter.open(path, market_tape.SESSION, start, fsync=False)
    for after_ms, usd in ((10_100, 1), (10_500, 2)):
        ts_ms = start + after_ms
        row = Liquidation("okx", "BTC/USDT:USDT", ts_ms, Side.LONG, 1.0, 1.0, usd * 1_000_000, PriceBasis.FILL, "")
        writer.append([row], ts_ms)
    writer.tick(start + 60_000)
    writer.close(start + 60_000)
    focus = Focus("BTC/USDT", Timeframe.M5, WeightMode.EQUAL)
    stage = Stage(RecordingReader.open(path), market_tape.BASKETS, Opening(focus, start + 10_700, 1.0), lambda: 0)
    totals = []
    for after_ms in (10_700, 10_200, 10_700):
        stage.deck.jump(start + after_ms)
        view = stage.picture(focus)
        assert view is not None
        totals.append(view.liquidations.windows[0].totals.total)
    stage.close()
    assert totals == [3_000_000, 1_000_000, 3_000_000]
