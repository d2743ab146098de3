"""Rows that memory need not hold: the recording has them, or they are packed."""

from __future__ import annotations

from collections.abc import Callable

from crashdesk.model.columns import LiquidationColumns
from crashdesk.session.liquidations.span import Span

_TRIES = 3
ChunkRows = Callable[[int], LiquidationColumns | None]
"""The rows of a chunk that the recording has rolled up, None while it has not."""


class LettingGo:
    """Lets go of the rows of closed spans. Without `chunk_rows` all that are not packed stay."""

    def __init__(self, chunk_rows: ChunkRows | None) -> None:
        self._chunk_rows = chunk_rows
        self._tries: dict[int, int] = {}

    def let_go(self, number: int, span: Span, crowd: int) -> None:
        """Forget the rows of a span if the recording is known to hold the same.

        Those of a chunk of `crowd` rows and more are packed: to load a part of it would be to load all of it.
        """
        load, tries = self._chunk_rows, self._tries.get(number, 0)
        if not span.reloads and (span.in_part or span.count >= crowd):
            if span.count < 2 * crowd:
                span.pack()
        elif not span.reloads and tries < _TRIES and load is not None:
            same = span.reload_from(lambda: load(span.chunk))
            self._tries[number] = tries + 1 if same is None else _TRIES
        span.let_go()

    def forget(self, number: int) -> None:
        """A span is spent."""
        self._tries.pop(number, None)
