"""`crashdesk doctor FILE`: what the recording says of its own feeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.cli.doctor import feed_checks
from crashdesk.cli.main import main
from crashdesk.model.records import Feed, Gap, HealthState, Method, RowsSetAside, VenueHealth
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.views import FeedLine
from tests.session import market_tape

START = market_tape.START
LIQUIDATIONS = Feed.LIQUIDATIONS
GAP_AND_SIGN = "1 gap of 60.0 min in all, last sign 5.0 s before the end"


def _health(venue: str, state: HealthState, method: Method, at_ms: int, detail: str = "") -> VenueHealth:
    seen = at_ms if state is HealthState.OK else None
    return VenueHealth(venue, LIQUIDATIONS, state, method, at_ms, detail, seen, None)


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    """Four hours: a feed that was away for one of them, one that nobody has, rows set aside before and behind a key."""
    path = tmp_path / "tape.crash"
    writer = RecordingWriter.open(path, market_tape.SESSION, START, fsync=False)
    writer.append([_health("okx", HealthState.OK, Method.PARTIAL, START)], START + 1)
    writer.append([_health("hyperliquid", HealthState.STOPPED, Method.NONE, START, "no public feed")], START + 2)
    writer.append([RowsSetAside("okx", LIQUIDATIONS, "unknown symbol", 1)], START + 3)
    writer.append([RowsSetAside("okx", Feed.OPEN_INTEREST, "not a number", 7)], START + 4)
    writer.append([Gap("okx", LIQUIDATIONS, START + HOUR_MS, START + 2 * HOUR_MS, "disconnected")], START + 2 * HOUR_MS)
    end = START + 4 * HOUR_MS
    writer.tick(end - 60_000)
    writer.append([RowsSetAside("okx", LIQUIDATIONS, "unknown symbol", 2)], end - 30_000)
    writer.append([RowsSetAside("okx", LIQUIDATIONS, "missing price", 1_001)], end - 20_000)
    writer.append([_health("okx", HealthState.OK, Method.PARTIAL, START)._replace(last_message_ms=end - 5_000)], end)
    writer.close(end)
    return path


def test_doctor_tells_what_was_seen_and_what_was_set_aside(tape: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", str(tape)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "ok     no damage" in lines
    assert [line.removeprefix("note   ") for line in lines if line.startswith("note")] == [
        "hyperliquid liquidations: missing from every total (no public feed)",
        f"okx liquidations: partial, connected 75.0 % of the 4.0 h recorded, {GAP_AND_SIGN}",
        "okx liquidations: 1,003 rows set aside (missing price 1,001, unknown symbol 2)",
        "okx open interest: 7 rows set aside (not a number 7)",
    ]


def test_where_nothing_answers_doctor_begins_with_what_to_do() -> None:
    lost = [
        FeedLine(venue, Feed.TICKERS, HealthState.RETRYING, "the connection failed", 0, None, None) for venue in "ab"
    ]
    first, *others = feed_checks(lost)
    assert first == (
        False,
        "no venue answers: look for the network; behind a proxy set HTTPS_PROXY, or `proxy` of a venue",
    )
    assert [good for good, _ in others] == [False, False]
    (well, bad) = feed_checks([lost[0]._replace(state=HealthState.OK, detail=""), lost[1]])
    assert (well, bad) == ((True, "a tickers: ok"), (False, "b tickers: retrying, the connection failed"))
    assert list(feed_checks([])) == []
