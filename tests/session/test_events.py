"""An event that is told again takes the place of the earlier one."""

from __future__ import annotations

from crashdesk.model.records import Batch, Event, EventKind
from crashdesk.session.state import MarketState
from crashdesk.session.timeline import timeline
from tests.session.market_tape import BASKETS

START = 1_762_200_000_000


def cascade(start_ms: int, end_ms: int, usd: int, symbol: str = "BTC/USDT") -> Event:
    return Event(EventKind.CASCADE, start_ms, end_ms, f"cascade {usd}", None, symbol, usd, usd, -1.0, 3, ("okx",))


def test_a_cascade_that_goes_on_is_one() -> None:
    state = MarketState(BASKETS, START)
    told = [cascade(START, START + 1_000 * n, n) for n in (1, 2, 3)]
    other = cascade(START - 5_000, START, 9)
    for seq, event in enumerate((told[0], told[1], other, told[2])):
        state.apply(Batch(seq, START + 10_000 * seq, (event,)))
    assert state.recent_events() == (other, told[2])
    items = timeline((), (), state.recent_events(), ())
    assert [item.text for item in items] == ["cascade 9", "cascade 3"]
    assert len({item.id for item in items}) == 2


def test_another_symbol_or_start_is_another_event() -> None:
    state = MarketState(BASKETS, START)
    events = (cascade(START, START, 1), cascade(START, START, 1, "ETH/USDT"), cascade(START + 1, START + 1, 1))
    state.apply(Batch(0, START + 2, events))
    assert len(state.recent_events()) == 3
