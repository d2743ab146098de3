"""The stress gauge by hand, and on the crash of November 2025: low in calm hours, high at its worst."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.config.baskets import load_baskets
from crashdesk.model.basket import Basket, Baskets
from crashdesk.model.records import Batch, HealthState, PerpStats, Quote, Record, Session, Side
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.player import Player
from crashdesk.session.state import MarketState
from crashdesk.session.stress import one_side, past_sums, rate
from crashdesk.session.stress_past import rank, stress_of
from crashdesk.session.stress_views import SCALES, PartKind, StressPart, StressView, made_of
from crashdesk.session.stress_words import scale_words
from tests.session.alert_rig import T0, health, row
from tests.session.price_rig import OKX, days, quote

MILLION = 10**12
"""A million dollars in micro-dollars."""
SESSION = Session("s", T0, "test", "", "", (), ("okx", "kraken"))


def part(view: StressView, kind: PartKind) -> StressPart:
    return next(one for one in view.parts if one.kind is kind)


def test_the_weights_sum_to_a_hundred_and_every_part_has_one() -> None:
    assert sum(scale.weight for scale in SCALES.values()) == 100
    assert list(SCALES) == list(PartKind)


def test_the_number_is_the_mean_of_the_known_scores_by_weight() -> None:
    values = {PartKind.BREADTH: 0.4, PartKind.MOVE: 0.55, PartKind.RATE: 20.0, PartKind.DISLOCATION: None}
    view = made_of(values)
    # (20 x 50 + 20 x 50 + 25 x 100) / 65 = 69.2
    assert [p.score for p in view.parts] == [pytest.approx(50), pytest.approx(50), pytest.approx(100), None, None, None]
    assert (view.value, view.known) == (69, 3)


def test_two_parts_make_no_number() -> None:
    view = made_of({PartKind.BREADTH: 0.8, PartKind.RATE: 100.0})
    assert (view.value, view.known) == (None, 2)


@pytest.mark.parametrize(
    ("kind", "value", "score"),
    [
        (PartKind.BREADTH, 1.0, 100),
        (PartKind.MOVE, 0.0, 0),
        (PartKind.RATE, 0.0, 0),
        (PartKind.RATE, 20**0.5, 50),
        (PartKind.SIDE, 0.775, 50),
        (PartKind.FUNDING, 0.0002, 40),
        (PartKind.DISLOCATION, 0.275, 50),
    ],
)
def test_scores_by_hand(kind: PartKind, value: float, score: float) -> None:
    assert SCALES[kind].score(value) == pytest.approx(score)


def test_the_rate_is_over_the_median_of_the_quarters_before() -> None:
    # one dollar a minute for three hours, from a whole five minutes on; then ten a minute for the last fifteen
    first = 1_000_000
    minutes = tuple((first + n, 1, 0) for n in range(180)) + tuple((first + 180 + n, 4, 6) for n in range(15))
    now = first + 194
    assert past_sums(minutes, now) == [15] * 34
    assert rate(minutes, now) == pytest.approx(10.0)
    assert rate(minutes, now + 1) == pytest.approx(140 / 15)
    assert rate(minutes, now + 60) == 0.0


def test_with_less_than_an_hour_there_is_no_rate() -> None:
    minutes = tuple((1_000_000 + n, 5, 5) for n in range(80))
    assert rate(minutes[:75], 1_000_074) is None
    assert rate(minutes[:85], 1_000_084) == pytest.approx(10 / 15)
    assert rate((), 1_000_000) is None


def test_one_side_is_that_of_an_hour_and_wants_a_million() -> None:
    minutes = ((100, 0, 90 * MILLION), (140, 3 * MILLION, MILLION), (160, 6 * MILLION, 0))
    assert one_side(minutes, 160) == pytest.approx(0.9)
    assert one_side(minutes[:2], 159) == pytest.approx(91 / 94)
    assert one_side(((160, MILLION // 2, 0),), 160) == 0.5
    assert one_side((), 160) is None


def test_ranks_count_what_is_equal_by_half() -> None:
    assert rank(3.0, [1.0, 2.0, 3.0, 4.0]) == pytest.approx(62.5)
    assert rank(9.0, [1.0]) == 100
    assert rank(0.0, [1.0]) == 0


def _market(*late: tuple[int, list[Record]]) -> MarketState:
    """Five hours of BTC and ETH every minute, flat, on two venues; then what is `late` (ms after them)."""
    state = MarketState(Baskets("t", "", "", (Basket("A", ("BTC", "ETH"), (1.0, 1.0)),)), T0)
    state.apply(Batch(0, T0, (SESSION,)))
    state.apply(Batch(1, T0, (OKX,)))
    state.apply(Batch(2, T0, tuple(days(20, 100_000.0))))
    state.apply(Batch(3, T0, (health(HealthState.OK, T0),)))
    for minute in range(300):
        at_ms = T0 + minute * MINUTE_MS
        prices = [quote(at_ms, 100_000.0), quote(at_ms, 100_000.0, "kraken")]
        state.apply(Batch(4 + minute, at_ms, (*prices, quote(at_ms, 4_000.0, symbol="ETH/USDT"))))
        state.apply(Batch(4 + minute, at_ms, (row(at_ms, 100_000), row(at_ms, 100_000, Side.SHORT))))
    for after_ms, records in late:
        state.apply(Batch(400, T0 + 300 * MINUTE_MS + after_ms, tuple(records)))
    return state


def test_a_flat_market_is_calm() -> None:
    view = stress_of(_market())
    known = {p.kind: (p.value, p.score) for p in view.parts}
    assert known[PartKind.BREADTH] == (0.0, 0.0)
    assert known[PartKind.MOVE] == (0.0, 0.0)
    assert known[PartKind.RATE] == (1.0, 0.0)
    assert known[PartKind.SIDE] == (0.5, 0.0)
    assert known[PartKind.DISLOCATION] == (0.0, 0.0)
    assert known[PartKind.FUNDING] == (None, None)
    assert (view.value, view.known) == (0, 5)


def test_a_fall_by_hand() -> None:
    fall: list[Record] = [
        quote(T0 + 5 * HOUR_MS, 99_600.0),  # -0.4 %: no fall of 1 %; 400 of an ATR of 1,000
        Quote("kraken", "BTC/USDT", T0 + 5 * HOUR_MS, 99_400.0, None, None, None, None, None, None),
        quote(T0 + 5 * HOUR_MS, 3_950.0, symbol="ETH/USDT"),  # -1.25 %
    ]
    perps: list[Record] = [
        PerpStats("okx", "BTC/USDT:USDT", T0 + 5 * HOUR_MS, -0.0002, None),
        PerpStats("okx", "ETH/USDT:USDT", T0 + 5 * HOUR_MS, 0.0002, None),
    ]
    sold: list[Record] = [row(T0 + 5 * HOUR_MS, 39_200_000)]
    view = stress_of(_market((0, fall), (0, perps), (0, sold)))
    assert part(view, PartKind.BREADTH).value == 0.5
    assert part(view, PartKind.MOVE).value == pytest.approx(0.4)
    # 14 minutes of $200,000 and the sale, over quarters of $3,000,000
    assert part(view, PartKind.RATE).value == pytest.approx((14 * 0.2 + 39.2) / 3)
    # an hour: 59 minutes of $100,000 each side, and the sale
    assert part(view, PartKind.SIDE).value == pytest.approx((5.9 + 39.2) / (11.8 + 39.2))
    assert part(view, PartKind.FUNDING).value == pytest.approx(0.0001)
    assert part(view, PartKind.DISLOCATION).value == pytest.approx(200 / 99_500 * 100)
    assert {p.kind: p.percentile for p in view.parts} == {**dict.fromkeys(PartKind, 100.0), PartKind.FUNDING: None}
    scores = 20 * 62.5 + 20 * 100 / 3 + 25 * SCALES[PartKind.RATE].score(14) + 10 * 80.64 + 10 * 20 + 15 * 33.56
    assert view.value == round(scores / 100)
    assert view.known == 6


def test_a_feed_that_is_lost_is_not_calm_but_unknown() -> None:
    view = stress_of(_market((-59_000, [health(HealthState.UNREACHABLE, T0 + 5 * HOUR_MS - 59_000)])))
    assert part(view, PartKind.RATE).score is None
    assert part(view, PartKind.SIDE).score is None
    assert view.known == 3


def test_the_crash_of_november_is_high_and_its_calm_hours_are_low(november_file: Path) -> None:
    reader = RecordingReader.open(november_file)
    player = Player(reader, load_baskets(None)[0])
    values = {}
    for hours_left in (7.4, 1.8, 0.9, 0.0):
        player.seek(reader.end_ms - round(hours_left * HOUR_MS))
        values[hours_left] = stress_of(player.state).value
    worst = values.pop(0.0)
    assert worst is not None
    assert worst >= 55
    assert all(value is not None and value <= 25 for value in values.values())


def test_the_readme_tells_the_scales() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for kind, scale in SCALES.items():
        assert f"| {kind.value} | {scale.weight} | {scale.definition} | {scale_words(kind)} |" in text
