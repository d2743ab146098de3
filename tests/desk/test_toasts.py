"""Toasts: the same words are one toast, there are never many, and on a small terminal they take few rows."""

from __future__ import annotations

import pytest
from textual.widgets._toast import Toast

from tests.desk.fake_link import make_desk
from tests.desk.waiting import settled


@pytest.mark.parametrize(("size", "most", "rows"), [((160, 48), 4, 3), ((80, 24), 2, 1)])
async def test_toasts_do_not_pile_up(size: tuple[int, int], most: int, rows: int) -> None:
    app = make_desk()
    async with app.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        for _ in range(3):
            app.say("this is live")
        await settled(pilot)
        [first] = app._notifications
        app.say("this is live")
        await settled(pilot)
        [renewed] = app._notifications
        assert renewed.identity != first.identity
        for number in range(9):
            app.warn(f"number {number}")
        app.warn("number 8")
        await settled(pilot)
        await settled(pilot)
        assert [note.message for note in app._notifications] == [f"number {n}" for n in range(9 - most, 9)]
        toasts = [toast for toast in app.screen.query(Toast) if toast.region.height]
        assert len(toasts) == most
        assert {toast.outer_size.height for toast in toasts} == {rows}
        assert max(toast.region.bottom for toast in toasts) < size[1]
