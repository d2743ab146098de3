"""Alerts on levels: touch, breach and reclaim, once; what history, another venue and a gap must not raise."""

from __future__ import annotations

from crashdesk.config.alert_settings import AlertKind, AlertSettings, LevelEvent
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.records import Candle
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from tests.session.alert_rig import T0, Rig, rule
from tests.session.price_rig import DAY0, KRAKEN, OKX, SPOT, day, days, level, quote, source, trend

LEVEL = rule(AlertKind.LEVEL, repeat_seconds=60)
SECOND = 1_000


def rig(*levels: Level, last: float = 106_000.0, replayed: bool = False, settings: AlertSettings = LEVEL) -> Rig:
    """Twenty days at 106,000 on okx, a price, the levels: everything that is there before the watch begins."""
    made = Rig(settings, replayed=replayed)
    made.silently(T0, [OKX, KRAKEN])
    made.silently(T0, [source("okx", T0)])
    made.silently(T0, days(20, 106_000.0))
    made.silently(T0, [quote(T0, last)])
    made.state.own_levels = levels
    made.book.settle(made.state)
    return made


def poll(at: Rig, *prices: float, every_ms: int = 5 * SECOND, venue: str = "okx") -> None:
    """One frame a price."""
    for price in prices:
        at_ms = at.state.now_ms + every_ms
        at.frame(at_ms, quote(at_ms, price, venue))


def test_a_level_is_touched_once_and_again_after_the_band_was_left() -> None:
    market = rig(level(105_000.0, label="range low"))
    poll(market, 105_600.0, 105_501.0)
    assert market.said == []
    poll(market, 105_500.0)
    assert market.said == ["BTC-USDT near support 105,000 (range low): 105,500 on okx"]
    poll(market, *([105_400.0, 104_900.0, 105_550.0, 105_450.0] * 20))
    assert len(market.said) == 1
    poll(market, 105_626.0, 105_480.0)
    assert market.said[1:] == ["BTC-USDT near support 105,000 (range low): 105,480 on okx"]
    assert not market.raised[1].silent


def test_a_touch_within_the_quiet_time_is_told_when_it_is_over_if_it_still_holds() -> None:
    market = rig(level(105_000.0))
    poll(market, 105_400.0, 106_000.0, 105_400.0, every_ms=SECOND)
    assert len(market.said) == 1
    poll(market, *([105_400.0] * 70), every_ms=SECOND)
    assert len(market.said) == 2


def test_a_price_that_passes_the_band_between_two_polls_has_touched_it() -> None:
    market = rig(level(105_000.0))
    poll(market, 103_200.0)
    assert market.said == ["BTC-USDT down through support 105,000: 103,200 on okx"]
    poll(market, 103_000.0, 102_000.0, every_ms=MINUTE_MS)
    poll(market, 107_000.0)
    assert market.said[1:] == ["BTC-USDT up through support 105,000: 107,000 on okx"]


def test_leaving_on_the_other_side_is_the_same_touch() -> None:
    market = rig(level(105_000.0), settings=LEVEL._replace(repeat_seconds=1))
    poll(market, 105_300.0, 103_900.0, 103_000.0, 102_000.0)
    assert len(market.said) == 1


def test_prices_of_two_frames_within_one_look_are_both_seen() -> None:
    market = rig(level(105_000.0))
    poll(market, 105_900.0, 105_200.0, 105_900.0, every_ms=100)
    assert market.said == ["BTC-USDT near support 105,000: 105,200 on okx"]


def test_what_holds_at_the_start_is_taken_as_told() -> None:
    market = rig(level(106_100.0))
    poll(market, 106_050.0, 106_000.0)
    assert market.said == []


def test_a_new_level_and_one_that_was_moved_begin_silently() -> None:
    market = rig()
    market.state.own_levels = (level(106_000.0),)
    poll(market, 106_000.0, 106_050.0)
    market.state.own_levels = (level(106_300.0),)
    poll(market, 106_100.0, 106_200.0)
    assert market.said == []
    market.state.own_levels = (level(106_300.0, label="named", kind=LevelKind.TARGET, updated_ms=T0),)
    poll(market, 107_000.0, 106_300.0, every_ms=MINUTE_MS)
    assert market.said == ["BTC-USDT near target 106,300 (named): 106,300 on okx"]


def test_only_levels_that_name_the_rule_are_told() -> None:
    market = rig(level(105_000.0, alert=""), level(105_000.0, id="two", alert="other"))
    poll(market, 105_000.0, 103_000.0)
    assert market.said == []


def test_a_close_beyond_a_level_breaches_it_and_the_next_one_back_reclaims_it() -> None:
    market = rig(level(105_000.0), settings=LEVEL._replace(on=(LevelEvent.BREACH, LevelEvent.RECLAIM)))
    poll(market, 104_000.0)
    assert market.said == []
    ended = DAY0 + DAY_MS
    market.frame(ended + 6 * SECOND, day(-1, 104_321.5))
    market.wait(ended + 10 * SECOND)
    assert market.said == ["BTC-USDT 1d close under support 105,000: 104,321.50 on okx"]
    market.frame(ended + DAY_MS + 6 * SECOND, day(-2, 104_000.0))
    market.wait(ended + DAY_MS + 10 * SECOND)
    assert len(market.said) == 1
    poll(market, 104_500.0)
    market.frame(ended + 2 * DAY_MS + 6 * SECOND, day(-3, 105_000.0))
    market.wait(ended + 2 * DAY_MS + 10 * SECOND)
    assert market.said[1:] == ["BTC-USDT 1d close back over support 105,000: 105,000 on okx"]
    assert not any(raised.silent for raised in market.raised)


