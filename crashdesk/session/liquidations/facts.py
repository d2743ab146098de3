"""What was found out of the rows of closed spans: it never changes, so it is found out once for all seeks."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from crashdesk.model.columns import LargestLiquidation
from crashdesk.session.liquidations.cells import CellSums, KeyTable

_MOST_KEPT = 600  # two days of chunks, of about 20 KB each


@dataclass(slots=True)
class Facts:
    """The sums of a span, and its largest rows; None and empty while nobody asked."""

    sums: CellSums | None = None
    top: tuple[LargestLiquidation, ...] = ()


class KnownFacts:
    """Facts by the rows that they tell of, and the table that numbers their cells. Those used last are kept."""

    def __init__(self) -> None:
        self.keys = KeyTable()
        self._facts: OrderedDict[tuple[int, int], Facts] = OrderedDict()

    def of(self, number: int, count: int) -> Facts:
        """The facts of `count` rows from row `number` of the recording on."""
        facts = self._facts.pop((number, count), None) or Facts()
        self._facts[(number, count)] = facts
        if len(self._facts) > _MOST_KEPT:
            self._facts.popitem(last=False)
        return facts
