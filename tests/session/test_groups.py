"""Groups beside the sectors: shown when they have data, counted nowhere."""

from __future__ import annotations

import pytest

from crashdesk.model.basket import Basket, Baskets
from crashdesk.session.sectors import breadth, sectors_view
from crashdesk.session.views import WeightMode
from tests.session.test_sectors import _row

BASKETS = Baskets(
    "ours",
    "2025-11",
    "us",
    (Basket("A", ("X", "Y"), (3.0, 1.0)),),
    (Basket("Stocks", ("COINX", "MSTRX", "CRCLX"), (None, None, None)), Basket("Empty", ("Q",), (None,))),
)
ROWS = (_row("X", -4.0, 10.0), _row("Y", 1.0, 30.0), _row("COINX", -7.0, 1.0), _row("MSTRX", -1.0, 1.0))


@pytest.mark.parametrize("mode", list(WeightMode))
def test_a_group_is_equal_weighted_and_outside_of_every_count(mode: WeightMode) -> None:
    view = sectors_view(BASKETS, ROWS, mode, 0)
    assert [(tile.name, tile.change_24h_pct, tile.members_used, tile.share) for tile in view.groups] == [
        ("Stocks", -4.0, 2, 1.0)
    ]
    assert [tile.name for tile in view.tiles] == ["A"]
    assert (view.members, view.members_used) == (2, 2)
    assert view.tiles == sectors_view(BASKETS._replace(groups=()), ROWS[:2], mode, 0).tiles
    assert breadth(BASKETS, ROWS, 0) == breadth(BASKETS._replace(groups=()), ROWS[:2], 0)


def test_without_quotes_there_is_no_group() -> None:
    assert sectors_view(BASKETS, ROWS[:2], WeightMode.EQUAL, 0).groups == ()
