"""A clock that stands, falls back or leaps does no harm to a replay."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crashdesk.playback.steady_clock import MOST_AT_ONCE_MS, SteadyClock


@given(st.lists(st.integers(-(10**9), 10**9)))
def test_it_never_goes_back_and_leaps_no_farther_than_one_waits(steps: list[int]) -> None:
    told = [1_000_000]
    clock = SteadyClock(lambda: told[0])
    before = clock()
    for step in steps:
        told[0] += step
        now = clock()
        assert now - before == min(max(step, 0), MOST_AT_ONCE_MS)
        before = now
