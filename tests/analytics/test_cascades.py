"""Cascades on constructed markets whose answers are worked out by hand.

The market: a price a second, the minute closes swinging by ±0.1 % so that σ is 0.001 and 2σ√5 is 0.447 %; a calm flow
of $1M a minute, half of it long, so that the median of five minutes is $5M and four times that $20M is the level.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import NamedTuple

import pytest

from crashdesk.analytics.cascade_watch import CascadeWatch, cascades_of
from crashdesk.analytics.cascades import cascade_text
from crashdesk.model.cascade import CascadeSettings, cascade_definition
from crashdesk.model.records import (
    Batch,
    Event,
    EventKind,
    Liquidation,
    PriceBasis,
    PriceSource,
    Quote,
    Record,
    Side,
)
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS

START = 1_762_200_000_000 // HOUR_MS * HOUR_MS
SECOND = 1_000
WEEK_END = START + 3 * HOUR_MS
CRASH = START + 2 * HOUR_MS
"""When the constructed cascades begin."""


class Order(NamedTuple):
    ts_ms: int
    usd: float
    side: Side = Side.LONG
    venue: str = "bybit"
    symbol: str = "BTC/USDT:USDT"
    late_ms: int = 100


def row(order: Order) -> Liquidation:
    micro = round(order.usd * 1e6)
    return Liquidation(order.venue, order.symbol, order.ts_ms, order.side, 1.0, order.usd, micro, PriceBasis.FILL, "")


def calm(start: int = START, end: int = WEEK_END, usd: float = 1e6) -> list[Order]:
    """`usd` a minute in two orders, one of each side."""
    found = []
    for minute in range(start, end, MINUTE_MS):
        found += [Order(minute + 10_000, usd / 2), Order(minute + 40_000, usd / 2, Side.SHORT)]
    return found


def swing(at_ms: int) -> float:
    """100 and 100·e^0.001 in turn, minute by minute: every minute return is ±0.001."""
    return 100.0 * math.exp(0.001 * (at_ms // MINUTE_MS % 2))


def falling(by: float, start: int = CRASH, over_ms: int = 2 * MINUTE_MS) -> Callable[[int], float]:
    """The swing, and from `start` on a fall by the factor `by` over `over_ms`; then it stays there."""
    return lambda at: swing(at) * (1 - by * min(1.0, max(0.0, (at - start) / over_ms)))


def market(
    orders: Iterable[Order],
    price: Callable[[int], float] = swing,
    start: int = START,
    end: int = WEEK_END,
    silent: tuple[int, int] = (0, 0),
) -> list[Batch]:
    """Batches second by second: the price, then the orders that have come. Nothing is recorded while `silent`."""
    due = sorted(orders, key=lambda o: (o.ts_ms + o.late_ms, o.ts_ms))
    batches, place = [], 0
    for now in range(start, end, SECOND):
        if silent[0] <= now < silent[1]:
            continue
        quote = Quote("okx", "BTC/USDT", now, price(now), None, None, None, None, None, None)
        records: list[Record] = [PriceSource("BTC/USDT", "okx", start)] if now == start else []
        batches.append(Batch(len(batches), now, (*records, quote)))
        came = []
        while place < len(due) and due[place].ts_ms + due[place].late_ms <= now + 900:
            came.append(row(due[place]))
            place += 1
        if came:
            batches.append(Batch(len(batches), now + 900, tuple(came)))
    return batches


def found(batches: list[Batch], settings: CascadeSettings | None = None) -> tuple[Event, ...]:
    return cascades_of(batches, settings or CascadeSettings())


def wave(start: int = CRASH, usd: float = 1e6, count: int = 120, side: Side = Side.LONG) -> list[Order]:
    """`count` orders of `usd`, one a second, from bybit and okx in turn (okx half as large)."""
    sizes = ((usd, "bybit"), (usd / 2, "okx"))
    return [Order(start + i * SECOND + 250, sizes[i % 2][0], side, sizes[i % 2][1]) for i in range(count)]


def test_a_quiet_market_has_none() -> None:
    assert found(market(calm())) == ()


def test_a_true_cascade() -> None:
    (event,) = found(market(calm() + wave(), falling(0.02)))
    # The pace is half of $20M over 300 s, $33,333 a second. The calm order 20 s before the wave ($0.5M) does not keep
    # it until then; from the wave's first order on it is kept. The calm order 10 s after the wave's last second makes
    # up for those 10 s, the next one, 30 s later, does not.
    assert event.kind is EventKind.CASCADE
    assert event.symbol == "BTC/USDT"
    assert (event.start_ms, event.end_ms) == (CRASH + 250, CRASH + 130_000)
    # 60 · $1M + 60 · $0.5M, all long, and calm orders at 10, 70 and 130 s (long), 40 and 100 s (short)
    assert event.usd_micro == 92_500_000 * 10**6
    assert event.long_usd_micro == 91_500_000 * 10**6
    assert event.orders == 125
    assert event.venues == ("bybit", "okx")
    assert event.text == f"cascade $92.50M, 99% long, BTC {event.move_pct:+.1f}%, bybit okx"


def test_start_end_total_and_move_to_the_digit_where_nothing_else_happens() -> None:
    orders = [o for o in calm() if not CRASH - HOUR_MS / 2 <= o.ts_ms < CRASH + HOUR_MS / 2]
    (event,) = found(market(orders + wave(), falling(0.02)))
    assert (event.start_ms, event.end_ms) == (CRASH + 250, CRASH + 119_250)
    assert event.usd_micro == 60 * 1_500_000 * 10**6
    assert event.long_usd_micro == event.usd_micro
    assert event.orders == 120
    assert event.text == f"cascade $90.00M, 100% long, BTC {event.move_pct:+.1f}%, bybit okx"
    # from the close of the minute before the start to the lowest price that was known when the last order was judged
    prices = falling(0.02)
    lowest = min(prices(CRASH + s * SECOND) for s in range(120))
    assert event.move_pct == pytest.approx(100 * (lowest / prices(CRASH - SECOND) - 1), abs=1e-9)


def test_steady_high_flow_is_none() -> None:
    assert found(market(calm(usd=60e6), falling(0.02))) == (), "$300M in five minutes, as always"


def test_two_sided_is_none() -> None:
    both = wave(usd=0.5e6) + wave(usd=0.5e6, side=Side.SHORT)
    assert found(market(calm() + both, falling(0.02))) == ()
    mostly = wave(usd=0.7e6) + wave(usd=0.3e6, side=Side.SHORT)
    assert len(found(market(calm() + mostly, falling(0.02)))) == 1


def test_a_price_that_stays_is_none() -> None:
    assert found(market(calm() + wave())) == ()


def test_two_sigma_by_root_w_is_the_border() -> None:
    # five or six minutes after the close before the window: the border is 2 · 0.001 · √5 to √6, 0.45 to 0.49 %
    assert found(market(calm() + wave(), falling(0.0030))) == ()
    assert len(found(market(calm() + wave(), falling(0.0065)))) == 1


def test_the_price_must_move_against_the_side() -> None:
    assert found(market(calm() + wave(), falling(-0.02))) == ()
    (event,) = found(market(calm() + wave(side=Side.SHORT), falling(-0.02)))
    assert event.long_usd_micro is not None
    assert event.usd_micro is not None
    assert event.long_usd_micro < 0.05 * event.usd_micro
    assert "% short, BTC +" in event.text


def test_the_floor() -> None:
    orders = calm(usd=1_000) + wave(usd=50_000)
    assert found(market(orders, falling(0.02))) == (), "$4.5M where $5,000 is usual"
    assert len(found(market(orders, falling(0.02)), CascadeSettings(floor_usd=4e6))) == 1


def test_where_nothing_is_usual_the_floor_is_the_level() -> None:
    assert len(found(market(wave(), falling(0.02)))) == 1


def test_two_waves_far_apart_are_two() -> None:
    second = CRASH + 20 * MINUTE_MS
    both = lambda at: falling(0.02)(at) * (1 - 0.02 * min(1.0, max(0.0, (at - second) / 120_000)))  # noqa: E731
    events = found(market(wave() + wave(second), both))
    assert [e.start_ms for e in events] == [CRASH + 250, second + 250]
    assert [e.usd_micro for e in events] == [90_000_000 * 10**6] * 2


def test_a_pause_within_the_window_is_one_wave() -> None:
    second = CRASH + 4 * MINUTE_MS
    (event,) = found(market(wave() + wave(second), falling(0.04, over_ms=6 * MINUTE_MS)))
    assert (event.start_ms, event.end_ms) == (CRASH + 250, second + 119_250)
    assert event.usd_micro == 180_000_000 * 10**6


def test_it_is_told_at_once_and_again_and_keeps_its_name() -> None:
    watch = CascadeWatch(CascadeSettings())
    told = [(b.recv_ms, e) for b in market(wave(), falling(0.02)) for e in watch.fold(b.recv_ms, b.records)]
    assert {(e.start_ms, e.symbol) for _, e in told} == {(CRASH + 250, "BTC/USDT")}
    assert told[0][0] - CRASH < 60_000, "as soon as the level is crossed and the price has moved"
    times = [at for at, _ in told]
    assert all(b - a >= 5_000 for a, b in pairwise(times[:-1]))
    sums = [e.usd_micro or 0 for _, e in told]
    assert sums == sorted(sums)


def test_late_rows_count_while_it_goes_on() -> None:
    late = [Order(CRASH + 60_000 + i, 1e6, venue="htx", late_ms=70_000) for i in range(30)]
    (event,) = found(market(wave() + late, falling(0.02)))
    assert event.usd_micro == 120_000_000 * 10**6
    assert event.venues == ("bybit", "htx", "okx")
    assert event.orders == 150


def test_history_that_is_fetched_late_is_no_news() -> None:
    hours_ago = [Order(o.ts_ms, o.usd, late_ms=100 * MINUTE_MS) for o in wave(START + 10 * MINUTE_MS)]
    assert found(market(calm() + hours_ago, falling(0.05, START + 110 * MINUTE_MS))) == ()


def test_nothing_is_called_unusual_before_enough_is_known() -> None:
    early = START + 25 * MINUTE_MS
    assert found(market(wave(early), falling(0.02, early))) == ()
    later = START + 45 * MINUTE_MS
    assert len(found(market(wave(later), falling(0.02, later)))) == 1


def test_minutes_that_nobody_watched_are_no_calm() -> None:
    gap = (START + 15 * MINUTE_MS, CRASH - 20 * MINUTE_MS)
    assert found(market(wave(), falling(0.02), silent=gap)) == (), "15 minutes before and 20 after are too few"
    gap = (START + 50 * MINUTE_MS, CRASH - 20 * MINUTE_MS)
    assert len(found(market(wave(), falling(0.02), silent=gap))) == 1


def test_a_price_from_before_a_gap_is_no_move() -> None:
    gap = (CRASH - 20 * MINUTE_MS, CRASH - MINUTE_MS)
    assert found(market(wave(), falling(0.02, CRASH - 20 * MINUTE_MS, 1), silent=gap)) == ()


def test_a_price_venue_that_changes_is_no_move() -> None:
    batches = market(wave())
    swapped: list[Batch] = []
    for batch in batches:
        records = tuple(
            r._replace(venue="kraken", last=r.last * 0.97) if isinstance(r, Quote) and r.ts_ms >= CRASH else r
            for r in batch.records
        )
        if batch.recv_ms == CRASH:
            records = (PriceSource("BTC/USDT", "kraken", CRASH), *records)
        swapped.append(batch._replace(records=records))
    assert found(swapped) == ()


def test_the_coin_is_the_one_liquidated_most_that_has_a_price() -> None:
    eth = [o._replace(symbol="ETH/USDT:USDT", usd=2 * o.usd) for o in wave()]
    (event,) = found(market(wave() + eth, falling(0.02)))
    assert event.symbol == "BTC/USDT", "no price of ETH is known"


@pytest.mark.parametrize("factor", [10, 1000])
def test_scaling_money_with_the_floor_changes_only_the_money(factor: int) -> None:
    orders = calm() + wave()
    scaled = [o._replace(usd=o.usd * factor) for o in orders]
    (one,) = found(market(orders, falling(0.02)))
    (other,) = found(market(scaled, falling(0.02)), CascadeSettings(floor_usd=5e6 * factor))
    assert one.usd_micro is not None
    assert other.usd_micro == one.usd_micro * factor
    assert other._replace(usd_micro=one.usd_micro, long_usd_micro=one.long_usd_micro, text=one.text) == one


def test_a_constant_factor_on_prices_changes_nothing() -> None:
    orders = calm() + wave()
    (one,) = found(market(orders, falling(0.02)))
    (other,) = found(market(orders, lambda at: 1024.0 * falling(0.02)(at)))
    assert one == other


def test_an_empty_recording_has_none() -> None:
    assert found([]) == ()


def test_the_text_leaves_out_what_is_unknown() -> None:
    assert cascade_text(Event(EventKind.CASCADE, 0, 1, "")) == "cascade "
    full = Event(
        EventKind.CASCADE, 0, 1, "", None, "BTC/USDT", 61_300_000 * 10**6, 58_848_000 * 10**6, -1.9, 9, ("htx",)
    )
    assert cascade_text(full) == "cascade $61.30M, 96% long, BTC -1.9%, htx"


def test_the_definition_names_its_figures() -> None:
    said = cascade_definition(CascadeSettings(3 * MINUTE_MS, 2.5, 1e6, 0.7, 3))
    for word in ("W = 3 minutes", "2.5 times", "$1,000,000", "70 %", "3 σ·√W"):
        assert word in said
