"""Twins count, duplicates do not."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from crashdesk.model.records import Liquidation, PriceBasis, Side
from crashdesk.venues.identity import Ledger, key_of


def row(ts_ms: int, usd: int = 5, side: Side = Side.LONG) -> Liquidation:
    return Liquidation("htx", "BTC/USDT:USDT", ts_ms, side, 100.0, 1.0, usd, PriceBasis.FILL, "{}")


def answer(ledger: Ledger, rows: list[Liquidation]) -> list[Liquidation]:
    ledger.begin()
    return [one for one in rows if ledger.admit(one)]


def test_equal_rows_in_one_answer_are_twins() -> None:
    assert len(answer(Ledger(), [row(1), row(1), row(2)])) == 3


def test_the_next_page_brings_only_what_is_new() -> None:
    ledger = Ledger()
    answer(ledger, [row(3), row(2), row(2)])
    assert answer(ledger, [row(4), row(3), row(3), row(2), row(2)]) == [row(4), row(3)]


def test_a_socket_that_sends_its_last_message_again_adds_nothing() -> None:
    ledger = Ledger()
    first = [row(1), row(1)]
    assert len(answer(ledger, first)) == 2
    assert answer(ledger, first) == []


def test_a_burst_with_one_timestamp_loses_nothing() -> None:
    burst = [row(7, usd=5 + i % 100) for i in range(22_558)]
    assert len(answer(Ledger(), burst)) == 22_558


def test_rows_of_an_earlier_run_are_known() -> None:
    ledger = Ledger()
    ledger.seed([row(1), row(1)])
    assert answer(ledger, [row(1), row(1), row(1), row(2)]) == [row(1), row(2)]


def test_old_rows_are_forgotten() -> None:
    ledger = Ledger()
    answer(ledger, [row(1), row(50)])
    ledger.forget_before(50)
    assert len(ledger) == 1


@given(
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from([5, 6]), st.sampled_from(list(Side))), max_size=60),
    st.lists(st.integers(0, 12), max_size=8),
)
def test_overlapping_pages_of_any_history_count_each_row_once(
    history: list[tuple[int, int, Side]], cuts: list[int]
) -> None:
    """Pages as a venue serves them: all rows from some time on, at growing ends of the same history."""
    rows = sorted((row(*one) for one in history), key=lambda one: one.ts_ms)
    ledger = Ledger()
    got: list[Liquidation] = []
    for end in sorted(cuts):
        start = max(0, end - 5)
        got += answer(ledger, [one for one in rows if start <= one.ts_ms <= end])
    covered = {ts for end in cuts for ts in range(max(0, end - 5), end + 1)}
    assert Counter(map(key_of, got)) == Counter(key_of(one) for one in rows if one.ts_ms in covered)
