"""Prices through time: one tape a coin, each minute before the scenario and each 5 s within it."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from crashdesk.model.timeframe import MINUTE_MS, Timeframe
from crashdesk.scenarios.catalogue import Scenario
from crashdesk.scenarios.chance import chance, pulled_walk
from crashdesk.scenarios.description import Coin, Description, PathPoint

SLOT_MS = 5_000
BAR_MS = Timeframe.M5.ms
_MINUTE_SLOTS = MINUTE_MS // SLOT_MS
_TAPER_SLOTS = 30 * _MINUTE_SLOTS
_LEADER_STEP = 0.00008
_LEADER_PULL = 0.005
_COIN_STEP = 0.00021
_COIN_PULL = 0.0005


@dataclass(frozen=True, slots=True)
class Tape:
    """Prices of one coin in ticks.

    `before` holds the end of each minute from the path's first point to the start of the 5-minute candle that the
    scenario starts in; there the price stays until the start. `slots` holds one price each 5 s from start to end.
    """

    before: array[int]
    slots: array[int]


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all tapes share: the skeleton at the given times, how wild it is there, and the leader's own noise."""

    leader: array[float]
    share: array[float]
    wildness: array[float]
    noise: array[float]


def slot_count(scenario: Scenario) -> int:
    """Slots from start to end, both counted."""
    return (scenario.end_ms - scenario.start_ms) // SLOT_MS + 1


def tapes(scenario: Scenario, description: Description, bases: dict[str, int]) -> dict[str, Tape]:
    """A tape for each coin. `bases` are the prices at the start in ticks."""
    path = description.prices.path
    hold_ms = scenario.start_ms // BAR_MS * BAR_MS
    before = _frame(scenario, path, range(path[0].ts_ms + MINUTE_MS, hold_ms + 1, MINUTE_MS), "before")
    within = _frame(scenario, path, range(scenario.start_ms, scenario.end_ms + 1, SLOT_MS), "within")
    leader = description.prices.leader
    return {
        coin.base_coin: Tape(
            _coin(scenario, coin, bases[coin.base_coin], before, "before", coin.base_coin == leader),
            _coin(scenario, coin, bases[coin.base_coin], within, "within", coin.base_coin == leader),
        )
        for coin in description.coins
    }


def _frame(scenario: Scenario, path: Sequence[PathPoint], times: range, part: str) -> _Frame:
    leader, share = _skeleton(path, times)
    span = max(1, MINUTE_MS // times.step)
    wildness = array(
        "d", (1.0 + min(4.0, 2000.0 * abs(p / leader[max(0, i - span)] - 1.0)) for i, p in enumerate(leader))
    )
    step = _LEADER_STEP * sqrt(times.step / SLOT_MS)
    pull = min(0.5, _LEADER_PULL * times.step / SLOT_MS)
    taper = _TAPER_SLOTS * SLOT_MS // times.step
    noise = pulled_walk(chance(scenario.name, "leader", part), [step * w for w in wildness], pull, taper)
    return _Frame(leader, share, wildness, noise)


def _skeleton(path: Sequence[PathPoint], times: range) -> tuple[array[float], array[float]]:
    """The path between its points: flat at each of them, fastest half-way (3s² − 2s³)."""
    leader, share = array("d"), array("d")
    i = 0
    for ts_ms in times:
        while i + 2 < len(path) and path[i + 1].ts_ms <= ts_ms:
            i += 1
        a, b = path[i], path[i + 1]
        s = (ts_ms - a.ts_ms) / (b.ts_ms - a.ts_ms)
        s = s * s * (3.0 - 2.0 * s)
        leader.append(a.leader + (b.leader - a.leader) * s)
        share.append(a.share + (b.share - a.share) * s)
    return leader, share


def _coin(scenario: Scenario, coin: Coin, base: int, frame: _Frame, part: str, leads: bool) -> array[int]:
    prices = _walked(scenario, coin, base, frame, part, leads)
    return prices if coin.low is None or part == "before" else _deepened(prices, coin.last, coin.low)


def _deepened(prices: array[int], last: int, low: int) -> array[int]:
    """What lies under `last` taken further down, the deep more than the shallow, so that the lowest is `low`.

    Raises ValueError when that would turn the order of prices around.
    """
    deepest = last - min(prices)
    more = (last - low) / deepest - 1.0 if deepest > 0 else -1.0
    if more < -0.5:  # then a deeper price would become a higher one
        raise ValueError(f"the path never goes far enough under {last} for a low of {low}")
    for i, price in enumerate(prices):
        if price < last:
            depth = last - price
            prices[i] = last - int(depth * (1.0 + more * depth / deepest) + 0.5)
    return prices


def _walked(scenario: Scenario, coin: Coin, base: int, frame: _Frame, part: str, leads: bool) -> array[int]:
    if leads:
        scale = float(10**coin.decimals)
        return array("q", (int(p * scale * (1.0 + n) + 0.5) for p, n in zip(frame.leader, frame.noise, strict=True)))
    ratio = SLOT_MS if part == "within" else MINUTE_MS
    step = _COIN_STEP * coin.volatility_pct / 60.0 * sqrt(ratio / SLOT_MS)
    own = pulled_walk(
        chance(scenario.name, part, coin.base_coin),
        [step * w for w in frame.wildness],
        _COIN_PULL * ratio / SLOT_MS,
        _TAPER_SLOTS * SLOT_MS // ratio,
    )
    change = coin.last / base - 1.0
    return array(
        "q",
        [
            int(base * (1.0 + change * share) * (1.0 + 1.1 * noise + mine) + 0.5)
            for share, noise, mine in zip(frame.share, frame.noise, own, strict=True)
        ],
    )
