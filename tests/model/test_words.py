"""Figures and names in sentences."""

from __future__ import annotations

import math

import pytest

from crashdesk.model.words import exact_price, pair_name, usd_short


@pytest.mark.parametrize(
    ("usd", "text"),
    [(0, "$0"), (412, "$412"), (999.6, "$1.0k"), (88_120, "$88.1k"), (33_960_000, "$33.96M"), (1.279e9, "$1.279bn")],
)
def test_dollars(usd: float, text: str) -> None:
    assert usd_short(round(usd * 1_000_000)) == text


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (9.9994e9, "$9.999bn"),
        (9.9996e9, "$10.00bn"),
        (19.13e9, "$19.13bn"),
        (99.996e9, "$100.0bn"),
        (999.9e9, "$999.9bn"),
    ],
)
def test_the_dollars_of_the_worst_days_fit_their_eight_cells(usd: float, text: str) -> None:
    assert usd_short(round(usd * 1_000_000)) == text
    assert len(text) <= 8


def test_prices_and_pairs() -> None:
    assert [exact_price(105_120.0, 2), exact_price(3_598.42, 2), exact_price(0.2063, 4)] == [
        "105,120",
        "3,598.42",
        "0.2063",
    ]
    assert exact_price(math.nan, 2) == "?"
    assert [pair_name("BTC/USDT:USDT"), pair_name("ETH/BTC")] == ["BTC-USDT", "ETH-BTC"]
