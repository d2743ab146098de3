"""Records that wait while the disk refuses: bounded, the oldest figures set aside first, and what that means told."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from crashdesk.model.records import Candle, Feed, Gap, Liquidation, PerpStats, Quote, Record

MOST_RECORDS = 100_000
"""A liquidation with the venue's own row takes about 0.7 KB."""
REASON = "the recording was paused"
_FEEDS: dict[type[Record], Feed] = {
    Liquidation: Feed.LIQUIDATIONS,
    Quote: Feed.TICKERS,
    Candle: Feed.CANDLES,
    PerpStats: Feed.FUNDING,
}


class Part(NamedTuple):
    """Records of one kind that came together at `at_ms`."""

    at_ms: int
    records: tuple[Record, ...]


class Waiting:
    """`parts` are in the order in which they came; who writes them takes them off from the left, then calls `count`."""

    def __init__(self) -> None:
        self.parts: deque[Part] = deque()
        self.lost = 0
        """Records set aside."""
        self._records = 0
        self._spans: dict[tuple[str, Feed], tuple[int, int]] = {}

    def put(self, part: Part) -> None:
        """One more batch; when there are too many records the oldest are set aside."""
        self.parts.append(part)
        self._records += len(part.records)
        while self._records > MOST_RECORDS and len(self.parts) > 1:
            self._set_aside()

    def count(self) -> None:
        """Look how much is still there."""
        self._records = sum(len(part.records) for part in self.parts)

    def _set_aside(self) -> None:
        """Give up the oldest batch of figures; when there are none, the oldest of all."""
        place = next((place for place, part in enumerate(self.parts) if type(part.records[0]) in _FEEDS), 0)
        at_ms, records = self.parts[place]
        del self.parts[place]
        self._records -= len(records)
        self.lost += len(records)
        feed = _FEEDS.get(type(records[0]))
        if feed is not None:
            for key in {(getattr(record, "venue", ""), feed) for record in records}:
                first_ms, last_ms = self._spans.get(key, (at_ms, at_ms))
                self._spans[key] = min(first_ms, at_ms), max(last_ms, at_ms + 1)

    def gaps(self) -> Sequence[Gap]:
        """A span for each feed of which something was set aside, from the first of that to the last."""
        return [Gap(venue, feed, *span, REASON) for (venue, feed), span in sorted(self._spans.items())]
