"""Filters of the tape as words, and the commands that speak of liquidations."""

from __future__ import annotations

import re

import pytest

from crashdesk.desk.liquidations.commands import feed_choice
from crashdesk.desk.liquidations.filters import Known, amount_words, filter_words, known_of, read_amount, read_filter
from crashdesk.model.records import Side
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.session.liquidation_views import FeedFilter
from tests.desk.fake_link import FakeLink
from tests.desk.sample_views import desk_view

VENUES = frozenset({"okx", "bybit", "gate", "htx", "binanceusdm", "binancecoinm"})
KNOWN = Known(VENUES, frozenset({"BTC", "HTX", "1INCH"}))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("okx long btc >100k", FeedFilter(100_000, Side.LONG, "okx", "BTC")),
        ("BTC, short", FeedFilter(0, Side.SHORT, None, "BTC")),
        ("gate", FeedFilter(venue="gate")),
        ("htx", FeedFilter(venue="htx")),
        ("byb", FeedFilter(venue="bybit")),
        ("binanceu", FeedFilter(venue="binanceusdm")),
        ("1inch 1m", FeedFilter(1_000_000, coin="1INCH")),
        ("newcoin", FeedFilter(coin="NEWCOIN")),
        ("1000pepe", FeedFilter(coin="1000PEPE")),
        (">$1.5M", FeedFilter(1_500_000)),
        (">=250,000", FeedFilter(250_000)),
        ("all", FeedFilter()),
        ("", FeedFilter()),
    ],
)
def test_words_are_read(text: str, wanted: FeedFilter) -> None:
    assert read_filter(text, KNOWN) == wanted
    assert read_filter(filter_words(wanted), KNOWN) == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("binance", "binance may be binancecoinm or binanceusdm"),
        ("btc eth", "eth is a second coin; the tape shows one or all"),
        ("okx gate", "gate is a second venue; the tape shows one or all"),
        ("long short", "short is a second side; the tape shows one or all"),
        ("<5k", "<5k: only a smallest size can be asked for, such as >100k"),
        (">lots", ">lots is no amount; write one such as 250k"),
        (">9e99", ">9e99 is no amount; write one such as 250k"),
        (">9999999bn", ">9999999bn is more than was ever liquidated"),
        ("[b]x", "[b]x is no side, venue, coin or size; write for instance okx long btc >100k"),
        ("\x1b[31mred", "[31mred is no side, venue, coin or size; write for instance okx long btc >100k"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        read_filter(text, KNOWN)


@pytest.mark.parametrize(
    ("text", "wanted"), [("okx lo", FeedFilter(venue="okx")), ("bt", FeedFilter()), ("btc >", FeedFilter(coin="BTC"))]
)
def test_words_half_typed_are_left_out(text: str, wanted: FeedFilter) -> None:
    assert read_filter(text, KNOWN, typing=True) == wanted


@pytest.mark.parametrize("usd", [1, 999, 1_000, 1_234, 10_000, 250_000, 1_000_000, 1_500_000, 2_345_000, 10**12])
def test_an_amount_is_read_back_as_it_is_written(usd: int) -> None:
    assert read_amount(amount_words(usd)) == usd


def test_what_is_known_comes_from_the_picture() -> None:
    known = known_of(desk_view())
    assert {"htx", "hyperliquid", "gate"} <= known.venues
    assert {"HYPE", "BTC", "POPCAT"} <= known.coins


@pytest.mark.parametrize(
    ("typed", "calls"),
    [
        ("min 250k", [FeedFilter(250_000)]),
        ("min 0", [FeedFilter()]),
        ("tape htx short eth", [FeedFilter(0, Side.SHORT, "htx", "ETH")]),
        ("tape all", [FeedFilter()]),
        ("window 15m", [("set_free_window", 15 * MINUTE_MS), ("select_window", "15m")]),
        ("window 240m", [("select_window", "4h")]),
        ("window off", [("set_free_window", None)]),
    ],
)
def test_commands(typed: str, calls: list[object]) -> None:
    link = FakeLink()
    taken: list[FeedFilter] = []
    word, _, rest = typed.partition(" ")
    choice = feed_choice(word, rest, desk_view(), taken.append, lambda ask: ask(link))
    assert choice.named
    assert choice.run is not None
    choice.run()
    assert [*taken, *link.calls] == calls


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("min lots", "lots is no amount; write one such as 250k"),
        ("window 90s", "a window is 1 minute to 24 hours long, in whole minutes"),
        ("window 2d", "a window is 1 minute to 24 hours long, in whole minutes"),
        ("window soon", "not a duration: 'soon' (write 20s, 5m, 1h30m or 2d)"),
    ],
)
def test_a_command_that_says_nothing_is_explained(typed: str, said: str) -> None:
    word, _, rest = typed.partition(" ")
    choice = feed_choice(word, rest, desk_view(), lambda _: None, lambda _: None)
    assert (choice.run, choice.detail) == (None, said)
