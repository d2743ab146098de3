"""Minutes keep no more than a series may need, whether somebody asks for one or not."""

from __future__ import annotations

import pytest

from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.session.liquidations.minutes import Minutes

START = 1_762_214_400_000


@pytest.mark.parametrize("asked", [False, True])
def test_weeks_in_which_nobody_asks_leave_nothing_behind(asked: bool) -> None:
    minutes = Minutes()
    if asked:
        minutes.add([START], [0], [0], [1])
        assert minutes.series(START) == ((START // MINUTE_MS, 1, 0),)
    for minute in range(14 * 24 * 60):
        now_ms = START + minute * MINUTE_MS
        minutes.add([now_ms, now_ms - 5], [0, 1], [0, 1], [3, 4])
        minutes.forget(now_ms)
    assert max(len(kept) for kept in (minutes._sums, minutes._touched, minutes._series)) < 26 * 60
    series = minutes.series(now_ms)
    assert len(series) == 24 * 60
    assert series[-1] == (now_ms // MINUTE_MS, 3, 0)
    assert set(series[:-1]) == {(minute, 3, 4) for minute, _, _ in series[:-1]}
