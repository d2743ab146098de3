"""A seeded stream of forced orders with the raw rows that venues publish, for the benches of the recording."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

from bench.market import START_MS
from crashdesk.model.records import Liquidation, Side
from crashdesk.scenarios.catalogue import get_scenario
from crashdesk.scenarios.load import load
from crashdesk.scenarios.perps import BASIS, Perp, perps
from crashdesk.scenarios.raw import raw_writer

_SCENARIO = "november-2025"
_LONG = 0.91
_MOST = 1e5
"""A heavy tail, but no order is larger than this many usual ones."""
Committed = tuple[int, list[Liquidation]]
"""When it was committed (UTC ms), and what was committed together."""


def forced_orders(rate: float, span_ms: int, seed: int = 3, start_ms: int = START_MS) -> list[tuple[int, Liquidation]]:
    """(when it came, order): at `rate` a second in no rhythm, in whole lots at whole ticks, told 20 to 400 ms late."""
    dice = random.Random(seed)
    description = load(get_scenario(_SCENARIO))
    makers = [_maker(perp) for perp in perps(description)]
    last = {coin.base_coin: coin.last for coin in description.coins}
    ticks = [last[perp.coin] for perp in perps(description)]
    order = dice.sample(range(len(makers)), len(makers))
    rows = []
    at = float(start_ms)
    while at < start_ms + span_ms:
        at += dice.expovariate(rate) * 1000
        which = order[min(int(dice.expovariate(0.06)), len(makers) - 1)]
        ticks[which] = max(1, round(ticks[which] * (1 + dice.gauss(-0.00001, 0.0004))))
        lots = max(1, round(min(dice.paretovariate(0.9), _MOST) * 8))
        side = Side.LONG if dice.random() < _LONG else Side.SHORT
        rows.append((int(at), makers[which](side, lots, ticks[which], int(at) - dice.randint(20, 400))))
    return rows


def _maker(perp: Perp) -> Callable[[Side, int, int, int], Liquidation]:
    write, basis, scale = raw_writer(perp), BASIS[perp.venue], 10**perp.decimals
    times, parts = (10**perp.lot, 1) if perp.lot >= 0 else (1, 10**-perp.lot)
    micro = perp.micro

    def make(side: Side, lots: int, ticks: int, ts_ms: int) -> Liquidation:
        usd = lots * ticks * micro
        raw = write(side is Side.LONG, lots, ticks, usd, ts_ms)
        return Liquidation(perp.venue, perp.symbol, ts_ms, side, ticks / scale, lots * times / parts, usd, basis, raw)

    return make


def gathered(orders: Sequence[tuple[int, Liquidation]], wait_ms: int) -> Iterator[Committed]:
    """The orders as they are committed when the first one waits at most `wait_ms` for others."""
    together: list[Liquidation] = []
    due = 0
    for at, row in orders:
        if together and at > due:
            yield due, together
            together = []
        if not together:
            due = at + wait_ms
        together.append(row)
    if together:
        yield due, together
