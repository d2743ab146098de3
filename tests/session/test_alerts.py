"""The rules against streams made by hand: what is told, once, and what is not."""

from __future__ import annotations

from crashdesk.config.alert_settings import DEFAULT_ALERTS, AlertKind
from crashdesk.model.records import Feed, HealthState, Session, Side
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.session.alert_words import condition, least
from crashdesk.session.views import AlertView
from tests.session.alert_rig import T0, Rig, cascade, health, row, rule

LARGE = rule(AlertKind.LIQUIDATION, min_usd=1e6, repeat_seconds=10)
TOTAL = rule(AlertKind.TOTAL, min_usd=10e6, window="1h", repeat_seconds=60)
RATE = rule(AlertKind.RATE, min_usd=5e6, repeat_seconds=30)
SIDED = rule(AlertKind.ONE_SIDED, min_usd=1e6, share=90, window="1h", repeat_seconds=60)
LOST = rule(AlertKind.FEED_LOST, after_seconds=30, repeat_seconds=60)


def test_one_large_liquidation_is_one_sentence() -> None:
    rig = Rig(rule(AlertKind.LIQUIDATION))
    rig.frame(T0 + 100, row(T0, 9_999_999), row(T0, 33_960_000))
    assert rig.said == ["$33.96M long liquidated: BTC-USDT on htx at 105,120"]
    assert rig.raised[0].ts_ms == T0 + 100
    assert not rig.raised[0].silent
    rig.wait(T0 + MINUTE_MS)
    assert len(rig.said) == 1


def test_the_threshold_itself_counts() -> None:
    rig = Rig(LARGE)
    rig.frame(T0 + 1, row(T0, 1_000_000), row(T0, 999_999.999_999))
    assert rig.said == ["$1.00M long liquidated: BTC-USDT on htx at 105,120"]


def test_a_storm_is_told_at_most_once_in_the_quiet_time_and_nothing_of_it_is_lost() -> None:
    rig = Rig(LARGE)
    for second in range(25):
        at = T0 + 1_000 * (second + 1)
        rig.frame(at, *(row(at, 1e6 + 1_000 * second + i) for i in range(1_000)))
    rig.wait(T0 + 60_000)
    counts = [int(text.split(" ", 1)[0].replace(",", "")) for text in rig.said]
    assert counts == [1_000, 10_000, 10_000, 4_000]
    gaps = [b.ts_ms - a.ts_ms for a, b in zip(rig.raised, rig.raised[1:], strict=False)]
    assert all(gap >= 10_000 for gap in gaps)
    assert rig.said[0].startswith("1,000 liquidations of $1M or more at once, $1.000bn; the largest: $1.00M long")
    assert rig.said[1].startswith("10,000 liquidations of $1M or more in 9 s, $10.")


def test_filters_by_side_venue_and_coin() -> None:
    rig = Rig(LARGE._replace(side=Side.SHORT, venues=("okx",), coins=("ETH",)))
    eth = "ETH/USDT:USDT"
    rig.frame(
        T0 + 1,
        row(T0, 2e6, Side.LONG, "okx", eth),
        row(T0, 3e6, Side.SHORT, "htx", eth),
        row(T0, 4e6, Side.SHORT, "okx"),
    )
    assert rig.said == []
    rig.frame(T0 + 2, row(T0, 5e6, Side.SHORT, "okx", eth))
    assert rig.said == ["$5.00M short liquidated: ETH-USDT on okx at 105,120"]


