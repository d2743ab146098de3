"""The liquidation orders: when, where, which side, how large; their totals are those of the description, exactly."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random

from crashdesk.model.records import Side
from crashdesk.scenarios.amounts import set_amounts
from crashdesk.scenarios.catalogue import Scenario
from crashdesk.scenarios.chance import chance, heavy_tailed
from crashdesk.scenarios.description import Coin, Description, NamedOrder
from crashdesk.scenarios.paths import SLOT_MS, Tape
from crashdesk.scenarios.perps import BINANCE, GATE, Perp

YOUNGEST_MS = 10
"""Rows are at least this old when their slot ends."""
_OLDEST_MS = SLOT_MS - 100
"""And at most this: whoever looks a few ms after the end still sees the first order of a window of 24 h."""
_SECOND_MS = 1_000
_LOOK_BACK = 12
_TABLE = 8192
_MEMORY = 0.9
_OFF_MARKET = 0.003


@dataclass(frozen=True, slots=True)
class Orders:
    """All orders of one side, slot by slot, as columns.

    `ends[k]` is the index behind the last order of slot k. `ts` is ms since the scenario's start, `perp` indexes the
    contracts, `ticks` are prices, `lots` amounts (see `Perp`).
    """

    side: Side
    ends: array[int]
    ts: array[int]
    perp: array[int]
    ticks: array[int]
    lots: array[int]
    usd_micro: array[int]


def plan(
    scenario: Scenario, description: Description, tapes: Mapping[str, Tape], contracts: Sequence[Perp]
) -> tuple[Orders, Orders]:
    """The orders of both sides, long first."""
    totals = description.liquidations
    leader = tapes[description.prices.leader].slots
    hand = _Hand(scenario, description, tapes, contracts)
    sides = []
    for side, total in ((Side.LONG, totals.long), (Side.SHORT, totals.short)):
        single = totals.largest if totals.largest.side is side else None
        rng = chance(scenario.name, "orders", side)
        ends = _ends(leader, side, total.orders - (single is not None), totals.calm, rng)
        orders, sizes = hand.deal(side, ends, rng, single)
        lots, usd = set_amounts(
            contracts, orders.perp, orders.ticks, sizes, total.usd_micro, totals.below_micro, single
        )
        sides.append(Orders(side, orders.ends, orders.ts, orders.perp, orders.ticks, lots, usd))
    return sides[0], sides[1]


def _ends(leader: array[int], side: Side, orders: int, calm: float, rng: Random) -> array[int]:
    """How many of the `orders` have come by the end of each slot: a calm rate, and heat that follows the moves.

    Longs are liquidated when the price falls, shorts when it rises, more than in proportion to the move over a minute.
    """
    sign = -1.0 if side is Side.LONG else 1.0
    heat, total, sums = 0.0, 0.0, [0.0]
    for k in range(1, len(leader)):
        past = leader[max(0, k - _LOOK_BACK)]
        move = max(0.0, sign * (leader[k] - past) / past * 1000.0)
        heat = heat * _MEMORY + move * sqrt(move)
        total += (calm + heat) * (0.5 + rng.random())
        sums.append(total)
    return array("q", [int(orders * value / total + 0.5) for value in sums])


class _Hand:
    """Deals orders to contracts.

    Binance shows one order a symbol and second: a second one is dealt to the venue that has the most orders of the
    others. Gate tells the second of an order, not the millisecond.
    """

    def __init__(
        self, scenario: Scenario, description: Description, tapes: Mapping[str, Tape], contracts: Sequence[Perp]
    ) -> None:
        coins = {coin.base_coin: coin for coin in description.coins}
        self._start_ms = scenario.start_ms
        self._contracts = contracts
        self._table = _table(description, coins, contracts)
        self._market = [tapes[perp.coin].slots for perp in contracts]
        sizes = {share.venue: share.size for share in description.liquidations.venues}
        self._size = [coins[perp.coin].size * sizes[perp.venue] for perp in contracts]
        others = _others(description, contracts)
        self._other = [others[perp.coin] if perp.venue == BINANCE else -1 for perp in contracts]
        self._by_second = [perp.venue == GATE for perp in contracts]
        self._taken: set[int] = set()

    def deal(self, side: Side, ends: array[int], rng: Random, single: NamedOrder | None) -> tuple[Orders, array[float]]:
        """Orders without amounts, and their sizes relative to each other (0 for the named one)."""
        orders = Orders(side, array("q", [0]), array("i"), array("i"), array("q"), array("q"), array("q"))
        sizes = array("d")
        at = self._slot_of(single)
        for k in range(1, len(ends)):
            self._deal_slot(orders, sizes, k, ends[k] - ends[k - 1], rng)
            if single and k == at:
                self._add_named(orders, sizes, k, single)
            orders.ends.append(len(orders.ts))
        return orders, sizes

    def _deal_slot(self, orders: Orders, sizes: array[float], k: int, count: int, rng: Random) -> None:
        draw, table, taken, other, by_second = rng.random, self._table, self._taken, self._other, self._by_second
        begin, room, step = (
            k * SLOT_MS - _OLDEST_MS,
            _OLDEST_MS - YOUNGEST_MS + 1,
            -1 if orders.side is Side.LONG else 1,
        )
        for _ in range(count):
            perp = table[int(draw() * _TABLE)]
            ts = begin + int(draw() * room)
            if other[perp] >= 0:
                key = ts // _SECOND_MS * _SECOND_MS + perp
                if key in taken:
                    perp = other[perp]
                else:
                    taken.add(key)
            if by_second[perp]:
                ts = max(ts - ts % _SECOND_MS, k * SLOT_MS + _SECOND_MS - SLOT_MS)
            market = self._market[perp][k]
            off = draw()
            orders.ts.append(ts)
            orders.perp.append(perp)
            orders.ticks.append(market + step * int(market * _OFF_MARKET * off * off))
            sizes.append(self._size[perp] * heavy_tailed(draw(), draw()))

    def _slot_of(self, single: NamedOrder | None) -> int:
        return (single.ts_ms - self._start_ms + YOUNGEST_MS - 1) // SLOT_MS + 1 if single else 0

    def _add_named(self, orders: Orders, sizes: array[float], k: int, single: NamedOrder) -> None:
        perp = next(i for i, p in enumerate(self._contracts) if (p.venue, p.coin) == (single.venue, single.coin))
        orders.ts.append(single.ts_ms - self._start_ms)
        orders.perp.append(perp)
        orders.ticks.append(self._market[perp][k])
        sizes.append(0.0)


def _others(description: Description, contracts: Sequence[Perp]) -> dict[str, int]:
    """By coin: its contract at the venue that has the most orders of those that show every order."""
    shares = {share.venue: share.orders for share in description.liquidations.venues}
    shown = [i for i, perp in enumerate(contracts) if perp.venue != BINANCE]
    return {contracts[i].coin: i for i in sorted(shown, key=lambda i: shares[contracts[i].venue])}


def _table(description: Description, coins: Mapping[str, Coin], contracts: Sequence[Perp]) -> list[int]:
    """Contracts as often as they are hit, so that one even draw picks one."""
    shares = {share.venue: share.orders for share in description.liquidations.venues}
    weights = [shares[perp.venue] * coins[perp.coin].orders for perp in contracts]
    whole = 0.0
    for weight in weights:
        whole += weight
    table: list[int] = []
    seen = 0.0
    for i, weight in enumerate(weights):
        seen += weight
        table.extend([i] * (int(_TABLE * seen / whole + 0.5) - len(table)))
    return table
