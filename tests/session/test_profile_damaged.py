"""The price profile of a recording of which a frame is damaged: nothing stays in it for good."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.recording.format import Kind
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.liquidation_views import ProfileBin
from crashdesk.session.player import Player
from tests.recording.samples import START, write_day
from tests.recording.spoiled import headers, spoil
from tests.session.market_tape import BASKETS

DAY = 3


@pytest.mark.parametrize("spoiled_hour", [None, 0, 1])
def test_rows_that_cannot_be_read_leave_the_profile_with_their_chunk(tmp_path: Path, spoiled_hour: int | None) -> None:
    path = tmp_path / "a.crash"
    write_day(path, 1_700)  # two hours and 21 minutes: the seek's windows cut one of the hours, and none of the others
    if spoiled_hour is not None:
        wanted = START // HOUR_MS + spoiled_hour
        frames = [h for h in headers(path) if h.kind == Kind.LIQUIDATIONS and h.recv_ms // HOUR_MS == wanted]
        spoil(path, frames[len(frames) // 2].start + 4)
    player = Player(RecordingReader.open(path), BASKETS)
    player.seek(player.source.end_ms)
    book, end_ms = player.state.liquidations, player.state.now_ms
    last = _sum(book.profile("BTC"))
    assert last > 0
    for minutes in range(0, 26 * 60, 7):
        player.state.tick(end_ms + minutes * MINUTE_MS)
        followed = book.profile("BTC")
        assert all(one.long >= 0 and one.short >= 0 for one in followed)
        assert _sum(followed) <= last, "no row came"
        last = _sum(followed)
        if spoiled_hour is None and minutes % 28 == 0:
            book.profile("ETH")
            assert followed == book.profile("BTC"), "what is kept is what would be made anew"
    assert book.totals(DAY).total == 0
    assert book.profile("BTC") == ()
    player.source.close()


def _sum(profile: Sequence[ProfileBin]) -> int:
    return sum(one.long + one.short for one in profile)
