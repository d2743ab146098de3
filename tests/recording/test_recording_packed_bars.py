"""Bars of a roll-up that are made when they are asked for: the same as made at once, and as strict."""

from __future__ import annotations

from array import array

import pytest

from crashdesk.model.columns import BarSummary
from crashdesk.recording.packed_bars import PackedBars

NAMES = [("okx", "BTC/USDT"), ("okx", "ETH/USDT"), ("htx", "BTC/USDT")]


def packed(ids: list[int], high: list[float], low: list[float], last: list[float]) -> PackedBars:
    return PackedBars(NAMES, array("I", ids), array("d", high), array("d", low), array("d", last))


def test_bars_are_those_of_their_columns() -> None:
    bars = packed([2, 0], [110.0, 109.0], [100.0, 99.0], [105.0, 104.0])
    wanted = {NAMES[2]: BarSummary(110.0, 100.0, 105.0), NAMES[0]: BarSummary(109.0, 99.0, 104.0)}
    assert len(bars) == 2
    assert bars == wanted
    assert list(bars) == list(wanted)
    assert NAMES[1] not in bars
    assert not packed([], [], [], [])


@pytest.mark.parametrize(
    ("ids", "high", "error"),
    [
        ([0, 1], [1.0], ValueError),
        ([0], [1.0, 2.0], ValueError),
        ([1, 1], [1.0, 2.0], ValueError),
        ([3], [1.0], IndexError),
    ],
)
def test_columns_that_do_not_hold_are_refused_at_once(
    ids: list[int], high: list[float], error: type[Exception]
) -> None:
    with pytest.raises(error):
        packed(ids, high, high, high)
