"""What a recorder that is started anew knows of the recording that it goes on with."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.analytics.cascade_watch import CascadeWatch
from crashdesk.cli import recorder
from crashdesk.model.cascade import CascadeSettings
from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.records import (
    Feed,
    HealthState,
    Liquidation,
    Method,
    PriceBasis,
    Session,
    Side,
    VenueHealth,
)
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.recording.writer import RecordingWriter

START = 1_762_200_000_000
SESSION = Session("id", START, "test", "", "live", (), ("gate", "okx"))


def row(ts_ms: int) -> Liquidation:
    return Liquidation("gate", "BTC/USDT:USDT", ts_ms, Side.LONG, 100.0, 1.0, 100_000_000, PriceBasis.FILL, '{"x":1}')


def health(state: HealthState, at_ms: int, last_ms: int | None, venue: str = "gate") -> VenueHealth:
    return VenueHealth(venue, Feed.LIQUIDATIONS, state, Method.COMPLETE, at_ms, "", last_ms, None)


def record(out: Path, hours: int, down_after: int | None, last_ms: int | None) -> int:
    """A row every five minutes; the feed goes down after so many hours. Gives the recording's end."""
    writer = RecordingWriter.open(out, SESSION, START, fsync=False)
    writer.append([health(HealthState.OK, START, START)], START + 1)
    for now in range(START + 5 * MINUTE_MS, START + hours * HOUR_MS + 1, 5 * MINUTE_MS):
        down = down_after is not None and now > START + down_after * HOUR_MS
        writer.append([health(HealthState.RETRYING, now, last_ms) if down else row(now - 1_000)], now)
    end = START + hours * HOUR_MS
    writer.close(end)
    return end


def before(out: Path) -> recorder.Before:
    return recorder._before(out, CascadeWatch(CascadeSettings()))


def test_the_last_two_hours_are_known_without_their_payloads(tmp_path: Path) -> None:
    end = record(tmp_path / "a.crash", 5, None, None)
    found = before(tmp_path / "a.crash")
    assert found.seen_from_ms == pytest.approx(end - 2 * HOUR_MS - 2 * MINUTE_MS, abs=CHUNK_MS)
    wanted = {ts for ts in range(START - 1_000, end, 5 * MINUTE_MS) if ts >= end - 2 * HOUR_MS}
    assert {one.ts_ms for one in found.seen} >= wanted
    assert not any(one.raw for one in found.seen)


def test_a_feed_that_was_down_for_longer_is_known_up_to_its_last_answer(tmp_path: Path) -> None:
    """Else what it missed in the hours before the last two would neither be asked for nor be told as a gap."""
    last = START + HOUR_MS
    record(tmp_path / "a.crash", 8, 1, last)
    found = before(tmp_path / "a.crash")
    assert found.seen_from_ms == last - 2 * MINUTE_MS
    assert {one.ts_ms for one in found.seen} >= {last - 1_000}


def test_a_feed_that_never_spoke_or_was_down_for_days_costs_at_most_a_day(tmp_path: Path) -> None:
    end = record(tmp_path / "a.crash", 5, 1, None)
    never = before(tmp_path / "a.crash").seen_from_ms
    assert never == pytest.approx(end - 2 * HOUR_MS - 2 * MINUTE_MS, abs=CHUNK_MS)
    end = record(tmp_path / "b.crash", 30, 1, START + HOUR_MS)
    long = before(tmp_path / "b.crash").seen_from_ms
    assert long == pytest.approx(end - DAY_MS, abs=5_000)
