"""How the outlook names a level: its touches are those of the reason it is named by."""

from __future__ import annotations

import pytest

from crashdesk.brief.outlook import level_words
from crashdesk.model.level import LevelKind, LevelState
from crashdesk.session.level_views import LevelRow

LOW = "swing low 2025-10-23"


def level(label: str, why: tuple[str, ...], touches: int, source: str = "found") -> LevelRow:
    state, kind = LevelState.TESTING, LevelKind.SUPPORT
    return LevelRow(None, "BTC/USDT", 106_145.0, kind, label, source, state, None, -0.1, 0.0, why, touches)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (level(LOW, (f"{LOW}, 9 touches", "swing low 2025-08-21, 11 touches"), 11), f"({LOW}, 9 touches)"),
        (level("neckline", (f"{LOW}, 9 touches", "last day's low"), 9, "mine"), f"(neckline, {LOW}, 9 touches)"),
        (level("round number", ("round number", f"{LOW}, 8 touches"), 8), "(round number, 8 touches)"),
        (level("last day's low", ("last day's low",), 0), "(last day's low)"),
        (level("neckline", (), 0, "mine"), "(neckline)"),
        (level("support", (), 0, "mine"), ""),
    ],
)
def test_a_level_is_named_with_the_touches_of_its_first_reason(row: LevelRow, said: str) -> None:
    assert level_words(row, 2) == f"106,145 {said}".strip()


@pytest.mark.parametrize(
    ("price", "decimals", "said"),
    [
        (106_145.0, 2, "106,145"),
        (3_598.4217, 4, "3,598.42"),
        (154.127, 3, "154.13"),
        (2.0741, 4, "2.0741"),
        (0.07412, 5, "0.07412"),
        (0.00000612, 8, "0.00000612"),
    ],
)
def test_a_low_price_has_all_its_decimals(price: float, decimals: int, said: str) -> None:
    assert level_words(level("neckline", (), 0, "mine")._replace(price=price), decimals) == f"{said} (neckline)"
