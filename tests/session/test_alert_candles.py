"""Which candles levels with an alert need."""

from __future__ import annotations

from crashdesk.config.alert_settings import AlertKind
from crashdesk.model.control import WantCandles
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.alert_candles import AGAIN_MS, CandleWishes, candles_wanted
from tests.session.alert_rig import rule
from tests.session.price_rig import SPOT, level


def test_closes_of_other_timeframes_and_of_symbols_without_a_price_are_asked_for() -> None:
    levels = (
        level(1.0),
        level(2.0, id="2", timeframe=Timeframe.H4),
        level(3.0, id="3", timeframe=Timeframe.H4),
        level(4.0, id="4", symbol="TON/USDT"),
        level(5.0, id="5", symbol="SOL/USDT", alert=""),
        level(6.0, id="6", symbol="XRP/USDT", alert="other"),
    )
    rules = (rule(AlertKind.LEVEL), rule(AlertKind.CASCADE, "other"))
    assert candles_wanted(levels, rules, lambda symbol: symbol == SPOT) == {
        WantCandles(SPOT, Timeframe.H4),
        WantCandles("TON/USDT", Timeframe.D1),
    }
    assert candles_wanted(levels, (rules[0]._replace(enabled=False),), lambda _: False) == set()


def test_a_wish_is_told_at_once_and_again_while_it_holds() -> None:
    old, new, chart = (WantCandles(SPOT, each) for each in (Timeframe.H4, Timeframe.W1, Timeframe.M15))
    wishes = CandleWishes()
    assert wishes.due({old}, {chart}, 1_000) == ({old}, set())
    assert wishes.due({old}, {chart}, 2_000) == (set(), set())
    assert wishes.due({old, new}, {chart}, 999 + AGAIN_MS) == ({new}, set())
    assert wishes.due({new}, {chart}, 1_000 + AGAIN_MS) == (set(), {new, chart})
    assert wishes.due({new}, {chart}, 1_001 + AGAIN_MS) == (set(), set())
    assert wishes.due({old, new}, {chart}, 1_002 + AGAIN_MS) == ({old}, set())
