"""The ladder as a list: levels from the highest price down, the last price between them, and which part is seen."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.session.level_views import LadderView, LevelRow

Rung = LevelRow | None
"""A level; None is the row of the last price."""


def rungs_of(view: LadderView) -> list[Rung]:
    """All rows in order. A level at exactly the last price stands above it."""
    if view.last is None:
        return list(view.rows)
    place = sum(1 for row in view.rows if row.price >= view.last)
    return [*view.rows[:place], None, *view.rows[place:]]


def seen_range(count: int, height: int, centre: int, cursor: int | None) -> range:
    """Which of `count` rungs are seen in `height` rows: those around `centre` (the last price), moved just as far as
    the cursor needs to be seen.
    """
    height = max(1, min(height, count))
    top = centre - (height - 1) // 2
    if cursor is not None:
        top = min(top, cursor)
        top = max(top, cursor - height + 1)
    top = max(0, min(top, count - height))
    return range(top, top + height)


def level_key(row: LevelRow) -> tuple[object, ...]:
    """What makes a level the same one in the next picture: an average moves, a support becomes a resistance."""
    if row.id is not None:
        return (row.id,)
    return (row.label, row.source) if row.kind == "average" else (row.label, row.source, row.price)


def index_of(rungs: Sequence[Rung], key: tuple[object, ...] | None) -> int | None:
    """Where the level of that key is."""
    return next((i for i, rung in enumerate(rungs) if rung is not None and level_key(rung) == key), None)
