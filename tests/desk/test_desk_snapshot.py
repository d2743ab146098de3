"""What the desk looks like, as pictures of a fixed moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.desk.fake_link import make_desk

Compare = Callable[..., bool]


async def chart_drawn(pilot: Pilot[Any]) -> None:
    for _ in range(3):
        await pilot.pause()
    pilot.app.desk._first_chart()  # type: ignore[attr-defined]
    for _ in range(3):
        await pilot.pause()


@pytest.mark.parametrize("size", [(160, 48), (80, 24)], ids=["wide", "small"])
def test_desk(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(make_desk(), terminal_size=size, run_before=chart_drawn)
