"""The first sentences of the brief's market: nothing is counted of which nothing is known."""

from __future__ import annotations

from datetime import UTC

import pytest

from crashdesk.brief.as_text import brief_text
from crashdesk.brief.content import make_brief
from crashdesk.model.basket import Basket, Baskets
from crashdesk.model.records import Batch, Candle, Instrument, MarketKind, PriceSource, Quote, Record
from crashdesk.model.timeframe import DAY_MS, Timeframe
from crashdesk.session.state import MarketState
from crashdesk.session.views import WeightMode

NOW = 20_396 * DAY_MS
SECTORS = Baskets("", "", "", (Basket("Layer1", ("BTC",), (None,)),))


def _days(count: int) -> list[Record]:
    opens = [NOW - n * DAY_MS for n in range(count, 0, -1)]
    return [Candle("okx", "BTC/USDT", Timeframe.D1, ms, 1e5, 1e5, 1e5, 1e5, 1.0, closed=True) for ms in opens]


@pytest.mark.parametrize(
    ("change", "days", "said"),
    [
        (None, 0, "No coin of the sectors has a change of 24 h yet."),
        (-2.5, 0, "1 of 1 coins fall over 24 h."),
        (-2.5, 200, "1 of 1 coins fall over 24 h; 1 are under their own SMA200."),
    ],
)
def test_only_what_is_known_is_counted(change: float | None, days: int, said: str) -> None:
    state = MarketState(SECTORS, NOW - 60_000)
    records: list[Record] = [
        Instrument("okx", "BTC/USDT", "BTC", "USDT", MarketKind.SPOT, None, 1),
        PriceSource("BTC/USDT", "okx", NOW),
        *_days(days),
        Quote("okx", "BTC/USDT", NOW, 98_000.0, None, None, None, None, None, change),
    ]
    for number, record in enumerate(records):
        state.apply(Batch(number, NOW, (record,)))
    text = " ".join(brief_text(make_brief(state, WeightMode.EQUAL), UTC).split())
    assert f" {said} " in text
