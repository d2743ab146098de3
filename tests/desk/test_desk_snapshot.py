"""What the desk looks like, as pictures of a fixed moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.desk.fake_link import make_desk
from tests.desk.waiting import settled

Compare = Callable[..., bool]


@pytest.mark.parametrize("size", [(160, 48), (80, 24)], ids=["wide", "small"])
def test_desk(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(make_desk(), terminal_size=size, run_before=settled)
