"""A desk that tests drive is looked at as soon as it is idle."""

from __future__ import annotations

import pytest
from textual import _wait

LOOK_S = 0.004
"""How often it is asked whether the process is idle; Textual's own 20 ms are most of the time of a test with keys."""


@pytest.fixture(autouse=True)
def soon_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Idle is, as with Textual, who computed for less than a twentieth of the time."""
    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", LOOK_S)
    monkeypatch.setattr(_wait, "SLEEP_IDLE", LOOK_S / 20)
