"""Some rows of a span: what enters a window, and what leaves it."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.session.liquidations.bins import Bins, bins_of_rows
from crashdesk.session.liquidations.span import Span


class Part:
    """Some rows of a span, or (`at` is None) all of them, which may be counted without being looked at."""

    def __init__(self, span: Span, at: Sequence[int] | None) -> None:
        """`at` are places in the order of coming."""
        self.span = span
        self.at = at

    @classmethod
    def between(cls, span: Span, first: int, end: int) -> Part:
        """Rows first <= place < end in the order of time."""
        if first >= end:
            return cls(span, ())
        whole = first == 0 and end == span.count
        return cls(span, None if whole else span.ordered()[first:end])

    def most(self) -> int:
        """Micro-dollars of the largest row; 0 without any."""
        if self.at is None:
            return self.span.largest.usd_micro
        usd, at = self.span.rows().usd, self.at
        return max(usd[at.start : at.stop] if isinstance(at, range) else [usd[i] for i in at], default=0)

    def bins(self, wanted: Sequence[bool]) -> Bins:
        """What was liquidated at which price; rows whose cell is not wanted may be left out."""
        if self.at is None:
            return self.span.bins()
        rows = self.span.rows()
        return bins_of_rows((rows.cell[i], rows.price[i], rows.usd[i]) for i in self.at if wanted[rows.cell[i]])


Cut = tuple[Span, int, int]
"""A span, and the places first, end (in the order of time) of some of its rows."""
