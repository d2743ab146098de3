"""Level states from closes, and nearness in ATR."""

from __future__ import annotations

import pytest

from crashdesk.model.level import LevelState
from crashdesk.session.levels import Closes, crossing

DAYS = tuple(range(1, 8))


@pytest.mark.parametrize(
    ("closes", "created", "expected"),
    [
        ((110, 111, 112, 110, 109, 108, 107), 1, None),
        ((110, 111, 104, 103, 104, 103, 104), 1, (LevelState.BREACHED, 3)),
        ((110, 111, 104, 103, 106, 107, 108), 1, (LevelState.RECLAIMED, 5)),
        ((110, 104, 106, 104, 103, 102, 101), 1, (LevelState.BREACHED, 4)),
        ((100, 101, 106, 107, 108, 107, 106), 1, (LevelState.BREACHED, 3)),
        ((110, 104, 106, 107, 108, 107, 106), 3, None),
        ((104, 104, 106, 107, 108, 107, 106), 0, (LevelState.BREACHED, 3)),
        ((105, 105, 105, 105, 105, 105, 105), 1, None),
        ((), 1, None),
    ],
)
def test_first_close_beyond_breaches_and_the_next_close_back_reclaims(
    closes: tuple[float, ...], created: int, expected: tuple[LevelState, int] | None
) -> None:
    assert crossing(105.0, created, Closes(DAYS[: len(closes)], closes)) == expected