def test_closes_are_those_of_the_levels_timeframe() -> None:
    market = rig(level(105_000.0, timeframe=Timeframe.H1))

    def hour(open_ms: int, close: float) -> Candle:
        return Candle("okx", SPOT, Timeframe.H1, open_ms, close, close + 10, close - 10, close, 1.0, closed=True)

    market.silently(T0 + 1, [hour(T0 - HOUR_MS * back, 106_000.0) for back in (3, 2, 1)])
    market.book.settle(market.state)
    market.frame(T0 + HOUR_MS + 6 * SECOND, hour(T0, 104_900.0))
    market.wait(T0 + HOUR_MS + 10 * SECOND)
    assert market.said == ["BTC-USDT 1h close under support 105,000: 104,900 on okx"]


def test_several_levels_in_one_moment_are_one_alert() -> None:
    market = rig(*(level(105_000.0 - 1_000 * n, id=str(n)) for n in range(5)))
    poll(market, 99_000.0)
    (said,) = market.said
    assert said.startswith(
        "BTC-USDT down through support 105,000: 99,000 on okx; BTC-USDT down through support 104,000"
    )
    assert said.endswith("; and 2 more")


def test_a_trend_line_is_met_where_it_is_by_then() -> None:
    line = trend((DAY0 - DAY_MS, 100_000.0), (DAY0, 103_000.0))
    market = rig(line)
    at_ms = DAY0 + 8 * HOUR_MS  # 104,000 by then
    market.frame(at_ms - 5 * SECOND, quote(at_ms, 106_000.0))
    market.frame(at_ms, quote(at_ms, 104_450.0))
    assert market.said == ["BTC-USDT near trend line 104,000: 104,450 on okx"]


def test_a_switch_of_the_price_venue_is_no_touch() -> None:
    market = rig(level(105_000.0))
    market.silently(T0 + SECOND, days(20, 106_000.0, "kraken"))
    poll(market, 106_000.0)
    at_ms = market.state.now_ms + SECOND
    market.frame(at_ms, quote(at_ms, 103_000.0, "kraken"))
    market.frame(at_ms + 1, source("kraken", at_ms))
    poll(market, 103_100.0, venue="kraken")
    market.frame(market.state.now_ms + 1, source("okx", at_ms))
    poll(market, 106_000.0)
    market.frame(market.state.now_ms + 1, source("kraken", at_ms))
    poll(market, 105_300.0, venue="kraken")
    assert market.said == []
    poll(market, 105_800.0, 104_700.0, venue="kraken", every_ms=MINUTE_MS)
    assert market.said == ["BTC-USDT down through support 105,000: 104,700 on kraken"]


def test_another_venues_closes_are_no_breach() -> None:
    market = rig(level(105_000.0))
    market.frame(T0 + SECOND, source("kraken", T0))
    poll(market, 104_000.0, venue="kraken")
    market.frame(T0 + MINUTE_MS, *days(20, 104_000.0, "kraken"))
    market.frame(T0 + 2 * MINUTE_MS, *(day(back, 106_000.0, "kraken") for back in (30, 29)))
    market.wait(T0 + 3 * MINUTE_MS)
    assert market.said == []


def test_history_that_comes_in_raises_nothing() -> None:
    market = Rig(LEVEL)
    market.state.own_levels = (level(105_000.0, created_ms=0),)
    market.silently(T0, [OKX])
    market.book.settle(market.state)
    poll(market, 105_100.0, 104_900.0)
    at_ms = market.state.now_ms
    market.frame(at_ms + 1, *(day(back, 106_000.0 if back % 2 else 104_000.0) for back in reversed(range(100, 130))))
    poll(market, 105_000.0)
    market.frame(at_ms + 6_000, *(day(back, 106_000.0 if back % 2 else 104_000.0) for back in reversed(range(100))))
    poll(market, 105_100.0, 104_900.0)
    market.wait(at_ms + MINUTE_MS)
    assert market.said == []


def test_what_happened_while_nothing_was_recorded_is_listed_and_makes_no_sound() -> None:
    market = rig(level(105_000.0))
    poll(market, 106_000.0)
    later = DAY0 + 2 * DAY_MS + 8 * HOUR_MS
    market.frame(later, quote(later, 104_900.0))
    market.frame(later + 10 * SECOND, day(-1, 104_000.0), day(-2, 105_500.0))
    market.wait(later + 12 * SECOND)
    hours = round((later - T0) / HOUR_MS)
    assert market.said == [
        f"BTC-USDT down through support 105,000: 104,900 on okx, the first price after {hours} h",
        (
            "BTC-USDT 1d close under support 105,000: 104,000 on okx, at 2025-11-05 00:00:00 UTC; "
            "BTC-USDT 1d close back over support 105,000: 105,500 on okx, at 2025-11-06 00:00:00 UTC"
        ),
    ]
    assert all(raised.silent for raised in market.raised)
    assert len(market.book.view(market.state.now_ms)) == 2


def test_a_replay_only_shows_it() -> None:
    market = rig(level(105_000.0), replayed=True)
    poll(market, 105_000.0)
    assert len(market.said) == 1
    assert market.raised[0].silent


def test_a_seek_is_silent_on_both_sides() -> None:
    market = rig(level(105_000.0))
    market.silently(T0 + HOUR_MS, [quote(T0 + HOUR_MS, 105_100.0)])
    market.book.settle(market.state)
    poll(market, 105_200.0, 104_900.0)
    assert market.said == []
