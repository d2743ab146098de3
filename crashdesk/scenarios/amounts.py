"""How large each order is: whole lots, and a total that is exact to the micro-dollar."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from heapq import nlargest
from operator import mul

from crashdesk.scenarios.description import NamedOrder
from crashdesk.scenarios.perps import HTX, Perp

_ADJUSTED = 300
_PASSES = 3


def set_amounts(
    contracts: Sequence[Perp],
    perp: Sequence[int],
    ticks: Sequence[int],
    sizes: Sequence[float],
    total_micro: int,
    below_micro: int,
    single: NamedOrder | None,
) -> tuple[array[int], array[int]]:
    """Lots and USD (micro-dollars) of each order, in proportion to `sizes`, `total_micro` in all.

    The order of size 0 is `single`. Every other is worth less than `below_micro` and lots × ticks exactly, but for one
    HTX row: HTX states the turnover, whose average price need not be a whole tick, so it takes up what lots cannot.
    """
    micro = [contract.micro for contract in contracts]
    units = array("q", (tick * micro[p] for tick, p in zip(ticks, perp, strict=True)))
    goal = total_micro - (single.usd_micro if single else 0)
    lots = _scaled(units, sizes, goal, below_micro)
    usd = array("q", map(mul, lots, units))
    top = [i for i in nlargest(_ADJUSTED, range(len(usd)), key=usd.__getitem__) if sizes[i]]
    missing = goal - sum(usd)
    for i in top:
        step = min(abs(missing) // units[i], lots[i] // 20, (below_micro - 1) // units[i] - lots[i])
        step = step if missing > 0 else -step
        lots[i] += step
        usd[i] += step * units[i]
        missing -= step * units[i]
    exact = [contract.venue == HTX for contract in contracts]
    rest = max((i for i, p in enumerate(perp) if exact[p] and sizes[i]), key=usd.__getitem__, default=None)
    if rest is None:
        raise ValueError("no order of HTX, the venue whose rows can make a total exact")
    usd[rest] += missing
    if single:
        named = next(i for i, size in enumerate(sizes) if not size)
        lots[named] = round(single.usd_micro / units[named])
        usd[named] = single.usd_micro
    return lots, usd


def _scaled(units: Sequence[int], sizes: Sequence[float], goal: int, below: int) -> array[int]:
    """At least one lot each; the scale is found again as long as caps and whole lots pull the total away."""
    whole = 0.0
    for size in sizes:
        whole += size
    scale = goal / whole
    lots = array("q")
    for _ in range(_PASSES):
        lots = array(
            "q",
            (
                min(max(1, int(size * scale / unit + 0.5)), (below - 1) // unit) if size else 0
                for size, unit in zip(sizes, units, strict=True)
            ),
        )
        got = sum(map(mul, lots, units))
        scale *= goal / got
    return lots
