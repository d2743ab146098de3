"""What was liquidated at which price, packed: one entry for each key and bin."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from math import inf
from typing import NamedTuple

from crashdesk.model.columns import LiquidationDetails, profile_bin
from crashdesk.model.records import Side
from crashdesk.session.liquidations.cells import KeyTable


class Bins(NamedTuple):
    """The cell of a key, the bin of the price, the micro-dollars: columns of equal length."""

    cell: array[int]
    bin: array[int]
    usd: array[int]


def bins_of_rows(rows: Iterable[tuple[int, float, int]]) -> Bins:
    """The bins of rows, each given by its key's cell, price and micro-dollars. Rows without a price are left out."""
    sums: dict[tuple[int, int], int] = {}
    for cell, price, usd in rows:
        if 0 < price < inf:
            place = cell, profile_bin(price)
            sums[place] = sums.get(place, 0) + usd
    return Bins(
        array("I", [cell for cell, _ in sums]), array("i", [place for _, place in sums]), array("q", sums.values())
    )


def bins_of_details(details: LiquidationDetails, table: KeyTable) -> Bins:
    """The bins that a recording holds of a chunk."""
    made = Bins(array("I"), array("i"), array("q"))
    for (venue, symbol), places in details.profile.items():
        long, short = table.cells([(venue, symbol, Side.LONG), (venue, symbol, Side.SHORT)])
        for place, (longs, shorts, _) in places.items():
            for cell, usd in ((long, longs), (short, shorts)):
                if usd:
                    made.cell.append(cell)
                    made.bin.append(place)
                    made.usd.append(usd)
    return made
