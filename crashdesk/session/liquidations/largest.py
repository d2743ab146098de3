"""The largest rows of a window, without looking at more rows than it takes."""

from __future__ import annotations

from collections.abc import Iterable

from crashdesk.model.columns import LargestLiquidation
from crashdesk.session.liquidations.part import Cut
from crashdesk.session.liquidations.span import RANK, Span


def largest_rows(cuts: Iterable[Cut], most: int) -> tuple[LargestLiquidation, ...]:
    """The first `most` rows by rank."""
    best: list[LargestLiquidation] = []
    # by the largest row of each span, so that most spans need no look
    for span, first, end in sorted(cuts, key=lambda cut: -cut[0].largest.usd_micro):
        if len(best) == most and span.largest.usd_micro < best[-1].usd_micro:
            break
        best = sorted((*best, *_inside(span, first, end, most, best)), key=RANK)[:most]
    return tuple(best)


def _inside(span: Span, first: int, end: int, most: int, best: list[LargestLiquidation]) -> list[LargestLiquidation]:
    top = (span.largest,) if most == 1 else span.top()
    if (first == 0 and end == span.count) or span.damaged:
        return list(top)
    from_ms, to_ms = span.time_of(first), span.time_of(end - 1)
    found = [row for row in top if from_ms <= row.ts_ms <= to_ms]
    if len(found) < min(most, len(top)) and len(top) < span.count:
        together = sorted((*best, *found), key=RANK)[:most]
        if len(together) < most or top[-1].usd_micro >= together[-1].usd_micro:
            # rows under the span's largest may be among those of the window
            return span.top_of(span.ordered()[first:end], most)
    return found
