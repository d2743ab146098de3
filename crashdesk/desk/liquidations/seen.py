"""How much of the liquidations has been seen at all: unknown is never zero."""

from __future__ import annotations

from crashdesk.brief.coverage import recorded_words
from crashdesk.session.liquidation_views import LiquidationsView
from crashdesk.session.views import DeskView


def is_seen(view: LiquidationsView) -> bool:
    """Whether a feed of liquidations has ever been connected, or there are rows all the same."""
    if not view.coverage or any(row.connected_share > 0 for row in view.coverage):
        return True
    return any(window.totals.orders for window in view.windows)


def seen_ms(view: DeskView) -> int:
    """For how long the recording has been going on at the time shown."""
    return max(0, view.now_ms - view.transport.start_ms)


def seen_words(view: LiquidationsView, seen: int) -> str:
    """`* seen 47 min`; empty when every window has been seen whole."""
    return f"* seen {recorded_words(seen)}" if any(seen < window.width_ms for window in view.windows) else ""
