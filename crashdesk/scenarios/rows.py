"""Planned orders as records, second by second."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from crashdesk.model.records import Liquidation, Side
from crashdesk.scenarios.orders import Orders
from crashdesk.scenarios.paths import SLOT_MS
from crashdesk.scenarios.perps import BASIS, Perp
from crashdesk.scenarios.raw import raw_writer

_SECOND_MS = 1_000
_BEFORE_QUOTES_MS = 6
_Maker = Callable[[Side, int, int, int, int], Liquidation]


class Rows:
    """Makes the liquidations of one slot after the other."""

    def __init__(self, start_ms: int, contracts: Sequence[Perp], sides: Sequence[Orders]) -> None:
        self._start_ms = start_ms
        self._contracts = contracts
        self._sides = sides
        self._makers = [_maker(perp) for perp in contracts]

    def of_slot(self, k: int) -> Iterator[tuple[int, list[Liquidation]]]:
        """(when they came, the liquidations of all venues sorted by time) of each second of slot `k` that has any."""
        end_ms = self._start_ms + k * SLOT_MS
        found: list[list[Liquidation]] = [[] for _ in range(SLOT_MS // _SECOND_MS)]
        for orders in self._sides:
            side = orders.side
            for i in range(orders.ends[k - 1], orders.ends[k]):
                perp = orders.perp[i]
                row = self._makers[perp](
                    side, orders.lots[i], orders.ticks[i], orders.usd_micro[i], self._start_ms + orders.ts[i]
                )
                found[(row.ts_ms - end_ms + _BEFORE_QUOTES_MS - 1) // _SECOND_MS].append(row)
        for left, rows in zip(range(len(found) - 1, -1, -1), found, strict=True):
            if rows:
                rows.sort(key=lambda row: row.ts_ms)
                yield end_ms - left * _SECOND_MS - _BEFORE_QUOTES_MS, rows


def _maker(perp: Perp) -> _Maker:
    write, basis, scale = raw_writer(perp), BASIS[perp.venue], 10**perp.decimals
    venue, symbol = perp.venue, perp.symbol
    times, parts = (10**perp.lot, 1) if perp.lot >= 0 else (1, 10**-perp.lot)

    def make(side: Side, lots: int, ticks: int, usd: int, ts_ms: int) -> Liquidation:
        raw = write(side is Side.LONG, lots, ticks, usd, ts_ms)
        return Liquidation(venue, symbol, ts_ms, side, ticks / scale, lots * times / parts, usd, basis, raw)

    return make
