"""The cascades of the scenario against a count over all its orders that knows nothing of the detector."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from itertools import accumulate, pairwise
from statistics import median

import pytest

from crashdesk.model.records import Event, EventKind
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.scenarios.catalogue import Scenario
from tests.scenarios.collect import Collected

pytestmark = pytest.mark.xdist_group("november")
WINDOW = 5 * MINUTE_MS


@pytest.fixture(scope="module")
def cascades(november: Collected) -> list[Event]:
    """Each as it was told last."""
    last = {(event.kind, event.start_ms, event.venue, event.symbol): event for _, event in november.events}
    return sorted(last.values(), key=lambda event: event.start_ms)


@pytest.fixture(scope="module")
def sums(november: Collected) -> tuple[list[int], list[int], list[int]]:
    """Times of all orders, sorted, and running sums (all, long) in micro-dollars, one longer."""
    rows = sorted(zip(november.order_ts, november.order_usd, november.order_long, strict=True))
    whole = [0, *accumulate(usd for _, usd, _ in rows)]
    return [ts for ts, _, _ in rows], whole, [0, *accumulate(usd * long for _, usd, long in rows)]


def between(times: list[int], running: list[int], start: int, end: int) -> int:
    """The sum over start <= ts < end."""
    return running[bisect_left(times, end)] - running[bisect_left(times, start)]


def price_at(november: Collected, at_ms: int) -> float:
    times, prices = november.tape["BTC/USDT"]
    return prices[bisect_right(times, at_ms) - 1]


def test_there_are_a_few_and_the_worst_hour_is_among_them(scenario: Scenario, cascades: list[Event]) -> None:
    assert 3 <= len(cascades) <= 10
    assert all(event.kind is EventKind.CASCADE and event.symbol == "BTC/USDT" for event in cascades)
    assert all(a.end_ms < b.start_ms for a, b in pairwise(cascades))
    assert any(event.start_ms > scenario.end_ms - HOUR_MS for event in cascades), "the demo shows one"


def test_figures_are_those_of_the_orders(november: Collected, cascades: list[Event]) -> None:
    for event in cascades:
        inside = [i for i, ts in enumerate(november.order_ts) if event.start_ms <= ts <= event.end_ms]
        assert event.usd_micro == sum(november.order_usd[i] for i in inside)
        assert event.long_usd_micro == sum(november.order_usd[i] for i in inside if november.order_long[i])
        assert event.orders == len(inside)
        ranked: Counter[str] = Counter()
        for i in inside:
            ranked[november.order_place[i]] += november.order_usd[i]
        assert event.venues == tuple(venue for venue, _ in ranked.most_common())
        before = price_at(november, event.start_ms // MINUTE_MS * MINUTE_MS - 1)
        assert event.move_pct is not None
        low = min(price_at(november, at) for at in range(event.start_ms, event.end_ms + 10_000, 1_000))
        assert 100 * (low / before - 1) <= event.move_pct + 1e-9 < 0
        assert event.move_pct == pytest.approx(100 * (low / before - 1), abs=0.1)


def test_each_fulfils_the_definition_where_it_was_first_told(
    scenario: Scenario, november: Collected, sums: tuple[list[int], list[int], list[int]]
) -> None:
    times, whole, long = sums
    first: dict[int, int] = {}
    for now, event in november.events:
        first.setdefault(event.start_ms, now)
    for now in first.values():
        end = now // 1_000 * 1_000
        level, strength = _usual(scenario, november, sums, end - WINDOW), _strength(november, end)
        total = between(times, whole, end - WINDOW, end)
        assert total >= max(5_000_000 * 10**6, 4 * level)
        assert between(times, long, end - WINDOW, end) >= 0.65 * total
        assert strength < -2


def test_no_window_that_fulfils_it_lies_outside_of_them(
    scenario: Scenario,
    november: Collected,
    cascades: list[Event],
    sums: tuple[list[int], list[int], list[int]],
) -> None:
    times, whole, long = sums
    for end in range(scenario.start_ms // 1_000 * 1_000 + HOUR_MS, scenario.end_ms, 10_000):
        total = between(times, whole, end - WINDOW, end)
        if total < 12_000_000 * 10**6 or between(times, long, end - WINDOW, end) < 0.65 * total:
            continue
        if any(event.start_ms < end and end - WINDOW <= event.end_ms for event in cascades):
            continue
        assert total < 4 * _usual(scenario, november, sums, end - WINDOW) or _strength(november, end) >= -2


def _usual(
    scenario: Scenario, november: Collected, sums: tuple[list[int], list[int], list[int]], border_ms: int
) -> float:
    """The median of the windows of whole minutes, all of them recorded, that ended by `border_ms`."""
    times, whole, _ = sums
    border = border_ms // MINUTE_MS
    first = max(scenario.start_ms // MINUTE_MS + 5, border - 1440)
    ends = range(first, border + 1)
    return median(between(times, whole, m * MINUTE_MS - WINDOW, m * MINUTE_MS) for m in ends)


def _strength(november: Collected, end_ms: int) -> float:
    """ln of BTC's move over the window in σ·√minutes."""
    border = (end_ms - WINDOW) // MINUTE_MS
    first = november.tape["BTC/USDT"][0][0] // MINUTE_MS
    closes = [price_at(november, (m + 1) * MINUTE_MS - 1) for m in range(max(first, border - 1441), border)]
    squares = [math.log(b / a) ** 2 for a, b in pairwise(closes)]
    sigma = math.sqrt(sum(squares) / len(squares))
    move = math.log(price_at(november, end_ms - 1) / closes[-1])
    return move / sigma / math.sqrt((end_ms - border * MINUTE_MS) / MINUTE_MS)
