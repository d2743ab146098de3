from __future__ import annotations

import pytest

from crashdesk.scenarios.build import build
from crashdesk.scenarios.catalogue import Scenario, get_scenario
from tests.scenarios.collect import Collected, collect


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    return get_scenario("november-2025")


@pytest.fixture(scope="session")
def november(scenario: Scenario) -> Collected:
    """The whole scenario, built once for all tests that look at it."""
    return collect(build(scenario))
