"""October 2025: the published totals, exactly; prices against the real candles; nothing that no venue published."""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice, pairwise
from pathlib import Path

import pytest

from crashdesk.model.records import Candle, Feed, HealthState, Liquidation, Method, PriceBasis, Side
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.scenarios.build import build, session_of
from crashdesk.scenarios.catalogue import Scenario, get_scenario
from crashdesk.scenarios.description import Description
from crashdesk.scenarios.load import load
from crashdesk.scenarios.market import CoinMarket, coin_markets
from crashdesk.scenarios.orders import Orders, plan
from crashdesk.scenarios.paths import SLOT_MS
from crashdesk.scenarios.perps import Perp, instruments, perps
from crashdesk.scenarios.rows import Rows
from crashdesk.venues.normalise.rows import Refusal
from crashdesk.venues.renormalise import renormalised

pytestmark = pytest.mark.xdist_group("october")

PUBLISHED_BN = {"hyperliquid": 10.31, "bybit": 4.65, "binanceusdm": 2.41, "okx": 1.21, "htx": 0.3625, "gate": 0.2645}
"""By venue; quoted somewhat later than the total, 0.4 % more in all."""
LOWS = {"BTC": 102_000.0, "ETH": 3_435.0, "SOL": 168.8, "XRP": 1.25, "DOGE": 0.095, "ADA": 0.274, "ATOM": 0.001}


@dataclass(frozen=True)
class October:
    scenario: Scenario
    description: Description
    markets: dict[str, CoinMarket]
    contracts: list[Perp]
    sides: tuple[Orders, Orders]

    def tape(self, coin: str) -> list[float]:
        """Prices each 5 s."""
        market = self.markets[coin]
        return [ticks / 10**market.coin.decimals for ticks in market.tape.slots]

    def orders(self) -> Iterator[tuple[int, Perp, int]]:
        """(ms since the start, contract, micro-dollars) of all orders."""
        for side in self.sides:
            for ts, perp, usd in zip(side.ts, side.perp, side.usd_micro, strict=True):
                yield ts, self.contracts[perp], usd


@pytest.fixture(scope="module")
def october() -> October:
    scenario = get_scenario("october-2025")
    description = load(scenario)
    markets = {market.coin.base_coin: market for market in coin_markets(scenario, description)}
    contracts = perps(description)
    sides = plan(scenario, description, {name: market.tape for name, market in markets.items()}, contracts)
    return October(scenario, description, markets, contracts, sides)


def slot_of(october: October, text: str) -> int:
    at_ms = int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)
    return (at_ms - october.scenario.start_ms) // SLOT_MS


def test_totals_are_the_published_ones_to_the_micro_dollar(october: October) -> None:
    long, short = october.sides
    assert (long.side, short.side) == (Side.LONG, Side.SHORT)
    assert sum(long.usd_micro) == 16_680_000_000 * 10**6
    assert sum(short.usd_micro) == 2_450_000_000 * 10**6
    assert len(long.ts) + len(short.ts) == 1_618_240
    assert min(min(long.usd_micro), min(short.usd_micro)) > 0
    assert min(min(long.ts), min(short.ts)) > 0
    assert max(max(long.ts), max(short.ts)) <= DAY_MS


def test_the_largest_order(october: October) -> None:
    ranked = sorted(october.orders(), key=lambda order: order[2])[-2:]
    (_, _, second), (ts, perp, usd) = ranked
    assert (usd, second < 90_000_000 * 10**6) == (203_360_000 * 10**6, True)
    assert (perp.venue, perp.symbol) == ("hyperliquid", "ETH/USDC:USDC")
    assert october.scenario.start_ms + ts == 1_760_130_964_000, "21:16:04"


