"""What was liquidated at which price, packed: one entry for each key and bin."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from math import inf
from typing import NamedTuple

from crashdesk.model.columns import profile_bin


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
