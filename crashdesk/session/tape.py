"""The tape: the newest liquidations in the order they came."""

from __future__ import annotations

from collections import deque

from crashdesk.model.columns import Chunk
from crashdesk.model.records import Liquidation
from crashdesk.session.views import FeedRow, FeedView

FEED_ROWS = 2_000


class Tape:
    """Keeps the newest `FEED_ROWS` rows."""

    def __init__(self) -> None:
        self._rows: deque[FeedRow] = deque(maxlen=FEED_ROWS)
        self._count = 0
        self._view: FeedView | None = None

    def restore(self, chunks: tuple[Chunk, ...], count: int) -> None:
        """Take the newest rows of the roll-ups; `count` is how many rows were folded up to there."""
        wanted: list[Chunk] = []
        rows = 0
        for chunk in reversed(chunks):
            if rows >= FEED_ROWS:
                break
            if chunk.liquidations is not None:
                wanted.append(chunk)
                rows += sum(orders for _, orders in chunk.liquidations.sums.values())
        self._count = count - rows
        for chunk in reversed(wanted):
            columns = chunk.load_liquidations()
            cells = zip(columns.ts_ms, columns.usd_micro, columns.price, columns.key, strict=True)
            skip = max(0, rows - FEED_ROWS)
            rows -= len(columns.ts_ms)
            for i, (ts, usd, price, key) in enumerate(cells):
                if i >= skip:
                    venue, symbol, side = columns.keys[key]
                    self._rows.append(FeedRow(self._count + i, ts, venue, symbol, side, price, usd))
            self._count += len(columns.ts_ms)
        self._view = None

    def add(self, row: Liquidation) -> None:
        """Fold one row."""
        self._rows.append(FeedRow(self._count, row.ts_ms, row.venue, row.symbol, row.side, row.price, row.usd_micro))
        self._count += 1
        self._view = None

    def view(self) -> FeedView:
        """The newest rows; the very same object while none came."""
        if self._view is None:
            self._view = FeedView(tuple(self._rows), self._count)
        return self._view
