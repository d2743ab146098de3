"""Key levels against what the chart of a known market shows, and against constructed days."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from math import inf, nan
from pathlib import Path

import pytest

from crashdesk.analytics.averages import wilder_atr
from crashdesk.analytics.key_levels import MOST, key_levels
from crashdesk.analytics.sound_days import sound_days
from crashdesk.model.level import DailyBars, FoundLevel, LevelKind
from crashdesk.model.timeframe import DAY_MS

START_MS = 1_735_689_600_000  # 2025-01-01


def real_days(realdata: Path, until: str) -> DailyBars:
    with (realdata / "daily" / "binance_BTCUSDT_1d.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["timestamp"] <= until]
    times = [int(datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC).timestamp() * 1000) for row in rows]
    return DailyBars(tuple(times), *(tuple(float(row[name]) for row in rows) for name in ("high", "low", "close")))


def days_of(closes: list[float], reach: float = 1.0) -> DailyBars:
    times = tuple(START_MS + DAY_MS * i for i in range(len(closes)))
    return DailyBars(times, tuple(c + reach for c in closes), tuple(c - reach for c in closes), tuple(closes))


def near(levels: tuple[FoundLevel, ...], price: float) -> FoundLevel:
    found = [level for level in levels if abs(level.price / price - 1) <= 0.005]
    assert found, f"nothing within 0.5 % of {price}: {[level.price for level in levels]}"
    return min(found, key=lambda level: abs(level.price - price))


@pytest.mark.parametrize(("until", "last"), [("2025-11-03", None), ("2025-11-03", 104_000.0), ("2025-11-04", None)])
def test_the_real_bitcoin_levels_of_november(realdata: Path, until: str, last: float | None) -> None:
    days = real_days(realdata, until)
    levels = key_levels(days, last or days.close[-1])
    assert len(levels) <= MOST
    assert [level.price for level in levels] == sorted((level.price for level in levels), reverse=True)
    assert "round number" in near(levels, 100_000).why
    assert any(why.startswith("swing low 2025-10-10") for why in near(levels, 102_000.0).why)
    assert any(why.startswith("swing low 2025-10-17") for why in near(levels, 103_528.23).why)
    average = near(levels, sum(days.close[-200:]) / 200)
    assert average.kind is LevelKind.AVERAGE
    assert average.why[0] == "SMA200"


def test_a_low_that_held_three_times_is_one_level_with_three_touches() -> None:
    wave = [123.4, 119, 115, 111, 107, 104.4, 107, 111, 115, 119]
    days = days_of(wave * 3 + [123.4, 119, 115])
    lows = [level for level in key_levels(days, 110.0) if any(why.startswith("swing low") for why in level.why)]
    assert [level.price for level in lows] == [103.4]
    assert lows[-1].touches == 3
    assert lows[-1].kind is LevelKind.SUPPORT


def test_a_swing_is_known_only_when_the_days_after_it_are_closed() -> None:
    falling = [120.0 - i for i in range(20)]
    early = key_levels(days_of([*falling, 95.0, 101, 102]), 102.0, most=100)
    assert not any(why.startswith("swing low") for level in early for why in level.why)
    levels = key_levels(days_of([*falling, 95.0, 101, 102, 103]), 103.0, most=100)
    swing = next(level for level in levels if any(why.startswith("swing low") for why in level.why))
    assert swing.price == 94.0
    assert swing.confirmed_ms == START_MS + 24 * DAY_MS


def test_the_last_complete_week_and_month() -> None:
    # 2025-01-01 is a Wednesday; 50 days end on 2025-02-19, in the week from Monday the 17th
    days = days_of([100.0 + (i % 7) + i / 10 for i in range(50)])
    by_reason = {why: level.price for level in key_levels(days, 104.0, most=100) for why in level.why}
    band = 0.25 * (wilder_atr(days.high, days.low, days.close) or 0.0)
    assert abs(by_reason["last month's high"] - max(days.high[:31])) < band
    assert abs(by_reason["last week's low"] - min(days.low[40:47])) < band


@pytest.mark.parametrize("count", [0, 1, 14])
def test_too_few_days_give_none(count: int) -> None:
    assert key_levels(days_of([100.0 + i for i in range(count)]), 100.0) == ()


@pytest.mark.parametrize("last", [0.0, -1.0, float("nan"), float("inf")])
def test_a_price_that_is_none_gives_none(last: float) -> None:
    assert key_levels(days_of([100.0 + i % 5 for i in range(40)]), last) == ()


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1.0, 1e4])
def test_levels_scale_with_the_price(scale: float) -> None:
    closes = [100.0 + 9 * ((i * 7) % 11) / 11 for i in range(260)]
    plain = key_levels(days_of(closes), 104.0)
    scaled = key_levels(days_of([c * scale for c in closes], scale), 104.0 * scale)
    assert [round(level.price / scale, 6) for level in scaled] == [round(level.price, 6) for level in plain]


def test_days_that_cannot_be_right_change_nothing() -> None:
    wave = [123.4, 119, 115, 111, 107, 104.4, 107, 111, 115, 119]
    days = days_of(wave * 4)
    end = days.open_ms[-1]
    bad = [
        (end + DAY_MS, nan, 100.0, 110.0),
        (end + 2 * DAY_MS, inf, 100.0, 110.0),
        (end + 3 * DAY_MS, 0.0, 0.0, 0.0),
        (end + 4 * DAY_MS, 120.0, -5.0, 110.0),
        (end + 5 * DAY_MS, 120.0, 100.0, 130.0),
        (end + 6 * DAY_MS, 120_000.0, 100.0, 110.0),
        (end + 7 * DAY_MS, 120.0, 0.001, 110.0),
    ]
    rows = [*zip(*days, strict=True), *bad]
    first = rows[0]
    mixed = [(first[0], 999.0, 1.0, 500.0), *reversed(rows)]
    assert key_levels(DailyBars(*zip(*mixed, strict=True)), 110.0) == key_levels(days, 110.0)
    assert sound_days(DailyBars((), (), (), ())) == DailyBars((), (), (), ())
    assert key_levels(DailyBars(*zip(*bad, strict=True)), 110.0) == ()
    assert key_levels(days_of(wave + wave[:4]), 110.0) == ()
    assert key_levels(days_of(wave + wave[:5]), 110.0) != ()
