"""What was liquidated at the levels of a ladder."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from crashdesk.session.level_views import LadderView, LevelRow
from crashdesk.session.liquidation_views import LiquidationsView, ProfileBin

NEAR_ATR = 0.25


def with_sums(ladder: LadderView, liquidations: LiquidationsView, profile: Sequence[ProfileBin]) -> LadderView:
    """The ladder with what was liquidated at each level; `profile` is that of its coin."""
    seen = any(row.connected_share > 0 for row in liquidations.coverage)
    return ladder._replace(rows=with_liquidated(ladder.rows, profile, ladder.atr, seen=seen))


def with_liquidated(
    rows: Sequence[LevelRow], bins: Sequence[ProfileBin], atr: float | None, *, seen: bool
) -> tuple[LevelRow, ...]:
    """Each level with (long, short) of the bins whose middle is within a quarter ATR of it.

    Unknown without an ATR, and where nothing was liquidated because no feed was `seen`.
    """
    if atr is None or not (bins or seen):
        return tuple(rows)
    middles = [(one.low + one.high) / 2 for one in bins]
    made = []
    for row in rows:
        near = bins[bisect_left(middles, row.price - NEAR_ATR * atr) : bisect_left(middles, row.price + NEAR_ATR * atr)]
        made.append(row._replace(liquidated=(sum(one.long for one in near), sum(one.short for one in near))))
    return tuple(made)
