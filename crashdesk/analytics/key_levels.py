"""Key levels from closed daily candles: where the price turned, what traders look at, each with the reason.

Definitions. ATR is Wilder's over 14 days.

- **Swing**: a day whose low is the lowest (high the highest) of itself, `SWING_DAYS` days before and as many after; it
  is confirmed at the close of the last of these. Of equal ones the first counts.
- **Touch**: a turn (the same with `TURN_DAYS` days) within `TOUCH_ATR` ATR of the swing, highs and lows alike; the
  swing itself is the first. A swing weighs more with each touch, and fades with age (half-life `FADE_DAYS`).
- **Prior** day, week (Monday 00:00 UTC) and month: the high and low of the last one that is complete.
- **Round**: multiples of the smallest of 1, 2, 5 times a power of ten that is at least one ATR, `ROUNDS` to each side.
- **Averages**: SMA200 and SMA50 of the closes.
- **Retracements** (38.2, 50, 61.8 %) of the newest swing that contains the price, a swing being a move of at least
  `LEG_ATR` ATR between two turning points.

Levels closer than `MERGE_ATR` ATR are one: the weightiest names the price, the first `MOST_REASONS` by weight are its
reasons. A level's weight is
the sum of its reasons', times 0.5 ** (distance in ATR / `HALF_ATR`): what is near counts more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from crashdesk.analytics.averages import sma, wilder_atr
from crashdesk.analytics.sound_days import sound_days
from crashdesk.model.level import DailyBars, FoundLevel, LevelKind
from crashdesk.model.timeframe import DAY_MS

SWING_DAYS = 3
TURN_DAYS = 2
FADE_DAYS = 60
TOUCH_ATR = 0.25
MERGE_ATR = 0.25
LEG_ATR = 4.0
HALF_ATR = 4.0
ROUNDS = 3
MOST = 8
MOST_REASONS = 4
_ATR_DAYS = 14
Prices = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
_RATIOS = ((0.382, 0.5), (0.5, 0.6), (0.618, 0.8))
_AVERAGES = ((200, 3.0), (50, 1.2))
_SWING, _TOUCH, _MOST_TOUCHES = 0.9, 0.25, 5
_LASTING = 0.3
"""The part of a swing's weight that does not fade."""


class _Candidate(NamedTuple):
    """A price with one reason. `since_ms` is from when it was known."""

    price: float
    kind: LevelKind | None
    why: str
    weight: float
    since_ms: int
    touches: int = 0


class _Leg(NamedTuple):
    """A move between two turning points: prices and the days (indices) they lie on."""

    start: float
    end: float
    first: int
    last: int


def key_levels(days: DailyBars, last: float, most: int = MOST) -> tuple[FoundLevel, ...]:
    """At most `most` levels for a market at `last`, the highest price first.

    `days` are closed UTC days; those that can't be right are left out (see `sound_days`). None come from fewer than 15.
    """
    days = sound_days(days)
    atr = wilder_atr(days.high, days.low, days.close, _ATR_DAYS)
    if atr is None or not atr > 0 or not last > 0 or not math.isfinite(last):
        return ()
    frame = pd.DataFrame(
        {"high": days.high, "low": days.low, "close": days.close},
        index=pd.to_datetime(pd.Series(days.open_ms), unit="ms", utc=True),
        dtype=float,
    )
    found = [c for c in _candidates(days, frame, atr, last) if c.price > 0]
    merged = _merged(found, atr)
    ranked = sorted(merged, key=lambda group: (-_rank(group, atr, last), group[0].price))[:most]
    return tuple(sorted((_level(group, last) for group in ranked), key=lambda level: -level.price))


def _candidates(days: DailyBars, frame: pd.DataFrame, atr: float, last: float) -> Iterator[_Candidate]:
    leg = _leg_with(_legs(frame, atr), last)
    # a round number or a retracement counts from the move that it is looked at in
    since_ms = days.open_ms[leg.last] + DAY_MS if leg is not None else days.open_ms[0]
    yield from _swings(days, frame, atr)
    yield from _priors(days, frame)
    yield from _rounds(last, atr, since_ms)
    for length, weight in _AVERAGES:
        average = sma(days.close, length)
        if average is not None:
            yield _Candidate(average, LevelKind.AVERAGE, f"SMA{length}", weight, days.open_ms[-1] + DAY_MS)
    if leg is not None:
        for ratio, weight in _RATIOS:
            price = leg.end + ratio * (leg.start - leg.end)
            words = f"{100 * ratio:.3g} % back of {leg.start:,.10g} to {leg.end:,.10g}"
            yield _Candidate(price, None, words, weight, since_ms)


def _swings(days: DailyBars, frame: pd.DataFrame, atr: float) -> Iterator[_Candidate]:
    turns = np.concatenate([prices[_turns(prices, TURN_DAYS)] for prices in _signed(frame)])
    for name, prices in zip(("high", "low"), _signed(frame), strict=True):
        for at in _turns(prices, SWING_DAYS):
            price = abs(float(prices[at]))
            touches = int((np.abs(np.abs(turns) - price) <= TOUCH_ATR * atr).sum())
            words = f"swing {name} {frame.index[at]:%Y-%m-%d}" + (f", {touches} touches" if touches > 1 else "")
            weight = _SWING + _TOUCH * min(touches - 1, _MOST_TOUCHES)
            age = len(days.close) - 1 - int(at)
            faded = _LASTING + (1 - _LASTING) * 0.5 ** (age / FADE_DAYS)
            yield _Candidate(price, None, words, weight * faded, days.open_ms[at + SWING_DAYS] + DAY_MS, touches)


