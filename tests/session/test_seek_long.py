"""Seeking is the same as playing on a recording that is longer than what a checkpoint looks back."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.brief.as_json import brief_json
from crashdesk.brief.content import make_brief
from crashdesk.model.records import Feed, HealthState, Liquidation, Method, PriceBasis, Quote, Side, VenueHealth
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.player import Player
from crashdesk.session.views import WeightMode
from tests.session import market_tape
from tests.session.market_tape import START

CHANGES = {
    "okx": ((0.0, HealthState.STARTING), (0.1, HealthState.OK), (11.0, HealthState.RETRYING), (14.0, HealthState.OK)),
    "bybit": ((0.0, HealthState.OK), (3.0, HealthState.UNREACHABLE), (29.0, HealthState.OK)),
    "htx": ((0.0, HealthState.OK),),
}
"""By venue: hours after the start, and what its liquidations were from then on."""


def _health(venue: str, now: int) -> VenueHealth:
    since, state = [(at, state) for hours, state in CHANGES[venue] if (at := START + int(hours * HOUR_MS)) <= now][-1]
    return VenueHealth(venue, Feed.LIQUIDATIONS, state, Method.PARTIAL, since, "", now, None)


def _write(path: Path, first: int, last: int) -> None:
    writer = RecordingWriter.open(path, market_tape.SESSION, first, fsync=False)
    for now in range(first, last, 3 * MINUTE_MS):
        price = 100_000.0 + now % 977
        writer.append([Quote("okx", "BTC/USDT", now, price, None, None, None, None, None, None)], now)
        row = Liquidation("okx", "BTC/USDT:USDT", now, Side.LONG, price, 1.0, 10**9, PriceBasis.ORDER, "{}")
        writer.append([row], now)
        for venue in CHANGES:
            writer.append([_health(venue, now)], now)
    writer.close(last)


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty-six hours, written in two sessions with half an hour between them."""
    path = tmp_path_factory.mktemp("tape") / "long.crash"
    _write(path, START, START + 28 * HOUR_MS)
    _write(path, START + 28 * HOUR_MS + 30 * MINUTE_MS, START + 36 * HOUR_MS)
    return path


def _brief(player: Player) -> str:
    return brief_json(make_brief(player.state, WeightMode.EQUAL))


def test_seek_equals_play_beyond_the_reach_of_a_checkpoint(tape: Path) -> None:
    played = Player(RecordingReader.open(tape), market_tape.BASKETS)
    played.seek(START)
    for hours in (24.5, 26.0, 27.2, 29.01, 31.0, 34.9, 35.99):
        at_ms = START + int(hours * HOUR_MS)
        played.play_to(at_ms)
        sought = Player(RecordingReader.open(tape), market_tape.BASKETS)
        sought.seek(at_ms)
        assert _brief(played) == _brief(sought), hours


def test_the_share_of_a_feed_that_was_connected_before_the_window(tape: Path) -> None:
    player = Player(RecordingReader.open(tape), market_tape.BASKETS)
    now = START + 27 * HOUR_MS
    player.seek(now)
    share = {row.venue: row.connected_share for row in player.state.health.coverage(now, START)}
    assert share == {"okx": pytest.approx(21 / 24), "bybit": 0.0, "htx": 1.0}
