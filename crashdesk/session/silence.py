"""Which venues have stopped to tell prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crashdesk.session.state import MarketState


def is_silent(state: MarketState, venue: str) -> bool:
    """Whether the newest quote of a venue that told some came more than three polls ago."""
    return state.now_ms - state.venue_recv_ms[venue] > state.stale_ms(venue)


def silent_venues(state: MarketState) -> frozenset[str]:
    """All of them."""
    return frozenset(venue for venue in state.venue_recv_ms if is_silent(state, venue))