def _signed(frame: pd.DataFrame) -> tuple[Prices, Prices]:
    """Highs, and lows below zero: of both the largest is the extreme."""
    return frame["high"].to_numpy(), -frame["low"].to_numpy()


def _turns(prices: Prices, reach: int) -> Places:
    """Where a price is the largest of itself and `reach` to each side, the first of equal ones."""
    column = pd.Series(prices)
    top = column.rolling(2 * reach + 1, center=True).max()
    before = column.rolling(reach).max().shift(1)
    return np.flatnonzero(((column == top) & (column > before)).to_numpy())


def _priors(days: DailyBars, frame: pd.DataFrame) -> Iterator[_Candidate]:
    end_ms = days.open_ms[-1] + DAY_MS
    end = pd.Timestamp(end_ms, unit="ms", tz="UTC")
    for name, start, weight in (
        ("day", end - pd.Timedelta(days=1), 0.7),
        ("week", _week_of(end) - pd.Timedelta(days=7), 1.0),
        ("month", (end.replace(day=1).normalize() - pd.Timedelta(days=1)).replace(day=1), 1.3),
    ):
        stop = {"day": end, "week": _week_of(end), "month": end.replace(day=1).normalize()}[name]
        part = frame.loc[(frame.index >= start) & (frame.index < stop)]
        if len(part) and frame.index[0] <= start:
            since_ms = int(stop.timestamp() * 1000)
            yield _Candidate(float(part["high"].max()), None, f"last {name}'s high", weight, since_ms)
            yield _Candidate(float(part["low"].min()), None, f"last {name}'s low", weight, since_ms)


def _week_of(moment: pd.Timestamp) -> pd.Timestamp:
    """The Monday 00:00 UTC at or before a moment."""
    return moment.normalize() - pd.Timedelta(days=moment.weekday())


def _rounds(last: float, atr: float, since_ms: int) -> Iterator[_Candidate]:
    """The rounder the number, the more eyes are on it: each step, each fifth (or second) one, each tenth."""
    power = 10.0 ** math.floor(math.log10(atr))
    factor = next(factor for factor in (1, 2, 5, 10) if power * factor >= atr)
    step = power * factor
    below = math.floor(last / step)
    for multiple in range(below - ROUNDS + 1, below + ROUNDS + 1):
        weight = 2.2 if multiple % 10 == 0 else 1.4 if multiple % (2 if factor == 5 else 5) == 0 else 0.9
        yield _Candidate(multiple * step, LevelKind.ROUND, "round number", weight, since_ms)


def _legs(frame: pd.DataFrame, atr: float) -> list[_Leg]:
    """Moves between turning points at least `LEG_ATR` ATR apart (a zigzag), oldest first; the last one may go on."""
    high, low = frame["high"].to_numpy(), frame["low"].to_numpy()
    reach = LEG_ATR * atr
    turns: list[tuple[int, float]] = []
    up: bool | None = None
    top = bottom = 0
    for i in range(len(high)):
        top = i if high[i] >= high[top] else top
        bottom = i if low[i] <= low[bottom] else bottom
        if up is not False and high[top] - low[i] >= reach and i >= top:
            turns.append((top, float(high[top])))
            up, bottom, top = False, i, i
        elif up is not True and high[i] - low[bottom] >= reach and i >= bottom:
            turns.append((bottom, float(low[bottom])))
            up, top, bottom = True, i, i
    if up is not None:
        turns.append((top, float(high[top])) if up else (bottom, float(low[bottom])))
    return [_Leg(a[1], b[1], a[0], b[0]) for a, b in pairwise(turns)]


def _leg_with(legs: Sequence[_Leg], last: float) -> _Leg | None:
    return next((leg for leg in reversed(legs) if min(leg.start, leg.end) <= last <= max(leg.start, leg.end)), None)


def _merged(found: Sequence[_Candidate], atr: float) -> list[list[_Candidate]]:
    """Groups of candidates, the weightiest of each first: it takes those within `MERGE_ATR` ATR that are left."""
    left = sorted(found, key=lambda c: (-c.weight, c.price, c.why))
    groups = []
    while left:
        first = left[0]
        near = [c for c in left if abs(c.price - first.price) < MERGE_ATR * atr]
        groups.append(near)
        left = [c for c in left if abs(c.price - first.price) >= MERGE_ATR * atr]
    return groups


def _rank(group: Sequence[_Candidate], atr: float, last: float) -> float:
    # swings beside each other are one place where the price turned, their touches are the same ones
    swings = max((c.weight for c in group if c.touches), default=0.0)
    others = sum(c.weight for c in group if not c.touches)
    return float((swings + others) * 0.5 ** (abs(group[0].price - last) / atr / HALF_ATR))


def _level(group: Sequence[_Candidate], last: float) -> FoundLevel:
    first = group[0]
    kind = first.kind or (LevelKind.SUPPORT if first.price <= last else LevelKind.RESISTANCE)
    why = tuple(dict.fromkeys(c.why for c in group))[:MOST_REASONS]
    # those of the weightiest swing, as its reason says: swings beside it count the same turns
    touches = next((c.touches for c in group if c.touches), 0)
    return FoundLevel(first.price, kind, why, touches, first.since_ms)
