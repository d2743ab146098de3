from __future__ import annotations

import pytest

from crashdesk.model.errors import UsageError
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.scenarios.catalogue import get_scenario, scenario_names


def test_names() -> None:
    assert "november-2025" in scenario_names()
    for name in scenario_names():
        scenario = get_scenario(name)
        assert scenario.name == name
        assert scenario.start_ms < scenario.demo_from_ms < scenario.end_ms
        assert scenario.demo_speed >= 1
    november, october = (get_scenario(name) for name in ("november-2025", "october-2025"))
    assert (november.demo_speed, november.end_ms - november.demo_from_ms) == (60, 15 * MINUTE_MS)
    assert october.demo_from_ms == 1_760_129_100_000, "2025-10-10 20:45 UTC"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("november-2024", "did you mean 'november-2025'?"),
        ("octobr-2025", "did you mean 'october-2025'?"),
        ("october", "did you mean 'october-2025'?"),
        ("../secret", "known: november-2025, october-2025"),
        ("", "known: november-2025, october-2025"),
        ("a\x1b[31mb", "'a[31mb'"),
    ],
)
def test_an_unknown_name(name: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        get_scenario(name)
    assert said in str(caught.value)
    assert "november-2025" in str(caught.value)
    assert "\x1b" not in str(caught.value)
