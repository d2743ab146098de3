"""Change of open interest: against what a recording says of the same perpetual an hour and a day ago."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.model.records import Instrument, MarketKind, PerpStats, Quote, Session
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.player import Player
from crashdesk.session.ticker_more import MoreBook
from tests.session.market_tape import BASKETS

START = 1_762_214_400_000
"""2025-11-04 00:00 UTC."""
SPOT, PERP = "BTC/USDT", "BTC/USDT:USDT"
COLUMNS = ("oi_1h", "oi_24h")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Thirty hours of one coin: each 10 minutes open interest of 1,000,000 + 10,000 for each that came before.

    None comes in the hour from 02:00 to 03:00.
    """
    file = tmp_path / "perps.crash"
    writer = RecordingWriter.open(file, Session("p", START, "test", "", "live", (), ("okx",)), START, fsync=False)
    writer.append([Instrument("okx", SPOT, "BTC", "USDT", MarketKind.SPOT, None, 2)], START)
    for n in range(181):
        at_ms = START + n * 10 * MINUTE_MS + 5_000
        writer.append([Quote("okx", SPOT, at_ms, 100.0 + n, None, None, None, None, None, None)], at_ms)
        if not 2 * HOUR_MS <= at_ms - START < 3 * HOUR_MS:
            writer.append([PerpStats("okx", PERP, at_ms, 0.0001, 1_000_000.0 + 10_000.0 * n)], at_ms + 1)
    writer.close(START + 30 * HOUR_MS + 6_000)
    return file


def changes(path: Path, at_ms: int, *, played: bool = False) -> tuple[float | None, float | None]:
    """(1h, 24h) in percent at a time, sought or played."""
    player = Player(RecordingReader.open(path), BASKETS)
    if played:
        player.seek(player.source.start_ms)
        player.play_to(at_ms)
    else:
        player.seek(at_ms)
    more = MoreBook(player.state).rows(player.state.rows(), COLUMNS, 1.0)[0].more
    player.source.close()
    return more.interest_1h_pct, more.interest_24h_pct


def test_the_change_is_against_the_checkpoint_an_hour_and_a_day_before(path: Path) -> None:
    """At 29:12 the newest is that of 29:10; the 5 minutes began at 29:10, so the bases are of 28:10 and 05:10."""
    now = START + 29 * HOUR_MS + 12 * MINUTE_MS
    newest = 1_000_000 + 10_000 * 175
    hour, day = (1_000_000 + 10_000 * (n - 1) for n in (169, 31))  # what came at 5 s past is in the next checkpoint
    expected = ((newest / hour - 1) * 100, (newest / day - 1) * 100)
    assert changes(path, now) == pytest.approx(expected)
    assert changes(path, now, played=True) == changes(path, now)


def test_nothing_is_said_where_the_recording_does_not_reach_back_or_was_silent(path: Path) -> None:
    assert changes(path, START + 30 * MINUTE_MS) == (None, None)
    hour, day = changes(path, START + 5 * HOUR_MS)
    assert hour is not None
    assert day is None
    assert changes(path, START + 3 * HOUR_MS + 52 * MINUTE_MS)[0] is None  # 02:50: the last one is an hour old
    assert changes(path, START + DAY_MS + 2 * HOUR_MS + 52 * MINUTE_MS)[1] is None