def test_history_is_never_announced() -> None:
    rig = Rig(LARGE, TOTAL, RATE, SIDED)
    rig.silently(T0 + 1_000, [row(T0 - HOUR_MS // 2, 4e6)])
    rig.book.settle(rig.state)
    rig.frame(T0 + 2_000, *(row(T0 - 3 * MINUTE_MS, 9e6) for _ in range(5)))
    rig.wait(T0 + 10_000)
    assert rig.said == []
    rig.frame(T0 + 11_000, row(T0 + 11_000, 1.5e6))
    assert rig.said == ["$1.50M long liquidated: BTC-USDT on htx at 105,120"]


def test_what_happened_just_before_the_start_and_comes_after_it_is_history() -> None:
    """The first answer of a venue that is asked for its liquidations brings the last minutes too."""
    rig = Rig(LARGE, TOTAL, RATE, SIDED)
    rig.frame(T0 + 1_000, row(T0 - 90_000, 34e6), row(T0 - 1, 60e6))
    rig.wait(T0 + 100_000)
    assert rig.said == []
    assert rig.state.liquidations.totals(0).long == 94_000_000_000_000
    rig.frame(T0 + 101_000, row(T0, 2e6))
    assert rig.said == ["$2.00M long liquidated: BTC-USDT on htx at 105,120"]


def test_what_a_recorder_that_is_started_anew_fetches_is_history() -> None:
    """A desk may follow a recording from its old end on before the new recorder has written anything."""
    rig = Rig(LARGE)
    again = T0 + 8 * HOUR_MS
    rig.frame(again, Session("id", again, "test", "", "live", (), ("htx",)))
    rig.frame(again + 1_000, row(again - 30_000, 34e6))
    assert rig.said == []
    rig.frame(again + 2_000, row(again + 1_500, 2e6))
    assert rig.said == ["$2.00M long liquidated: BTC-USDT on htx at 105,120"]


def test_alerts_of_a_scenario_do_not_depend_on_when_it_was_built() -> None:
    rig = Rig(LARGE)
    rig.frame(T0 + 1_000, Session("id", T0 + 9 * HOUR_MS, "test", "", "", (), ("htx",)))
    rig.frame(T0 + 2_000, row(T0 + 1_500, 2e6))
    assert len(rig.said) == 1


def test_a_total_is_told_once_and_again_after_it_was_clearly_left() -> None:
    rig = Rig(TOTAL)
    rig.frame(T0 + 1_000, row(T0 + 1_000, 6e6))
    rig.frame(T0 + 600_000, row(T0 + 600_000, 4e6, Side.SHORT))
    rig.wait(T0 + 601_000)
    assert rig.said == ["$10.00M liquidated in 1h, 60% long"]
    for minute in range(11, 59):
        at = T0 + minute * MINUTE_MS
        rig.frame(at, row(at, 0.05e6))
    assert len(rig.said) == 1
    # the first $6M leave the window: 4 + 48 * 0.05 = 6.4
    rig.frame(T0 + HOUR_MS + 2_000)
    rig.frame(T0 + HOUR_MS + 3_000, row(T0 + HOUR_MS + 3_000, 5e6))
    rig.wait(T0 + HOUR_MS + 5_000)
    assert len(rig.said) == 2


def test_a_total_that_hovers_at_its_threshold_is_told_once() -> None:
    rig = Rig(TOTAL)
    for minute in range(1, 180):
        at = T0 + minute * MINUTE_MS
        rig.frame(at, row(at, 0.166e6 if minute % 20 else 0.5e6))
        rig.frame(at + 30_000)
    assert len(rig.said) == 1


def test_a_total_that_holds_at_the_start_is_taken_as_told() -> None:
    rig = Rig(TOTAL)
    rig.silently(T0 + 1_000, [row(T0, 12e6)])
    rig.book.settle(rig.state)
    rig.frame(T0 + 2_000, row(T0 + 2_000, 5e6))
    rig.wait(T0 + 10_000)
    assert rig.said == []


def test_what_is_new_tells_a_total_even_while_history_comes_in() -> None:
    rig = Rig(TOTAL)
    rig.frame(T0 + 1_000, row(T0 - 600_000, 5e6))
    rig.frame(T0 + 2_000, row(T0 + 2_000, 5e6))
    assert rig.said == ["$10.00M liquidated in 1h, 100% long"]
    other = Rig(TOTAL)
    other.frame(T0 + 1_000, row(T0 + 1_000, 5e6))
    other.frame(T0 + 2_000, row(T0 - 600_000, 5e6))
    other.wait(T0 + 20_000)
    assert other.said == []


def test_a_fast_minute_is_told_and_told_again_after_a_slow_one() -> None:
    rig = Rig(RATE)
    for second in range(1, 61):
        rig.frame(T0 + second * 1_000, row(T0 + second * 1_000, 0.08e6))
    assert rig.said == []
    rig.frame(T0 + 61_000, row(T0 + 61_000, 0.4e6, Side.SHORT))
    assert rig.said == ["$5.12M liquidated within a minute, 92% long"]
    rig.wait(T0 + 240_000)
    rig.frame(T0 + 241_000, row(T0 + 241_000, 6e6))
    assert len(rig.said) == 2


def test_a_rate_knows_the_minute_before_the_start() -> None:
    rig = Rig(RATE)
    rig.silently(T0 + 1_000, [row(T0 + 900, 7e6)])
    rig.book.settle(rig.state)
    for second in range(2, 90):
        rig.frame(T0 + second * 1_000, row(T0 + second * 1_000, 0.2e6))
    assert rig.said == []
    rig.wait(T0 + 240_000)
    rig.frame(T0 + 241_000, row(T0 + 241_000, 6e6))
    assert len(rig.said) == 1


def test_one_sidedness_needs_a_sum_and_tells_each_side() -> None:
    rig = Rig(SIDED)
    rig.frame(T0 + 1_000, row(T0, 0.9e6))
    rig.wait(T0 + 3_000)
    assert rig.said == []
    rig.frame(T0 + 4_000, row(T0, 0.2e6))
    assert rig.said == ["100% of $1.10M liquidated in 1h was long"]
    rig.frame(T0 + 5_000, row(T0 + 5_000, 0.3e6, Side.SHORT))
    rig.frame(T0 + 120_000, row(T0 + 120_000, 20e6, Side.SHORT))
    rig.wait(T0 + 121_000)
    assert rig.said[1:] == ["95% of $21.40M liquidated in 1h was short"]
    only_long = Rig(SIDED._replace(side=Side.LONG))
    only_long.frame(T0 + 1_000, row(T0, 9e6, Side.SHORT))
    only_long.wait(T0 + 3_000)
    assert only_long.said == []


def test_a_feed_is_lost_after_a_while_and_told_when_it_is_back() -> None:
    rig = Rig(LOST)
    rig.frame(T0 + 1_000, health(HealthState.OK, T0))
    rig.frame(T0 + 10_000, health(HealthState.RETRYING, T0 + 10_000))
    rig.wait(T0 + 39_000)
    assert rig.said == []
    rig.frame(T0 + 40_000, health(HealthState.UNREACHABLE, T0 + 40_000))
    rig.wait(T0 + 200_000)
    assert rig.said == ["okx liquidations lost, 30 s without a connection: no network"]
    rig.frame(T0 + 250_000, health(HealthState.OK, T0 + 250_000))
    rig.wait(T0 + 300_000)
    assert rig.said[1:] == ["okx liquidations back after 4 min"]
    assert [raised.silent for raised in rig.raised] == [False, True]
    # a short break is not told, neither is its end
    rig.frame(T0 + 310_000, health(HealthState.RETRYING, T0 + 310_000))
    rig.frame(T0 + 320_000, health(HealthState.OK, T0 + 320_000))
    rig.wait(T0 + 400_000)
    assert len(rig.said) == 2


def test_a_feed_that_never_was_there_is_not_lost() -> None:
    rig = Rig(LOST)
    rig.frame(T0 + 1_000, health(HealthState.UNREACHABLE, T0, "binance"))
    rig.wait(T0 + 300_000)
    assert rig.said == []


def test_many_lost_feeds_are_one_alert() -> None:
    rig = Rig(LOST)
    names = [(v, f) for v in ("okx", "bybit", "htx") for f in (Feed.LIQUIDATIONS, Feed.TICKERS, Feed.FUNDING)]
    rig.frame(T0 + 1_000, *(health(HealthState.OK, T0, v, f) for v, f in names))
    rig.frame(T0 + 2_000, *(health(HealthState.RETRYING, T0 + 2_000, v, f) for v, f in names))
    rig.wait(T0 + 100_000)
    # in the order of their names
    assert rig.said == [
        "6 feeds lost, 30 s without a connection: bybit liquidations, bybit tickers, htx liquidations and 3 more"
    ]
    rig.frame(T0 + 120_000, *(health(HealthState.OK, T0 + 120_000, v, f) for v, f in names))
    assert rig.said[1].startswith("6 feeds back after at most 118 s: ")


def test_a_cascade_is_told_when_it_begins_and_not_when_it_goes_on() -> None:
    rig = Rig(rule(AlertKind.CASCADE))
    rig.silently(T0 + 100, [cascade(T0 - HOUR_MS, T0 - HOUR_MS // 2)])
    rig.book.settle(rig.state)
    rig.frame(T0 + 1_000, cascade(T0 - 20_000, T0 + 1_000))
    rig.wait(T0 + 3_000)
    rig.frame(T0 + 90_000, cascade(T0 - 20_000, T0 + 90_000, 90e6))
    rig.wait(T0 + 200_000)
    assert rig.said == ["cascade $61.30M, 96% long"]


def test_a_cascade_of_the_past_is_not_told() -> None:
    rig = Rig(rule(AlertKind.CASCADE))
    rig.frame(T0 + 1_000, cascade(T0 - HOUR_MS, T0 - HOUR_MS // 2))
    rig.wait(T0 + 10_000)
    assert rig.said == []


def test_rules_that_are_off_do_nothing_and_the_defaults_are_quiet() -> None:
    rig = Rig(LARGE._replace(enabled=False), *DEFAULT_ALERTS)
    for second in range(600):
        rig.frame(T0 + second * 1_000, row(T0 + second * 1_000, 0.9e6))
    assert rig.said == []


def test_replayed_alerts_are_marked_and_silent() -> None:
    rig = Rig(LARGE, replayed=True)
    rig.frame(T0 + 1, row(T0, 2e6))
    assert rig.raised[0].silent
    assert rig.book.view(T0 + 1) == (AlertView("mine", T0 + 1, rig.said[0], replayed=True),)


def test_the_list_holds_a_day_and_what_is_not_later_than_the_clock() -> None:
    rig = Rig(LARGE)
    rig.frame(T0 + 1_000, row(T0, 2e6))
    rig.frame(T0 + 20_000, row(T0, 3e6))
    first = rig.book.view(rig.state.now_ms)
    assert [alert.ts_ms for alert in first] == [T0 + 1_000, T0 + 20_000]
    assert rig.book.view(rig.state.now_ms + 1) is first
    assert [alert.ts_ms for alert in rig.book.view(T0 + 1_000 + DAY_MS)] == [T0 + 20_000]


def test_escapes_never_come_through() -> None:
    rig = Rig(LARGE)
    rig.frame(T0 + 1, row(T0, 2e6, venue="h\x1b]9;x\x07tx", symbol="B\x1b[31mTC/US\u202eDT"))
    assert rig.said == ["$2.00M long liquidated: B[31mTC-USDT on h]9;xtx at 105,120"]


def test_rules_in_words() -> None:
    assert [condition(each) for each in (LARGE, TOTAL, RATE, SIDED, LOST, rule(AlertKind.CASCADE, min_usd=2.5e7))] == [
        "one liquidation of $1M or more",
        "$10M liquidated in 1h",
        "$5M liquidated within a minute",
        "at least 90% long or short of $1M or more in 1h",
        "liquidations, tickers without a connection for 30 s",
        "a cascade of $25M or more",
    ]
    assert condition(TOTAL._replace(coins=("BTC",), venues=("okx",), side=Side.LONG)) == (
        "$10M long of BTC on okx liquidated in 1h"
    )
    assert [least(LARGE._replace(min_usd=usd)) for usd in (500, 10_000, 2.5e6, 100e6, 1e9)] == [
        "$500",
        "$10k",
        "$2.5M",
        "$100M",
        "$1bn",
    ]
