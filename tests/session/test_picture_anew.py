"""What a picture keeps of the one before is what would be made anew, whatever came and however long nothing came.

What a state keeps of its liquidations is told in `test_windows`.
"""

from __future__ import annotations

import random

import pytest

from crashdesk.model.basket import Basket, Baskets
from crashdesk.model.records import (
    Batch,
    Candle,
    Feed,
    HealthState,
    Instrument,
    MarketKind,
    Method,
    PerpStats,
    PriceSource,
    Quote,
    Record,
    Session,
    VenueHealth,
)
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.session.focus import Focus
from crashdesk.session.picture import PictureMaker
from crashdesk.session.price_rows import PriceRows
from crashdesk.session.spreads import SpreadBook, venue_spreads
from crashdesk.session.state import MarketState
from crashdesk.session.views import DeskView, Mode, ScrubberView, TransportView, WeightMode
from tests.session.alert_rig import row as liquidation

START = 1_762_214_400_000
VENUES, COINS = ("okx", "bybit", "htx"), ("BTC", "ETH", "TON", "OFF")
BASKETS = Baskets("t", "2025-11", "t", (Basket("Majors", ("BTC", "ETH"), (2.0, 1.0)), Basket("Rest", ("TON",), (1.0,))))
SYMBOLS = tuple(f"{coin}/USDT{perpetual}" for coin in COINS for perpetual in ("", ":USDT"))
POLL_MS = 2_000
_EDGES = (3 * POLL_MS, MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, DAY_MS)
"""What gets old gets so by one of these: silent, past, forgotten, without figures, not used, no longer listed."""
FOCUS = Focus("BTC/USDT", Timeframe.D1, WeightMode.VOLUME)


class Stand:
    """A state that is fed by lot, and what was made of it before."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.state = MarketState(BASKETS, START, dict.fromkeys(VENUES, POLL_MS))
        self.maker, self.seq, self.at_ms = PictureMaker(), 0, START
        self.times = [START]
        self.put(Session("s", START, "t", "", "", (), VENUES))

    def put(self, *records: Record) -> None:
        self.seq += 1
        self.times.append(self.at_ms)
        self.state.apply(Batch(self.seq, self.at_ms, records))

    def wait(self) -> None:
        """A little, or until something that came before gets old, to the millisecond."""
        due = [at + edge + near for at in self.times[-12:] for edge in _EDGES for near in (-1, 0, 1)]
        later = [at_ms for at_ms in due if at_ms > self.at_ms]
        self.at_ms = (
            self.dice.choice(later) if later and self.dice.random() < 0.4 else self.at_ms + self.dice.choice((1, 200))
        )
        self.state.tick(self.at_ms)

    def come(self) -> None:
        """One frame."""
        dice, venue = self.dice, self.dice.choice(VENUES)
        symbol = dice.choice(SYMBOLS)
        match dice.randrange(12):
            case 0:
                self.put(PriceSource(symbol, venue, self.at_ms))
            case 1:
                kind = dice.choice((MarketKind.SPOT, MarketKind.LINEAR))
                self.put(Instrument(venue, symbol, dice.choice(COINS), "USDT", kind, None, dice.randrange(4)))
            case 2:
                self.put(PerpStats(venue, symbol, self.at_ms - dice.choice((0, 1_000)), dice.random() / 1e3, 1e6))
            case 3:
                open_ms = self.at_ms // DAY_MS * DAY_MS - dice.randrange(3) * DAY_MS
                price = 100 + dice.random()
                self.put(Candle(venue, symbol, Timeframe.D1, open_ms, price, price + 1, 99.0, price, 1.0, closed=True))
            case 4:
                order = tuple(dice.sample(VENUES, 3))
                self.put(Session("s", START, "t", "", "", (), order))
            case 5:
                ok = dice.choice((HealthState.OK, HealthState.RETRYING))
                feed = dice.choice((Feed.TICKERS, Feed.LIQUIDATIONS))
                self.put(VenueHealth(venue, feed, ok, Method.PARTIAL, self.at_ms, "", self.at_ms, None))
            case 6 | 7:
                self.put(*(liquidation(self.at_ms, dice.randrange(1, 10**12)) for _ in range(dice.randrange(1, 4))))
            case _:
                some = dice.sample(SYMBOLS, dice.randrange(1, 5))
                self.put(*(self.quote(venue, name) for name in some))

    def quote(self, venue: str, symbol: str) -> Quote:
        change = self.dice.choice((None, self.dice.uniform(-9, 9)))
        return Quote(
            venue, symbol, self.at_ms, 100 + self.dice.random(), None, None, None, None, self.dice.random(), change
        )

    def view(self, maker: PictureMaker) -> DeskView:
        now_ms = self.state.now_ms
        transport = TransportView(Mode.LIVE, True, False, 1.0, START, now_ms, now_ms)
        return maker.view(self.state, FOCUS, transport, ScrubberView(START, now_ms, (), (), (), ()))


@pytest.mark.parametrize("seed", range(12))
def test_what_is_kept_is_what_would_be_made_anew(seed: int) -> None:
    stand = Stand(seed)
    spreads = SpreadBook()
    for _ in range(250):
        if stand.dice.random() < 0.6:
            stand.come()
        stand.wait()
        state = stand.state
        assert state.rows() == PriceRows().of(state)
        assert spreads.of(state) == venue_spreads(state)
        kept, fresh = stand.view(stand.maker), stand.view(PictureMaker())
        for name in ("tickers", "sectors", "status", "stress", "ladder", "timeline"):
            assert getattr(kept, name) == getattr(fresh, name), name


def test_a_price_that_did_not_change_gets_stale_to_the_millisecond_while_its_venue_goes_on() -> None:
    stand = Stand(0)
    stand.at_ms = came_ms = START + 200
    stand.put(stand.quote("okx", "BTC/USDT"))
    found = []
    for near in (-1, 0, 1):
        stand.at_ms = came_ms + 10 * MINUTE_MS + near
        if near < 0:
            stand.put(stand.quote("okx", "ETH/USDT"))
        stand.state.tick(stand.at_ms)
        assert stand.state.rows() == PriceRows().of(stand.state)
        found += [row.stale for row in stand.state.rows() if row.base == "BTC"]
    assert found == [False, False, True]


def test_rows_stay_the_very_same_while_nothing_in_them_changed() -> None:
    stand = Stand(0)
    stand.put(*(stand.quote("okx", symbol) for symbol in ("BTC/USDT", "ETH/USDT")))
    rows, view = stand.state.rows(), stand.view(stand.maker)
    stand.at_ms += 200
    stand.put(liquidation(stand.at_ms, 5))
    assert stand.state.rows() is rows
    later = stand.view(stand.maker)
    for name in ("tickers", "sectors", "status"):
        assert getattr(later, name) is getattr(view, name)
    stand.put(stand.quote("okx", "ETH/USDT"))
    fresh = stand.state.rows()
    assert [one is other for one, other in zip(rows, fresh, strict=True)] == [True, False]
