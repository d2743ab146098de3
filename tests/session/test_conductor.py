"""The folding thread through its calls, with a clock that the test moves."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path

import pytest

from crashdesk.model.errors import RecordingError
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.timeframe import Timeframe
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.conductor import FRAME_S, Conductor
from crashdesk.session.focus import Focus, Opening
from crashdesk.session.picture_file import PictureFile
from crashdesk.session.views import DeskView, Mode, WeightMode
from tests.session import market_tape

FOCUS = Focus("BTC/USDT", Timeframe.D1, WeightMode.EQUAL)
START = market_tape.START


class Stand:
    """A conductor under test and the pictures that it published."""

    def __init__(self, path: Path, opening: Opening, pictures: PictureFile | None = None) -> None:
        self.ms = 0
        self.failures: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.views: queue.SimpleQueue[DeskView] = queue.SimpleQueue()
        self.link = Conductor(
            lambda: RecordingReader.open(path),
            lambda: market_tape.BASKETS,
            opening,
            self.failures.put,
            pictures,
            lambda: self.ms,
        )

    def until(self, wanted: Callable[[DeskView], bool]) -> DeskView:
        while True:
            view = self.views.get(timeout=20)
            if wanted(view):
                return view


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tape") / "tape.crash"
    market_tape.write(path, hours=2)
    return path


@pytest.fixture
def stand(tape: Path) -> Iterator[Stand]:
    made = Stand(tape, Opening(FOCUS, START + 600_000, 60.0))
    made.link.start(made.views.put)
    yield made
    made.link.stop()


def test_it_opens_where_it_is_told_and_runs_with_the_clock(stand: Stand) -> None:
    first = stand.until(lambda v: True)
    assert first.now_ms == START + 600_000
    assert (first.transport.mode, first.transport.playing) == (Mode.REPLAY, True)
    assert first.tickers
    stand.ms = 1_000
    assert stand.until(lambda v: v.now_ms >= START + 660_000).now_ms == START + 660_000


def test_transport_calls_add_up(stand: Stand) -> None:
    stand.until(lambda v: True)
    stand.link.toggle_play()
    stand.link.seek(START + 1_800_000)
    stand.link.move(-60_000)
    stand.link.move(-60_000)
    view = stand.until(lambda v: v.now_ms == START + 1_680_000)
    assert not view.transport.playing
    stand.link.step_frames(1)
    after = stand.until(lambda v: v.now_ms > view.now_ms)
    assert after.now_ms <= view.now_ms + 10_100
    stand.link.step_frames(-1)
    stand.until(lambda v: v.now_ms < after.now_ms)
    stand.link.to_end()
    assert stand.until(lambda v: v.transport.ended).now_ms >= START + 7_190_000


def test_a_paused_replay_rests_until_it_is_called(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    link, rested = stand.link, threading.Event()
    wait = link._wake.wait

    def watched(timeout: float | None = None) -> bool:
        if timeout is None:
            rested.set()
        return wait(timeout)

    monkeypatch.setattr(link._wake, "wait", watched)
    link.toggle_play()
    assert rested.wait(20)
    at = stand.until(lambda view: not view.transport.playing).now_ms
    rested.clear()
    link.move(60_000)
    assert stand.until(lambda view: view.now_ms == at + 60_000)
    assert rested.wait(20)
    link.toggle_play()
    stand.until(lambda view: view.transport.playing)
    stand.ms += 1_000
    assert stand.until(lambda view: view.now_ms > at + 60_000)


def test_a_live_desk_looks_again_when_its_next_picture_is_due(tape: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand = Stand(tape, Opening(FOCUS))
    link, waited = stand.link, queue.SimpleQueue[float | None]()
    wait = link._wake.wait

    def watched(timeout: float | None = None) -> bool:
        waited.put(timeout)
        return wait(timeout)

    monkeypatch.setattr(link._wake, "wait", watched)
    link.start(stand.views.put)
    stand.until(lambda view: True)
    behind_picture, timeout = False, 0.0
    while not behind_picture or timeout > FRAME_S:
        timeout = waited.get(timeout=20) or 0.0
        assert timeout <= 0.25, "four pictures a second at least"
        behind_picture = behind_picture or timeout > FRAME_S
    assert timeout == FRAME_S, "nothing came: the first thing to come is shown at once"
    link.stop()


def test_at_max_it_folds_everything_and_stops_at_the_end(stand: Stand) -> None:
    stand.until(lambda v: True)
    stand.link.set_speed(inf)
    view = stand.until(lambda v: v.transport.ended and not v.transport.playing)
    assert view.now_ms == view.transport.end_ms


def test_symbol_levels_and_questions(stand: Stand) -> None:
    stand.until(lambda v: True)
    level = Level("x", "ETH/USDT", 3_000.0, LevelKind.SUPPORT, "mine", START, START)
    stand.link.set_levels((level,))
    stand.link.select_symbol("ETH/USDT")
    view = stand.until(lambda v: v.symbol == "ETH/USDT" and any(r.id == "x" for r in v.ladder.rows))
    assert view.chart.symbol == "ETH/USDT"
    stand.link.seek(START + 60_000)
    stand.until(lambda v: v.now_ms == START + 60_000 and any(r.id == "x" for r in v.ladder.rows))
    assert stand.link.ask(lambda state: state.now_ms).result(timeout=20) == START + 60_000
    with pytest.raises(ZeroDivisionError):
        stand.link.ask(lambda state: 1 // 0).result(timeout=20)


def test_events_are_jumped_to(stand: Stand) -> None:
    first = stand.until(lambda v: True)
    stand.link.toggle_play()
    stand.link.step_event(1)
    assert stand.until(lambda v: v.now_ms > first.now_ms).now_ms > first.now_ms


def test_what_cannot_be_read_is_said_and_ends_it(tmp_path: Path) -> None:
    stand = Stand(tmp_path / "none.crash", Opening(FOCUS, 0))
    stand.link.start(stand.views.put)
    assert "none.crash" in stand.failures.get(timeout=20)
    stand.link.stop()


def test_a_kept_picture_comes_first_and_folding_waits_for_the_paint(tape: Path, tmp_path: Path) -> None:
    pictures = PictureFile(tmp_path / "kept.json")
    opening = Opening(FOCUS, START + 600_000, 1.0)
    first = Stand(tape, opening, pictures)
    first.link.start(first.views.put)
    made = first.until(lambda v: True)
    first.until(lambda v: bool(v.scrubber.minutes))  # the picture behind the first: by then it is kept
    first.link.stop()
    again = Stand(tape, opening, pictures)
    again.link.start(again.views.put)
    kept = again.views.get_nowait()
    assert kept.tickers == made.tickers
    assert again.views.empty()
    again.link.painted()
    assert again.until(lambda v: bool(v.scrubber.minutes)).tickers == made.tickers
    again.link.stop()


def test_nothing_to_ask_before_there_is_data(tmp_path: Path) -> None:
    stand = Stand(tmp_path / "none.crash", Opening(FOCUS))
    stand.link._open_source = lambda: None
    stand.link.start(stand.views.put)
    with pytest.raises(RecordingError, match="no data yet"):
        stand.link.ask(lambda state: state.now_ms).result(timeout=20)
    stand.link.stop()
