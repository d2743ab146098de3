"""Alerts along a recording: live and in a replay, over seeks, and on their way to a desk."""

from __future__ import annotations

import queue
from pathlib import Path

import pytest

from crashdesk.config.alert_settings import AlertKind
from crashdesk.model.records import EventKind, Liquidation, Quote
from crashdesk.model.timeframe import MINUTE_MS, Timeframe
from crashdesk.playback.transport import Transport
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.alerts import AlertBook, Raised
from crashdesk.session.conductor import Conductor
from crashdesk.session.deck import Deck
from crashdesk.session.focus import Focus, Opening
from crashdesk.session.player import Player
from crashdesk.session.views import DeskView, WeightMode
from tests.session import market_tape
from tests.session.alert_rig import row, rule

START = market_tape.START
RULE = rule(AlertKind.LIQUIDATION, min_usd=1e6, repeat_seconds=1)
FOCUS = Focus("BTC/USDT", Timeframe.D1, WeightMode.EQUAL)
LARGE_AT = [START + minute * MINUTE_MS for minute in (10, 20, 30, 70, 80)]
"""When a large liquidation comes."""


def write(path: Path, until_ms: int = START + 90 * MINUTE_MS) -> None:
    writer = RecordingWriter.open(path, market_tape.SESSION, START, fsync=False)
    for at_ms in range(START + 5_000, until_ms, 5_000):
        if at_ms in LARGE_AT:
            writer.append([row(at_ms, 2e6, venue="okx")], at_ms)
        writer.append([Quote("okx", "BTC/USDT", at_ms, 106_000.0, None, None, None, None, 1e6, None)], at_ms)
    writer.close(until_ms)


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    write(tmp_path / "tape.crash")
    return tmp_path / "tape.crash"


class Replay:
    """A deck on the tape; the test moves its clock (ms)."""

    def __init__(self, path: Path, at_ms: int, speed: float = 60.0) -> None:
        self.ms = 0
        self.raised: list[Raised] = []
        reader = RecordingReader.open(path)
        book = AlertBook((RULE,), replayed=True, tell=self.raised.append)
        self.deck = Deck(Player(reader, market_tape.BASKETS), None, lambda: self.ms, book)
        self.deck.play_from(Transport(reader.start_ms, reader.end_ms, reader.start_ms, 0, speed), at_ms)

    def play(self, minutes: int) -> None:
        """On by replayed minutes, at 60x."""
        for _ in range(minutes):
            self.ms += 1_000
            while not self.deck.fold(1.0):
                pass

    @property
    def listed(self) -> list[int]:
        return [alert.ts_ms for alert in self.deck.alerts.view(self.deck.player.state.now_ms)]


def test_a_replay_raises_what_it_plays_and_nothing_before_its_start(tape: Path) -> None:
    replay = Replay(tape, START + 15 * MINUTE_MS)
    assert replay.raised == []
    replay.play(20)
    assert [raised.ts_ms for raised in replay.raised] == LARGE_AT[1:3]
    assert all(raised.silent for raised in replay.raised)
    assert replay.listed == LARGE_AT[1:3]


def test_a_seek_raises_nothing_and_the_list_holds_what_was_played_up_to_there(tape: Path) -> None:
    replay = Replay(tape, START + 5 * MINUTE_MS)
    replay.play(20)
    assert replay.listed == LARGE_AT[:2]
    replay.deck.jump(START + 35 * MINUTE_MS)  # near: played through in silence
    replay.deck.jump(START + 75 * MINUTE_MS)  # far: restored
    assert replay.listed == LARGE_AT[:2]
    replay.play(10)
    assert replay.listed == [*LARGE_AT[:2], LARGE_AT[4]]
    replay.deck.jump(START + 15 * MINUTE_MS)
    assert replay.listed == LARGE_AT[:1]
    assert len(replay.raised) == 3
    replay.play(6)
    assert replay.listed == LARGE_AT[:2]
    assert len(replay.raised) == 4


def test_pausing_loses_no_alert(tape: Path) -> None:
    replay = Replay(tape, START + 5 * MINUTE_MS)
    replay.ms = 6_000
    replay.deck.toggle()
    assert replay.listed == LARGE_AT[:1]


def test_however_the_frames_are_folded_the_alerts_are_the_same(tape: Path) -> None:
    found = []
    for budget_s in (10.0, 0.0):
        raised: list[Raised] = []
        reader = RecordingReader.open(tape)
        rules = (RULE, rule(AlertKind.TOTAL, "sum", min_usd=3e6, window="1h"))
        book = AlertBook(rules, replayed=True, tell=raised.append)
        player = Player(reader, market_tape.BASKETS)
        player.seek(START)
        book.settle(player.state)
        while not player.play_to(START + 85 * MINUTE_MS, budget_s, book.see):
            pass
        found.append([(r.rule.name, r.ts_ms, r.text) for r in raised])
        reader.close()
    assert found[0] == found[1]
    assert [ts for name, ts, _ in found[0] if name == "mine"] == LARGE_AT
    assert [name for name, _, _ in found[0]].count("sum") == 1


def _append(path: Path, at_ms: int, rows: list[Liquidation]) -> None:
    writer = RecordingWriter.open(path, market_tape.SESSION, at_ms - 1_000, fsync=False)
    writer.append(rows, at_ms)
    writer.close(at_ms + 1)


def test_a_live_desk_gets_each_alert_once_whatever_pictures_it_is_shown(tape: Path) -> None:
    raised: queue.SimpleQueue[Raised] = queue.SimpleQueue()
    views: queue.SimpleQueue[DeskView] = queue.SimpleQueue()
    failures: list[str] = []
    link = Conductor(
        lambda: RecordingReader.open(tape),
        lambda: market_tape.BASKETS,
        Opening(FOCUS, alerts=(RULE,)),
        failures.append,
        raised=raised.put,
    )
    link.start(views.put)
    try:
        assert views.get(timeout=20).alerts == ()
        at_ms = START + 90 * MINUTE_MS + 5_000
        _append(tape, at_ms, [row(at_ms, 5e6, venue="okx"), row(START, 8e6, venue="okx")])
        told = raised.get(timeout=20)
        assert (told.ts_ms, told.text) == (at_ms, "$5.00M long liquidated: BTC-USDT on okx at 105,120")
        assert not told.silent
        while not (view := views.get(timeout=20)).alerts:
            pass
        assert [(alert.name, alert.ts_ms, alert.replayed) for alert in view.alerts] == [("mine", at_ms, False)]
        item = next(item for item in view.timeline if item.kind == EventKind.ALERT)
        assert (item.ts_ms, item.text, item.source) == (at_ms, told.text, "alert mine")
    finally:
        link.stop()
    assert raised.empty()
    assert failures == []
