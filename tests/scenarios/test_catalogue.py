from __future__ import annotations

import pytest

from crashdesk.model.errors import UsageError
from crashdesk.scenarios.catalogue import get_scenario, scenario_names


def test_names() -> None:
    assert "november-2025" in scenario_names()
    for name in scenario_names():
        scenario = get_scenario(name)
        assert scenario.name == name
        assert scenario.start_ms < scenario.demo_from_ms < scenario.end_ms
        assert scenario.demo_speed == 60


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("november-2024", "did you mean 'november-2025'?"),
        ("../secret", "known: november-2025"),
        ("", "known: november-2025"),
        ("a\x1b[31mb", "'a[31mb'"),
    ],
)
def test_an_unknown_name(name: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        get_scenario(name)
    assert said in str(caught.value)
    assert "november-2025" in str(caught.value)
    assert "\x1b" not in str(caught.value)
