"""The published prices, changes, averages and highs, worked out from the records alone."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from datetime import UTC, datetime
from fractions import Fraction
from math import log, sqrt

import pytest

from crashdesk.config.baskets import load_baskets
from crashdesk.model.records import Candle
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.scenarios.catalogue import Scenario
from crashdesk.scenarios.load import load
from tests.scenarios.collect import Collected

pytestmark = pytest.mark.xdist_group("november")

PUBLISHED = {
    "SocialFi": (-10.10, 5),
    "Layer2": (-8.48, 10),
    "DeFi": (-7.66, 9),
    "Layer1": (-7.06, 12),
    "Meme": (-6.92, 10),
    "CeFi": (-6.54, 9),
    "PayFi": (-5.55, 9),
}


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def price_at(seen: Collected, symbol: str, now_ms: int) -> float:
    times, prices = seen.tape[symbol]
    return prices[bisect_right(times, now_ms) - 1]


def close_before(seen: Collected, symbol: str, at_ms: int) -> Candle:
    """The newest 5-minute candle that ended at or before `at_ms`."""
    return max(
        (c for c in seen.closed(symbol, Timeframe.M5) if c.open_ms + 5 * MINUTE_MS <= at_ms), key=lambda c: c.open_ms
    )


def change(seen: Collected, symbol: str, now_ms: int) -> float:
    base = close_before(seen, symbol, now_ms - DAY_MS).close
    return float((Fraction(price_at(seen, symbol, now_ms)) / Fraction(base) - 1) * 100)


def test_span_is_the_24_hours_to_the_report(scenario: Scenario, november: Collected) -> None:
    assert scenario.end_ms == ms("2025-11-04T03:12:44") == 1_762_225_964_000
    assert scenario.start_ms == scenario.end_ms - DAY_MS
    assert scenario.demo_from_ms == scenario.end_ms - 15 * MINUTE_MS
    assert (november.times[0], november.times[-1]) == (scenario.start_ms, scenario.end_ms)
    assert all(a <= b for a, b in zip(november.times, november.times[1:], strict=False))
    after = [t for t in november.times if t > scenario.start_ms]
    assert len(set(after)) == len(after), "after the start no two batches share a millisecond"
    assert november.mixed == 0


@pytest.mark.parametrize(("sector", "published"), PUBLISHED.items())
def test_sector_changes_are_the_published_ones(
    scenario: Scenario, november: Collected, sector: str, published: tuple[float, int]
) -> None:
    (coins,) = (s.coins for s in load(scenario).sectors if s.name == sector)
    changes = [change(november, f"{coin.base_coin}/USDT", scenario.end_ms) for coin in coins]
    assert len(changes) == published[1]
    assert sum(changes) / len(changes) == pytest.approx(published[0], abs=0.003)


@pytest.mark.parametrize(
    ("coin", "last", "pct"),
    [
        ("BTC", 106_200.0, -3.40),
        ("ETH", 3_598.0, -8.90),
        ("SOL", 163.10, -11.30),
        ("XRP", 2.311, -7.50),
        ("BNB", 988.0, -8.20),
        ("ADA", 0.5472, -8.60),
        ("DOGE", 0.1663, -8.50),
        ("TON", 1.9, -10.67),
    ],
)
def test_coins_of_the_report(scenario: Scenario, november: Collected, coin: str, last: float, pct: float) -> None:
    assert november.last_quote[f"{coin}/USDT"].last == last
    assert change(november, f"{coin}/USDT", scenario.end_ms) == pytest.approx(pct, abs=0.005)


def test_bitcoin_over_the_24_hours(scenario: Scenario, november: Collected) -> None:
    times, prices = november.tape["BTC/USDT"]
    assert close_before(november, "BTC/USDT", scenario.start_ms).close == prices[0] == 109_940.0
    assert 104_500.0 < min(prices) < 105_000.0
    assert 110_800.0 <= max(prices) < 110_900.0
    assert times[prices.index(max(prices))] < scenario.start_ms + HOUR_MS
    first_under = next(t for t, p in zip(times, prices, strict=True) if p < 105_000.0)
    assert ms("2025-11-03T18:00") < first_under < ms("2025-11-03T19:00")
    assert times[prices.index(min(prices))] > scenario.demo_from_ms, "the low falls into the demo"


def test_ethereum_from_its_high(scenario: Scenario, november: Collected) -> None:
    top = max(november.closed("ETH/USDT", Timeframe.D1), key=lambda c: c.high)
    assert (top.high, top.open_ms) == (4_885.0, ms("2025-08-22"))
    assert (3_598.0 / top.high - 1) * 100 == pytest.approx(-26.3, abs=0.05)
    assert min(november.tape["ETH/USDT"][1]) < 3_600.0


def test_bitcoin_days(scenario: Scenario, november: Collected) -> None:
    days = november.closed("BTC/USDT", Timeframe.D1)
    top = max(days, key=lambda c: c.high)
    assert (top.high, top.open_ms) == (126_200.0, ms("2025-10-06"))
    assert days[-1].open_ms == ms("2025-11-03")

    def mean(upto: int) -> Fraction:
        return sum((Fraction(str(c.close)) for c in days[upto - 200 : upto]), Fraction(0)) / 200

    assert mean(len(days)) == 109_800, "exact in decimal"
    assert 106_000 < days[-1].close < mean(len(days))
    assert days[-2].close > mean(len(days) - 1), "the breach is of 3 November"
    low_24h = min(november.tape["BTC/USDT"][1])
    (lower,) = [c for c in days[-25:-1] if c.low < low_24h]
    assert lower.open_ms == ms("2025-10-17"), "the lowest in two weeks"


def test_there_are_64_symbols_with_a_price_source(scenario: Scenario, november: Collected) -> None:
    assert len(november.tape) == 64
    assert {s.symbol: s.venue for s in november.sources} == dict.fromkeys(november.tape, "okx")
    spot = {i.symbol: i for i in november.instruments if i.venue == "okx" and i.contract_size is None}
    assert set(spot) == set(november.tape)
    assert november.bare, "no quote carries what the desk works out"
    for symbol, (times, _) in november.tape.items():
        assert times[0] == scenario.start_ms
        assert len(times) > 0.6 * DAY_MS / 5_000, symbol
        gaps = [b - a for a, b in itertools.pairwise(times)]
        assert max(gaps) < 5 * MINUTE_MS
        assert {(t - scenario.start_ms) % 5_000 for t in times} == {0}


def test_daily_histories(november: Collected) -> None:
    under = 0
    for symbol in november.tape:
        days = november.closed(symbol, Timeframe.D1)
        assert len(days) >= 431
        assert all(b.open_ms - a.open_ms == DAY_MS for a, b in itertools.pairwise(days))
        assert all(c.open_ms % DAY_MS == 0 for c in days)
        assert all(c.low <= min(c.open, c.close) <= max(c.open, c.close) <= c.high for c in days)
        assert all(b.open == a.close for a, b in itertools.pairwise(days))
        steps = [log(b.close / a.close) for a, b in itertools.pairwise(days)]
        mean = sum(steps) / len(steps)
        yearly = sqrt(sum((x - mean) ** 2 for x in steps) / (len(steps) - 1) * 365)
        assert 0.30 < yearly < 0.80, symbol
        last = november.last_quote[symbol].last
        under += last < sum(c.close for c in days[-200:]) / 200
    assert under > 50


def test_five_minute_candles_reach_back_and_fit_the_quotes(scenario: Scenario, november: Collected) -> None:
    for symbol, (times, prices) in november.tape.items():
        bars = november.closed(symbol, Timeframe.M5)
        assert bars[0].open_ms <= scenario.start_ms - 49 * HOUR_MS
        assert all(b.open_ms - a.open_ms == 5 * MINUTE_MS for a, b in itertools.pairwise(bars))
        assert bars[-1].open_ms == ms("2025-11-04T03:05")
        for bar in bars[-60:]:
            inside = prices[bisect_right(times, bar.open_ms - 1) : bisect_right(times, bar.open_ms + 5 * MINUTE_MS - 1)]
            assert bar.high == max(bar.open, *inside)
            assert bar.low == min(bar.open, *inside)
            assert bar.close == inside[-1]


def test_longer_candles_are_the_shorter_ones_together(november: Collected) -> None:
    fives = {c.open_ms: c for c in november.closed("ETH/USDT", Timeframe.M5)}
    for timeframe, count in ((Timeframe.H1, 26), (Timeframe.D1, 1)):
        for whole in november.closed("ETH/USDT", timeframe)[-count:]:
            parts = [fives[t] for t in range(whole.open_ms, whole.open_ms + timeframe.ms, 5 * MINUTE_MS)]
            assert whole.open == parts[0].open
            assert whole.close == parts[-1].close
            assert whole.high == max(p.high for p in parts)
            assert whole.low == min(p.low for p in parts)
            assert whole.volume == pytest.approx(sum(p.volume for p in parts))


def test_hours_of_bitcoin_and_ethereum_fill_their_days(scenario: Scenario, november: Collected) -> None:
    for symbol in ("BTC/USDT", "ETH/USDT"):
        hours = november.closed(symbol, Timeframe.H1)
        assert hours[0].open_ms <= scenario.start_ms - 10 * DAY_MS
        assert all(b.open_ms - a.open_ms == HOUR_MS for a, b in itertools.pairwise(hours))
        for day in november.closed(symbol, Timeframe.D1)[-15:]:
            inside = [h for h in hours if day.open_ms <= h.open_ms < day.open_ms + DAY_MS]
            assert (inside[0].open, inside[-1].close) == (day.open, day.close)
            assert (max(h.high for h in inside), min(h.low for h in inside)) == (day.high, day.low)


def test_no_candle_knows_the_future(scenario: Scenario, november: Collected) -> None:
    for (symbol, timeframe), revisions in november.revisions.items():
        times, prices = november.tape[symbol]
        for now_ms, candle in revisions:
            if candle.closed:
                assert candle.open_ms + timeframe.ms <= now_ms
            elif symbol == "BTC/USDT":
                assert candle.open_ms <= now_ms < candle.open_ms + timeframe.ms
                assert candle.close in prices[max(0, bisect_right(times, now_ms) - 3) : bisect_right(times, now_ms)]


def test_change_has_a_base_at_every_instant(scenario: Scenario, november: Collected) -> None:
    """The base of the 24h change is never more than 5 minutes older than it should be."""
    for symbol in ("BTC/USDT", "TON/USDT", "AMP/USDT"):
        for hour in range(25):
            now_ms = scenario.start_ms + hour * HOUR_MS
            base = close_before(november, symbol, now_ms - DAY_MS)
            assert 0 <= now_ms - DAY_MS - (base.open_ms + 5 * MINUTE_MS) < 5 * MINUTE_MS
            assert abs(change(november, symbol, now_ms)) < 25


def test_traded_volume_is_that_of_the_candles(scenario: Scenario, november: Collected) -> None:
    bars = [c for c in november.closed("BTC/USDT", Timeframe.M5) if c.open_ms >= scenario.end_ms - DAY_MS - 300_000]
    traded = sum(c.volume * c.close for c in bars[-288:])
    assert november.last_quote["BTC/USDT"].volume_24h_usd == pytest.approx(traded, rel=1e-4)


def test_the_baskets_hold_the_same_coins(scenario: Scenario) -> None:
    baskets, problems = load_baskets(None)
    assert problems == ()
    ours = {basket.name: basket.members for basket in baskets.sectors}
    theirs = {s.name: tuple(c.base_coin for c in s.coins) for s in load(scenario).sectors}
    assert ours == theirs
    assert len({coin for members in ours.values() for coin in members}) == 64
    caps = [cap for basket in baskets.sectors for cap in basket.caps]
    assert all(cap is not None and cap > 0 for cap in caps)
    assert len(caps) == 64
