"""Bars in columns say what bars looked at one by one say."""

from __future__ import annotations

from math import isnan, nan

from hypothesis import given, settings
from hypothesis import strategies as st

from crashdesk.model.columns import CHUNK_MS, BarSummary, Chunk, MinuteBar
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS
from crashdesk.recording.rollup import join_rows
from crashdesk.session.bars import ObservedBars
from crashdesk.session.known_bars import KnownBars

START = 1_762_128_000_000
KEYS = [("okx", f"C{n}/USDT") for n in range(4)]
PRICES = st.lists(
    st.tuples(st.integers(1, 40 * MINUTE_MS), st.sampled_from(KEYS), st.floats(0.001, 1e6)), min_size=1, max_size=60
)


@settings(max_examples=60, deadline=None)
@given(PRICES, st.booleans())
def test_columns_equal_a_plain_look_at_every_price(
    steps: list[tuple[int, tuple[str, str], float]], shared: bool
) -> None:
    known = KnownBars()
    if shared:  # another state of the same recording saw the instruments in another order
        for key in reversed(KEYS):
            known.slot(key)
    bars, seen, now = ObservedBars(known), [], START
    for wait, key, price in steps:
        now += wait
        bars.advance(now)
        bars.see(key, price, now)
        seen.append((now, key, price))
    chunk, first = now // CHUNK_MS, (now - DAY_MS) // CHUNK_MS + 1
    for key in KEYS:
        mine = [(at, price) for at, one, price in seen if one == key]
        inside = [price for at, price in mine if at // CHUNK_MS >= first]
        assert bars.extremes_24h(key, now) == ((min(inside), max(inside)) if inside else None)
        numbers = range(chunk - 12, chunk)
        closes = [next((price for at, price in reversed(mine) if at // CHUNK_MS == number), nan) for number in numbers]
        found = bars.chunk_closes(key, numbers)
        assert [None if isnan(c) else c for c in found] == [None if isnan(c) else c for c in closes]
        for back in range(0, 90, 7):
            at_ms = (now // MINUTE_MS - back) * MINUTE_MS
            last = [(at // MINUTE_MS, price) for at, price in mine if at_ms - 10 * MINUTE_MS <= at < at_ms]
            assert bars.close_before(key, at_ms) == (((last[-1][0] + 1) * MINUTE_MS, last[-1][1]) if last else None)


def test_minutes_of_a_chunk_are_found_by_whoever_asks_first() -> None:
    number, key = START // CHUNK_MS, KEYS[2]
    bars = {one: BarSummary(3.0, 1.0, 2.0) for one in KEYS}
    minutes = {one: (MinuteBar(number * 5 + 1, 3.0, 1.0, 2.0),) for one in KEYS}
    seen = ObservedBars()
    seen.restore((Chunk(number, None, bars, lambda: join_rows(()), lambda: minutes),))
    seen.advance((number + 1) * CHUNK_MS)
    assert seen.minute_closes(key, number) == [((number * 5 + 1) * MINUTE_MS, 2.0)]