def test_venues_come_to_what_was_published_of_them(october: October) -> None:
    sums: Counter[str] = Counter()
    seconds: Counter[tuple[str, int]] = Counter()
    for ts, perp, usd in october.orders():
        sums[perp.venue] += usd
        if perp.venue == "binanceusdm":
            seconds[perp.symbol, ts // 1000] += 1
    assert set(sums) == set(PUBLISHED_BN)
    whole = sum(PUBLISHED_BN.values())
    for venue, published in PUBLISHED_BN.items():
        assert sums[venue] / 19.13e15 == pytest.approx(published / whole, rel=0.03), venue
    assert max(seconds.values()) == 1, "Binance shows one order a symbol and second"


def test_most_of_it_comes_within_four_hours_and_the_worst_minute_is_the_known_one(october: October) -> None:
    minutes: Counter[int] = Counter()
    for ts, _, usd in october.orders():
        minutes[(october.scenario.start_ms + ts) // MINUTE_MS * MINUTE_MS] += usd
    worst, usd = minutes.most_common(1)[0]
    assert datetime.fromtimestamp(worst / 1000, UTC).isoformat() == "2025-10-10T21:15:00+00:00"
    assert 2.5 < usd / 1e15 < 3.5, "about 3.2bn were published"
    newest = sum(usd for at, usd in minutes.items() if at >= october.scenario.end_ms - 4 * HOUR_MS)
    assert newest / 1e15 == pytest.approx(16.78, rel=0.05)


def test_prices_touch_the_published_lows_at_the_bottom_of_the_crash(october: October) -> None:
    for coin, low in LOWS.items():
        tape = october.tape(coin)
        assert min(tape) == low, coin
        assert slot_of(october, "2025-10-10T21:19") < tape.index(low) < slot_of(october, "2025-10-10T21:22"), coin
        last = october.markets[coin].coin.last / 10 ** october.markets[coin].coin.decimals
        assert tape[-1] == last
    for market in october.markets.values():
        assert min(market.tape.slots) > 0


def test_payloads_say_the_same_where_a_venue_publishes_any(october: October) -> None:
    markets = {(each.venue, each.symbol): each for each in instruments(october.description)}
    rows = Rows(october.scenario.start_ms, october.contracts, october.sides)
    k = slot_of(october, "2025-10-10T21:16")
    found = list(chain.from_iterable(batch for slot in (1_000, k, k + 60) for _, batch in rows.of_slot(slot)))
    assert len(found) > 20_000
    seen: Counter[str] = Counter()
    for row in found:
        seen[row.venue] += 1
        if row.venue == "hyperliquid":
            assert (row.raw, row.basis, row.symbol.endswith("/USDC:USDC")) == ("", PriceBasis.FILL, True)
            assert row.usd_micro == pytest.approx(row.price * row.amount * 1e6, rel=1e-4)
            continue
        made = renormalised(row, markets[row.venue, row.symbol], row.venue, row.ts_ms + 1_000)
        assert not isinstance(made, Refusal), (row, made)
        # HTX rows take up what whole lots cannot: the turnover is theirs, the price a whole tick
        assert made == row
    assert set(seen) == set(PUBLISHED_BN)


def test_coverage_says_what_a_live_desk_would_see(october: October) -> None:
    feeds = {feed.venue: feed for feed in october.description.health if feed.feed is Feed.LIQUIDATIONS}
    assert set(feeds) == set(PUBLISHED_BN)
    assert all(feed.state is HealthState.OK and feed.detail.startswith("reconstructed") for feed in feeds.values())
    assert feeds["binanceusdm"].method is Method.SAMPLED
    assert "no public market-wide feed" in feeds["hyperliquid"].detail


def test_the_session_says_that_it_is_a_reconstruction_and_what_stands_for_what(october: October) -> None:
    session = session_of(october.scenario)
    assert session.label == "RECONSTRUCTION"
    assert session.venue_order[0] == "binance"
    assert any("Hyperliquid has no public feed" in source for source in session.sources)
    assert any("counts traders" in source for source in session.sources)


def test_the_causes_are_pinned_to_their_minutes(october: October) -> None:
    notes = {
        datetime.fromtimestamp(note.ts_ms / 1000, UTC).strftime("%d %H:%M"): note for note in october.description.notes
    }
    assert "100 %" in notes["10 20:50"].text
    assert "0.65" in notes["10 22:15"].text, "told when it was over"
    assert all(note.source for note in notes.values())


def test_time_never_goes_back_and_no_candle_knows_the_future() -> None:
    scenario = get_scenario("october-2025")
    batches = list(islice(build(scenario), 5_000))
    times = [now_ms for now_ms, _ in batches]
    assert all(a <= b for a, b in pairwise(times))
    assert times[-1] > scenario.start_ms + HOUR_MS // 2
    for now_ms, records in batches:
        for record in records:
            if isinstance(record, Candle) and record.closed:
                assert record.open_ms + record.timeframe.ms <= now_ms
            if isinstance(record, Liquidation):
                assert record.ts_ms <= now_ms


@pytest.mark.parametrize(("coin", "within"), [("BTC", 0.012), ("ETH", 0.03)])
def test_real_days(october: October, realdata: Path, coin: str, within: float) -> None:
    market = october.markets[coin]
    scale = 10**market.coin.decimals
    ours = {bar.open_ms: bar for bar in market.bars[Timeframe.D1]}
    with (realdata / "daily" / f"binance_{coin}USDT_1d.csv").open() as file:
        for row in csv.DictReader(file):
            if "2025-10-07" <= row["timestamp"] <= "2025-10-10":
                bar = ours[int(datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC).timestamp() * 1000)]
                for name in ("open", "high", "low", "close"):
                    assert getattr(bar, name) / scale == pytest.approx(float(row[name]), rel=within), (row, name)


@pytest.mark.parametrize(("coin", "within"), [("BTC", 0.008), ("ETH", 0.025)])
def test_real_hours_of_the_day(october: October, realdata: Path, coin: str, within: float) -> None:
    start_ms, tape = october.scenario.start_ms, october.tape(coin)
    times = [start_ms + k * SLOT_MS for k in range(len(tape))]
    seen = 0
    with (realdata / "hourly" / f"binance_{coin}USDT_1h.csv").open() as file:
        for row in csv.DictReader(file):
            close_ms = int(datetime.fromisoformat(row["timestamp"]).timestamp() * 1000) + HOUR_MS
            if start_ms < close_ms <= october.scenario.end_ms:
                seen += 1
                assert tape[bisect_right(times, close_ms) - 1] == pytest.approx(float(row["close"]), rel=within), row
    assert seen == 24


def test_the_real_average(october: October, realdata: Path) -> None:
    with (realdata / "daily" / "binance_BTCUSDT_1d.csv").open() as file:
        closes = [float(row["close"]) for row in csv.DictReader(file) if row["timestamp"] <= "2025-10-10"][-200:]
    assert october.description.prices.average_200d == pytest.approx(sum(closes) / 200, rel=0.001)
    days = [bar.close for bar in october.markets["BTC"].bars[Timeframe.D1]]
    closed = days[:-1][-200:]
    assert sum(closed) / 200 / 10 == pytest.approx(october.description.prices.average_200d, abs=0.001)
