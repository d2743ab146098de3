"""Twins count, duplicates do not."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from crashdesk.model.records import Liquidation, PriceBasis, Side
from crashdesk.venues.identity import Ledger, Refused, key_of


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


@given(
    st.lists(st.lists(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([5, 6])), max_size=4), max_size=5)),
    st.data(),
)
def test_a_socket_that_says_its_last_messages_again_after_each_reconnect_adds_nothing(
    connections: list[list[list[tuple[int, int]]]], data: st.DataObject
) -> None:
    """Each connection first has some of the messages before it again, whole, then new ones with later times."""
    ledger, sent, got = Ledger(), list[list[Liquidation]](), list[Liquidation]()
    for number, messages in enumerate(connections):
        again = sent[len(sent) - data.draw(st.integers(0, len(sent))) :]
        fresh = [[row(10 * number + ts, usd) for ts, usd in message] for message in messages]
        ledger.begin()
        got += [one for message in [*again, *fresh] for one in message if ledger.admit(one)]
        sent += fresh
    assert Counter(map(key_of, got)) == Counter(key_of(one) for message in sent for one in message)


def test_a_row_that_is_refused_is_counted_once_however_often_it_comes() -> None:
    refused = Refused()
    counted = []
    for answer_rows in (["a", "a"], ["a", "a", "b"], ["a"]):
        refused.begin()
        counted += [text for text in answer_rows if refused.is_new(text)]
        refused.end_round(whole=True)
    assert counted == ["a", "a", "b"]


def test_refused_rows_of_a_round_that_failed_are_not_counted_again() -> None:
    refused = Refused()
    refused.begin()
    assert refused.is_new("a")
    refused.end_round(whole=True)
    refused.begin()
    assert refused.is_new("b")
    refused.end_round(whole=False)
    refused.begin()
    assert not refused.is_new("a")
    assert not refused.is_new("b")
