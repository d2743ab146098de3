"""Why a feed gives nothing, in words for one line."""

from __future__ import annotations

from collections.abc import Iterable

from crashdesk.model.kinds import Feed
from crashdesk.session.views import FeedLine


def feed_troubles(feeds: Iterable[FeedLine], feed: Feed) -> str:
    """What keeps the venues' feeds of one kind: `no network (okx, bybit); rate limited (htx)`; empty when nothing does.

    What stands in brackets in a feed's own words (which address, which code) is left to the timeline.
    """
    reasons: dict[str, list[str]] = {}
    for line in feeds:
        if line.feed is feed and line.detail:
            reasons.setdefault(line.detail.partition(" (")[0], []).append(line.venue)
    return "; ".join(f"{reason} ({', '.join(venues)})" for reason, venues in reasons.items())
