"""Candles in ticks: 5 minutes from a tape, longer ones from shorter ones."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from crashdesk.model.records import Candle
from crashdesk.model.timeframe import Timeframe
from crashdesk.scenarios.catalogue import Scenario
from crashdesk.scenarios.description import Coin
from crashdesk.scenarios.paths import BAR_MS, SLOT_MS, Tape

_MINUTES = 5
_BARS_A_DAY = Timeframe.D1.ms // BAR_MS


@dataclass(frozen=True, slots=True)
class Bar:
    """One candle: prices in ticks, volume in base units, `usd` its worth at the close."""

    open_ms: int
    open: int
    high: int
    low: int
    close: int
    volume: float
    usd: float


def candle(venue: str, coin: Coin, timeframe: Timeframe, bar: Bar, closed: bool = True) -> Candle:
    """The record of a bar on the spot market of `coin`."""
    scale = 10**coin.decimals
    return Candle(
        venue=venue,
        symbol=f"{coin.base_coin}/USDT",
        timeframe=timeframe,
        open_ms=bar.open_ms,
        open=bar.open / scale,
        high=bar.high / scale,
        low=bar.low / scale,
        close=bar.close / scale,
        volume=bar.volume,
        closed=closed,
    )


def five_minutes(scenario: Scenario, coin: Coin, tape: Tape, first_open_ms: int, rng: Random) -> list[Bar]:
    """All 5-minute candles of a tape; the last one is still running when the scenario ends."""
    hold = tape.before[-1]
    bars: list[Bar] = []
    previous = tape.before[0]
    for i in range(0, len(tape.before), _MINUTES):
        previous = _add(bars, first_open_ms, coin, tape.before[i : i + _MINUTES], previous, rng)
    edge = (scenario.start_ms // BAR_MS + 1) * BAR_MS
    at, previous = 0, hold
    while at < len(tape.slots):
        upto = min(len(tape.slots), (edge - scenario.start_ms - 1) // SLOT_MS + 1)
        previous = _add(bars, first_open_ms, coin, tape.slots[at:upto], previous, rng)
        at, edge = upto, edge + BAR_MS
    return bars


def _add(bars: list[Bar], first_ms: int, coin: Coin, prices: array[int], previous: int, rng: Random) -> int:
    """Append the candle of `prices`, which opens at the close before it; more is traded the more the price moves."""
    high, low, close = max(previous, *prices), min(previous, *prices), prices[-1]
    lively = min(9.0, 16_000.0 / coin.volatility_pct * (high - low) / low)
    usd = coin.turnover_usd / _BARS_A_DAY * (0.3 + 0.4 * rng.random() + 1.2 * lively)
    volume = round(usd / (close / 10**coin.decimals), 3)
    bars.append(Bar(first_ms + len(bars) * BAR_MS, previous, high, low, close, volume, usd))
    return close


def merged(bars: Sequence[Bar]) -> Bar:
    """One candle over several that follow each other."""
    volume = usd = 0.0
    for bar in bars:
        volume += bar.volume
        usd += bar.usd
    return Bar(
        open_ms=bars[0].open_ms,
        open=bars[0].open,
        high=max(bar.high for bar in bars),
        low=min(bar.low for bar in bars),
        close=bars[-1].close,
        volume=round(volume, 3),
        usd=usd,
    )


def grouped(bars: Sequence[Bar], timeframe: Timeframe) -> list[Bar]:
    """Longer candles from 5-minute ones that begin on a border of `timeframe`; the last may be incomplete."""
    size = timeframe.ms // BAR_MS
    return [merged(bars[i : i + size]) for i in range(0, len(bars), size)]


def running(bar_open: int, open_ms: int, prices: Iterable[int], full: Bar, now_ms: int, length_ms: int) -> Bar:
    """The part of a candle that is seen at `now_ms`: `prices` up to now, volume in proportion to the time gone."""
    seen = (bar_open, *prices)
    gone = (now_ms - open_ms) / length_ms
    return Bar(open_ms, bar_open, max(seen), min(seen), seen[-1], round(full.volume * gone, 3), full.usd * gone)
