"""Above 600x only the last quotes are folded: the state, and the alerts on what happened, are those of playing all."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from crashdesk.config.alert_settings import AlertKind
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.playback.transport import Transport
from crashdesk.recording.format import Kind
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.alerts import AlertBook, Raised
from crashdesk.session.deck import Deck
from tests.recording.spoiled import headers, spoil
from tests.session import all_kinds
from tests.session.alert_rig import rule
from tests.session.seek_moments import LOOK, moments, player_on
from tests.session.state_facts import differences, facts, picture

RULES = (
    rule(AlertKind.LIQUIDATION, min_usd=20_000, repeat_seconds=60),
    rule(AlertKind.RATE, "rate", min_usd=200_000, repeat_seconds=60),
    rule(AlertKind.TOTAL, "total", min_usd=2e6, window="1h", repeat_seconds=60),
    rule(AlertKind.ONE_SIDED, "side", min_usd=1e6, share=60.0, repeat_seconds=60),
    rule(AlertKind.CASCADE, "cascade", min_usd=0.0, repeat_seconds=1),
    rule(AlertKind.FEED_LOST, "feed"),
)


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kinds") / "kinds.crash"
    all_kinds.write(path)
    return path


def test_rushing_to_any_time_is_playing_there(tape: Path) -> None:
    dice = random.Random(33)
    times = moments(RecordingReader.open(tape), dice, 16)
    played, rushed, mixed = (player_on(tape, all_kinds.OWN) for _ in range(3))
    for player in (played, rushed, mixed):
        player.seek(times[0])
    for at_ms in times:
        before_ms = at_ms - dice.randrange(40_000)
        played.play_to(at_ms)
        for between_ms in (before_ms, at_ms):
            # somebody looks on the way, and the time runs out again and again
            while not rushed.rush_to(between_ms, 0.0):
                picture(rushed.state, LOOK)
            picture(rushed.state, LOOK)
        mixed.play_to(before_ms) if dice.random() < 0.5 else mixed.rush_to(before_ms)
        mixed.rush_to(at_ms)
        truth = facts(played.state)
        assert rushed.state.seq == played.state.seq
        assert differences(truth, facts(rushed.state)) == [], at_ms
        assert differences(truth, facts(mixed.state)) == [], at_ms
    for player in (played, rushed, mixed):
        player.source.close()


def test_one_rush_over_all_of_it(tape: Path) -> None:
    played, rushed = player_on(tape, all_kinds.OWN), player_on(tape, all_kinds.OWN)
    for player in (played, rushed):
        player.seek(player.source.start_ms + HOUR_MS)
    end_ms, state = played.source.end_ms - MINUTE_MS, rushed.state
    played.play_to(end_ms)
    assert rushed.rush_to(end_ms)
    assert rushed.state is state  # nothing had to be restored
    assert differences(facts(played.state), facts(rushed.state)) == []


def _raised(path: Path, speed: float) -> list[tuple[str, int, str]]:
    """What a deck raises that is driven over a recording, a frame each 50 ms of its clock."""
    told: list[Raised] = []
    clock = [0]
    player = player_on(path, all_kinds.OWN)
    start_ms, end_ms = player.source.start_ms, player.source.end_ms
    deck = Deck(player, None, lambda: clock[0], AlertBook(RULES, replayed=True, tell=told.append))
    deck.play_from(Transport(start_ms, end_ms, start_ms, 0, speed), start_ms + HOUR_MS)
    while not deck.view().ended:
        clock[0] += 50 if speed > 600 else 5_000
        while not deck.fold(0.01):
            pass
    return [(one.rule.name, one.ts_ms, one.text) for one in told]


def test_what_happens_raises_the_same_alerts_as_when_it_is_played(tape: Path) -> None:
    truth = _raised(tape, 600.0)
    assert len({name for name, _, _ in truth}) == len(RULES)
    assert _raised(tape, 3_600.0) == truth
    assert _raised(tape, 36_000.0) == truth


@pytest.mark.parametrize("kind", [Kind.QUOTES, Kind.LIQUIDATIONS, Kind.NAMES, Kind.KEY, Kind.ROLLUP])
def test_what_is_damaged_is_played(tape: Path, tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "spoiled.crash"
    path.write_bytes(tape.read_bytes())
    frames = [header for header in headers(path) if header.kind == kind]
    one = frames[len(frames) // 2]
    spoil(path, one.start + one.length // 2)
    played, rushed = player_on(path, all_kinds.OWN), player_on(path, all_kinds.OWN)
    for player in (played, rushed):
        player.seek(one.recv_ms - HOUR_MS)
    later_ms = one.recv_ms + HOUR_MS
    played.play_to(later_ms)
    while not rushed.rush_to(later_ms, 0.001):
        pass
    assert rushed.state.liquidations.folded == played.state.liquidations.folded
    assert rushed.state.health.gaps() == played.state.health.gaps()
    assert rushed.state.quotes == played.state.quotes
